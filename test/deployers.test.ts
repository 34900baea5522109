// What Argo CD, Flux and cdk8s's own output need of a function's objects (docs/spec M125a, M125b).
import { Chart, ChartProps, Testing, YamlOutputType, App, Lazy } from 'cdk8s';
import { DaprComponent, FunctionInput, OpenFunctionApp, PlatformSettings } from '../src';
import { existing } from './support/existing-component';
import { asyncFunction, v1beta1 } from './support/functions';
import { KubeObject, problemsOf, quietly, synthManifest, thrownBy } from './support/synth';

const ANNOTATIONS = {
  'argocd.argoproj.io/sync-options': 'Prune=false',
  'argocd.argoproj.io/tracking-id': 'x',
  'kustomize.toolkit.fluxcd.io/force': 'enabled',
  'kubectl.kubernetes.io/last-applied-configuration': '{}',
};
const KEPT = { 'argocd.argoproj.io/sync-options': 'Prune=false', 'kustomize.toolkit.fluxcd.io/force': 'enabled' };
const byName = (objects: KubeObject[]) => objects.map(({ kind, metadata }) => [`${kind} ${metadata.name.replace(/-[0-9a-f]{12}$/, '')}`, metadata.annotations]);

describe('annotations of a Function for Argo CD and Flux', () => {
  test('are on each of its objects, but on none that functions share, nor on pods', () => {
    const { objects } = synthManifest(asyncFunction({}, {}, { annotations: ANNOTATIONS }));
    expect(byName(objects)).toEqual([
      ...['Component fn-bindings-queue', 'Resiliency fn-dapr-proxy', 'Service fn', 'Service fn-any', 'Deployment fn', 'NetworkPolicy fn-dapr-proxy'].map((name) => [name, KEPT]),
      ['ConfigMap dapr-proxy', { 'argocd.argoproj.io/sync-options': 'Prune=false', 'kustomize.toolkit.fluxcd.io/prune': 'disabled' }],
      ['Deployment fn-dapr-proxy', KEPT],
    ]);
    expect(objects.flatMap(({ spec }) => Object.keys(spec?.template?.metadata?.annotations ?? {})).filter((key) => key in KEPT)).toEqual([]);
  });

  test('of v1beta1 are, too', () => {
    const { objects } = synthManifest(v1beta1({}, {}, { annotations: ANNOTATIONS }));
    expect(objects.map(({ metadata }) => metadata.annotations)).toEqual([KEPT]);
  });

  test('with a sync wave move the waves of the platform settings', () => {
    const wave = (manifest: object, syncWaves: boolean) => synthManifest(manifest, { settings: { syncWaves } }).objects
      .filter(({ kind }) => ['Component', 'Deployment'].includes(kind))
      .map(({ metadata }) => metadata.annotations?.['argocd.argoproj.io/sync-wave']);
    const late = asyncFunction({}, {}, { annotations: { 'argocd.argoproj.io/sync-wave': '5' } });
    expect(wave(late, true)).toEqual(['4', '5', '5']);
    expect(wave(late, false)).toEqual(['5', '5', '5']);
    expect(wave(asyncFunction(), true)).toEqual(['-1', '0', '0']);
  });
});

describe('files of cdk8s', () => {
  const lost = (yamlOutputType: YamlOutputType, charts: [string, string][]) => {
    const app = new App({ yamlOutputType, outdir: Testing.app().outdir });
    for (const [id, namespace] of charts) new OpenFunctionApp(new Chart(app, id, { namespace }), 'x', { name: 'fn', image: 'a/b:1' });
    quietly(() => app.synth());
  };

  test('one for each resource are an error when two objects of different namespaces would share one', () => {
    expect(() => lost(YamlOutputType.FILE_PER_RESOURCE, [['a', 'one'], ['b', 'two']])).toThrow(
      'Service two/fn and Service one/fn would be written to one file by this yamlOutputType; take another output type, or another name',
    );
  });

  test.each<[YamlOutputType, [string, string][]]>([
    [YamlOutputType.FILE_PER_RESOURCE, [['a', 'one']]],
    [YamlOutputType.FILE_PER_CHART, [['a', 'one'], ['b', 'two']]],
    [YamlOutputType.FOLDER_PER_CHART_FILE_PER_RESOURCE, [['a', 'one'], ['b', 'two']]],
  ])('of type %s for %j are right', (type, charts) => {
    expect(() => lost(type, charts)).not.toThrow();
  });
});

describe('what a chart gives a function', () => {
  const synthesis = (props: ChartProps, namespace?: string) => () => {
    const app = Testing.app();
    new OpenFunctionApp(new Chart(app, 'chart', props), 'fn', { image: 'a/b:1', namespace });
    app.synthYaml();
  };
  const SHOP = 'namespace: of the chart: "Shop" is not a valid DNS-1123 label: lower-case letters, digits and "-", beginning and ending with a letter or digit';

  test('is checked as what the function says itself is: its namespace, unless it has one of its own', () => {
    expect(problemsOf(synthesis({ namespace: 'Shop' }))).toEqual([SHOP]);
    expect(synthesis({ namespace: 'Shop' }, 'shop')).not.toThrow();
    expect(synthesis({ namespace: 'shop', labels: { 'team': 'a', 'acme.dev/tier': '' } })).not.toThrow();
  });

  test.each<[labels: object, expected: string]>([
    [{ team: 'a b' }, 'labels.team: of the chart: "a b" is not a valid label value: letters, digits, "-", "_" and ".", beginning and ending with a letter or digit'],
    [{ 'te am': 'a' }, 'labels["te am"]: of the chart: "te am" is not a valid key: a name of letters, digits, "-", "_" and "." with 63 characters at most, optionally after a DNS name and "/"'],
    [{ team: 3 }, 'labels.team: of the chart: must be a string, got 3'],
  ])('and so are its labels: %j', (labels, expected) => {
    expect(problemsOf(synthesis({ namespace: 'shop', labels: labels as { [name: string]: string } }))).toEqual([expected]);
  });
});

describe('values that are known only later, or are not values at all', () => {
  const chartOf = (namespace = 'shop') => new Chart(Testing.app(), 'chart', { namespace });
  const lazy = (value: unknown) => Lazy.any({ produce: () => value }) as string;
  const bus = existing('bus', 'pubsub.kafka');

  test.each<[string, (chart: Chart) => unknown, string]>([
    ['the namespace of a chart', () => new OpenFunctionApp(chartOf(lazy('shop')), 'fn', { image: 'a/b:1' }),
      'namespace: of the chart must be a string: names are made of it, so it cannot be a Lazy'],
    ['an image', (chart) => new OpenFunctionApp(chart, 'fn', { image: lazy('a/b:1') }), 'fn: 1 problem\n  image: must be plain data, got a Lazy'],
    ['a dead-letter topic', (chart) => new OpenFunctionApp(chart, 'fn', { image: 'a/b:1', inputs: [FunctionInput.fromTopic(bus, 't', { deadLetterTopic: lazy('d') })] }),
      'inputs[0].deadLetterTopic: must be plain data, got a Lazy'],
    ['metadata of a subscription', (chart) => new OpenFunctionApp(chart, 'fn', { image: 'a/b:1', inputs: [FunctionInput.fromTopic(bus, 't', { metadata: { a: lazy('d') } })] }),
      'inputs[0].metadata.a: must be plain data, got a Lazy'],
    ['not a number', (chart) => new OpenFunctionApp(chart, 'fn', { image: 'a/b:1', proxy: { replicas: NaN } }), 'proxy.replicas: NaN is outside 1..100'],
    ['metadata that is not a number', (chart) => new DaprComponent(chart, 'x', { componentType: 'pubsub.acme', metadata: { a: NaN } }),
      'metadata.a: must be a string, number or boolean, got NaN'],
    ['a policy of platform hooks', (chart) => PlatformSettings.of(chart).set({ hooks: { pre: ['a'], policy: 'Override' } as never }),
      'hooks.policy: has no effect here: the policy of each function says what becomes of these'],
  ])('%s is an error', (_, make, message) => {
    expect(thrownBy(() => make(chartOf()))).toContain(message);
  });
});

test('a scaling option of v1beta1 in two places is a warning when they differ', () => {
  const scaled = (minReplicas: number) => v1beta1({ runtime: 'async', inputs: [{ name: 'q', component: 'q' }], scaleOptions: { minReplicas, keda: { scaledObject: { minReplicaCount: 2 } } },
    bindings: { q: { type: 'bindings.in-memory', version: 'v1' } } });
  expect(synthManifest(scaled(1)).fn.report.warnings.filter((line) => line.includes('which is used'))).toEqual([
    'warning: serving.scaleOptions.minReplicas: differs from serving.scaleOptions.keda.scaledObject.minReplicaCount, which is used',
  ]);
  expect(synthManifest(scaled(2)).fn.report.warnings.filter((line) => line.includes('which is used'))).toEqual([]);
});
