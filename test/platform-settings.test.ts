import { Chart, Duration, Testing } from 'cdk8s';
import { Construct } from 'constructs';
import { DaprProxyImage, HookPolicy, OpenFunctionApp, PlatformSettings, PlatformSettingsProps, ProxyLogLevel, TracingProvider } from '../src';
import { asyncFunction, deepFreeze, v1beta2 } from './support/functions';
import { resources } from './support/resources';
import {
  all, context, environment, list, newChart, one, podTemplate, problemsOf, proxyTemplate, quietly, synthChart, synthManifest, thrownBy,
} from './support/synth';

const OUTPUT = { outputs: [{ dapr: { name: 'web', type: 'bindings.http' } }] };
const GATEWAY = { name: 'public', namespace: 'gateways' };
const routed = () => v1beta2({ triggers: { http: { route: {} } } });

describe('platform settings', () => {
  const settings: PlatformSettingsProps = {
    clusterDomain: 'corp.example',
    gateway: GATEWAY,
    hooks: { pre: ['p'], post: ['q'] },
    tracing: { provider: TracingProvider.SKYWALKING, oapServer: 'oap:1' },
    proxy: { replicas: 2 },
    proxyImage: DaprProxyImage.fromRegistry('acme/proxy:1'),
    syncWaves: true,
    leastPrivilege: true,
    referenceGrants: true,
    monitoringNamespace: 'watch',
  };
  const manifests = [v1beta2(OUTPUT), asyncFunction(), asyncFunction({ workloadType: 'Job' }), v1beta2({ ...OUTPUT, triggers: { http: { engine: 'keda' } } })];

  test.each(manifests.map((manifest) => [JSON.stringify(manifest.spec.serving), manifest]))(
    'count the same whether set before or after the function: %s', (_name, manifest) => {
      const synth = (order: 'before' | 'after') => {
        const { app, chart } = newChart();
        if (order === 'before') PlatformSettings.of(app).set(settings);
        OpenFunctionApp.fromManifest(chart, 'fn', { ...manifest as object });
        if (order === 'after') PlatformSettings.of(app).set(settings);
        return quietly(() => synthChart(chart));
      };
      expect(list(synth('after'))).toEqual(list(synth('before')));
      expect(JSON.stringify(synth('after'))).toBe(JSON.stringify(synth('before')));
    });

  test('apply to single functions, to a chart, and to any construct between', () => {
    const { app, chart } = newChart();
    const team = new Construct(chart, 'team');
    const near = OpenFunctionApp.fromManifest(team, 'near', v1beta2({}, {}, { name: 'near' }), { platform: { clusterDomain: 'own' } });
    const between = OpenFunctionApp.fromManifest(team, 'between', v1beta2({}, {}, { name: 'between' }));
    const inChart = OpenFunctionApp.fromManifest(chart, 'chart', v1beta2({}, {}, { name: 'chart' }));
    const elsewhere = OpenFunctionApp.fromManifest(new Chart(app, 'other', { namespace: 'ns' }), 'elsewhere', v1beta2({}, {}, { name: 'else' }));
    PlatformSettings.of(app).set({ clusterDomain: 'app' });
    PlatformSettings.of(chart).set({ clusterDomain: 'chart' });
    PlatformSettings.of(team).set({ clusterDomain: 'team' });
    expect([near, between, inChart, elsewhere].map(({ internalUrl }) => internalUrl.split('.svc.')[1])).toEqual(['own', 'team', 'chart', 'app']);
  });

  test('are merged field by field, the nearest winning', () => {
    const { app, chart } = newChart();
    PlatformSettings.of(app).set({
      tracing: { provider: TracingProvider.OPENTELEMETRY, exporter: { name: 'otlp', endpoint: 'far:4317' }, tags: { a: 'far', b: 'far' } },
      proxy: { maxWaiting: 5, logLevel: ProxyLogLevel.DEBUG, sidecarResources: resources({ cpuLimit: '1', memoryLimit: '1Gi' }) },
      gateway: { ...GATEWAY, domain: 'far.example' },
    });
    PlatformSettings.of(chart).set({
      tracing: { exporter: { endpoint: 'near:4317' }, tags: { b: 'near' } },
      proxy: { maxWaiting: 6, sidecarResources: resources({ cpuLimit: '2' }) },
      gateway: { name: 'near', namespace: 'gateways' }, // a field of its own: it does not inherit the other one's domain
    });
    OpenFunctionApp.fromManifest(chart, 'fn', v1beta2(OUTPUT), { proxy: { logLevel: ProxyLogLevel.WARN } });
    const objects = synthChart(chart);
    expect(context(podTemplate(objects, 'fn')).pluginsTracing).toEqual({
      enabled: true, provider: { name: 'opentelemetry', exporter: { name: 'otlp', endpoint: 'near:4317' } }, tags: { a: 'far', b: 'near' },
    });
    const proxy = proxyTemplate(objects, 'fn');
    expect(environment(proxy, 'dapr-proxy')).toMatchObject({ DAPR_PROXY_MAX_WAITING: '6', DAPR_PROXY_LOG_LEVEL: 'warn' });
    expect(proxy.metadata.annotations).toMatchObject({ 'dapr.io/sidecar-cpu-limit': '2', 'dapr.io/sidecar-memory-limit': '1Gi' });
    expect(one(objects, 'HTTPRoute').spec).toMatchObject({ hostnames: ['fn.ns.ofn.io', 'fn.ns.svc.cluster.local'], parentRefs: [{ name: 'near' }] });
  });

  test('with sync waves put what others need before the workloads', () => {
    const { objects } = synthManifest(asyncFunction({ scaleOptions: { keda: { triggers: [{ type: 'x', metadata: {} }] } } }), { settings: { syncWaves: true, proxy: { replicas: 2 } } });
    const waves = objects.filter(({ kind }) => kind !== 'ConfigMap').map(({ kind, metadata }) => [kind, metadata.name, metadata.annotations?.['argocd.argoproj.io/sync-wave']]);
    expect(waves).toEqual([
      ['Component', 'fn-bindings-queue', '-1'],
      ['Resiliency', 'fn-dapr-proxy', '-1'],
      ['Service', 'fn', '-1'],
      ['Service', 'fn-any', '-1'],
      ['Deployment', 'fn', '0'],
      ['ScaledObject', 'fn', '0'],
      ['Service', 'fn-dapr-proxy', '-1'],
      ['Service', 'fn-dapr-proxy-peers', '-1'],
      ['NetworkPolicy', 'fn-dapr-proxy', '-1'],
      ['PodDisruptionBudget', 'fn-dapr-proxy', '0'],
      ['Deployment', 'fn-dapr-proxy', '0'],
    ]);
    expect(one(synthManifest(routed(), { settings: { syncWaves: true } }).objects, 'HTTPRoute').metadata.annotations).toEqual({ 'argocd.argoproj.io/sync-wave': '0' });
  });

  test('set twice at one place keep the fields that the second call leaves out', () => {
    const { app, chart } = newChart();
    const fn = OpenFunctionApp.fromManifest(chart, 'fn', v1beta2());
    PlatformSettings.of(app).set({ clusterDomain: 'one', gateway: GATEWAY });
    PlatformSettings.of(app).set({ clusterDomain: 'two' });
    expect([fn.internalUrl, fn.route?.name]).toEqual(['http://fn.ns.svc.two', 'fn']);
  });

  test('that are null, as unset fields may come from other languages, are not given', () => {
    const unset = (fields: object, names: string[]) => ({ ...Object.fromEntries(names.map((name) => [name, null])), ...fields });
    const gateway = unset(GATEWAY, ['domain', 'clusterDomain', 'hostTemplate', 'pathTemplate', 'labelKey', 'service']);
    const proxy = unset({ replicas: 2 }, ['holdTimeout', 'maxWaiting', 'maxWaitingSize', 'logLevel', 'apiToken', 'imagePullSecrets', 'networkPolicy', 'resources']);
    const build = (given: object, options: object) => {
      const { app, chart } = newChart();
      PlatformSettings.of(app).set(given as PlatformSettingsProps);
      OpenFunctionApp.fromManifest(chart, 'fn', v1beta2(OUTPUT), options);
      return synthChart(chart);
    };
    const fields = ['clusterDomain', 'knativeIngress', 'kedaInterceptor', 'kedaNamespace', 'monitoringNamespace', 'hooks', 'tracing', 'proxyImage'];
    expect(build(unset({ gateway, proxy }, fields), { namespace: null, proxy: null, pendingEvents: null }))
      .toEqual(build({ gateway: GATEWAY, proxy: { replicas: 2 } }, {}));
  });

  test('take hooks as one field', () => {
    const { app, chart } = newChart();
    PlatformSettings.of(app).set({ hooks: { pre: ['a'], post: ['b'] } });
    PlatformSettings.of(chart).set({ hooks: { pre: ['c'] } });
    OpenFunctionApp.fromManifest(chart, 'fn', v1beta2({ hooks: { pre: ['mine'], policy: HookPolicy.APPEND } }));
    expect(context(podTemplate(synthChart(chart), 'fn'))).toMatchObject({ prePlugins: ['c', 'mine'] });
  });

  test('are copied: frozen props suffice, and later changes by the caller have no effect', () => {
    const tags = { a: '1' };
    const { app, chart } = newChart();
    PlatformSettings.of(app).set(deepFreeze({ ...settings, proxyImage: undefined, tracing: { provider: TracingProvider.OPENTELEMETRY } }));
    PlatformSettings.of(app).set({ tracing: { tags } });
    tags.a = '2';
    OpenFunctionApp.fromManifest(chart, 'fn', v1beta2());
    expect(context(podTemplate(synthChart(chart), 'fn')).pluginsTracing.tags).toEqual({ a: '1' });
  });

  test('that are not valid are refused with field, value and what is allowed, and change nothing', () => {
    const { app, chart } = newChart();
    const fn = OpenFunctionApp.fromManifest(chart, 'fn', v1beta2());
    PlatformSettings.of(app).set({ clusterDomain: 'good' });
    const bad: PlatformSettingsProps = {
      clusterDomain: 'Not A Domain', proxy: { replicas: 0 }, knativeIngress: { name: 'x', namespace: 'y', port: 0 }, gateways: { nowhere: { ...GATEWAY, domain: '-', clusterDomain: 'A', labelKey: 'a/' } },
    };
    expect(thrownBy(() => PlatformSettings.of(app).set(bad))).toBe([
      'app (platform settings): 7 problems',
      '  clusterDomain: "Not A Domain" is not a valid DNS-1123 name: lower-case letters, digits, "-" and ".", each part beginning and ending with a letter or digit',
      '  gateways.nowhere: "nowhere" is not of the form "<namespace>/<name>"',
      '  gateways.nowhere.clusterDomain: "A" is not a valid DNS-1123 name: lower-case letters, digits, "-" and ".", each part beginning and ending with a letter or digit',
      '  gateways.nowhere.domain: "-" is not a valid DNS-1123 name: lower-case letters, digits, "-" and ".", each part beginning and ending with a letter or digit',
      '  gateways.nowhere.labelKey: "a/" is not a valid key: a name of letters, digits, "-", "_" and "." with 63 characters at most, optionally after a DNS name and "/"',
      '  knativeIngress.port: 0 is outside 1..65535',
      '  proxy.replicas: 0 is outside 1..100',
    ].join('\n'));
    expect(fn.internalUrl).toBe('http://fn.ns.svc.good');
  });

  test('that do not go with a function are refused at once, and change nothing', () => {
    const { app, chart } = newChart();
    const taken = v1beta2({ ...OUTPUT, triggers: { http: { port: 9000 } } });
    const fn = OpenFunctionApp.fromManifest(chart, 'fn', taken);
    const before = JSON.stringify(synthChart(chart));
    expect(problemsOf(() => PlatformSettings.of(app).set({ clusterDomain: 'x', proxy: { adminPort: 9000 } }))).toEqual(['proxy.adminPort: 9000 is taken in the proxy\'s pod']);
    expect(JSON.stringify(synthChart(chart))).toBe(before);
    expect(fn.internalUrl).toBe('http://fn.ns.svc.cluster.local');
  });

  test('that only synthesis needs are refused then, since others may come', () => {
    const { app, chart } = newChart();
    OpenFunctionApp.fromManifest(chart, 'fn', v1beta2());
    PlatformSettings.of(app).set({ tracing: { enabled: true } });
    expect(thrownBy(() => synthChart(chart))).toBe('chart/fn: 1 problem\n  serving.tracing.provider.name: tracing is enabled without a provider; give "skywalking" or "opentelemetry"');
    PlatformSettings.of(app).set({ tracing: { provider: 'skywaling' as TracingProvider } });
    expect(thrownBy(() => synthChart(chart))).toContain('"skywaling" is not one of "skywalking", "opentelemetry"; did you mean "skywalking"?');
    PlatformSettings.of(app).set({ tracing: { provider: TracingProvider.SKYWALKING } });
    expect(list(synthChart(chart))).toEqual(['Service fn']);
  });
});

describe('objects that functions share', () => {
  const bundles = (chart: Chart) => all(quietly(() => synthChart(chart)), 'ConfigMap').map(({ metadata }) => metadata.namespace);

  test('the bundled proxy is emitted once in each chart and namespace', () => {
    const { app, chart } = newChart();
    const other = new Chart(app, 'other', { namespace: 'ns' });
    OpenFunctionApp.fromManifest(chart, 'a', v1beta2(OUTPUT, {}, { name: 'a' }));
    OpenFunctionApp.fromManifest(chart, 'b', v1beta2(OUTPUT, {}, { name: 'b' }));
    OpenFunctionApp.fromManifest(chart, 'c', v1beta2(OUTPUT, {}, { name: 'c', namespace: 'elsewhere' }));
    OpenFunctionApp.fromManifest(other, 'd', v1beta2(OUTPUT, {}, { name: 'd' }));
    expect(bundles(chart)).toEqual(['ns', 'elsewhere']);
    expect(bundles(other)).toEqual(['ns']);
  });

  test('the bundled proxy is pruned with none of the deployments that share it', () => {
    const { chart } = newChart();
    OpenFunctionApp.fromManifest(chart, 'a', v1beta2(OUTPUT, {}, { name: 'a' }));
    expect(all(quietly(() => synthChart(chart)), 'ConfigMap').map(({ metadata }) => metadata.annotations)).toEqual([
      { 'argocd.argoproj.io/sync-options': 'Prune=false', 'kustomize.toolkit.fluxcd.io/prune': 'disabled' },
    ]);
  });

  test('the bundled proxy goes when the last function that needs it has another image', () => {
    const { app, chart } = newChart();
    const team = new Construct(chart, 'team');
    OpenFunctionApp.fromManifest(team, 'a', v1beta2(OUTPUT, {}, { name: 'a' }));
    OpenFunctionApp.fromManifest(chart, 'b', v1beta2(OUTPUT, {}, { name: 'b' }));
    PlatformSettings.of(team).set({ proxyImage: DaprProxyImage.fromRegistry('acme/proxy:1') });
    expect(bundles(chart)).toEqual(['ns']);
    PlatformSettings.of(app).set({ proxyImage: DaprProxyImage.fromRegistry('acme/proxy:1') });
    expect(bundles(chart)).toEqual([]);
    PlatformSettings.of(app).set({ proxyImage: DaprProxyImage.inline() });
    expect(bundles(chart)).toEqual(['ns']);
  });

  test('a ReferenceGrant is emitted once per pair of namespaces, and names every Service of a route', () => {
    const { app, chart } = newChart();
    PlatformSettings.of(app).set({ gateway: GATEWAY, referenceGrants: true, kedaInterceptor: { name: 'interceptor', namespace: 'kourier-system', port: 8080 } });
    OpenFunctionApp.fromManifest(chart, 'a', v1beta2({}, {}, { name: 'a' }));
    OpenFunctionApp.fromManifest(chart, 'b', v1beta2({}, {}, { name: 'b' }));
    OpenFunctionApp.fromManifest(new Chart(app, 'other', { namespace: 'ns' }), 'c', v1beta2({ triggers: { http: { engine: 'keda' } } }, {}, { name: 'c' }));
    OpenFunctionApp.fromManifest(chart, 'd', v1beta2({}, {}, { name: 'd', namespace: 'kourier-system' }));
    const grants = app.charts.flatMap((each) => all(quietly(() => synthChart(each)), 'ReferenceGrant'));
    expect(grants).toEqual([{
      apiVersion: 'gateway.networking.k8s.io/v1beta1',
      kind: 'ReferenceGrant',
      metadata: { name: 'openfunction-ns', namespace: 'kourier-system', labels: { 'openfunction.io/managed': 'true' } },
      spec: {
        from: [{ group: 'gateway.networking.k8s.io', kind: 'HTTPRoute', namespace: 'ns' }],
        to: [{ group: '', kind: 'Service', name: 'interceptor' }, { group: '', kind: 'Service', name: 'kourier-internal' }],
      },
    }]);
  });

  test('without the setting a ReferenceGrant is only reported', () => {
    const { fn, objects } = synthManifest(v1beta2(), { settings: { gateway: GATEWAY } });
    expect(all(objects, 'ReferenceGrant')).toEqual([]);
    expect(fn.report.prerequisites).toEqual(['a ReferenceGrant in namespace kourier-system that lets HTTPRoutes of ns use the Service kourier-internal']);
  });
});

test('drain settings of the proxy are one number', () => {
  const pod = proxyTemplate(synthManifest(v1beta2(OUTPUT), { proxy: { drainTimeout: Duration.seconds(60) } }).objects, 'fn');
  expect(pod.metadata.annotations).toMatchObject({ 'dapr.io/block-shutdown-duration': '5s', 'dapr.io/graceful-shutdown-seconds': '55' });
  expect(pod.spec.terminationGracePeriodSeconds).toBe(125);
  expect(environment(pod, 'dapr-proxy').DAPR_PROXY_DRAIN_TIMEOUT).toBe('60s');
});

test('settings of an app reach functions of all its charts', () => {
  const app = Testing.app();
  const functions = ['a', 'b'].map((id) => OpenFunctionApp.fromManifest(new Chart(app, id, { namespace: id }), 'fn', v1beta2()));
  PlatformSettings.of(app).set({ gateway: GATEWAY });
  expect(functions.map(({ route }) => route?.name)).toEqual(['fn', 'fn']);
});
