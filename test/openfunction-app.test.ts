import { ApiObject, Chart, JsonPatch, Testing } from 'cdk8s';
import * as kplus from 'cdk8s-plus-28';
import { DaprProxyImage, OpenFunctionApp, PlatformSettings, TracingProvider } from '../src';
import { asyncFunction, v1beta2 } from './support/functions';
import { list, newChart, one, podTemplate, problemsOf, proxyTemplate, quietly, synthChart, synthManifest, thrownBy } from './support/synth';

const OUTPUT = { outputs: [{ dapr: { name: 'store', type: 'bindings.http' } }] };
const SCALED = { scaleOptions: { keda: { triggers: [{ type: 'kafka', metadata: { bootstrapServers: 'kafka:9092', consumerGroup: 'orders' } }] } } };
const GATEWAY = { gateway: { name: 'public', namespace: 'gateways' } };
const KEDA_ENGINE = { triggers: { http: { engine: 'keda' } } };

describe('the objects of a function', () => {
  test.each<[string, object, object, { [property: string]: string | undefined }]>([
    ['a Knative function with an output behind a gateway', v1beta2(OUTPUT), GATEWAY,
      { workload: 'Service fn', proxy: 'Deployment fn-dapr-proxy', service: undefined, route: 'HTTPRoute fn', scaler: undefined }],
    ['an async function with a scaler', asyncFunction(SCALED), {},
      { workload: 'Deployment fn', proxy: 'Deployment fn-dapr-proxy', service: 'Service fn', route: undefined, scaler: 'ScaledObject fn' }],
    ['a Job with a scaler', asyncFunction({ ...SCALED, workloadType: 'Job' }), {},
      { workload: 'ScaledJob fn', proxy: 'Deployment fn-dapr-proxy', service: 'Service fn', route: undefined, scaler: 'ScaledJob fn' }],
    ['a function of engine keda without Dapr', v1beta2(KEDA_ENGINE), {},
      { workload: 'Deployment fn', proxy: undefined, service: 'Service fn-workload', route: undefined, scaler: 'ScaledObject fn' }],
  ])('are reached by the part they play: %s', (_name, manifest, settings, expected) => {
    const { fn } = synthManifest(manifest, { settings });
    const shown = (object: ApiObject | undefined) => object && `${object.kind} ${object.name}`;
    const { workload, proxy, service, route, scaler } = fn;
    const roles = Object.entries({ workload, proxy, service, route, scaler }).map(([role, object]) => [role, shown(object)]);
    expect(Object.fromEntries(roles)).toEqual(expected);
  });

  test('are the components too, and all of them together in the order of the manifest', () => {
    const { fn, objects } = synthManifest(asyncFunction(SCALED), { settings: { proxyImage: undefined } });
    expect(fn.components.map(({ name }) => name)).toEqual(['fn-bindings-queue']);
    expect(fn.objects.map(({ kind, name }) => `${kind} ${name}`)).toEqual(list(objects).filter((name) => !name.startsWith('ConfigMap')));
  });

  test('come as components before workloads', () => {
    const { objects } = synthManifest(asyncFunction(SCALED));
    expect(list(objects)).toEqual([
      'Component fn-bindings-queue', 'Resiliency fn-dapr-proxy', 'Service fn', 'Service fn-any', 'Deployment fn', 'ScaledObject fn',
      'Service fn-dapr-proxy', 'NetworkPolicy fn-dapr-proxy', expect.stringMatching(/^ConfigMap dapr-proxy-/), 'Deployment fn-dapr-proxy',
    ]);
  });

  test('are found by cdk8s: the workload is the default child', () => {
    const { fn } = synthManifest(v1beta2(OUTPUT));
    expect(ApiObject.of(fn)).toBe(fn.workload);
    expect(fn.node.defaultChild).toBe(fn.workload);
  });

  test('depend on others, and others on them, as cdk8s orders it', () => {
    const { chart } = newChart();
    const fn = OpenFunctionApp.fromManifest(chart, 'fn', v1beta2());
    const quota = new ApiObject(chart, 'quota', { apiVersion: 'v1', kind: 'ResourceQuota' });
    const late = new ApiObject(chart, 'late', { apiVersion: 'v1', kind: 'ConfigMap' });
    late.node.addDependency(fn);
    fn.node.addDependency(quota);
    expect(synthChart(chart).map(({ kind }) => kind)).toEqual(['ResourceQuota', 'Service', 'ConfigMap']);
  });
});

describe('a JSON patch', () => {
  const patch = JsonPatch.add('/metadata/annotations', { team: 'checkout' });

  test.each([
    ['workload', v1beta2(OUTPUT)], ['workload', asyncFunction({ workloadType: 'Job' })], ['workload', asyncFunction({ ...SCALED, workloadType: 'Job' })],
    ['proxy', v1beta2(OUTPUT)], ['service', asyncFunction()], ['scaler', asyncFunction(SCALED)], ['route', v1beta2({ triggers: { http: { route: {} } } })],
  ] as const)('on the %s reaches the output, also when platform settings change everything later', (role, manifest) => {
    const { app, chart } = newChart();
    const fn = quietly(() => OpenFunctionApp.fromManifest(chart, 'fn', { ...manifest }));
    const object = fn[role];
    object?.addJsonPatch(patch);
    PlatformSettings.of(app).set({ clusterDomain: 'corp.example', tracing: { provider: TracingProvider.OPENTELEMETRY }, ...GATEWAY, proxy: { replicas: 2, networkPolicy: false } });
    const patched = quietly(() => synthChart(chart)).filter(({ metadata }) => metadata.annotations?.team === 'checkout');
    expect(list(patched)).toEqual([`${object?.kind} ${object?.name}`]);
    expect(JSON.stringify(patched)).not.toContain('cluster.local');
    expect(fn[role]).toBe(object);
  });

  test('on the proxy survives another kind of image, which takes a label away', () => {
    const { app, chart } = newChart();
    const { proxy } = OpenFunctionApp.fromManifest(chart, 'fn', v1beta2(OUTPUT));
    proxy?.addJsonPatch(patch);
    const labels = () => Object.keys(one(synthChart(chart), 'Deployment').metadata.labels ?? {});
    const before = labels();
    PlatformSettings.of(app).set({ proxyImage: DaprProxyImage.fromRegistry('acme/proxy:1') });
    expect(labels()).toEqual(before.filter((label) => label !== 'openfunction.io/proxy-version'));
    expect(one(synthChart(chart), 'Deployment').metadata.annotations).toEqual({ team: 'checkout' });
    PlatformSettings.of(app).set({ proxyImage: DaprProxyImage.inline() });
    expect(labels()).toEqual(before);
  });
});

describe('addresses for other charts', () => {
  test.each<[string, object, object, string]>([
    ['Knative', v1beta2(), {}, 'http://fn.ns.svc.cluster.local'],
    ['Knative in another cluster domain', v1beta2(), { clusterDomain: 'corp.example' }, 'http://fn.ns.svc.corp.example'],
    ['async behind the proxy', asyncFunction(), {}, 'http://fn.ns.svc.cluster.local:8080'],
    ['engine keda, whose pods only run while somebody calls the gateway', v1beta2(KEDA_ENGINE), {}, 'http://fn-workload.ns.svc.cluster.local'],
    ['engine keda with a gateway Service', v1beta2(KEDA_ENGINE), { gateway: { ...GATEWAY.gateway, service: { name: 'envoy', namespace: 'gateways' } } },
      'http://fn.ns.svc.cluster.local'],
  ])('are an in-cluster URL: %s', (_name, manifest, settings, url) => {
    expect(synthManifest(manifest, { settings }).fn.internalUrl).toBe(url);
  });

  test.each([
    ['its own sidecar', 'dapr-service-mode', 'sidecar', '; call it through Dapr, as app-id "fn-ns"'], ['no Dapr', 'enable-dapr', 'false', ''],
  ])('are no URL for an async function with %s, which has no Service', (_what, annotation, value, hint) => {
    const { fn } = synthManifest(asyncFunction({ annotations: { [`openfunction.io/${annotation}`]: value } }));
    expect([fn.service, problemsOf(() => fn.internalUrl)]).toEqual([
      undefined, [`internalUrl: not available: an async function without the dapr-proxy has no Service${hint}`],
    ]);
  });

  test.each([
    [{}, 'fn-ns'],
    [{ annotations: { 'dapr.io/app-id': 'mine' } }, 'mine'],
  ])('are the app-id under which Dapr knows the function: %j', (serving, appId) => {
    expect(synthManifest(v1beta2({ ...OUTPUT, ...serving })).fn.daprAppId).toBe(appId);
  });

  test('are name and namespace', () => {
    const { fn } = synthManifest(v1beta2({}, {}, { name: 'other', namespace: 'there' }));
    expect([fn.functionName, fn.namespace]).toEqual(['other', 'there']);
  });
});

describe('the namespace', () => {
  test.each<[string, object, object, string, string[]]>([
    ['the manifest', { namespace: 'own' }, { namespace: 'option' }, 'own', []],
    ['the options', {}, { namespace: 'option' }, 'option', []],
    ['the chart', {}, {}, 'ns', []],
    ['nobody, so default, with a warning', {}, { chartNamespace: null }, 'default',
      ['chart/fn: warning: metadata.namespace: is not given by the function, the options or the chart; "default" is taken']],
  ])('is given by %s', (_name, metadata, options, namespace, warnings) => {
    const { fn, objects, printed } = synthManifest(v1beta2({}, {}, metadata), options);
    expect([fn.namespace, ...objects.map((object) => object.metadata.namespace)]).toEqual([namespace, namespace]);
    expect(printed).toEqual(warnings);
  });
});

describe('a function among others', () => {
  const make = (chart: Chart, name: string) => OpenFunctionApp.fromManifest(chart, name, asyncFunction(SCALED, {}, { name }));

  test('is not changed by one that comes later, nor by one that comes before', () => {
    const objectsOf = (names: string[]) => {
      const { chart } = newChart();
      names.forEach((name) => make(chart, name));
      return JSON.stringify(synthChart(chart).filter(({ metadata }) => metadata.name.startsWith('one')));
    };
    const alone = objectsOf(['one']);
    expect(objectsOf(['one', 'two'])).toBe(alone);
    expect(objectsOf(['two', 'one'])).toBe(alone);
  });

  test('keeps its names when it moves to another chart and another construct', () => {
    const app = Testing.app();
    const first = new Chart(app, 'first', { namespace: 'ns' });
    const second = new Chart(app, 'second', { namespace: 'ns' });
    make(first, 'one');
    const before = JSON.stringify(Testing.synth(first));
    const inner = new Chart(second, 'inner', { namespace: 'ns' });
    const moved = OpenFunctionApp.fromManifest(inner, 'moved', asyncFunction(SCALED, {}, { name: 'one' }));
    first.node.tryRemoveChild('one');
    expect(JSON.stringify(Testing.synth(Chart.of(moved)))).toBe(before);
  });

  test.each<[string, object, string[]]>([
    ['another of the same name', v1beta2({}, {}, { name: 'fn' }), ['function ns/fn is claimed by', 'Service ns/fn is claimed by']],
    ['one with the same app-id', v1beta2({ ...OUTPUT, annotations: { 'dapr.io/app-id': 'fn-ns' } }, {}, { name: 'other' }), ['app-id fn-ns in namespace ns is claimed by']],
    ['one whose derived object has its name', v1beta2(KEDA_ENGINE, {}, { name: 'f' }), []],
  ])('is an error at synthesis beside %s', (_name, other, claims) => {
    const { chart } = newChart();
    OpenFunctionApp.fromManifest(chart, 'a', v1beta2(OUTPUT));
    OpenFunctionApp.fromManifest(chart, 'b', { ...other });
    const run = () => synthChart(chart);
    if (claims.length === 0) expect(list(quietly(run))).toContain('Service fn');
    else for (const claim of claims) expect(thrownBy(run)).toContain(`metadata.name: ${claim} chart/b too; names must differ`);
  });

  test('clashes with a derived Service of another one', () => {
    const { chart } = newChart();
    OpenFunctionApp.fromManifest(chart, 'a', v1beta2({}, {}, { name: 'fn-workload' }));
    OpenFunctionApp.fromManifest(chart, 'b', v1beta2(KEDA_ENGINE));
    expect(thrownBy(() => synthChart(chart))).toContain('chart/b: 1 problem\n  metadata.name: Service ns/fn-workload is claimed by chart/a too; names must differ');
  });

  test('clashes with objects of the program itself, whichever construct makes them and whenever', () => {
    const chart = new Chart(Testing.app(), 'chart', { namespace: 'ns' });
    new kplus.Service(chart, 'service', { metadata: { name: 'fn' }, ports: [{ port: 80 }] });
    OpenFunctionApp.fromManifest(chart, 'a', v1beta2(OUTPUT));
    new ApiObject(chart, 'proxy', { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'fn-dapr-proxy', namespace: 'ns' } });
    expect(thrownBy(() => synthChart(chart))).toBe([
      'app: 2 problems',
      '  metadata.name: Deployment ns/fn-dapr-proxy is claimed by chart/a and chart/proxy; names must differ',
      '  metadata.name: Service ns/fn is claimed by chart/a and chart/service/Resource; names must differ',
    ].join('\n'));
  });

  test.each([
    ['group', 'policy.acme.io/v1', 'NetworkPolicy', 'ns', 2],
    ['kind', 'v1', 'ConfigMap', 'ns', 1],
    ['namespace', 'networking.k8s.io/v1', 'NetworkPolicy', 'other', 2],
  ])('may share its name with an object of another %s', (_what, apiVersion, kind, namespace, count) => {
    const { chart } = newChart();
    OpenFunctionApp.fromManifest(chart, 'a', v1beta2(OUTPUT));
    new ApiObject(chart, 'other', { apiVersion, kind, metadata: { name: 'fn-dapr-proxy', namespace } });
    expect(list(quietly(() => synthChart(chart))).filter((line) => line === `${kind} fn-dapr-proxy`)).toHaveLength(count);
  });

  test('may share its name with one in another namespace', () => {
    const { chart } = newChart();
    OpenFunctionApp.fromManifest(chart, 'a', v1beta2(OUTPUT));
    OpenFunctionApp.fromManifest(chart, 'b', v1beta2(OUTPUT, {}, { namespace: 'other' }));
    expect(quietly(() => synthChart(chart)).filter(({ kind }) => kind === 'Service')).toHaveLength(2);
  });
});

describe('secrets, config maps and service accounts of cdk8s-plus', () => {
  test('are inputs of a function', () => {
    const { chart } = newChart();
    const login = kplus.Secret.fromSecretName(chart, 'login', 'registry-login');
    const settings = new kplus.ConfigMap(chart, 'settings', { metadata: { name: 'settings' } });
    const account = kplus.ServiceAccount.fromServiceAccountName(chart, 'account', 'runner');
    new OpenFunctionApp(chart, 'fn', {
      image: 'i', imagePullSecret: login, serviceAccount: account, envFromSecrets: [login], envFromConfigMaps: [settings], secretEnv: { TOKEN: { secret: login, key: 'token' } },
    });
    const { spec } = podTemplate(quietly(() => synthChart(chart)), 'fn');
    expect(spec.imagePullSecrets).toEqual([{ name: 'registry-login' }]);
    expect(spec.serviceAccountName).toBe('runner');
    expect(spec.containers[0].envFrom).toEqual([{ secretRef: { name: 'registry-login' } }, { configMapRef: { name: 'settings' } }]);
    expect(spec.containers[0].env[0]).toEqual({ name: 'TOKEN', valueFrom: { secretKeyRef: { name: 'registry-login', key: 'token' } } });
  });

  test('are inputs of its proxy', () => {
    const { chart } = newChart();
    const secret = (name: string) => kplus.Secret.fromSecretName(chart, name, name);
    const proxy = {
      imagePullSecrets: [secret('pull')], apiToken: secret('api'), appToken: secret('app'), serviceAccount: kplus.ServiceAccount.fromServiceAccountName(chart, 'a', 'broker'),
    };
    OpenFunctionApp.fromManifest(chart, 'fn', v1beta2(OUTPUT), { proxy });
    const { metadata, spec } = proxyTemplate(quietly(() => synthChart(chart)), 'fn');
    expect([spec.imagePullSecrets, spec.serviceAccountName]).toEqual([[{ name: 'pull' }], 'broker']);
    expect([metadata.annotations['dapr.io/api-token-secret'], metadata.annotations['dapr.io/app-token-secret']]).toEqual(['api', 'app']);
  });
});
