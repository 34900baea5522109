// Function manifests that many tests start from.
import { Construct } from 'constructs';

export type Manifest = { apiVersion: string; kind: string; metadata: { name: string; [field: string]: unknown }; spec: { [field: string]: unknown } };

export const IMAGE = 'acme/fn:1';

/** `serving` of core.openfunction.io/v1beta2; `spec` adds to or replaces what is beside it. */
export function v1beta2(serving: object = {}, spec: object = {}, metadata: object = {}): Manifest {
  return {
    apiVersion: 'core.openfunction.io/v1beta2',
    kind: 'Function',
    metadata: { name: 'fn', ...metadata },
    spec: { image: IMAGE, serving, ...spec },
  };
}

/** `serving` of core.openfunction.io/v1beta1; a knative function unless it says otherwise. */
export function v1beta1(serving: object = {}, spec: object = {}, metadata: object = {}): Manifest {
  return { ...v1beta2({ runtime: 'knative', ...serving }, spec, metadata), apiVersion: 'core.openfunction.io/v1beta1' };
}

export const KAFKA = {
  type: 'bindings.kafka',
  version: 'v1',
  metadata: [
    { name: 'brokers', value: 'kafka:9092' },
    { name: 'authType', value: 'none' },
    { name: 'topics', value: 'orders' },
    { name: 'publishTopic', value: 'orders' },
    { name: 'consumeRetryEnabled', value: true },
  ],
};
export const EVENTS = { type: 'pubsub.kafka', version: 'v1', metadata: [{ name: 'brokers', value: 'kafka:9092' }, { name: 'authType', value: 'none' }] };
export const STORE = { type: 'state.redis', version: 'v1', metadata: [{ name: 'redisHost', value: 'redis:6379' }] };

/** An asynchronous function with one binding as its trigger. */
export function asyncFunction(serving: object = {}, spec: object = {}, metadata: object = {}): Manifest {
  return v1beta2({ triggers: { dapr: [{ name: 'queue', type: 'bindings.kafka' }] }, bindings: { queue: KAFKA }, ...serving }, spec, metadata);
}

/** Objects all the way down that throw when written to, but for constructs, which grow by nature. */
export function deepFreeze<T>(value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value) && !Construct.isConstruct(value)) {
    Object.freeze(value);
    Object.values(value).forEach(deepFreeze);
  }
  return value;
}
