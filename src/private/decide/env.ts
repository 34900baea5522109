/**
 * Environment of the function container: the user's variables around the library's own (docs/spec M35, M38).
 *
 * Differs: where the operator lets the last of several variables of one name win, equal ones are merged and different
 * ones are an error. The input rules compare template and params; here come the names that only decisions reveal.
 */
import { isDeepStrictEqual } from 'node:util';
import type { TracingPlan } from './hooks';
import type { DaprDecision, Workload } from './outline';
import type { ProxyPlan } from './proxy';
import { tokenVariable, TokensPlan } from './tokens';
import type { FunctionModel } from '../function/function-model';
import { FUNCTION_CONTAINER } from '../kubernetes/constants';
import { JsonObject, isObject } from '../kubernetes/json';
import { Path, Problems, show } from '../problem/problem';

export interface UserEnvPlan {
  /** Of the template and of typed props, in the order given. */
  readonly before: JsonObject[];
  /** `serving.params` by key, so that they may refer to the others. */
  readonly after: JsonObject[];
  /** Dapr's tokens, but for those that the user has given. */
  readonly tokens: JsonObject[];
}

interface EnvInput {
  readonly model: FunctionModel;
  readonly dapr: DaprDecision;
  readonly tracing?: TracingPlan;
  readonly workload: Workload;
  readonly proxy?: ProxyPlan;
  readonly tokens: TokensPlan;
}

/** Names that Knative gives to every container itself. */
const KNATIVE_NAMES = ['PORT', 'K_SERVICE', 'K_CONFIGURATION', 'K_REVISION'];

export function decideUserEnv(plan: EnvInput, problems: Problems): UserEnvPlan {
  const { model } = plan;
  const { params, env = [] } = model.serving;
  const { container, index } = functionContainer(model.serving.template);
  const own = Array.isArray(container?.env) ? container.env.filter((item) => isObject(item)) : [];
  const names = Object.keys(params).sort();
  if (own.length === 0 && names.length === 0 && env.length === 0) return { before: [], after: [], tokens: tokenVariables(plan) };
  const reserved = reservedNames(plan);
  const seen = new Map<string, JsonObject>();
  const accept = (entry: JsonObject, path: Path): boolean => {
    const { name } = entry;
    if (typeof name !== 'string') return false; // reported by the input rules
    if (reserved.has(name)) {
      problems.error(path, `${show(name)} is set by ${reserved.get(name)}; choose another name`);
      return false;
    }
    const known = seen.get(name);
    if (known === undefined) {
      seen.set(name, entry);
      return true;
    }
    if (!isDeepStrictEqual(asRead(known), asRead(entry))) problems.error(path, `${show(name)} has another value already; give each name once`);
    return false;
  };
  const before = [
    ...own.filter((entry, at) => accept(entry, ['serving', 'template', 'containers', index, 'env', at, 'name'])),
    ...env.filter((entry) => accept(entry, ['env', String(entry.name)])),
  ];
  const after = names.map((name) => ({ name, value: params[name] })).filter((entry) => accept(entry, ['serving', 'params', entry.name]));
  const given = new Set([...before, ...after].map((entry) => entry.name));
  return { before, after, tokens: tokenVariables(plan).filter(({ name }) => !given.has(name)) };
}

function tokenVariables({ dapr, tokens: { api, app } }: EnvInput): JsonObject[] {
  return dapr.mode === 'off' ? [] : [...tokenVariable('DAPR_API_TOKEN', api), ...tokenVariable('APP_API_TOKEN', app)];
}

/** As Kubernetes reads it: a variable without a value is empty, and what is null or empty counts as absent. */
function asRead({ value, valueFrom, ...rest }: JsonObject): JsonObject {
  return { ...rest, value: value ?? '', ...(valueFrom !== undefined && valueFrom !== null && { valueFrom }) };
}

export function functionContainer(template: JsonObject | undefined): { container?: JsonObject; index: number } {
  const containers = Array.isArray(template?.containers) ? template.containers : [];
  const index = containers.findIndex((container) => isObject(container) && container.name === FUNCTION_CONTAINER);
  const container = containers[index];
  return { container: isObject(container) ? container : undefined, index };
}

function reservedNames({ dapr, tracing, workload, proxy, tokens }: EnvInput): Map<string, string> {
  const isOwn = (token: TokensPlan[keyof TokensPlan]) => dapr.mode !== 'off' && token?.annotated === false;
  const names = new Map<string, string>();
  const reserve = (by: string, ...list: string[]) => list.forEach((name) => names.set(name, by));
  if (proxy !== undefined) reserve('the library in dapr-proxy mode', 'DAPR_HOST', 'DAPR_SIDECAR_IP');
  if (tracing?.provider.name === 'skywalking' && tracing.provider.oapServer !== undefined) {
    reserve('the tracing settings', 'SW_AGENT_COLLECTOR_BACKEND_SERVICES', 'SW_AGENT_NAME', 'SW_AGENT_NAMESPACE', 'SW_AGENT_KEEP_TRACING');
  }
  if (isOwn(tokens.api)) reserve('the API token', 'DAPR_API_TOKEN');
  if (isOwn(tokens.app)) reserve('the app token', 'APP_API_TOKEN');
  if (workload === 'KnativeService') reserve('Knative', ...KNATIVE_NAMES);
  return names;
}
