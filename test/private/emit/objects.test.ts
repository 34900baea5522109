// The order of a function's objects follows from what each of them needs.
import type { Role } from '../../../src/private/decide/plan';
import type { Emitted } from '../../../src/private/emit/manifest';
import { inOrder, needsOf } from '../../../src/private/emit/objects';
import { asyncFunction } from '../../support/functions';
import { KubeObject, synthManifest } from '../../support/synth';

const object = (role: Role): Emitted => ({ role, id: role, manifest: { apiVersion: 'v1', kind: 'Service', metadata: { name: role, namespace: 'ns' } } });
const inOrderOf = (...roles: Role[]) => inOrder(roles.map(object)).map(({ id }) => id);

test('an object comes after those it needs, and the others stay in their order', () => {
  expect(inOrderOf('route', 'disruptionBudget', 'proxy', 'workload', 'bundle', 'component'))
    .toEqual(['disruptionBudget', 'bundle', 'component', 'proxy', 'workload', 'route']);
});

test('objects that no maker emits are not waited for', () => {
  expect(inOrderOf('scaler', 'service', 'workload')).toEqual(['service', 'workload', 'scaler']);
});

test('no object needs itself, not even through others', () => {
  const before = (role: Role): Role[] => needsOf(role).flatMap((need) => [need, ...before(need)]);
  const roles: Role[] = ['workload', 'interceptorRoute', 'scaler', 'proxy', 'route'];
  expect(roles.filter((role) => before(role).includes(role))).toEqual([]);
  expect(roles.map((role) => needsOf(role).length > 0)).toEqual(roles.map(() => true));
});

test('sync waves put what the workload and the proxy need before them, and leave the rest beside them', () => {
  const scaled = asyncFunction({ scaleOptions: { keda: { triggers: [{ type: 'cron', metadata: { timezone: 'UTC', start: '0 8 * * *', end: '0 9 * * *', desiredReplicas: '1' } }] } } });
  const { objects } = synthManifest(scaled, { settings: { syncWaves: true } });
  const wave = ({ kind, metadata }: KubeObject) => [`${kind} ${metadata.name}`, metadata.annotations?.['argocd.argoproj.io/sync-wave']];
  expect(objects.filter(({ kind }) => kind !== 'ConfigMap').map(wave)).toEqual([
    ['Component fn-bindings-queue', '-1'], ['Resiliency fn-dapr-proxy', '-1'], ['Service fn', '-1'], ['Service fn-any', '-1'],
    ['Deployment fn', '0'], ['ScaledObject fn', '0'],
    ['Service fn-dapr-proxy', '-1'], ['NetworkPolicy fn-dapr-proxy', '-1'], ['Deployment fn-dapr-proxy', '0'],
  ]);
});
