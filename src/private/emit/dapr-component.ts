/** Dapr Components of a function, and its Resiliency (docs/spec M67, M68, M107). */
import { compact, copy, Emitted, functionLabels, Manifest, object, proxyLabels } from './manifest';
import type { ComponentPlan } from '../decide/components';
import type { FunctionPlan } from '../decide/plan';
import type { ComponentSpecModel } from '../function/function-model';
import type { JsonObject } from '../kubernetes/json';

/** Constant interval and bound: twice the time in which a function is expected to come back. */
const INBOUND_RETRY: JsonObject = {
  policy: 'constant',
  duration: '5s',
  maxRetries: 120,
  // Resource exhausted and unavailable: what the proxy answers for its own failures, never for the function's.
  matching: { gRPCStatusCodes: '8,14', httpStatusCodes: '429,503' },
};
const INBOUND_POLICY = 'inbound';

export function components(plan: FunctionPlan): Emitted[] {
  return plan.components.components.map((component) => ({
    role: 'component',
    id: `${component.block}-${component.key}`,
    manifest: componentManifest(plan, component),
  }));
}

function componentManifest(plan: FunctionPlan, { name, spec }: ComponentPlan): Manifest {
  return object(plan, { apiVersion: 'dapr.io/v1alpha1', kind: 'Component', name, labels: functionLabels(plan), wave: 'component' }, {
    ...(spec.auth !== undefined && { auth: { ...spec.auth } }),
    scopes: [plan.names.appId],
    spec: componentSpec(spec),
  });
}

export function componentSpec({ type, version, ignoreErrors, initTimeout, metadata }: ComponentSpecModel): JsonObject {
  const entries = metadata.map((entry) => compact({ ...entry, secretKeyRef: entry.secretKeyRef && { ...entry.secretKeyRef } }));
  return compact({ type, version, ignoreErrors, initTimeout, metadata: copy(entries) });
}

/**
 * Without a policy Dapr retries nothing: what the proxy could not deliver would be dead-lettered or dropped at once.
 * A retry of the user's for the same component wins.
 */
export function resiliency(plan: FunctionPlan): Emitted[] {
  const own = userPolicies(plan);
  const inbound = (plan.proxy?.inbound ?? []).filter((name) => !own.retried.has(name));
  if (inbound.length === 0 && Object.keys(own.targets).length === 0) return [];
  const targets: { [component: string]: JsonObject } = { ...own.targets };
  for (const name of inbound) targets[name] = { ...targets[name], inbound: { ...inboundOf(targets[name]), retry: INBOUND_POLICY } };
  const policies = compact({
    timeouts: own.timeouts,
    retries: inbound.length > 0 ? { ...own.retries, [INBOUND_POLICY]: copy(INBOUND_RETRY) } : own.retries,
    circuitBreakers: own.circuitBreakers,
  });
  const proxied = plan.proxy !== undefined;
  const manifest = object(plan, {
    apiVersion: 'dapr.io/v1alpha1',
    kind: 'Resiliency',
    name: proxied ? plan.names.proxy : plan.name,
    labels: proxied ? proxyLabels(plan) : functionLabels(plan),
    wave: 'component',
  }, { scopes: [plan.names.appId], spec: { policies, targets: { components: targets } } });
  return [{ role: 'resiliency', id: 'Resiliency', manifest }];
}

function inboundOf(target: JsonObject | undefined): JsonObject | undefined {
  return target?.inbound as JsonObject | undefined;
}

const NO_POLICIES: Policies = { targets: {}, retried: new Set() };

interface Policies {
  readonly timeouts?: JsonObject;
  readonly retries?: JsonObject;
  readonly circuitBreakers?: JsonObject;
  readonly targets: { [component: string]: JsonObject };
  /** Components whose inbound events have a retry of the user's. */
  readonly retried: ReadonlySet<string>;
}

function userPolicies({ components: { triggers, outputs } }: FunctionPlan): Policies {
  if (![...triggers.map(({ delivery }) => delivery), ...outputs].some((entry) => entry?.resiliency !== undefined)) return NO_POLICIES;
  const kinds: Record<'timeouts' | 'retries' | 'circuitBreakers', JsonObject> = { timeouts: {}, retries: {}, circuitBreakers: {} };
  const targets: { [component: string]: JsonObject } = {};
  const fields = [['timeout', 'timeouts'], ['retry', 'retries'], ['circuitBreaker', 'circuitBreakers']] as const;
  const put = (component: string, direction: 'inbound' | 'outbound', asked: { [field in typeof fields[number][0]]?: string | JsonObject } | undefined) => {
    if (asked === undefined) return;
    const target: JsonObject = {};
    for (const [field, kind] of fields) {
      const policy = asked[field];
      if (policy === undefined) continue;
      const name = `${component}-${direction}`;
      kinds[kind][name] = copy(policy);
      target[field] = name;
    }
    if (Object.keys(target).length > 0) targets[component] = { ...targets[component], [direction]: target };
  };
  triggers.forEach(({ componentName, delivery }) => put(componentName, 'inbound', delivery?.resiliency));
  outputs.forEach((output) => put(output.componentName, 'outbound', output.resiliency));
  const filled = (map: JsonObject) => (Object.keys(map).length === 0 ? undefined : map);
  const retried = new Set(Object.keys(targets).filter((name) => inboundOf(targets[name])?.retry !== undefined));
  return { targets, retried, timeouts: filled(kinds.timeouts), retries: filled(kinds.retries), circuitBreakers: filled(kinds.circuitBreakers) };
}
