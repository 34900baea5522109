/** Hooks and tracing: the platform's settings and the function's, merged (docs/spec M87 to M89). */
import type { HooksModel, TracingModel } from '../function/function-model';
import type { StringMap } from '../kubernetes/json';
import { notOneOf, Path, Problems } from '../problem/problem';

export interface HooksPlan {
  readonly pre: string[];
  readonly post: string[];
}

/** Enabled tracing, complete; disabled tracing has no plan. */
export interface TracingPlan {
  readonly provider: NonNullable<TracingModel['provider']> & { readonly name: string };
  readonly tags: StringMap;
  readonly baggage: StringMap;
}

const PROVIDERS = ['skywalking', 'opentelemetry'];

export function decideHooks(fn: HooksModel | undefined, platform: HooksModel | undefined): HooksPlan {
  const none = { pre: [], post: [] };
  const outer = platform ?? none;
  if (fn === undefined) return { pre: [...outer.pre], post: [...outer.post] };
  if (fn.policy === 'Override') return { pre: [...fn.pre], post: [...fn.post] };
  return { pre: [...outer.pre, ...fn.pre], post: [...fn.post, ...outer.post] };
}

export function decideTracing(
  fn: TracingModel | undefined, platform: TracingModel | undefined, problems: Problems,
): TracingPlan | undefined {
  // Differs: the operator takes a function's tracing without `enabled` for disabled, and passes disabled tracing on.
  if (fn?.enabled === false) return undefined;
  if (!(fn?.enabled ?? platform?.enabled ?? false)) return undefined;
  const provider = merged(platform?.provider, fn?.provider);
  const exporter = merged(platform?.provider?.exporter, fn?.provider?.exporter);
  const name = provider.name;
  checkProvider(name, fn?.provider?.name !== undefined, problems);
  return {
    provider: { ...provider, name: name ?? '', exporter: Object.keys(exporter).length === 0 ? undefined : exporter },
    tags: { ...platform?.tags, ...fn?.tags },
    baggage: { ...platform?.baggage, ...fn?.baggage },
  };
}

/** A provider that the function itself names cannot be corrected by later settings. */
function checkProvider(name: string | undefined, own: boolean, problems: Problems): void {
  const path: Path = ['serving', 'tracing', 'provider', 'name'];
  if (name === undefined) {
    problems.platformError(path, 'tracing is enabled without a provider; give "skywalking" or "opentelemetry"');
    return;
  }
  if (PROVIDERS.includes(name)) return;
  if (own) problems.notOneOf(path, name, PROVIDERS);
  else problems.platformError(path, notOneOf(name, PROVIDERS));
}

/** Field by field, the inner over the outer; an unset field does not cover a set one. */
function merged<T extends object>(outer: T | undefined, inner: T | undefined): Partial<T> {
  const result: Partial<T> = { ...outer };
  for (const [key, value] of Object.entries(inner ?? {})) {
    if (value !== undefined && value !== '') result[key as keyof T] = value as T[keyof T];
  }
  return result;
}
