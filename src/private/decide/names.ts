/** Names, made of the name and namespace of a function alone, and their lengths (docs/spec M22, M29, M117). */
import type { ComponentPlan } from './components';
import type { Check, Outline } from './outline';
import type { FunctionModel, ServingModel } from '../function/function-model';
import { DAPR_APP_ID, JOB_HASH_LENGTH } from '../kubernetes/constants';
import {
  checkForm, dns1035Label, dns1123Label, LABEL_LENGTH, serviceHost, SUBDOMAIN_LENGTH,
} from '../kubernetes/syntax';
import { Path, Problems, show } from '../problem/problem';

export interface NamesPlan {
  readonly appId: string;
  /** Of the proxy's objects. */
  readonly proxy: string;
  /** `<fn>.<ns>.svc.<cluster domain>` */
  readonly host: string;
  /** Host of the headless Service that Dapr's operator makes for a workload with a sidecar. */
  readonly daprHost: string;
  /** Services that this function gets beside that of its own name. */
  readonly services: ServiceNames;
}

export interface ServiceNames {
  /** ClusterIP Service through which the proxy finds the first pod after zero. */
  readonly clusterIp?: string;
  /** What the KEDA HTTP add-on's interceptor calls. */
  readonly workload?: string;
  /** Where KEDA asks the proxy for pending events. */
  readonly scaler?: string;
  /** Through which several replicas of the proxy find each other. */
  readonly peers?: string;
}

interface NamesInput {
  readonly namespace: string;
  readonly clusterDomain: string;
  readonly pendingEvents: boolean;
  readonly proxyReplicas: number;
}

export function appIdOf({ name, serving }: FunctionModel, namespace: string): string {
  return serving.annotations[DAPR_APP_ID] ?? `${name}-${namespace}`;
}

export function decideNames(
  fn: Outline, { namespace, clusterDomain, pendingEvents, proxyReplicas }: NamesInput,
): NamesPlan {
  const { name, engine, dapr } = fn;
  const appId = appIdOf(fn, namespace);
  const proxy = `${name}-dapr-proxy`;
  const proxied = dapr.mode === 'standalone';
  return {
    appId,
    proxy,
    host: serviceHost(name, namespace, clusterDomain),
    daprHost: serviceHost(daprServiceOf(appId), namespace, clusterDomain),
    services: {
      ...(engine === 'keda' && { workload: `${name}-workload` }),
      ...(proxied && engine === undefined && { clusterIp: `${name}-any` }),
      ...(proxied && pendingEvents && { scaler: proxy }),
      ...(proxied && pendingEvents && proxyReplicas > 1 && { peers: `${proxy}-peers` }),
    },
  };
}

function daprServiceOf(appId: string): string {
  return `${appId}-dapr`;
}

/** Service names are DNS labels, and pods carry the name of their Job as a label. */
export function checkNames(
  fn: Outline, { appId, services }: NamesPlan, components: readonly ComponentPlan[], scaler: string, problems: Problems,
): void {
  const check = (what: string, derived: string, limit: number) => {
    if (derived.length <= limit) return;
    problems.error(
      ['metadata', 'name'],
      `${show(fn.name)} is too long: ${what} would have ${derived.length} characters, ${limit} are allowed`,
    );
  };
  for (const service of Object.values(services)) check(`the Service ${show(service)}`, service, LABEL_LENGTH);
  for (const { name } of components) check(`the component ${show(name)}`, name, SUBDOMAIN_LENGTH);
  if (fn.workload === 'Job' && scaler === 'none') {
    check('with its hash the Job\'s name', `${fn.name}-${'0'.repeat(JOB_HASH_LENGTH)}`, LABEL_LENGTH);
  }
  if (fn.dapr.mode !== 'off') checkAppId(fn, appId, problems);
}

function checkAppId({ serving }: Outline, appId: string, problems: Problems): void {
  const given = DAPR_APP_ID in serving.annotations;
  const daprService = daprServiceOf(appId);
  const path: Path = given ? ['serving', 'annotations', DAPR_APP_ID] : ['metadata', 'name'];
  const wrongForm = dns1035Label(appId);
  if (daprService.length > LABEL_LENGTH) {
    const length = `${daprService.length} characters, ${LABEL_LENGTH} are allowed`;
    problems.error(path, given
      ? `${show(appId)} is too long: Dapr's Service "<app-id>-dapr" would have ${length}`
      : `with the namespace, Dapr's Service ${show(daprService)} has ${length}; `
        + `shorten the name by ${daprService.length - LABEL_LENGTH} or set the annotation ${DAPR_APP_ID}`);
  } else if (wrongForm !== undefined) {
    problems.error(path, `the app-id ${wrongForm}`);
  }
}

/** A StatefulSet's pods get a label `<name>-<hash>` of 63 characters at most. */
const STATEFUL_SET_LENGTH = 52;

export const functionName: Check = ({ name, workload }, problems) => {
  if (name === '') return;
  const path = ['metadata', 'name'];
  const wrong = dns1035Label(name);
  if (wrong !== undefined) {
    problems.error(path, wrong);
  } else if (workload === 'StatefulSet' && name.length > STATEFUL_SET_LENGTH) {
    const tooLong = `${show(name)} has ${name.length} characters, ${STATEFUL_SET_LENGTH} are allowed`;
    problems.error(path, `${tooLong} for a StatefulSet`);
  }
};

export const namespaceName: Check = ({ namespace }, problems) => {
  if (namespace !== undefined) checkForm(['metadata', 'namespace'], namespace, dns1123Label, problems);
};

/** HTTP/2 without TLS, gRPC included, as Kubernetes calls it. */
export const H2C = 'kubernetes.io/h2c';

/** Only where the function says what it speaks: the default of Dapr's annotation says nothing about the port. */
export function servicePort({ appProtocol }: ServingModel): string | undefined {
  if (appProtocol === undefined) return undefined;
  return appProtocol === 'http' ? 'http' : H2C;
}

/** What a template string makes of a variable that is not set, or of an object. */
const UNSET = /(?:^|[^\w-]|-)(undefined|\[object \w+\])(?![\w])/;

export const unsetWords: Check = ({ name, image, serving }, problems) => {
  const texts: [Path, string | undefined][] = [[['metadata', 'name'], name], [['image'], image]];
  for (const [key, value] of Object.entries(serving.params)) texts.push([['serving', 'params', key], value]);
  for (const { path, topic } of [...serving.dapr, ...serving.outputs]) texts.push([[...path, 'topic'], topic]);
  for (const [path, given] of texts) {
    const word = typeof given === 'string' ? UNSET.exec(given)?.[1] : undefined;
    if (word === undefined) continue;
    problems.warn(path, `${show(given)} has ${show(word)} in it, as a variable without a value gives it`);
  }
};
