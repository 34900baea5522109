/** What makers make: plain Kubernetes objects, each with the part it plays in a function and what it needs. */
import type { FunctionPlan } from '../decide/plan';
import type { Json, JsonObject, StringMap } from '../kubernetes/json';

export type Role =
  | 'component' | 'resiliency' | 'configuration' | 'service' | 'workload' | 'scaler' | 'interceptorRoute' | 'route'
  | 'proxy' | 'proxyService' | 'networkPolicy' | 'functionNetworkPolicy'
  | 'disruptionBudget' | 'access' | 'bundle' | 'referenceGrant';

export interface Emitted {
  readonly role: Role;
  /** Construct id below the function; stable, so that a patch finds its object again. */
  readonly id: string;
  readonly manifest: Manifest;
  /** Parts of the same function that come before it. */
  readonly needs?: readonly Role[];
  /** Functions of one chart, or of the whole app, share one object of this id. */
  readonly sharedBy?: 'chart' | 'app';
}

/** A function's objects of one kind; none where its plan asks for none. */
export type Maker = (plan: FunctionPlan) => Emitted[];

export interface Manifest extends JsonObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: JsonObject & { readonly name: string; readonly namespace: string };
}

/** Leaves out what is undefined, so that makers can write optional fields in place. */
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

interface ObjectParts {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name: string;
  readonly labels: StringMap;
}

export function object({ namespace }: FunctionPlan, parts: ObjectParts, rest: JsonObject): Manifest {
  const { apiVersion, kind, name, labels } = parts;
  return { apiVersion, kind, metadata: { name, namespace, labels: { ...labels } }, ...rest };
}
