// What a target decides of a function, and what the report says of it (docs/spec M129).
import { ApiObject, ApiObjectProps } from 'cdk8s';
import { OpenFunctionApp, PlatformSettings, PlatformTargets } from '../../../src';
import { component } from '../../support/components';
import { asyncFunction, v1beta2 } from '../../support/functions';
import { container, newChart, one, podTemplate, problemsOf, quietly, synthChart, synthManifest } from '../../support/synth';

const synth = (manifest: object, targets: PlatformTargets) => synthManifest(manifest, { settings: { targets } });
const UNFED = 'serving.triggers.dapr[0].name: nothing here publishes to the topic "orders" of "queue"';
const notes = (manifest: object, targets: PlatformTargets) => synth(manifest, targets).fn.report.notes;

describe('what a target decides', () => {
  const SLEEP = 'Kubernetes 1.30 or later, for the sleep before a pod stops';

  test('pods behind the proxy pause before they stop from Kubernetes 1.30 on', () => {
    const { objects, fn } = synth(asyncFunction(), { kubernetes: '1.30' });
    expect(container(podTemplate(objects, 'fn')).lifecycle).toEqual({ preStop: { sleep: { seconds: 5 } } });
    expect([fn.report.prerequisites.includes(SLEEP), fn.report.notes]).toEqual([true, [UNFED]]);
  });

  test('below, they stop at once, and the report says why', () => {
    const { objects, fn } = synth(asyncFunction(), { kubernetes: '1.29.4' });
    expect(container(podTemplate(objects, 'fn')).lifecycle).toBeUndefined();
    expect([fn.report.prerequisites.includes(SLEEP), fn.report.notes]).toEqual([false, [
      'pods stop without a pause before it, which needs Kubernetes 1.30, and the target is Kubernetes 1.29.4: an event that reaches a stopping pod is sent again to another',
      UNFED,
    ]]);
  });

  test('a hook of the function before the stop stays, and needs no note', () => {
    const own = { preStop: { exec: { command: ['drain'] } } };
    const manifest = asyncFunction({ template: { containers: [{ name: 'function', lifecycle: own }] } });
    const { objects, fn } = synth(manifest, { kubernetes: '1.28' });
    expect([container(podTemplate(objects, 'fn')).lifecycle, fn.report.notes]).toEqual([own, [UNFED]]);
  });

  test('tokens on gRPC events need Dapr 1.17', () => {
    const run = (dapr: string) => synthManifest(asyncFunction(), { settings: { targets: { dapr } }, proxy: { appToken: { name: 'token' } as never, tokenOnEvents: true } });
    expect(problemsOf(() => run('1.16'))).toEqual(['proxy.tokenOnEvents: needs Dapr 1.17, and the target is Dapr 1.16, which sends no token']);
    expect(run('1.17').fn.report.daprMode).toBe('standalone');
  });

  const LONG = 'f'.repeat(55);
  const scaled = (name: string, advanced?: object) => asyncFunction({
    annotations: { 'openfunction.io/dapr-service-mode': 'sidecar', 'dapr.io/app-id': 'f' },
    scaleOptions: { keda: { scaledObject: advanced && { advanced }, triggers: [{ type: 'cron', metadata: { timezone: 'UTC', start: '0 6 * * *', end: '0 8 * * *', desiredReplicas: '2' } }] } },
  }, {}, { name });
  const advancedOf = (manifest: object, keda: string) => {
    const { objects } = synthManifest(manifest, { settings: { targets: { keda } } });
    return one(objects, 'ScaledObject').spec?.advanced;
  };

  test('the autoscaler of a long name has the name itself from KEDA 2.20 on, beside what the function gives', () => {
    const behavior = { scaleDown: { stabilizationWindowSeconds: 60 } };
    expect(advancedOf(scaled(LONG), '2.20')).toEqual({ horizontalPodAutoscalerConfig: { name: LONG } });
    expect(advancedOf(scaled(LONG, { horizontalPodAutoscalerConfig: { behavior } }), '2.21')).toEqual({ horizontalPodAutoscalerConfig: { behavior, name: LONG } });
    expect(advancedOf(scaled(LONG, { horizontalPodAutoscalerConfig: { name: 'own' } }), '2.21')).toEqual({ horizontalPodAutoscalerConfig: { name: 'own' } });
    expect(notes(scaled(LONG), { keda: '2.21' })).toEqual([
      'the HorizontalPodAutoscaler has the name of the function, since the target is KEDA 2.21, which refuses its own name for it as too long',
      UNFED,
    ]);
  });

  test('and KEDA\'s own name where that fits, or KEDA is older', () => {
    expect(advancedOf(scaled(LONG.slice(1)), '2.21')).toBeUndefined();
    expect(advancedOf(scaled(LONG), '2.19')).toBeUndefined();
  });

  test('a probe with a grace period of its own needs Knative 1.24', () => {
    const livenessProbe = { httpGet: { path: '/' }, terminationGracePeriodSeconds: 5 };
    const manifest = v1beta2({ template: { containers: [{ name: 'function', livenessProbe }] } });
    expect(container(podTemplate(synth(manifest, {}).objects, 'fn')).livenessProbe).toEqual(livenessProbe);
    expect(problemsOf(() => synth(manifest, { knative: '1.19' }))).toEqual([
      'serving.template.containers[0].livenessProbe.terminationGracePeriodSeconds: needs Knative Serving 1.24, and the target is Knative Serving 1.19',
    ]);
  });

  const inPod = (spec: object) => asyncFunction({ template: spec });
  const inFunction = (fields: object) => inPod({ containers: [{ name: 'function', ...fields }] });
  const TEMPLATE = 'serving.template';
  const CONTAINER = `${TEMPLATE}.containers[0]`;

  // The first release in which the field is there and its feature gate on.
  test.each<[string, string, object]>([
    [`${TEMPLATE}.initContainers[0].restartPolicy`, '1.29', inPod({ initContainers: [{ name: 'log', image: 'acme/log:1', restartPolicy: 'Always' }] })],
    [`${CONTAINER}.lifecycle.preStop.sleep`, '1.30', inFunction({ lifecycle: { preStop: { sleep: { seconds: 3 } } } })],
    [`${TEMPLATE}.securityContext.appArmorProfile`, '1.30', inPod({ securityContext: { appArmorProfile: { type: 'RuntimeDefault' } } })],
    [`${CONTAINER}.securityContext.appArmorProfile`, '1.30', inFunction({ securityContext: { appArmorProfile: { type: 'RuntimeDefault' } } })],
    [`${CONTAINER}.env[0].name`, '1.32', inFunction({ env: [{ name: '1 a/b', value: 'x' }] })],
    [`${CONTAINER}.envFrom[0].prefix`, '1.32', inFunction({ envFrom: [{ prefix: '1-', secretRef: { name: 'login' } }] })],
    ['serving.params["1 a/b"]', '1.32', asyncFunction({ params: { '1 a/b': 'x' } })],
    [`${CONTAINER}.lifecycle.preStop.sleep.seconds`, '1.33', inFunction({ lifecycle: { preStop: { sleep: { seconds: 0 } } } })],
    [`${TEMPLATE}.dnsConfig.searches`, '1.33', inPod({ dnsConfig: { searches: ['_tcp.acme.example'] } })],
    [`${TEMPLATE}.securityContext.supplementalGroupsPolicy`, '1.33', inPod({ securityContext: { supplementalGroupsPolicy: 'Strict' } })],
    [`${CONTAINER}.lifecycle.stopSignal`, '1.33', inPod({ os: { name: 'linux' }, containers: [{ name: 'function', lifecycle: { stopSignal: 'SIGUSR1' } }] })],
    [`${TEMPLATE}.hostUsers`, '1.33', inPod({ hostUsers: false })],
    [`${CONTAINER}.resizePolicy`, '1.33', inFunction({ resizePolicy: [{ resourceName: 'cpu', restartPolicy: 'NotRequired' }] })],
    [`${TEMPLATE}.resources`, '1.34', inPod({ resources: { limits: { memory: '1Gi' } } })],
    [`${CONTAINER}.restartPolicy`, '1.35', inFunction({ restartPolicy: 'Never' })],
    [`${TEMPLATE}.initContainers[0].restartPolicy`, '1.35', inPod({ initContainers: [{ name: 'log', image: 'acme/log:1', restartPolicy: 'Never' }] })],
    [`${CONTAINER}.env[0].valueFrom.fileKeyRef`, '1.35', inPod({ volumes: [{ name: 'v' }], containers: [{ name: 'function', env: [{ name: 'A', valueFrom: { fileKeyRef: { volumeName: 'v', path: 'a', key: 'A' } } }] }] })],
    [`${TEMPLATE}.hostnameOverride`, '1.35', inPod({ hostnameOverride: 'fn' })],
    [`${TEMPLATE}.volumes[0].image`, '1.35', inPod({ volumes: [{ name: 'model', image: { reference: 'acme/model:1' } }] })],
  ])('%s needs Kubernetes %s', (path, since, manifest) => {
    const before = `1.${Number(since.slice(2)) - 1}`;
    expect(problemsOf(() => synth(manifest, { kubernetes: before }))).toEqual([`${path}: needs Kubernetes ${since}, and the target is Kubernetes ${before}`]);
    expect(synth(manifest, { kubernetes: since }).fn.report.warnings.filter((line) => line.includes('needs Kubernetes'))).toEqual([]);
  });

  test.each([['forgejo-runner', '2.18'], ['kubernetes-resource', '2.19'], ['opensearch', '2.20'], ['clickhouse', '2.21']])('the scaler %s needs KEDA %s', (type, since) => {
    const manifest = asyncFunction({ scaleOptions: { keda: { triggers: [{ type, metadata: {}, authenticationRef: { name: 'login' } }] } } });
    const found = (keda: string) => {
      try {
        return problemsOf(() => synth(manifest, { keda }));
      } catch {
        return [];
      }
    };
    const lack = (keda: string) => found(keda).filter((line) => line.includes('needs KEDA'));
    const before = `2.${Number(since.slice(2)) - 1}`;
    expect(lack(before)).toEqual([`serving.scaleOptions.keda.triggers[0].type: needs KEDA ${since}, and the target is KEDA ${before}`]);
    expect(lack(since)).toEqual([]);
  });

  const triggered = (type: string, metadata: object, more: object = {}) => asyncFunction({ scaleOptions: { keda: { triggers: [{ type, metadata, ...more }] } } });
  const lackingIn = (manifest: object, keda: string, beside?: ApiObjectProps) => {
    const { chart } = newChart();
    PlatformSettings.of(chart).set({ targets: { keda } });
    const fn = OpenFunctionApp.fromManifest(chart, 'fn', { ...manifest });
    if (beside !== undefined) new ApiObject(chart, 'beside', beside);
    quietly(() => synthChart(chart));
    return fn.report.warnings.filter((line) => line.includes('needs KEDA'));
  };
  const METADATA = 'serving.scaleOptions.keda.triggers[0].metadata';

  test('a parameter of a scaler that an older KEDA does not read is a warning, a value that it refuses an error', () => {
    const kafka = { bootstrapServers: 'kafka:9092', topic: 'orders', consumerGroup: 'fn', ensureEvenDistributionOfPartitions: 'true', fullMetadata: 'false' };
    expect(lackingIn(triggered('kafka', kafka), '2.17')).toEqual([
      `warning: ${METADATA}.ensureEvenDistributionOfPartitions: "ensureEvenDistributionOfPartitions" needs KEDA 2.18, and the target is KEDA 2.17`,
      `warning: ${METADATA}.fullMetadata: "fullMetadata" needs KEDA 2.21, and the target is KEDA 2.17`,
    ]);
    expect(lackingIn(triggered('kafka', kafka), '2.20')).toEqual([
      `warning: ${METADATA}.fullMetadata: "fullMetadata" needs KEDA 2.21, and the target is KEDA 2.20`,
    ]);
    expect(lackingIn(triggered('kafka', kafka), '2.21')).toEqual([]);
    const rabbit = triggered('rabbitmq', { hostFromEnv: 'HOST', queueName: 'q', mode: 'DeliverGetRate', value: '5' });
    expect(problemsOf(() => synth(rabbit, { keda: '2.17' }))).toContain(`${METADATA}.mode: "DeliverGetRate" needs KEDA 2.18, and the target is KEDA 2.17`);
    expect(lackingIn(rabbit, '2.18')).toEqual([]);
  });

  test('and so is one that a TriggerAuthentication beside the function gives', () => {
    const manifest = triggered('artemis-queue', { managementEndpoint: 'a:8161', queueName: 'q', brokerName: 'b', brokerAddress: 'a' }, { authenticationRef: { name: 'login' } });
    const parameters = ['username', 'password', 'ca'].map((parameter) => ({ parameter, name: 'artemis', key: parameter }));
    const login = { apiVersion: 'keda.sh/v1alpha1', kind: 'TriggerAuthentication', metadata: { name: 'login' }, spec: { secretTargetRef: parameters } };
    expect(lackingIn(manifest, '2.17', login)).toEqual([
      'warning: serving.scaleOptions.keda.triggers[0].authenticationRef: "ca" in the TriggerAuthentication "login" needs KEDA 2.18, and the target is KEDA 2.17',
    ]);
    expect(lackingIn(manifest, '2.18', login)).toEqual([]);
  });

  test('annotations and settings of components that an older Dapr does not read are warnings, a type that it lacks is an error', () => {
    const redis = component('pubsub.redis', { redisHost: 'redis', redisPort: 6380 });
    const manifest = asyncFunction({
      annotations: { 'dapr.io/disable-init-endpoints': 'metadata', 'dapr.io/actors-disseminate-timeout': '5s' },
      triggers: { dapr: [{ name: 'r', topic: 't' }] }, pubsub: { r: redis },
    });
    const lacks = (dapr: string) => synth(manifest, { dapr }).fn.report.warnings.filter((line) => line.includes('needs Dapr'));
    expect(lacks('1.16')).toEqual([
      'warning: serving.annotations["dapr.io/actors-disseminate-timeout"]: needs Dapr 1.18, and the target is Dapr 1.16',
      'warning: serving.annotations["dapr.io/disable-init-endpoints"]: needs Dapr 1.17, and the target is Dapr 1.16',
      'warning: serving.pubsub.r.metadata[1].name: "redisPort" needs Dapr 1.17, and the target is Dapr 1.16',
    ]);
    expect(lacks('1.18')).toEqual([]);
    const raven = asyncFunction({ states: { s: { spec: component('state.ravendb', { databaseName: 'd', serverUrl: 'u' }) } } });
    expect(problemsOf(() => synth(raven, { dapr: '1.17' }))).toEqual(['serving.states.s.spec.type: "state.ravendb" needs Dapr 1.18, and the target is Dapr 1.17']);
  });

  test('an ephemeral volume of a Knative Service needs Knative 1.24, and none elsewhere', () => {
    const template = { volumes: [{ name: 'scratch', ephemeral: { volumeClaimTemplate: { spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } } } } }] };
    expect(problemsOf(() => synth(v1beta2({ template }), { knative: '1.19' }))).toContain(
      'serving.template.volumes[0].ephemeral: needs Knative Serving 1.24, and the target is Knative Serving 1.19',
    );
    expect(synth(asyncFunction({ template }), { knative: '1.19' }).fn.report.warnings.filter((line) => line.includes('needs Knative'))).toEqual([]);
  });

  test('what even the newest releases drop unless it is switched on is a line of the report', () => {
    const lifecycle = { stopSignal: 'SIGUSR1' };
    expect(synth(inPod({ os: { name: 'linux' }, containers: [{ name: 'function', lifecycle }] }), {}).fn.report.prerequisites).toContain(
      'the feature gate ContainerStopSignals of Kubernetes, which is off by default, for stopSignal',
    );
    const rules = [{ retry: { attempts: 2 } }];
    const { prerequisites } = synth(v1beta2({ triggers: { http: { route: { hostnames: ['a.io'], rules } } } }), {}).fn.report;
    expect(prerequisites).toContain('the experimental channel of the Gateway API, for retry');
  });

  test('KEDA polls only where it can find a function asleep', () => {
    const interval = (scaling: object, manifest = asyncFunction) => one(synth(manifest({ scaleOptions: scaling }), {}).objects, 'ScaledObject').spec?.pollingInterval;
    expect([interval({ maxReplicas: 3 }), interval({ minReplicas: 0, maxReplicas: 3 }), interval({ minReplicas: 1, maxReplicas: 3 })]).toEqual([10, 10, undefined]);
    const http = (serving: object = {}) => v1beta2({ triggers: { http: { engine: 'keda' } }, ...serving });
    expect([interval({}, http), interval({ minReplicas: 1 }, http)]).toEqual([15, undefined]);
  });

  test('a name of a route\'s rule needs the Gateway API 1.4', () => {
    const manifest = v1beta2({ triggers: { http: { route: { hostnames: ['a.io'], rules: [{ name: 'all' }] } } } });
    expect(problemsOf(() => synth(manifest, { gatewayApi: '1.3' }))).toEqual([
      'serving.triggers.http.route.rules[0].name: needs the Gateway API 1.4, and the target is the Gateway API 1.3',
    ]);
    expect(one(synth(manifest, { gatewayApi: '1.4' }).objects, 'HTTPRoute').spec?.rules[0].name).toBe('all');
  });

  const routed = (filter: object) => v1beta2({ triggers: { http: { route: { hostnames: ['a.io'], rules: [{ filters: [filter] }] } } } });
  const RULE = 'serving.triggers.http.route.rules[0].filters[0]';

  test.each<[string, object, string]>([
    ['a CORS filter', { type: 'CORS', cors: { allowOrigins: ['https://a.io'] } }, `${RULE}.type: "CORS"`],
    ['a redirect with 308', { type: 'RequestRedirect', requestRedirect: { statusCode: 308 } }, `${RULE}.requestRedirect.statusCode: 308`],
  ])('%s needs the Gateway API 1.5', (_, filter, said) => {
    expect(one(synth(routed(filter), { gatewayApi: '1.5' }).objects, 'HTTPRoute').spec?.rules[0].filters[0]).toEqual(filter);
    expect(problemsOf(() => synth(routed(filter), { gatewayApi: '1.4' }))).toEqual([`${said} needs the Gateway API 1.5, and the target is the Gateway API 1.4`]);
  });
});
