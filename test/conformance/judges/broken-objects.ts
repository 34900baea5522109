// Objects with one error each, so that a judge which never says no is noticed.
import type { KubeObject } from '../../testbed';

export interface Broken {
  readonly fault: string;
  readonly object: KubeObject;
  /** What the refusal must mention. */
  readonly says: string;
  /** KEDA's webhook refuses it, not the API server. */
  readonly keda?: true;
}

const metadata = { name: 'broken', namespace: 'shop' };
const container = { name: 'function', image: 'example.com/function:v1' };
const deployment = (spec: object, containers: object[] = [container]): KubeObject => ({
  apiVersion: 'apps/v1',
  kind: 'Deployment',
  metadata,
  spec: { selector: { matchLabels: { a: 'b' } }, template: { metadata: { labels: { a: 'b' } }, spec: { containers } }, ...spec },
});
const scaledObject = (spec: object): KubeObject => ({
  apiVersion: 'keda.sh/v1alpha1',
  kind: 'ScaledObject',
  metadata,
  spec: { scaleTargetRef: { name: 'broken' }, triggers: [{ type: 'kafka', metadata: { topic: 'a' } }], ...spec },
});
const route = (rule: object): KubeObject => ({
  apiVersion: 'gateway.networking.k8s.io/v1',
  kind: 'HTTPRoute',
  metadata,
  spec: { parentRefs: [{ name: 'g' }], rules: [rule] },
});

export const BROKEN: Broken[] = [
  { fault: 'an unknown field of a Deployment', object: deployment({ replica: 1 }), says: 'replica' },
  { fault: 'a selector that does not match', object: deployment({ selector: { matchLabels: { a: 'c' } } }), says: 'selector' },
  { fault: 'an environment variable without a name', object: deployment({}, [{ ...container, env: [{ name: '', value: 'x' }] }]), says: 'env' },
  {
    fault: 'an unknown field of a Component',
    object: { apiVersion: 'dapr.io/v1alpha1', kind: 'Component', metadata, spec: { type: 'state.redis', version: 'v1', metadata: [], scope: [] } },
    says: 'scope',
  },
  { fault: 'two rewrites in one rule', object: route({ filters: [1, 2].map(() => ({ type: 'URLRewrite', urlRewrite: { hostname: 'a.b' } })) }), says: 'URLRewrite filter cannot be repeated' },
  {
    fault: 'an HTTPScaledObject without a port',
    object: { apiVersion: 'http.keda.sh/v1alpha1', kind: 'HTTPScaledObject', metadata, spec: { hosts: ['a'], scaleTargetRef: { name: 'a', service: 'a' } } },
    says: 'port',
  },
  { fault: 'an unknown fallback behaviour', object: scaledObject({ fallback: { failureThreshold: 1, replicas: 1, behavior: 'hope' } }), says: 'behavior' },
  { fault: 'two triggers of one name', object: scaledObject({ triggers: [1, 2].map(() => ({ type: 'kafka', name: 'a', metadata: {} })) }), says: 'unique', keda: true },
  { fault: 'a minimum above the maximum', object: scaledObject({ minReplicaCount: 5, maxReplicaCount: 2 }), says: 'minReplicaCount must be less than or equal to maxReplicaCount' },
];
