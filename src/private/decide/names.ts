/** Names, made of the name and namespace of a function alone, and their lengths (docs/spec M22, M29, M117). */
import type { Check, DaprMode } from './outline';
import type { FunctionModel } from '../function/function-model';
import { DAPR_APP_ID } from '../kubernetes/constants';
import { dns1035Label, dns1123Label, LABEL_LENGTH, SUBDOMAIN_LENGTH } from '../kubernetes/syntax';
import { Path, Problems, show } from '../problem/problem';

export interface NamesPlan {
  readonly appId: string;
  /** The headless Service that Dapr's operator makes for a workload with a sidecar. */
  readonly daprService: string;
  readonly proxy: string;
  /** ClusterIP Service through which the first pod after zero is found. */
  readonly anyPod: string;
  readonly peers: string;
  /** Service that the KEDA HTTP add-on's interceptor calls. */
  readonly workloadService: string;
  /** `<fn>.<ns>.svc.<cluster domain>` */
  readonly host: string;
}

export function decideNames(model: FunctionModel, namespace: string, clusterDomain: string): NamesPlan {
  const fn = model.name;
  const appId = model.serving.annotations[DAPR_APP_ID] ?? `${fn}-${namespace}`;
  return {
    appId,
    daprService: `${appId}-dapr`,
    proxy: `${fn}-dapr-proxy`,
    anyPod: `${fn}-any`,
    peers: `${fn}-dapr-proxy-peers`,
    workloadService: `${fn}-workload`,
    host: `${fn}.${namespace}.svc.${clusterDomain}`,
  };
}

/** Of the hash that ends the name of a Job without a scaler. */
export const JOB_HASH_LENGTH = 8;

/** Pods carry the name of their Job as a label. */
export function checkJobName(fn: string, problems: Problems): void {
  const job = `${fn}-${'0'.repeat(JOB_HASH_LENGTH)}`;
  if (job.length > LABEL_LENGTH) {
    problems.error(['metadata', 'name'], `${show(fn)} is too long: with its hash the Job's name would have ${job.length} characters, ${LABEL_LENGTH} are allowed`);
  }
}

/** Service names are DNS labels; `derived` are the Services that this function gets. */
export function checkNames(
  model: FunctionModel, names: NamesPlan, mode: DaprMode, derived: string[], components: string[], problems: Problems,
): void {
  for (const service of derived) {
    if (service.length > LABEL_LENGTH) problems.error(['metadata', 'name'], tooLong(model.name, `the Service ${show(service)}`, service, LABEL_LENGTH));
  }
  if (mode !== 'off') checkAppId(model, names, problems);
  for (const component of components) {
    if (component.length > SUBDOMAIN_LENGTH) problems.error(['metadata', 'name'], tooLong(model.name, `the component ${show(component)}`, component, SUBDOMAIN_LENGTH));
  }
}

function checkAppId(model: FunctionModel, { appId, daprService }: NamesPlan, problems: Problems): void {
  const given = DAPR_APP_ID in model.serving.annotations;
  const path: Path = given ? ['serving', 'annotations', DAPR_APP_ID] : ['metadata', 'name'];
  const wrongForm = dns1035Label(appId);
  if (daprService.length > LABEL_LENGTH) {
    problems.error(path, given
      ? `${show(appId)} is too long: Dapr's Service "<app-id>-dapr" would have ${daprService.length} characters, ${LABEL_LENGTH} are allowed`
      : `with the namespace, Dapr's Service ${show(daprService)} has ${daprService.length} characters, ${LABEL_LENGTH} are allowed; `
        + `shorten the name by ${daprService.length - LABEL_LENGTH} or set the annotation ${DAPR_APP_ID}`);
  } else if (wrongForm !== undefined) {
    problems.error(path, `the app-id ${wrongForm}`);
  }
}

function tooLong(fn: string, what: string, name: string, limit: number): string {
  return `${show(fn)} is too long: ${what} would have ${name.length} characters, ${limit} are allowed`;
}

/** A StatefulSet's pods get a label `<name>-<hash>` of 63 characters at most. */
const STATEFUL_SET_LENGTH = 52;

export const functionName: Check = ({ name, workload }, problems) => {
  if (name === '') return;
  const path = ['metadata', 'name'];
  const wrong = dns1035Label(name);
  if (wrong !== undefined) {problems.error(path, wrong);} else if (workload === 'StatefulSet' && name.length > STATEFUL_SET_LENGTH) {
    problems.error(path, `${show(name)} has ${name.length} characters, ${STATEFUL_SET_LENGTH} are allowed for a StatefulSet`);
  }
};

export const namespaceName: Check = ({ namespace }, problems) => {
  if (namespace !== undefined) problems.checkForm(['metadata', 'namespace'], namespace, dns1123Label);
};
