import { asyncFunction, v1beta2 } from './support/functions';
import { synthManifest } from './support/synth';

const OUTPUT = { outputs: [{ dapr: { name: 'web', type: 'bindings.http' } }] };
const SIDECAR = { annotations: { 'openfunction.io/dapr-service-mode': 'sidecar' } };
const SCALED = { scaleOptions: { maxReplicas: 5, keda: { triggers: [{ type: 'kafka', metadata: {} }] } } };

test('the report of a function without Dapr says that it needs Knative, and nothing else', () => {
  expect(synthManifest(v1beta2()).fn.report).toEqual({
    name: 'fn',
    namespace: 'ns',
    daprMode: 'off',
    daprReason: 'openfunction.io/enable-dapr is not set, and the function defines no inputs, outputs or states',
    objects: [{ apiVersion: 'serving.knative.dev/v1', kind: 'Service', namespace: 'ns', name: 'fn' }],
    requiredApis: ['Service.serving.knative.dev'],
    knativeFeatures: [],
    prerequisites: [],
    sidecars: 'none',
    warnings: [],
  });
});

test('the report of an async function behind the proxy lists every object and what the cluster must have', () => {
  const { report } = synthManifest(asyncFunction({ ...SCALED, ...OUTPUT })).fn;
  expect(report.objects.map(({ kind, name }) => `${kind} ${name}`)).toEqual([
    'Component fn-bindings-queue', 'Resiliency fn-dapr-proxy', 'Service fn', 'Service fn-any', 'Deployment fn', 'ScaledObject fn', 'Service fn-dapr-proxy',
    'NetworkPolicy fn-dapr-proxy', 'Deployment fn-dapr-proxy',
  ]);
  expect(report.requiredApis).toEqual(['Component.dapr.io', 'Resiliency.dapr.io', 'ScaledObject.keda.sh']);
  expect(report.prerequisites).toEqual([
    'Dapr 1.16 or later with its sidecar injector',
    'Dapr 1.15 or later, for retry policies that match status codes',
    'Kubernetes 1.30 or later, for the sleep before a pod stops',
    'a network plugin that enforces NetworkPolicies, or an API token: otherwise every pod can use the Dapr API of this function',
    'the Dapr component web in namespace ns',
  ]);
});

test.each<[string, object, string]>([
  ['off', v1beta2(), 'none'],
  ['standalone with a known maximum', asyncFunction(SCALED), '1 beside the proxy; with a sidecar in each pod: 5'],
  ['standalone', asyncFunction(), '1 beside the proxy; with a sidecar in each pod: one per replica'],
  ['sidecar with a known maximum', v1beta2({ ...OUTPUT, ...SIDECAR, scaleOptions: { maxReplicas: 20 } }), '20; beside a shared proxy: 1'],
])('the report says how many sidecars run: %s', (_mode, manifest, sidecars) => {
  expect(synthManifest(manifest).fn.report.sidecars).toBe(sidecars);
});

test('the report is a copy: what a caller changes stays the caller\'s', () => {
  const { fn } = synthManifest(v1beta2());
  (fn.report.objects as unknown[]).push('x');
  expect(fn.report.objects).toHaveLength(1);
});
