/** What builders make: plain Kubernetes objects, each with the part it plays in a function. */
import type { FunctionPlan } from '../decide/plan';
import { syncWave } from '../decide/plan';
import { MANAGED_LABEL, PROXY_LABEL, SERVING_LABEL, VERSION_LABEL } from '../kubernetes/constants';
import type { Json, JsonObject, StringMap } from '../kubernetes/json';
import { LABEL_LENGTH, labelValue as labelForm } from '../kubernetes/syntax';

export type Role =
  | 'component' | 'resiliency' | 'service' | 'workload' | 'scaler' | 'route'
  | 'proxy' | 'proxyService' | 'networkPolicy' | 'disruptionBudget' | 'access' | 'referenceGrant';

export interface Emitted {
  readonly role: Role;
  /** Construct id below the function; stable, so that a patch finds its object again. */
  readonly id: string;
  readonly manifest: Manifest;
}

export interface Manifest extends JsonObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: JsonObject & { readonly name: string; readonly namespace: string };
}

/** Leaves out what is undefined, so that builders can write optional fields in place. */
export function compact(value: { [key: string]: Json | undefined }): JsonObject {
  const result: JsonObject = {};
  for (const key of Object.keys(value)) {
    const field = value[key];
    if (field !== undefined) result[key] = field;
  }
  return result;
}

/** Plain data only, and far faster than structuredClone, which shows with thousands of functions. */
export function copy<T extends Json>(value: T): T {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(copy) as T;
  const result: JsonObject = {};
  for (const key of Object.keys(value)) result[key] = copy(value[key]);
  return result as T;
}

export function functionLabels({ name }: FunctionPlan): StringMap {
  return { [MANAGED_LABEL]: 'true', [SERVING_LABEL]: name };
}

export function proxyLabels({ name }: FunctionPlan): StringMap {
  return { [MANAGED_LABEL]: 'true', [PROXY_LABEL]: name };
}

/** Of the workload and its pods; the user's own labels win. */
export function workloadLabels(plan: FunctionPlan): StringMap {
  return { ...functionLabels(plan), [VERSION_LABEL]: labelValue(plan.model.version), ...plan.model.serving.labels };
}

/** A version as a label takes it: other characters become `_`, and both ends are letters or digits. */
export function labelValue(version: string): string {
  if (labelForm(version) === undefined) return version;
  return version.replace(/[^A-Za-z0-9._-]/g, '_').slice(0, LABEL_LENGTH).replace(/^[^A-Za-z0-9]+|[^A-Za-z0-9]+$/g, '');
}

interface ObjectParts {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  readonly labels: StringMap;
  readonly wave: 'component' | 'workload';
}

export function object(plan: FunctionPlan, parts: ObjectParts, rest: JsonObject): Manifest {
  const { apiVersion, kind, name, labels } = parts;
  const metadata: Manifest['metadata'] = { name, namespace: plan.namespace, labels };
  if (plan.platform.syncWaves === true) metadata.annotations = syncWave(parts.wave);
  return { apiVersion, kind, metadata, ...rest };
}
