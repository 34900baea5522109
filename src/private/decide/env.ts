/**
 * Environment of the function container: the user's variables around the library's own (function-semantics.md, section 3).
 *
 * Differs: where the operator lets the last of several variables of one name win, equal ones are merged and different
 * ones are an error. The input rules compare template and params; here come the names that only decisions reveal.
 */
import { isDeepStrictEqual } from 'node:util';
import type { FunctionPlan } from './plan';
import { FUNCTION_CONTAINER } from '../model/constants';
import type { Json, JsonObject, StringMap } from '../model/function-model';
import { Path, Problems, show } from '../problem';

export interface UserEnvPlan {
  /** Of the template and of typed props, in the order given. */
  readonly before: JsonObject[];
  /** `serving.params` by key, so that they may refer to the others. */
  readonly after: JsonObject[];
}

type EnvInput = Pick<FunctionPlan, 'model' | 'extras' | 'dapr' | 'tracing' | 'workload' | 'proxy' | 'platform'>;

/** Names that Knative gives to every container itself. */
const KNATIVE_NAMES = ['PORT', 'K_SERVICE', 'K_CONFIGURATION', 'K_REVISION'];

export function decideUserEnv(plan: EnvInput, problems: Problems): UserEnvPlan {
  const { model, extras } = plan;
  const reserved = reservedNames(plan);
  const seen = new Map<string, Json>();
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
    if (!isDeepStrictEqual(known, entry)) problems.error(path, `${show(name)} has another value already; give each name once`);
    return false;
  };
  const { container, index } = functionContainer(model.serving.template);
  const own = Array.isArray(container?.env) ? container.env.filter(isObject) : [];
  const before = [
    ...own.filter((entry, at) => accept(entry, ['serving', 'template', 'containers', index, 'env', at, 'name'])),
    ...(extras.env ?? []).filter((entry) => accept(entry, ['env', String(entry.name)])),
  ];
  const params: StringMap = model.serving.params;
  const after = Object.keys(params).sort().map((name) => ({ name, value: params[name] })).filter((entry) => accept(entry, ['serving', 'params', entry.name]));
  return { before, after };
}

export function functionContainer(template: JsonObject | undefined): { container?: JsonObject; index: number } {
  const containers = Array.isArray(template?.containers) ? template.containers : [];
  const index = containers.findIndex((container) => isObject(container) && container.name === FUNCTION_CONTAINER);
  const container = containers[index];
  return { container: isObject(container) ? container : undefined, index };
}

export function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function reservedNames({ dapr, tracing, workload, proxy, platform, extras }: EnvInput): Map<string, string> {
  const settings = { ...platform.proxy, ...extras.proxy };
  const names = new Map<string, string>();
  const reserve = (by: string, ...list: string[]) => list.forEach((name) => names.set(name, by));
  if (proxy !== undefined) reserve('the library in dapr-proxy mode', 'DAPR_HOST', 'DAPR_SIDECAR_IP');
  if (tracing?.provider.name === 'skywalking' && tracing.provider.oapServer !== undefined) {
    reserve('the tracing settings', 'SW_AGENT_COLLECTOR_BACKEND_SERVICES', 'SW_AGENT_NAME', 'SW_AGENT_NAMESPACE', 'SW_AGENT_KEEP_TRACING');
  }
  if (dapr.mode !== 'off' && settings.apiTokenSecret !== undefined) reserve('the API token', 'DAPR_API_TOKEN');
  if (dapr.mode !== 'off' && settings.appTokenSecret !== undefined) reserve('the app token', 'APP_API_TOKEN');
  if (workload === 'KnativeService') reserve('Knative', ...KNATIVE_NAMES);
  return names;
}
