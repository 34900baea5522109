import { Chart, JsonPatch, Testing } from 'cdk8s';
import * as kplus from 'cdk8s-plus-28';
import { Construct } from 'constructs';
import { DaprComponent, DaprMode, OpenFunctionApp, PlatformSettings, FunctionInput, FunctionOutput } from '../src';
import { component as spec } from './support/components';
import { existing } from './support/existing-component';
import { deepFreeze, v1beta2 } from './support/functions';
import { context, environment, list, newChart, one, podTemplate, problemsOf, proxyTemplate, quietly, synthChart, thrownBy } from './support/synth';

const KAFKA = { brokers: 'kafka:9092', authType: 'none' };
const WEB = { url: 'https://acme.example' };

describe('a shared component', () => {
  test('is a Component with every prop at its place', () => {
    const { chart } = newChart();
    const login = kplus.Secret.fromSecretName(chart, 'login', 'kafka-login');
    const component = new DaprComponent(chart, 'kafka', deepFreeze({
      componentType: 'bindings.kafka',
      metadata: { brokers: 'kafka:9092', maxMessageBytes: 3, skipVerify: false, authType: 'password', saslUsername: 'shop' },
      secrets: { saslPassword: { secret: { name: login.name }, key: 'password' } },
      secretStore: 'vault',
      ignoreErrors: true,
      scopes: ['b', 'a'],
    }) as never);
    expect(synthChart(chart)).toEqual([{
      apiVersion: 'dapr.io/v1alpha1',
      kind: 'Component',
      metadata: { name: 'kafka', namespace: 'ns', labels: { 'openfunction.io/managed': 'true' } },
      auth: { secretStore: 'vault' },
      scopes: ['a', 'b'],
      spec: {
        type: 'bindings.kafka',
        version: 'v1',
        ignoreErrors: true,
        metadata: [
          { name: 'authType', value: 'password' }, { name: 'brokers', value: 'kafka:9092' }, { name: 'maxMessageBytes', value: 3 },
          { name: 'saslUsername', value: 'shop' }, { name: 'skipVerify', value: false },
          { name: 'saslPassword', secretKeyRef: { name: 'kafka-login', key: 'password' } },
        ],
      },
    }]);
    expect([component.componentName, component.componentType, component.componentNamespace]).toEqual(['kafka', 'bindings.kafka', 'ns']);
  });

  test('with a credential in plain text is a warning that does not show it, and an error in strict mode', () => {
    const { app, chart } = newChart();
    new DaprComponent(chart, 'kafka', { componentType: 'bindings.kafka', metadata: { saslPassword: 's3cr3t', brokers: 'kafka:9092', authType: 'password', saslUsername: 'shop' } });
    const printed: string[] = [];
    quietly(() => app.synthYaml(), printed);
    const warning = 'warning: metadata.saslPassword: the secret "saslPassword" is in plain text; keep it in a Secret and give it in "secrets"';
    expect(printed).toEqual([`chart/kafka: ${warning}`]);
    PlatformSettings.of(chart).set({ strict: true });
    expect(thrownBy(() => app.synthYaml())).toContain(warning);
  });

  test('without scopes and functions is open to every app, as in Dapr', () => {
    const { chart } = newChart();
    new DaprComponent(chart, 'store', { componentType: 'state.in-memory', name: 'cart', namespace: 'other' });
    expect(synthChart(chart)).toEqual([{
      apiVersion: 'dapr.io/v1alpha1',
      kind: 'Component',
      metadata: { name: 'cart', namespace: 'other', labels: { 'openfunction.io/managed': 'true' } },
      spec: { type: 'state.in-memory', version: 'v1', metadata: [] },
    }]);
  });

  test('collects the app-ids of the functions that use it as input, output or state, whenever they come', () => {
    const { chart } = newChart();
    const bus = new DaprComponent(chart, 'bus', { componentType: 'pubsub.kafka', metadata: KAFKA });
    const cart = new DaprComponent(chart, 'cart', { componentType: 'state.in-memory', scopes: ['outsider'] });
    new OpenFunctionApp(chart, 'reader', { image: 'i', inputs: [FunctionInput.fromTopic(bus, 't'), FunctionInput.fromState(cart)] });
    new OpenFunctionApp(chart, 'writer', { image: 'i', outputs: [FunctionOutput.toTopic(bus, 't')], annotations: { 'dapr.io/app-id': 'special' } });
    new OpenFunctionApp(chart, 'keeper', { image: 'i', states: [cart] });
    const objects = quietly(() => synthChart(chart));
    expect(one(objects, 'Component', 'bus').scopes).toEqual(['reader-ns', 'special']);
    expect(one(objects, 'Component', 'cart').scopes).toEqual(['keeper-ns', 'outsider', 'reader-ns']);
    expect(list(objects).slice(0, 2)).toEqual(['Component bus', 'Component cart']);
  });

  test('is named in the context as it is named in the cluster', () => {
    const { chart } = newChart();
    const bus = new DaprComponent(chart, 'bus', { componentType: 'pubsub.kafka', name: 'shop-bus', metadata: KAFKA });
    const cart = new DaprComponent(chart, 'cart', { componentType: 'state.in-memory' });
    const fn = new OpenFunctionApp(chart, 'fn', { image: 'i', outputs: [FunctionOutput.toTopic(bus, 't', { name: 'out' })], states: [cart] });
    const pod = podTemplate(quietly(() => synthChart(chart)), 'fn');
    expect(context(pod)).toMatchObject({
      outputs: { out: { uri: 't', componentName: 'shop-bus', componentType: 'pubsub.kafka' } },
      states: { cart: { componentName: 'cart' } },
    });
    expect(fn.daprMode).toBe(DaprMode.STANDALONE);
    expect(fn.components).toEqual([]);
  });

  test('tells by its settings how long the proxy may hold an event', () => {
    const { chart } = newChart();
    const component = new DaprComponent(chart, 'bus', { componentType: 'pubsub.redis', metadata: { redisHost: 'redis:6379', processingTimeout: '20s', queueDepth: 10 } });
    new OpenFunctionApp(chart, 'fn', { image: 'i', inputs: [FunctionInput.fromTopic(component, 't')] });
    expect(environment(proxyTemplate(quietly(() => synthChart(chart)), 'fn'), 'dapr-proxy').DAPR_PROXY_HOLD_TIMEOUT).toBe('16s');
  });

  test('comes before the functions of its chart, also when its part of the tree comes later', () => {
    const { chart } = newChart();
    const functions = new Construct(chart, 'functions');
    const component = new DaprComponent(new Construct(chart, 'components'), 'web', { componentType: 'bindings.http', metadata: WEB });
    new OpenFunctionApp(functions, 'fn', { image: 'i', outputs: [FunctionOutput.toBinding(component)], dapr: DaprMode.SIDECAR });
    expect(list(quietly(() => synthChart(chart)))).toEqual(['Component web', 'Service fn']);
  });

  test('can be patched, and read back', () => {
    const { chart } = newChart();
    const component = new DaprComponent(chart, 'web', { componentType: 'bindings.http', metadata: WEB });
    component.addScope('x', 'w', 'x');
    component.apiObject.addJsonPatch(JsonPatch.add('/spec/initTimeout', '5s'));
    expect(component.scopes).toEqual(['w', 'x']);
    expect(one(synthChart(chart), 'Component')).toMatchObject({ scopes: ['w', 'x'], spec: { initTimeout: '5s' } });
  });

  test('takes the app-ids that Dapr takes, in scopes and in grants', () => {
    const { chart } = newChart();
    const events = new DaprComponent(chart, 'events', { componentType: 'pubsub.redis', metadata: { redisHost: 'redis:6379' } });
    const longest = 'a'.repeat(58);
    events.addScope('3d-viewer', longest);
    events.grantPublish('placed', '2fa');
    expect(events.scopes).toEqual(['2fa', '3d-viewer', longest]);
    for (const refuse of [() => events.addScope('Web', `${longest}a`), () => events.grantSubscribe('placed', 'Web', `${longest}a`)]) {
      expect(refuse).toThrow(new Error([
        'chart/events: 2 problems',
        '  appIds[0]: "Web" is not an app-id of Dapr: lower-case letters, digits and "-", beginning with a letter or digit',
        `  appIds[1]: "${longest}a" has 59 characters, 58 are allowed`,
      ].join('\n')));
    }
  });

  test('is refused with all its problems', () => {
    const { chart } = newChart();
    const bad = { componentType: 'kafka', name: 'No_Name', metadata: { list: [], same: 'x' }, secrets: { same: { secret: kplus.Secret.fromSecretName(chart, 's', 's'), key: 'k' } } };
    expect(problemsOf(() => new DaprComponent(chart, 'bad', bad))).toEqual([
      'componentType: "kafka" does not begin with "bindings.", "pubsub." or "state."',
      'metadata.list: must be a string, number or boolean, got []',
      'name: "No_Name" is not a valid DNS-1123 name: lower-case letters, digits, "-" and ".", each part beginning and ending with a letter or digit',
      'secrets.same: has a plain value in "metadata" already; give it once',
    ]);
  });

  test.each([
    ['name', 'a..b', 'is not a valid DNS-1123 name: lower-case letters, digits, "-" and ".", each part beginning and ending with a letter or digit'],
    ['name', 'n'.repeat(254), 'has 254 characters, 253 are allowed', `"${'n'.repeat(79)}…`],
    ['namespace', 'a.b', 'is not a valid DNS-1123 label: lower-case letters, digits and "-", beginning and ending with a letter or digit'],
    ['namespace', 'n'.repeat(64), 'has 64 characters, 63 are allowed'],
  ])('with the %s %j is refused, as the API server would', (field, value, problem, shown = JSON.stringify(value)) => {
    const { chart } = newChart();
    expect(problemsOf(() => new DaprComponent(chart, 'web', { componentType: 'bindings.http', metadata: WEB, [field]: value }))).toEqual([`${field}: ${shown} ${problem}`]);
  });

  test('in another namespace is refused, since Dapr does not look there', () => {
    const { chart } = newChart();
    const component = new DaprComponent(chart, 'web', { componentType: 'bindings.http', metadata: WEB, namespace: 'other' });
    expect(problemsOf(() => new OpenFunctionApp(chart, 'fn', { image: 'i', outputs: [FunctionOutput.toBinding(component)] }))).toEqual([
      'outputs[0].component: "web" is in namespace "other", which Dapr does not look into for a function in "ns"',
    ]);
  });

  test('of the same name as another one, or as a function\'s own, is an error at synthesis', () => {
    const { app, chart } = newChart();
    new DaprComponent(chart, 'a', { componentType: 'bindings.http', metadata: WEB, name: 'fn-bindings-web' });
    new DaprComponent(new Chart(app, 'two', { namespace: 'ns' }), 'b', { componentType: 'bindings.http', metadata: WEB, name: 'fn-bindings-web' });
    OpenFunctionApp.fromManifest(chart, 'fn', v1beta2({ bindings: { web: spec('bindings.http', WEB) } }));
    const message = thrownBy(() => Testing.synth(chart));
    expect(message).toContain('chart/a: 1 problem\n  name: Component ns/fn-bindings-web is claimed by chart/fn, two/b too; names must differ');
    expect(message).toContain('metadata.name: Component ns/fn-bindings-web is claimed by chart/a, two/b too; names must differ');
  });
});

describe('an existing component', () => {
  test('is a name and a type, and becomes no object', () => {
    const { chart } = newChart();
    new OpenFunctionApp(chart, 'fn', { image: 'i', outputs: [FunctionOutput.toTopic(existing('far', 'pubsub.kafka'), 't')], dapr: DaprMode.SIDECAR });
    const objects = synthChart(chart);
    expect(list(objects)).toEqual(['Service fn']);
    expect(context(podTemplate(objects, 'fn')).outputs).toEqual({ far: { uri: 't', componentName: 'far', componentType: 'pubsub.kafka', topic: 't' } });
  });

  test('is checked like any other', () => {
    expect(problemsOf(() => existing('', 'kafka'))).toEqual([
      'componentName: "" is not a valid DNS-1123 name: lower-case letters, digits, "-" and ".", each part beginning and ending with a letter or digit',
      'componentType: "kafka" does not begin with "bindings.", "pubsub." or "state."',
    ]);
  });
});
