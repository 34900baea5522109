// Deployment, StatefulSet, Job, their Services and scalers (docs/spec M50 to M59).
import { FunctionInput } from '../../../src';
import { existing } from '../../support/existing-component';
import { asyncFunction, v1beta1 } from '../../support/functions';
import { all, KubeObject, list, one, podTemplate, proxyTemplate, synthManifest, SynthOptions, synthProps, Tree } from '../../support/synth';

const SIDECAR = { annotations: { 'openfunction.io/dapr-service-mode': 'sidecar' } };
const TRIGGER = { type: 'kafka', metadata: { bootstrapServers: 'kafka:9092', consumerGroup: 'orders', topic: 't' } };
const scaled = (keda: object = {}, options: object = {}) => ({ scaleOptions: { ...options, keda: { triggers: [TRIGGER], ...keda } } });

const synth = (serving: object = {}, options: SynthOptions = {}) => synthManifest(asyncFunction(serving), options).objects;
const workload = (kind: string, serving: object) => one(synth(serving), kind, kind === 'Job' ? undefined : 'fn');

describe('the workload', () => {
  test('is a Deployment that selects its pods by the function alone', () => {
    const { apiVersion, kind, metadata, spec } = workload('Deployment', { labels: { team: 'x' } });
    expect([apiVersion, kind, metadata.name, metadata.namespace]).toEqual(['apps/v1', 'Deployment', 'fn', 'ns']);
    expect(spec?.selector).toEqual({ matchLabels: { 'openfunction.io/serving': 'fn' } });
    expect(Object.keys(spec ?? {})).toEqual(['replicas', 'selector', 'template']);
  });

  test('is a StatefulSet with a Service name and without claim templates', () => {
    const { spec } = workload('StatefulSet', { workloadType: 'StatefulSet', ...SIDECAR });
    expect(spec?.serviceName).toBe('fn');
    expect(Object.keys(spec ?? {})).toEqual(['replicas', 'selector', 'serviceName', 'template']);
  });

  test('is a Job named after the hash of its template, restarted on failure', () => {
    const job = workload('Job', { workloadType: 'Job' });
    expect(job.apiVersion).toBe('batch/v1');
    expect(job.metadata.name).toMatch(/^fn-[0-9a-f]{8}$/);
    expect(Object.keys(job.spec ?? {})).toEqual(['template']);
    expect(job.spec?.template.spec.restartPolicy).toBe('OnFailure');
  });

  test('is another Job when anything in the template changes, and the same when nothing does', () => {
    const name = (serving: object) => workload('Job', { workloadType: 'Job', ...serving }).metadata.name;
    expect(name({})).toBe(name({}));
    expect(name({ params: { A: '1' } })).not.toBe(name({}));
    expect(name({ params: { A: '1', B: '2' } })).toBe(name({ params: { B: '2', A: '1' } }));
  });

  test('restarts as scaledJob says', () => {
    const serving = { workloadType: 'Job', scaleOptions: { keda: { scaledJob: { restartPolicy: 'Never' } } } };
    expect(workload('Job', serving).spec?.template.spec.restartPolicy).toBe('Never');
  });

  test('listens on 8080, also when v1beta1 gives a port, which is a warning', () => {
    const manifest = v1beta1({ runtime: 'async', inputs: [{ component: 'q' }], ...SIDECAR }, { port: 9000, route: {} });
    const { objects, fn } = synthManifest(manifest);
    expect(podTemplate(objects, 'fn').spec.containers[0].ports).toEqual([{ name: 'function-port', containerPort: 8080, protocol: 'TCP' }]);
    expect(fn.report.warnings.filter((line) => line.includes('has no effect on an async function'))).toEqual([
      'warning: port: has no effect on an async function; its annotation dapr.io/app-port says where it listens', 'warning: route: has no effect on an async function',
    ]);
  });

  test('listens on the port of the prop or the annotation, with all that leads there', () => {
    const annotated = synthManifest(asyncFunction({ annotations: { 'dapr.io/app-port': '9000' } })).objects;
    const inputs = [FunctionInput.fromBinding(existing('queue', 'bindings.kafka'))];
    for (const objects of [annotated, synthProps({ name: 'fn', image: 'i', port: 9000, inputs }).objects]) {
      const { metadata, spec } = podTemplate(objects, 'fn');
      expect(metadata.annotations['dapr.io/app-port']).toBe('9000');
      expect(spec.containers[0].ports).toEqual([{ name: 'function-port', containerPort: 9000, protocol: 'TCP' }]);
      expect(spec.containers[0].readinessProbe).toEqual({ tcpSocket: { port: 9000 } });
      const variable = (name: string) => spec.containers[0].env.find((entry) => String(entry.name) === name)?.value;
      expect(JSON.parse(String(variable('FUNC_CONTEXT')))).toMatchObject({ name: 'fn', runtime: 'Async', port: '9000' });
      const port = { name: 'http', port: 9000, protocol: 'TCP', targetPort: 9000 };
      expect(all(objects, 'Service').slice(0, 2).map((service) => service.spec?.ports)).toEqual([[port], [port]]);
      const proxy = proxyTemplate(objects, 'fn');
      expect(proxy.metadata.annotations['dapr.io/app-port']).toBe('9000');
      expect(proxy.spec.containers[0].ports[0]).toEqual({ name: 'function-port', containerPort: 9000, protocol: 'TCP' });
    }
  });

  test('of v1beta1 is the one that scaledObject names, and a Job where there is a scaledJob', () => {
    const kindOf = (keda: object) => synthManifest(v1beta1({ runtime: 'async', inputs: [{ component: 'q' }], scaleOptions: { keda } })).fn.workload.kind;
    expect([kindOf({}), kindOf({ scaledObject: { workloadType: 'StatefulSet' } }), kindOf({ scaledJob: {} })]).toEqual(['Deployment', 'StatefulSet', 'Job']);
  });
});

describe('replicas', () => {
  test.each<[string, object, number | undefined]>([
    ['one without scaling', {}, 1],
    ['minReplicas where a keda block is present', { scaleOptions: { minReplicas: 3, keda: {} } }, 3],
    ['one where minReplicas is 0', { scaleOptions: { minReplicas: 0, keda: {} } }, 1],
    ['one where there is no keda block', { scaleOptions: { minReplicas: 3 } }, 1],
    ['left to the scaler where there is one', { ...scaled({}, { minReplicas: 3 }) }, undefined],
  ])('are %s', (_name, serving, replicas) => {
    for (const kind of ['Deployment', 'StatefulSet']) expect(workload(kind, { workloadType: kind, ...SIDECAR, ...serving }).spec?.replicas).toBe(replicas);
  });

  test('without effect are a warning', () => {
    const warnings = (minReplicas: number) => synthManifest(asyncFunction({ ...SIDECAR, scaleOptions: { minReplicas } })).fn.report.warnings;
    expect(warnings(1)).toEqual([]);
    expect(warnings(2)).toEqual(['warning: serving.scaleOptions.minReplicas: 2 has no effect without a "keda" block or KEDA triggers: one replica runs']);
  });
});

describe('the Services', () => {
  const PORT = { name: 'http', port: 8080, protocol: 'TCP', targetPort: 8080 };

  test('behind the proxy are a headless one and one with an address, for every app protocol', () => {
    for (const annotations of [{}, { 'dapr.io/app-protocol': 'http' }]) {
      const objects = synth({ annotations });
      expect(one(objects, 'Service', 'fn').spec).toEqual({ clusterIP: 'None', ports: [PORT], selector: { 'openfunction.io/serving': 'fn' } });
      expect(one(objects, 'Service', 'fn-any').spec).toEqual({ type: 'ClusterIP', ports: [PORT], selector: { 'openfunction.io/serving': 'fn' } });
      expect(one(objects, 'Service', 'fn').metadata.labels).toEqual({ 'openfunction.io/managed': 'true', 'openfunction.io/serving': 'fn' });
    }
  });

  test.each([['sidecar mode', SIDECAR], ['no Dapr', { annotations: { 'openfunction.io/enable-dapr': 'false' } }]])('are none with %s', (_name, serving) => {
    expect(all(synth(serving), 'Service')).toEqual([]);
  });
});

describe('a ScaledObject', () => {
  const spec = (serving: object) => one(synth({ ...SIDECAR, ...serving }), 'ScaledObject', 'fn').spec;

  test('targets the workload by kind and name, and the variables of its container', () => {
    for (const kind of ['Deployment', 'StatefulSet']) {
      expect(spec({ ...scaled(), workloadType: kind })?.scaleTargetRef).toEqual({ apiVersion: 'apps/v1', kind, name: 'fn', envSourceContainerName: 'function' });
    }
  });

  test('has bounds, intervals, advanced options and the fallback as given, and triggers unchanged', () => {
    const behavior = { scaleUp: { stabilizationWindowSeconds: 0 } };
    const advanced = { restoreToOriginalReplicaCount: true, horizontalPodAutoscalerConfig: { behavior } };
    const authenticationRef = { name: 'a', kind: 'ClusterTriggerAuthentication' };
    const trigger = { ...TRIGGER, name: 'n', useCachedMetrics: true, metricType: 'Value', authenticationRef };
    const scaledObject = { pollingInterval: 7, cooldownPeriod: 8, advanced, fallback: { failureThreshold: 1, replicas: 0 } };
    expect(spec(scaled({ scaledObject, triggers: [trigger, TRIGGER] }, { minReplicas: 0, maxReplicas: 1 }))).toEqual({
      scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'fn', envSourceContainerName: 'function' },
      minReplicaCount: 0,
      maxReplicaCount: 1,
      pollingInterval: 7,
      cooldownPeriod: 8,
      advanced,
      fallback: { failureThreshold: 1, replicas: 0 },
      triggers: [trigger, TRIGGER],
    });
  });

  test('has nothing that was not given', () => {
    expect(Object.keys(spec(scaled()) ?? {})).toEqual(['scaleTargetRef', 'triggers']);
  });

  test('is not made without KEDA triggers', () => {
    expect(all(synth({ ...SIDECAR, scaleOptions: { keda: { scaledObject: { pollingInterval: 5 } } } }), 'ScaledObject')).toEqual([]);
  });

  test('of v1beta1 has its triggers with or without a keda block, without targetKind, and its own bounds', () => {
    const objects = synthManifest(v1beta1({
      runtime: 'async',
      inputs: [{ component: 'q' }],
      ...SIDECAR,
      triggers: [{ ...TRIGGER, targetKind: 'object' }],
      scaleOptions: { minReplicas: 1, maxReplicas: 20, keda: { scaledObject: { minReplicaCount: 2, maxReplicaCount: 4 } } },
    })).objects;
    expect(one(objects, 'ScaledObject').spec).toMatchObject({ minReplicaCount: 2, maxReplicaCount: 4, triggers: [TRIGGER] });
    const bare = synthManifest(v1beta1({ runtime: 'async', inputs: [{ component: 'q' }], ...SIDECAR, triggers: [TRIGGER] })).objects;
    expect(one(bare, 'ScaledObject').spec?.triggers).toEqual([TRIGGER]);
  });
});

describe('a ScaledJob', () => {
  const SCALED_JOB = { restartPolicy: 'Never', pollingInterval: 5, successfulJobsHistoryLimit: 0, failedJobsHistoryLimit: 1, scalingStrategy: { strategy: 'accurate' } };
  const synthJob = (keda: object, options: object = {}) => synth({ ...SIDECAR, workloadType: 'Job', ...scaled(keda, options) });

  test('takes the place of the Job, with the job inside', () => {
    const objects = synthJob({ scaledJob: SCALED_JOB }, { minReplicas: 1, maxReplicas: 5 });
    expect(list(objects)).toEqual(['Component fn-bindings-queue', 'ScaledJob fn']);
    const { jobTargetRef, ...rest } = one(objects, 'ScaledJob').spec as Tree & { jobTargetRef: Tree };
    expect(rest).toEqual({
      envSourceContainerName: 'function',
      minReplicaCount: 1,
      maxReplicaCount: 5,
      pollingInterval: 5,
      successfulJobsHistoryLimit: 0,
      failedJobsHistoryLimit: 1,
      scalingStrategy: { strategy: 'accurate' },
      triggers: [TRIGGER],
    });
    expect(Object.keys(jobTargetRef)).toEqual(['template']);
    expect(jobTargetRef.template.spec.restartPolicy).toBe('Never');
  });

  test.each([['50%', '0.5'], ['0.5', '0.5'], ['100%', '1'], ['0%', '0']])('writes the share %s as the fraction KEDA reads: %s', (given, written) => {
    const scalingStrategy = { strategy: 'custom', customScalingQueueLengthDeduction: 0, customScalingRunningJobPercentage: given };
    expect(one(synthJob({ scaledJob: { scalingStrategy } }), 'ScaledJob').spec?.scalingStrategy).toEqual({ ...scalingStrategy, customScalingRunningJobPercentage: written });
  });
});

describe('scaling by events that wait in the proxy', () => {
  const push = { type: 'external-push', metadata: { scalerAddress: 'fn-dapr-proxy.ns.svc.cluster.local:18082', target: '1', activation: '0' } };
  const triggersOf = (objects: KubeObject[]) => one(objects, 'ScaledObject').spec?.triggers;

  test('comes beside KEDA triggers, with a short polling interval unless one is given', () => {
    const { spec } = one(synth(scaled()), 'ScaledObject');
    expect([spec?.triggers, spec?.pollingInterval]).toEqual([[TRIGGER, push], 10]);
    expect(one(synth(scaled({ scaledObject: { pollingInterval: 30 } })), 'ScaledObject').spec?.pollingInterval).toBe(30);
  });

  test('comes without bounds and KEDA triggers only when asked for', () => {
    expect(all(synth(), 'ScaledObject')).toEqual([]);
    const objects = synth({}, { pendingEvents: { targetPerReplica: 20, activation: 3 } });
    expect(triggersOf(objects)).toEqual([{ ...push, metadata: { ...push.metadata, target: '20', activation: '3' } }]);
  });

  test('can be switched off', () => {
    const objects = synth(scaled(), { pendingEvents: { enabled: false } });
    expect(triggersOf(objects)).toEqual([TRIGGER]);
    expect(all(objects, 'Service').map(({ metadata }) => metadata.name)).toEqual(['fn', 'fn-any']);
  });

  test('goes to the cluster domain and the scaler port of the settings', () => {
    const objects = synth(scaled(), { settings: { clusterDomain: 'corp.example', proxy: { scalerPort: 7000 } } });
    expect(triggersOf(objects)?.[1].metadata.scalerAddress).toBe('fn-dapr-proxy.ns.svc.corp.example:7000');
  });

  test('asks the proxy for a ScaledJob, which takes no pushes', () => {
    const objects = synth({ workloadType: 'Job', ...scaled() });
    expect(one(objects, 'ScaledJob').spec?.triggers[1]).toEqual({
      type: 'metrics-api',
      metadata: { url: 'http://fn-dapr-proxy.ns.svc.cluster.local:18081/pending', valueLocation: 'pending', targetValue: '1', activationTargetValue: '0' },
    });
  });

  test('is an error without the proxy, which sees the events', () => {
    expect(() => synth(SIDECAR, { pendingEvents: {} })).toThrow(
      'pendingEvents: scaling on pending events needs the dapr-proxy, which sees them; this function\'s Dapr mode is "sidecar"');
  });
});
