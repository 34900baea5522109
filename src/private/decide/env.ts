/**
 * Environment of the function container and of the proxy's, in the order in which it is emitted (docs/spec M35, M38).
 *
 * Differs: where the operator lets the last of several variables of one name win, equal ones are merged and different
 * ones are an error.
 */
import { isDeepStrictEqual } from 'node:util';
import { sidecarPorts, TokenSecret, TokensPlan, tokenVariable } from './dapr';
import type { FuncContextPlan, TracingPlan } from './func-context';
import { allowsFieldRefs, KnativeSettings } from './knative';
import type { NamesPlan } from './names';
import type { Check, Outline } from './outline';
import { DAPR_PORTS, FUNCTION_CONTAINER } from '../kubernetes/constants';
import { isObject, JsonObject, objectsIn } from '../kubernetes/json';
import { checkForm, envName, inOrderOfUse } from '../kubernetes/syntax';
import { Path, Problems, show } from '../problem/problem';

export interface EnvInput {
  readonly fn: Outline;
  readonly namespace: string;
  readonly names: NamesPlan;
  readonly funcContext: FuncContextPlan;
  readonly tokens: TokensPlan;
  readonly appProtocol: string;
  readonly platform: KnativeSettings;
}

/** Of the function's container. */
export interface EnvPlan {
  readonly env: JsonObject[];
  /** Those that the user gives. */
  readonly givenEnv: readonly JsonObject[];
}

const TEMPLATE: Path = ['serving', 'template'];
/** Names that Knative gives to every container itself. */
const KNATIVE_NAMES = ['PORT', 'K_SERVICE', 'K_CONFIGURATION', 'K_REVISION'];

/** Variables of the template first, `serving.params` last, so that they may refer to the others. */
export function decideEnv(input: EnvInput, problems: Problems): EnvPlan {
  const { fn, namespace, names, funcContext, tokens } = input;
  const daprTokens = fn.dapr.mode === 'off'
    ? [] : tokenVariable('DAPR_API_TOKEN', tokens.api).concat(tokenVariable('APP_API_TOKEN', tokens.app));
  const skywalking = tracingVariables(fn.name, namespace, funcContext.tracing);
  const { before, after } = userVariables(input, skywalking, problems);
  const givenEnv = before.concat(after);
  const given = new Set(givenEnv.map((entry) => entry.name));
  const isFieldRef = fn.workload !== 'KnativeService' || allowsFieldRefs(input.platform);
  const podName = isFieldRef ? POD_NAME : { name: 'POD_NAME', value: fn.name };
  const pod: JsonObject[] = [podName, { name: 'POD_NAMESPACE', value: namespace }];
  const unlessGiven = pod.concat(portVariable(fn), sidecarVariables(fn, names.daprHost), daprTokens);
  const env = before.concat(
    { name: 'APP_PROTOCOL', value: input.appProtocol },
    skywalking,
    contextVariables(funcContext),
    unlessGiven.filter(({ name }) => !given.has(name)),
    after,
  );
  return { env, givenEnv };
}

/** Knative sets it itself. Outside Knative nothing else tells the Node framework where to listen. */
function portVariable({ workload, port }: Outline): JsonObject[] {
  return workload === 'KnativeService' ? [] : [{ name: 'PORT', value: String(port) }];
}

/** What function frameworks read, and nobody may set otherwise. */
const PROXY_NAMES = ['DAPR_HOST', 'DAPR_SIDECAR_IP'];
const HOST_NAMES = [...PROXY_NAMES, 'DAPR_RUNTIME_HOST'];

/**
 * Where the shared sidecar is, in the words of each of Dapr's SDKs. The gRPC endpoint has no scheme: the one for Python
 * that OpenFunction's framework comes with, 1.11, takes none.
 */
function sidecarVariables({ dapr, serving }: Outline, host: string): JsonObject[] {
  if (dapr.mode !== 'standalone') return [];
  const { http, grpc } = sidecarPorts(serving.annotations);
  const list = HOST_NAMES.map((name) => ({ name, value: host }));
  list.push({ name: 'DAPR_GRPC_ENDPOINT', value: `${host}:${grpc}` });
  list.push({ name: 'DAPR_HTTP_ENDPOINT', value: `http://${host}:${http}` });
  // For those that read the host alone; beside a sidecar Dapr's injector sets it.
  if (!DAPR_PORTS.includes(grpc)) list.push({ name: 'DAPR_GRPC_PORT', value: String(grpc) });
  return list;
}

const POD_NAME = { name: 'POD_NAME', valueFrom: { fieldRef: { apiVersion: 'v1', fieldPath: 'metadata.name' } } };

/** What the proxy's container has in common with the function's. */
export function proxyEnv(
  appProtocol: string, namespace: string, context: FuncContextPlan, token: TokenSecret | undefined,
): JsonObject[] {
  return [
    { name: 'APP_PROTOCOL', value: appProtocol },
    ...contextVariables(context),
    POD_NAME,
    { name: 'POD_NAMESPACE', value: namespace },
    ...tokenVariable('APP_API_TOKEN', token),
  ];
}

function contextVariables({ v1beta1, v1beta2 }: FuncContextPlan): JsonObject[] {
  return [{ name: 'FUNC_CONTEXT', value: v1beta1 }, { name: 'FUNC_CONTEXT_V1BETA2', value: v1beta2 }];
}

function tracingVariables(
  fn: string, namespace: string, tracing: TracingPlan | undefined,
): { name: string; value: string }[] {
  const { name: provider, oapServer } = tracing?.provider ?? {};
  if (provider !== 'skywalking' || oapServer === undefined) return [];
  return [
    { name: 'SW_AGENT_COLLECTOR_BACKEND_SERVICES', value: oapServer },
    { name: 'SW_AGENT_NAME', value: fn },
    { name: 'SW_AGENT_NAMESPACE', value: namespace },
    { name: 'SW_AGENT_KEEP_TRACING', value: 'true' },
  ];
}

interface UserVariables {
  readonly before: JsonObject[];
  readonly after: JsonObject[];
}

function userVariables(input: EnvInput, skywalking: readonly { name: string }[], problems: Problems): UserVariables {
  const { params, template } = input.fn.serving;
  const container = objectsIn(template?.containers).find(([{ name }]) => name === FUNCTION_CONTAINER);
  const own = objectsIn(container?.[0].env);
  const names = Object.keys(params).sort();
  if (own.length === 0 && names.length === 0) return { before: [], after: [] };
  const reserved = reservedNames(input, skywalking);
  const seen = new Map<string, JsonObject>();
  const accept = (entry: JsonObject, path: Path): boolean => {
    const { name } = entry;
    if (typeof name !== 'string') return false; // reported by a check
    const known = seen.get(name);
    if (reserved.has(name)) {
      problems.error(path, `${show(name)} is set by ${reserved.get(name)}; choose another name`);
    } else if (known === undefined) {
      seen.set(name, entry);
    } else if (!isDeepStrictEqual(asRead(known), asRead(entry))) {
      problems.error(path, `${show(name)} has another value already; give each name once`);
    }
    return !reserved.has(name) && known === undefined;
  };
  const place = [...TEMPLATE, 'containers', container?.[1] ?? 0, 'env'];
  return {
    before: own.filter(([entry, at]) => accept(entry, [...place, at, 'name'])).map(([entry]) => entry),
    after: inOrderOfUse(names.map((name) => ({ name, value: params[name] })))
      .filter((entry) => accept(entry, ['serving', 'params', entry.name])),
  };
}

/** As Kubernetes reads it: a variable without a value is empty, and what is null or empty is the same as absent. */
function asRead({ value, valueFrom, ...rest }: JsonObject): JsonObject {
  return { ...rest, value: value ?? '', ...(valueFrom !== undefined && valueFrom !== null && { valueFrom }) };
}

function reservedNames(
  { fn: { dapr, workload }, tokens }: EnvInput, skywalking: readonly { name: string }[],
): Map<string, string> {
  const isOwn = (token: TokenSecret | undefined) => dapr.mode !== 'off' && token?.annotated === false;
  const names = new Map<string, string>();
  const reserve = (by: string, ...list: string[]) => list.forEach((name) => names.set(name, by));
  if (dapr.mode === 'standalone') reserve('the library in dapr-proxy mode', ...PROXY_NAMES);
  reserve('the tracing settings', ...skywalking.map(({ name }) => name));
  if (isOwn(tokens.api)) reserve('the API token', 'DAPR_API_TOKEN');
  if (isOwn(tokens.app)) reserve('the app token', 'APP_API_TOKEN');
  if (workload === 'KnativeService') reserve('Knative', ...KNATIVE_NAMES);
  return names;
}

/** Set in the function container for every workload and Dapr mode. */
const RESERVED = ['FUNC_CONTEXT', 'FUNC_CONTEXT_V1BETA2', 'APP_PROTOCOL', 'POD_NAME', 'POD_NAMESPACE'];

export const reservedEnvironment: Check = ({ serving }, problems) => {
  for (const [container, at] of objectsIn(serving.template?.containers)) {
    if (container.name !== FUNCTION_CONTAINER) continue;
    for (const [entry, index] of objectsIn(container.env)) {
      const path = [...TEMPLATE, 'containers', at, 'env', index, 'name'];
      if (!isPodField(entry)) checkReserved(entry.name, path, problems);
    }
  }
  for (const name of Object.keys(serving.params)) checkReserved(name, ['serving', 'params', name], problems);
};

/** The same that is set anyway, in the usual words of Kubernetes. */
function isPodField({ name, valueFrom }: JsonObject): boolean {
  const field = name === 'POD_NAME' ? 'metadata.name' : name === 'POD_NAMESPACE' ? 'metadata.namespace' : undefined;
  const { fieldRef } = isObject(valueFrom) ? valueFrom : {};
  return field !== undefined && isObject(fieldRef) && fieldRef.fieldPath === field;
}

function checkReserved(name: unknown, path: Path, problems: Problems): void {
  if (RESERVED.some((reserved) => reserved === name)) {
    problems.error(path, `${show(name)} is set by the library; choose another name`);
  }
}

export const environmentNames: Check = ({ serving }, problems) => {
  for (const name of Object.keys(serving.params)) checkForm(['serving', 'params', name], name, envName, problems);
};
