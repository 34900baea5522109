// What a target decides of a function, and what the report says of it (docs/spec M129).
import { PlatformTargets } from '../../../src';
import { asyncFunction, v1beta2 } from '../../support/functions';
import { container, one, podTemplate, problemsOf, synthManifest } from '../../support/synth';

const synth = (manifest: object, targets: PlatformTargets) => synthManifest(manifest, { settings: { targets } });
const notes = (manifest: object, targets: PlatformTargets) => synth(manifest, targets).fn.report.notes;

describe('what a target decides', () => {
  const SLEEP = 'Kubernetes 1.30 or later, for the sleep before a pod stops';

  test('pods behind the proxy pause before they stop from Kubernetes 1.30 on', () => {
    const { objects, fn } = synth(asyncFunction(), { kubernetes: '1.30' });
    expect(container(podTemplate(objects, 'fn')).lifecycle).toEqual({ preStop: { sleep: { seconds: 5 } } });
    expect([fn.report.prerequisites.includes(SLEEP), fn.report.notes]).toEqual([true, []]);
  });

  test('below, they stop at once, and the report says why', () => {
    const { objects, fn } = synth(asyncFunction(), { kubernetes: '1.29.4' });
    expect(container(podTemplate(objects, 'fn')).lifecycle).toBeUndefined();
    expect([fn.report.prerequisites.includes(SLEEP), fn.report.notes]).toEqual([false, [
      'pods stop without a pause before it, which needs Kubernetes 1.30, and the target is Kubernetes 1.29.4: an event that reaches a stopping pod is sent again to another',
    ]]);
  });

  test('a hook of the function before the stop stays, and needs no note', () => {
    const own = { preStop: { exec: { command: ['drain'] } } };
    const manifest = asyncFunction({ template: { containers: [{ name: 'function', lifecycle: own }] } });
    const { objects, fn } = synth(manifest, { kubernetes: '1.28' });
    expect([container(podTemplate(objects, 'fn')).lifecycle, fn.report.notes]).toEqual([own, []]);
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

  test('KEDA polls only where it can find a function asleep', () => {
    const interval = (scaling: object, manifest = asyncFunction) => one(synth(manifest({ scaleOptions: scaling }), {}).objects, 'ScaledObject').spec?.pollingInterval;
    expect([interval({ maxReplicas: 3 }), interval({ minReplicas: 0, maxReplicas: 3 }), interval({ minReplicas: 1, maxReplicas: 3 })]).toEqual([10, 10, undefined]);
    const http = (serving: object = {}) => v1beta2({ triggers: { http: { engine: 'keda' } }, ...serving });
    expect([interval({}, http), interval({ minReplicas: 1 }, http)]).toEqual([15, undefined]);
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
