// Knative Services and the HTTP add-on of KEDA (docs/spec M43 to M49, M62 to M66).
import { HttpEngine, TrafficTarget } from '../../../src';
import { v1beta1, v1beta2 } from '../../support/functions';
import { all, list, one, podTemplate, problemsOf, synthManifest, synthProps, Tree } from '../../support/synth';

const serviceOf = (manifest: object) => one(synthManifest(manifest).objects, 'Service.serving.knative.dev', 'fn');
const MIN = 'autoscaling.knative.dev/min-scale';
const MAX = 'autoscaling.knative.dev/max-scale';
const scaleOf = (serving: object) => {
  const { objects, fn } = synthManifest(v1beta2(serving));
  const { annotations } = podTemplate(objects, 'fn').metadata;
  const scale = Object.fromEntries(Object.entries(annotations).filter(([key]) => key.startsWith('autoscaling.')));
  return { scale, warnings: fn.report.warnings };
};

describe('a Knative Service', () => {
  test('has its template and nothing else: no revision name, no traffic', () => {
    const { apiVersion, metadata, spec } = serviceOf(v1beta2());
    expect([apiVersion, metadata.name]).toEqual(['serving.knative.dev/v1', 'fn']);
    expect(Object.keys(spec ?? {})).toEqual(['template']);
    expect(Object.keys(spec?.template.metadata ?? {})).toEqual(['annotations', 'labels']);
  });

  test.each([[v1beta2({ triggers: { http: { port: 3000 } } })], [v1beta1({}, { port: 3000 })]])('has one port without a name: %j', (manifest) => {
    expect(podTemplate(synthManifest(manifest).objects, 'fn').spec.containers[0].ports).toEqual([{ containerPort: 3000 }]);
  });

  test('is all there is, without a core/v1 Service beside it', () => {
    expect(list(synthManifest(v1beta2()).objects)).toEqual(['Service fn']);
  });

  test('takes traffic targets that Knative takes', () => {
    const problems = (...traffic: TrafficTarget[]) => problemsOf(() => synthProps({ name: 'fn', image: 'i', traffic }));
    expect(problems({ percent: 101, tag: 'a' }, { percent: -1, tag: 'a' }, { tag: 'A' })).toEqual([
      'traffic[0].percent: 101 is not a whole number from 0 to 100',
      'traffic[1].percent: -1 is not a whole number from 0 to 100',
      'traffic[1].tag: "a" is there twice; tags must differ',
      expect.stringMatching(/^traffic\[2\].tag: "A" is not a valid DNS-1035 label: /),
    ]);
    expect(problems({ percent: 99 }, { tag: 'old', revisionName: 'fn-00001' })).toEqual(['traffic: the shares add up to 99; they must add up to 100']);
    expect(synthProps({ name: 'fn', image: 'i', traffic: [{ percent: 100 }, { tag: 'old', revisionName: 'fn-00001', percent: 0 }] }).fn.report.warnings).toEqual([]);
  });

  test('alone has traffic targets: elsewhere they are a warning', () => {
    expect(synthProps({ name: 'fn', image: 'i', http: { engine: HttpEngine.KEDA }, traffic: [{ percent: 100 }] }).fn.report.warnings).toEqual([
      'warning: traffic: has no effect on a Deployment; only a Knative Service splits its traffic',
    ]);
  });

  test('passes traffic targets through', () => {
    const { objects } = synthProps({ name: 'fn', image: 'i', traffic: [{ percent: 90, tag: 'latest' }, { revisionName: 'fn-00001', percent: 10 }] });
    expect(one(objects, 'Service').spec?.traffic).toEqual([{ latestRevision: true, percent: 90, tag: 'latest' }, { latestRevision: false, revisionName: 'fn-00001', percent: 10 }]);
  });

  test.each([['0', 0], ['1000', 1000]])('takes container concurrency %s as a field too', (value, field) => {
    const key = 'autoscaling.knative.dev/container-concurrency';
    for (const serving of [{ annotations: { [key]: value } }, { scaleOptions: { knative: { [key]: value } } }]) {
      const { template } = serviceOf(v1beta2(serving)).spec as Tree;
      expect([template.spec.containerConcurrency, template.metadata.annotations[key]]).toEqual([field, value]);
    }
  });

  test.each(['1001', '-1', '1.5', ''])('refuses container concurrency %j at its own place', (value) => {
    const given = { 'autoscaling.knative.dev/container-concurrency': value };
    const problem = `["autoscaling.knative.dev/container-concurrency"]: ${JSON.stringify(value)} is not an integer from 0 to 1000`;
    expect(problemsOf(() => serviceOf(v1beta2({ scaleOptions: { knative: given } })))).toEqual([`serving.scaleOptions.knative${problem}`]);
    expect(problemsOf(() => serviceOf(v1beta2({ annotations: given })))).toEqual([`serving.annotations${problem}`]);
  });

  test('refuses container concurrency at its own place, and an annotation only when no option covers it', () => {
    const key = 'autoscaling.knative.dev/container-concurrency';
    const annotations = { [key]: 'all' };
    expect(problemsOf(() => serviceOf(v1beta2({ annotations })))).toEqual([`serving.annotations["${key}"]: "all" is not an integer from 0 to 1000`]);
    const { template } = serviceOf(v1beta2({ annotations, scaleOptions: { knative: { [key]: '5' } } })).spec as Tree;
    expect(template.spec.containerConcurrency).toBe(5);
  });

  test('carries annotations and options with names of Object.prototype as they are', () => {
    const { fn, objects } = synthManifest(v1beta2({ annotations: { toString: 'a', valueOf: 'b' }, scaleOptions: { knative: { toString: 'a', hasOwnProperty: 'c' } } }));
    const { annotations } = podTemplate(objects, 'fn').metadata;
    expect(Object.entries(annotations).filter(([key]) => !key.includes('/'))).toEqual([['hasOwnProperty', 'c'], ['toString', 'a'], ['valueOf', 'b']]);
    expect(Object.keys(annotations).filter((key) => key.includes(' '))).toEqual([]);
    const noEffect = (key: string) => `warning: serving.scaleOptions.knative.${key}: has no effect: annotations of Knative's autoscaler begin with "autoscaling.knative.dev/"`;
    expect(fn.report.warnings).toEqual([noEffect('hasOwnProperty'), noEffect('toString')]);
  });
});

describe('scale bounds', () => {
  test.each<[string, object, Record<string, string>]>([
    ['annotations alone', { annotations: { [MIN]: '1', [MAX]: '2' } }, { [MIN]: '1', [MAX]: '2' }],
    ['annotations in their old spelling', { annotations: { 'autoscaling.knative.dev/minScale': '1', 'autoscaling.knative.dev/maxScale': '2' } }, { [MIN]: '1', [MAX]: '2' }],
    ['replica counts', { scaleOptions: { minReplicas: 0, maxReplicas: 5 } }, { [MIN]: '0', [MAX]: '5' }],
    ['options', { scaleOptions: { knative: { 'autoscaling.knative.dev/minScale': '4', 'x.io/y': 'z' } } }, { [MIN]: '4' }],
    ['the same from all three', { annotations: { [MIN]: '1' }, scaleOptions: { minReplicas: 1, knative: { [MIN]: '1' } } }, { [MIN]: '1' }],
  ])('come from %s', (_name, serving, expected) => {
    expect(scaleOf(serving)).toEqual({ scale: expected, warnings: [] });
  });

  test('take options before replica counts before annotations, with a warning', () => {
    const serving = { annotations: { [MIN]: '1', [MAX]: '9' }, scaleOptions: { minReplicas: 2, maxReplicas: 8, knative: { [MIN]: '3' } } };
    expect(scaleOf(serving)).toEqual({
      scale: { [MIN]: '3', [MAX]: '8' },
      warnings: [
        'warning: serving.scaleOptions.knative["autoscaling.knative.dev/min-scale"]: autoscaling.knative.dev/min-scale is "3" here and "2" elsewhere; "3" applies',
        'warning: serving.scaleOptions.maxReplicas: autoscaling.knative.dev/max-scale is "8" here and "9" elsewhere; "8" applies',
        'warning: serving.scaleOptions.minReplicas: autoscaling.knative.dev/min-scale is "2" here and "1" elsewhere; "2" applies',
      ],
    });
  });

  test('in both spellings that disagree are a warning too', () => {
    for (const annotations of [{ [MIN]: '1', 'autoscaling.knative.dev/minScale': '2' }, { 'autoscaling.knative.dev/minScale': '2', [MIN]: '1' }]) {
      expect(scaleOf({ annotations })).toEqual({
        scale: { [MIN]: '1' },
        warnings: ['warning: serving.annotations["autoscaling.knative.dev/min-scale"]: autoscaling.knative.dev/min-scale is "1" here and "2" elsewhere; "1" applies'],
      });
    }
  });

  test('let no annotation of the user turn the sidecar on', () => {
    const { objects } = synthManifest(v1beta2({ scaleOptions: { knative: { 'dapr.io/enabled': 'true' } } }));
    expect(podTemplate(objects, 'fn').metadata.annotations['dapr.io/enabled']).toBe('false');
  });
});

const rewrite = (path: object) => ({ type: 'URLRewrite', urlRewrite: { path } });

describe('engine keda', () => {
  const KEDA = { triggers: { http: { engine: 'keda', port: 3000 } } };
  const synth = (serving: object = {}, settings: object = {}) => synthManifest(v1beta2({ ...KEDA, ...serving }), { settings }).objects;

  test('is a Deployment with a named port, its replicas left to the scaler', () => {
    const { spec } = one(synth({ scaleOptions: { minReplicas: 2, keda: {} } }), 'Deployment', 'fn');
    expect(Object.keys(spec ?? {})).toEqual(['selector', 'template']);
    expect(spec?.template.spec.containers[0].ports).toEqual([{ name: 'function-port', containerPort: 3000, protocol: 'TCP' }]);
  });

  test('has a Service for the add-on, and without a gateway no other', () => {
    const objects = synth();
    expect(list(all(objects, 'Service'))).toEqual(['Service fn-workload']);
    expect(one(objects, 'Service').spec).toEqual({
      type: 'ClusterIP', ports: [{ name: 'http', port: 80, protocol: 'TCP', targetPort: 3000 }], selector: { 'openfunction.io/serving': 'fn' },
    });
  });

  test('is called in the cluster through the Service of the gateway, which wakes it', () => {
    const gateway = { name: 'public', namespace: 'gateways', service: { name: 'envoy', namespace: 'infra', port: 8000 } };
    expect(one(synth({}, { gateway }), 'Service', 'fn').spec).toEqual({
      type: 'ExternalName', externalName: 'envoy.infra.svc.cluster.local', ports: [{ name: 'http', port: 80, protocol: 'TCP', targetPort: 8000 }],
    });
  });

  const METADATA = { name: 'fn', namespace: 'ns', labels: expect.objectContaining({ 'openfunction.io/managed': 'true' }) as unknown };

  test('always has an InterceptorRoute and a ScaledObject, with defaults where nothing is given', () => {
    const objects = synth();
    expect(list(objects)).toEqual(['Service fn-workload', 'Deployment fn', 'InterceptorRoute fn', 'ScaledObject fn']);
    expect(one(objects, 'InterceptorRoute')).toEqual({
      apiVersion: 'http.keda.sh/v1beta1',
      kind: 'InterceptorRoute',
      metadata: METADATA,
      spec: {
        target: { service: 'fn-workload', port: 80 },
        rules: [{ hosts: ['fn.ns.svc.cluster.local'] }],
        scalingMetric: { concurrency: { targetValue: 100 } },
      },
    });
    expect(one(objects, 'ScaledObject').spec).toEqual({
      scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'fn', envSourceContainerName: 'function' },
      pollingInterval: 15,
      cooldownPeriod: 300,
      triggers: [{
        type: 'external-push',
        metadata: { scalerAddress: 'keda-add-ons-http-external-scaler.keda.svc.cluster.local:9090', interceptorRoute: 'fn', scalingMetricHash: 'f914d5ad' },
      }],
    });
  });

  test('has the bounds, the target and the cool-down of the function, and the scaler of the platform', () => {
    const keda = { httpScaledObject: { targetPendingRequests: 5, cooldownPeriod: 60 } };
    const settings = { kedaHttpScaler: { name: 's', namespace: 'n' }, clusterDomain: 'acme.local' };
    const objects = synth({ scaleOptions: { minReplicas: 0, maxReplicas: 3, keda } }, settings);
    expect(one(objects, 'InterceptorRoute').spec?.scalingMetric).toEqual({ concurrency: { targetValue: 5 } });
    const { minReplicaCount, maxReplicaCount, cooldownPeriod, triggers } = one(objects, 'ScaledObject').spec!;
    expect([minReplicaCount, maxReplicaCount, cooldownPeriod, triggers[0].metadata.scalerAddress]).toEqual([0, 3, 60, 's.n.svc.acme.local:9090']);
  });

  test('tells KEDA by the trigger when the metric of its route changes, and only then', () => {
    const hashOf = (targetPendingRequests: number, cooldownPeriod: number) => (
      one(synth({ scaleOptions: { keda: { httpScaledObject: { targetPendingRequests, cooldownPeriod } } } }), 'ScaledObject').spec?.triggers[0].metadata.scalingMetricHash);
    expect(hashOf(5, 60)).not.toEqual(hashOf(6, 60));
    expect(hashOf(5, 60)).toEqual(hashOf(5, 90));
  });

  test('has an HTTPScaledObject in their place for an add-on before 0.14, with defaults where nothing is given', () => {
    const objects = synth({}, { targets: { kedaHttp: '0.13' } });
    expect(list(objects)).toEqual(['Service fn-workload', 'Deployment fn', 'HTTPScaledObject fn']);
    expect(one(objects, 'HTTPScaledObject').spec).toEqual({
      hosts: ['fn.ns.svc.cluster.local'],
      scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'fn', service: 'fn-workload', port: 80 },
      scalingMetric: { concurrency: { targetValue: 100 } },
      scaledownPeriod: 300,
    });
  });

  test.each([['0.8.1', true], ['v0.8.0', true], ['0.9.0', false], ['0.13', false]])('speaks the language of add-on %s', (kedaHttp, old) => {
    const keda = { httpScaledObject: { targetPendingRequests: 5, cooldownPeriod: 60 } };
    const serving = { scaleOptions: { minReplicas: 0, maxReplicas: 3, keda } };
    const { spec } = one(synth(serving, { targets: { kedaHttp } }), 'HTTPScaledObject');
    expect(spec).toEqual({
      hosts: ['fn.ns.svc.cluster.local'],
      replicas: { min: 0, max: 3 },
      scaledownPeriod: 60,
      ...(old
        ? { scaleTargetRef: { deployment: 'fn', service: 'fn-workload', port: 80 }, targetPendingRequests: 5 }
        : { scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'fn', service: 'fn-workload', port: 80 }, scalingMetric: { concurrency: { targetValue: 5 } } }),
    });
  });

  test.each<[string, object[] | undefined, string[] | undefined]>([
    ['the path of the template', undefined, ['/ns/fn']],
    ['each path once', [{ matches: [{ path: { value: '/a' } }, { path: { value: '/b' } }] }, { matches: [{ path: { value: '/a' } }] }], ['/a', '/b']],
    ['none where a match has no path', [{ matches: [{ path: { value: '/a' } }, { headers: [{ name: 'x', value: 'y' }] }] }], undefined],
    ['none where a rule has no match', [{ matches: [{ path: { value: '/a' } }] }, {}], undefined],
    ['what a prefix becomes', [{ matches: [{ path: { value: '/v1' } }], filters: [rewrite({ type: 'ReplacePrefixMatch', replacePrefixMatch: '/' })] }], ['/']],
    ['what an empty prefix becomes', [{ matches: [{ path: { value: '/v1' } }], filters: [rewrite({ type: 'ReplacePrefixMatch', replacePrefixMatch: '' })] }], ['/']],
    ['what paths of several rules become', [
      { matches: [{ path: { value: '/v1' } }], filters: [rewrite({ type: 'ReplacePrefixMatch', replacePrefixMatch: '/api' })] },
      { matches: [{ path: { type: 'Exact', value: '/a' } }, {}], filters: [rewrite({ type: 'ReplaceFullPath', replaceFullPath: '/all' })] },
      { matches: [{ path: { value: '/b' } }] },
    ], ['/api', '/all', '/b']],
    ['none where a path is a regular expression', [{ matches: [{ path: { type: 'RegularExpression', value: '/v[0-9]' } }, { path: { value: '/a' } }] }], undefined],
    ['a regular expression that becomes one path', [{ matches: [{ path: { type: 'RegularExpression', value: '/v[0-9]' } }], filters: [rewrite({ type: 'ReplaceFullPath', replaceFullPath: '/v' })] }], ['/v']],
    ['a path as it is decoded', [{ matches: [{ path: { value: '/a%20b' } }] }], ['/a b']],
    ['nothing of a rule that redirects', [{ matches: [{ path: { value: '/old' } }], filters: [{ type: 'RequestRedirect', requestRedirect: { scheme: 'https' } }] }, { matches: [{ path: { value: '/a' } }] }], ['/a']],
  ])('is woken by %s', (_name, rules, pathPrefixes) => {
    const { spec } = one(synth({ triggers: { http: { engine: 'keda', route: { hostnames: ['a.io'], rules } } } }), 'InterceptorRoute');
    expect(spec?.rules).toEqual([{ hosts: ['a.io', 'fn.ns.svc.cluster.local'], ...(pathPrefixes && { paths: pathPrefixes.map((value) => ({ value })) }) }]);
  });

  test('is woken under the host that a rule puts in place of the route\'s', () => {
    const rules = [{ filters: [{ type: 'URLRewrite', urlRewrite: { hostname: 'inside.acme.io' } }] }];
    const { spec } = one(synth({ triggers: { http: { engine: 'keda', route: { hostnames: ['a.io'], rules } } } }), 'InterceptorRoute');
    expect(spec?.rules[0].hosts).toEqual(['a.io', 'fn.ns.svc.cluster.local', 'inside.acme.io']);
  });
});

describe('annotations of Dapr among scaleOptions.knative', () => {
  const of = (knative: object, serving: object = {}) => {
    const { objects, fn } = synthManifest(v1beta2({ scaleOptions: { knative }, ...serving }));
    return { annotations: podTemplate(objects, 'fn').metadata.annotations, warnings: fn.report.warnings };
  };

  test('cannot override dapr.io/enabled, and a contradiction is a warning', () => {
    const warning = (mode: string, asked: string, given: string, advice = '') => `warning: serving.scaleOptions.knative["dapr.io/enabled"]: "${asked}" has no effect; `
      + `the Dapr mode of this function is "${mode}", so its pods get "${given}"${advice}`;
    const sidecar = '; give openfunction.io/enable-dapr: "true" and openfunction.io/dapr-service-mode: "sidecar" instead';
    const off = of({ 'dapr.io/enabled': 'true' });
    expect([off.annotations['dapr.io/enabled'], off.warnings]).toEqual(['false', [warning('off', 'true', 'false', sidecar)]]);
    const both = of({ 'dapr.io/enabled': 'no' }, { annotations: { 'dapr.io/enabled': 'false' } });
    expect([both.annotations['dapr.io/enabled'], both.warnings]).toEqual(['false', [warning('off', 'no', 'false')]]);
    expect(of({ 'dapr.io/enabled': 'false' }).warnings).toEqual([]);
  });

  test('that decide in serving.annotations decide nothing here, which is a warning', () => {
    const keys = ['dapr.io/app-id', 'openfunction.io/enable-dapr'];
    const { annotations, warnings } = of({ [keys[0]]: 'other', [keys[1]]: 'true', 'dapr.io/log-level': 'debug' });
    expect(annotations).toMatchObject({ [keys[0]]: 'other', [keys[1]]: 'true', 'dapr.io/enabled': 'false', 'dapr.io/log-level': 'debug' });
    expect(warnings).toEqual(keys.map((key) => `warning: serving.scaleOptions.knative["${key}"]: is copied to the revision and has no other effect; give it in serving.annotations`));
  });
});

test.each<[string, object, string[]]>([
  ['an HTTP function of Knative', v1beta2({ workloadType: 'Job', scaleOptions: { keda: { httpScaledObject: {}, triggers: [{ type: 'x', metadata: {} }] } } }), [
    'warning: serving.scaleOptions.keda.httpScaledObject: has no effect on a Knative Service',
    'warning: serving.scaleOptions.keda.triggers: has no effect on a Knative Service',
    'warning: serving.workloadType: has no effect on a Knative Service',
  ]],
  ['engine keda', v1beta2({ triggers: { http: { engine: 'keda' } }, scaleOptions: { knative: { a: 'b' }, keda: { scaledObject: {} } } }), [
    'warning: serving.scaleOptions.keda.scaledObject: has no effect on a Deployment of engine "keda"',
    'warning: serving.scaleOptions.knative: has no effect on a Deployment of engine "keda"',
  ]],
])('options that %s does not use are warnings', (_name, manifest, warnings) => {
  expect(synthManifest(manifest).fn.report.warnings).toEqual(warnings);
});
