// What functions refer to, against what is defined beside them (docs/spec M72a to M72d).
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { ApiObject, App, Chart, Include, Testing } from 'cdk8s';
import { DaprComponent, FunctionInput, FunctionOutput, OpenFunctionApp, OpenFunctionManifests, PlatformSettings } from '../../../src';
import { quietly } from '../../support/synth';

const component = (name: string, more = '', type = 'pubsub.in-memory') => (
  `apiVersion: dapr.io/v1alpha1\nkind: Component\nmetadata: {name: ${name}, namespace: shop}\nspec: {type: ${type}, version: v1}\n${more}`);
const fn = (serving: string, name = 'fn') => (
  `apiVersion: core.openfunction.io/v1beta2\nkind: Function\nmetadata: {name: ${name}, namespace: shop}\nspec: {image: a/b:1, serving: ${serving}}\n`);
const object = (apiVersion: string, kind: string, name: string, more = '') => (
  `apiVersion: ${apiVersion}\nkind: ${kind}\nmetadata: {name: ${name}, namespace: shop}\n${more}`);
const output = (name: string, more = ', topic: placed, type: pubsub.in-memory') => fn(`{outputs: [{dapr: {name: ${name}${more}}}]}`);
/** Warnings of all functions of a stream, without positions; a second value is everything that comes out. */
function stream(documents: string[], knownNames?: string[]): { warnings: string[]; yaml: string; needs: string[] } {
  const app = Testing.app();
  const chart = new Chart(app, 'chart', { namespace: 'shop' });
  if (knownNames !== undefined) PlatformSettings.of(app).set({ knownNames });
  const { functions } = new OpenFunctionManifests(chart, 'all', { yaml: [documents.join('---\n')] });
  const yaml = quietly(() => app.synthYaml() as string);
  const lines = functions.flatMap(({ report }) => report.warnings);
  return {
    warnings: lines.map((line) => line.replace(/^.*? warning: /, '')),
    yaml,
    needs: functions.flatMap(({ report }) => report.prerequisites.filter((need) => need.includes('Dapr component'))),
  };
}

describe('a gateway that the platform settings do not know', () => {
  const routed = fn('{triggers: {http: {route: {gatewayRef: {name: public, namespace: shop}}}}}');
  const gateway = (name: string) => object('gateway.networking.k8s.io/v1', 'Gateway', name, 'spec: {gatewayClassName: acme, listeners: [{name: http, port: 80, protocol: HTTP}]}\n');
  const UNKNOWN = 'serving.triggers.http.route.gatewayRef: the platform settings know no gateway "shop/public", so it is taken for the Kubernetes Gateway itself';

  test('is a warning, unless the Gateway itself is beside the function or its name is known', () => {
    expect(stream([routed]).warnings).toEqual([UNKNOWN]);
    expect(stream([gateway('private'), routed]).warnings).toEqual([UNKNOWN]);
    expect(stream([gateway('public'), routed]).warnings).toEqual([]);
    expect(stream([routed, gateway('public')]).warnings).toEqual([]);
    expect(stream([routed], ['shop/public']).warnings).toEqual([]);
  });
});

describe('a component that nothing defines', () => {
  test.each([
    ['evnets', 'events', '; did you mean "events"?'],
    ['qeue', 'queue', '; did you mean "queue"?'],
    ['orders-evens', 'orders-events', '; did you mean "orders-events"?'],
    ['orderevents', 'order-events', '; did you mean "order-events"?'],
    ['mails', 'events', ''],
  ])('is a warning: %s beside %s', (name, defined, hint) => {
    expect(stream([component(defined), output(name)]).warnings).toEqual([
      `serving.outputs[0].dapr.name: there is no Dapr component "${name}" here${hint}`,
    ]);
  });

  test('is a warning when the function itself defines one of nearly the name', () => {
    const own = 'bindings: {queue: {type: bindings.in-memory, version: v1}}';
    expect(stream([fn(`{${own}, outputs: [{dapr: {name: qeue, type: bindings.kafka}}]}`)]).warnings).toContain(
      'serving.outputs[0].dapr.name: there is no Dapr component "qeue" here; did you mean "queue"?',
    );
    expect(stream([fn(`{${own}, outputs: [{dapr: {name: mails, type: bindings.smtp}}]}`)]).warnings.filter((line) => line.includes('.name:'))).toEqual([]);
  });

  test('is a warning for a trigger, an extra input and a state too', () => {
    const serving = '{triggers: {dapr: [{name: evnets, topic: t, type: pubsub.in-memory}], inputs: [{dapr: {name: carts, type: state.in-memory}}]}, states: {stor: {}}}';
    expect(stream([component('events'), component('cart', '', 'state.in-memory'), component('store', '', 'state.in-memory'), fn(serving)]).warnings).toEqual([
      'serving.states.stor: there is no Dapr component "stor" here; did you mean "store"?',
      'serving.triggers.dapr[0].name: there is no Dapr component "evnets" here; did you mean "events"?',
      'serving.triggers.inputs[0].dapr.name: there is no Dapr component "carts" here; did you mean "cart"?',
    ]);
  });

  test('may be anywhere when nothing of its kind is defined here', () => {
    expect(stream([object('v1', 'ConfigMap', 'evnets'), output('events')]).warnings).toEqual([]);
  });

  test('is right when the type says that it exists, or the settings know its name', () => {
    expect(stream([component('events'), output('evnets', ', topic: t, type: pubsub.existing')]).warnings).toEqual([]);
    expect(stream([component('events'), output('evnets')], ['evnets']).warnings).toEqual([]);
  });

  test('in another namespace does not help Dapr, which the warning says', () => {
    const elsewhere = component('events').replace('namespace: shop', 'namespace: other');
    expect(stream([elsewhere, output('events')]).warnings).toEqual([
      'serving.outputs[0].dapr.name: the Dapr component "events" is in namespace "other", and is not looked for there by a function in "shop"',
    ]);
  });
});

describe('a component that is defined beside the function', () => {
  test('gives its type to inputs, outputs and states, and is not listed among the needs from the cluster', () => {
    const serving = '{triggers: {dapr: [{name: bus, topic: t}]}, outputs: [{dapr: {name: web}}], states: {cart: {}}}';
    const { warnings, yaml, needs } = stream([component('bus'), fn(serving), component('web', '', 'bindings.http'), component('cart', '', 'state.in-memory')]);
    expect(warnings).toEqual([]);
    expect(needs).toEqual([]);
    expect(yaml).toContain('"bus":{"uri":"t","componentName":"bus","componentType":"pubsub.in-memory"');
    expect(yaml).toContain('"outputs":{"web":{"uri":"web","componentName":"web","componentType":"bindings.http"}}');
    expect(yaml).toContain('"states":{"cart":{"componentName":"cart","componentType":"state.in-memory"}}');
  });

  test('wins over another type in the function, with a warning', () => {
    const { warnings, yaml } = stream([component('bus'), output('bus', ', topic: t, type: pubsub.kafka')]);
    expect(warnings).toEqual(['serving.outputs[0].dapr.type: "pubsub.kafka" differs from the component\'s own type "pubsub.in-memory", which applies']);
    expect(yaml).toContain('"componentName":"bus","componentType":"pubsub.in-memory"');
  });

  test('needs a topic when it is a pub/sub component', () => {
    expect(() => stream([component('bus'), output('bus', '')])).toThrow('serving.outputs[0].dapr.topic: is missing; "bus" is a pub/sub component, so give a topic of it');
  });

  test('that goes the other way only is an error, and a topic of a binding a warning', () => {
    const input = fn('{triggers: {dapr: [{name: web}]}}');
    expect(() => stream([component('web', '', 'bindings.http'), input])).toThrow('serving.triggers.dapr[0].name: "bindings.http" is an output binding, which no event comes from');
    expect(() => stream([component('clock', '', 'bindings.cron'), output('clock', '')])).toThrow('serving.outputs[0].dapr.name: "bindings.cron" is an input binding, which nothing can be sent to');
    expect(stream([component('web', '', 'bindings.http'), output('web', ', topic: t')]).warnings).toEqual(['serving.outputs[0].dapr.topic: has no effect: "web" is a binding, which has none']);
  });

  test('that is scoped to other app-ids is a warning, once', () => {
    const scoped = component('bus', 'scopes: [other]\n');
    expect(stream([scoped, fn('{outputs: [{dapr: {name: bus, topic: a}}, {dapr: {name: bus, topic: b, outputName: two}}]}')]).warnings).toEqual([
      'serving.outputs[0].dapr.name: the scopes of "bus" lack the app-id "fn-shop", so Dapr does not load it here; add it to them',
    ]);
    expect(stream([component('bus', 'scopes: [other, fn-shop]\n'), output('bus')]).warnings).toEqual([]);
    expect(stream([component('bus', 'scopes: []\n'), output('bus')]).warnings).toEqual([]);
  });
});

describe('a Resiliency of the user beside the function', () => {
  const trigger = fn('{triggers: {dapr: [{name: bus, topic: t}]}}');
  const resiliency = (inbound: string, more = 'scopes: [fn-shop]\n') => object('dapr.io/v1alpha1', 'Resiliency', 'mine',
    `spec: {policies: {retries: {few: {policy: constant, maxRetries: 2}}, timeouts: {few: 1s}}, targets: {components: {bus: {inbound: ${inbound}}}}}\n${more}`);
  const kinds = (yaml: string) => [...yaml.matchAll(/^kind: Resiliency\nmetadata:\n(?: {2}.*\n)*? {2}name: (.*)/gm)].map(([, name]) => name);

  test('for the same component keeps the default one away', () => {
    const { warnings, yaml } = stream([component('bus'), resiliency('{retry: few}'), trigger]);
    expect(warnings).toEqual([]);
    expect(kinds(yaml)).toEqual(['mine']);
  });

  test('without a retry for its inbound events is a warning, since it takes the place of the default one', () => {
    expect(stream([component('bus'), resiliency('{timeout: few}'), trigger]).warnings).toEqual([
      'serving.triggers.dapr[0].name: the Resiliency "mine" has a policy of "bus" without an inbound retry, '
      + 'so events that the proxy cannot deliver at once are lost; add one there',
    ]);
  });

  test('that is not of this function changes nothing', () => {
    const { yaml } = stream([component('bus'), resiliency('{retry: few}', 'scopes: [other]\n'), trigger]);
    expect(kinds(yaml)).toEqual(['mine', 'fn-dapr-proxy']);
  });
});

describe('TriggerAuthentications, Secrets and their like', () => {
  const scaled = (ref: string) => fn('{triggers: {dapr: [{name: bus, topic: t, type: pubsub.kafka}]}, scaleOptions: {keda: {triggers: [{type: kafka, '
    + `metadata: {bootstrapServers: k, consumerGroup: g, topic: t}, authenticationRef: ${ref}}]}}}`);
  const at = 'serving.scaleOptions.keda.triggers[0].authenticationRef.name';

  test('a TriggerAuthentication that nothing here defines is a warning when others are defined', () => {
    const auth = object('keda.sh/v1alpha1', 'TriggerAuthentication', 'kafka-auth');
    expect(stream([auth, scaled('{name: kakfa-auth}')]).warnings).toEqual([`${at}: there is no TriggerAuthentication "kakfa-auth" here; did you mean "kafka-auth"?`]);
    expect(stream([auth, scaled('{name: broker}')]).warnings).toEqual([`${at}: there is no TriggerAuthentication "broker" here`]);
    expect(stream([auth, scaled('{name: kafka-auth}')]).warnings).toEqual([]);
    expect(stream([auth, scaled('{name: broker, kind: ClusterTriggerAuthentication}')]).warnings).toEqual([]);
  });

  test.each([
    ['TriggerAuthentication', 'ClusterTriggerAuthentication', '{name: login}'],
    ['ClusterTriggerAuthentication', 'TriggerAuthentication', '{name: login, kind: ClusterTriggerAuthentication}'],
  ])('a %s of which only a %s is here is a warning, unless its name is known', (kind, other, ref) => {
    const auth = object('keda.sh/v1alpha1', other, 'login');
    expect(stream([auth, scaled(ref)]).warnings).toEqual([`${at}: there is no ${kind} "login" here, but a ${other} of that name`]);
    expect(stream([auth, scaled(ref)], ['login']).warnings).toEqual([]);
    expect(stream([auth, object('keda.sh/v1alpha1', kind, 'login'), scaled(ref)]).warnings).toEqual([]);
  });

  test('a missing Secret is a warning only when one with a similar name is defined, by any construct', () => {
    const template = (name: string) => fn(`{template: {containers: [{name: function, env: [{name: A, valueFrom: {secretKeyRef: {name: ${name}, key: k}}}]}]}}`);
    const place = 'serving.template.containers[0].env[0].valueFrom.secretKeyRef.name';
    const warning = [`${place}: there is no Secret "databse" here; did you mean "database"?`];
    expect(stream([object('v1', 'Secret', 'database'), template('databse')]).warnings).toEqual(warning);
    expect(stream([object('external-secrets.io/v1', 'ExternalSecret', 'x', 'spec: {target: {name: database}}\n'), template('databse')]).warnings).toEqual(warning);
    expect(stream([object('bitnami.com/v1alpha1', 'SealedSecret', 'database'), template('databse')]).warnings).toEqual(warning);
    expect(stream([object('v1', 'Secret', 'database'), template('mail')]).warnings).toEqual([]);
  });

  test.each([
    ['imagePullSecrets[0].name', 'Secret', '{imagePullSecrets: [{name: registr}]}', 'registr', 'registry'],
    ['serviceAccountName', 'ServiceAccount', '{serviceAccountName: rnner}', 'rnner', 'runner'],
    ['volumes[0].configMap.name', 'ConfigMap', '{containers: [{name: function, volumeMounts: [{name: v, mountPath: /v}]}], volumes: [{name: v, configMap: {name: setings}}]}', 'setings', 'settings'],
  ])('the reference at %s is looked at too', (place, kind, template, name, meant) => {
    expect(stream([object('v1', kind, meant), fn(`{template: ${template}}`)]).warnings.filter((line) => line.includes('there is no'))).toEqual([
      `serving.template.${place}: there is no ${kind} "${name}" here; did you mean "${meant}"?`,
    ]);
  });

  test('a Secret of another namespace is a warning', () => {
    const secret = object('v1', 'Secret', 'registry').replace('shop', 'platform');
    expect(stream([secret, fn('{template: {imagePullSecrets: [{name: registry}]}}')]).warnings).toEqual([
      'serving.template.imagePullSecrets[0].name: the Secret "registry" is in namespace "platform", and is not looked for there by a function in "shop"',
    ]);
  });
});

describe('topics', () => {
  const publisher = (topic: string) => fn(`{outputs: [{dapr: {name: bus, topic: ${topic}, type: pubsub.kafka}}]}`, 'from');
  const subscriber = (topic: string) => fn(`{triggers: {dapr: [{name: bus, topic: ${topic}, type: pubsub.kafka}]}}`, 'to');

  test('that one function publishes and another subscribes but for a slip are a warning at both', () => {
    expect(stream([publisher('placed'), subscriber('palced')]).warnings).toEqual([
      'serving.outputs[0].dapr.topic: nothing here subscribes to the topic "placed" of "bus"; did you mean "palced" of function shop/to (yaml[0]:9:62)?',
      'serving.triggers.dapr[0].topic: nothing here publishes to the topic "palced" of "bus"; did you mean "placed" of function shop/from (yaml[0]:4:61)?',
    ]);
  });

  test.each([['placed', 'placed'], ['orders-v1', 'orders-v2'], ['orders.created', 'orders.updated'], ['in', 'an'], ['orders-in', 'orders-db']])(
    '%s and %s are two topics', (one, other) => {
      expect(stream([publisher(one), subscriber(other)]).warnings).toEqual([]);
    });

  test('that has its counterpart is right, however near another one is', () => {
    expect(stream([publisher('order'), subscriber('order'), fn('{outputs: [{dapr: {name: bus, topic: orders, type: pubsub.kafka}}]}', 'more')]).warnings).toEqual([]);
  });

  test('of KEDA and of a KafkaTopic are compared too', () => {
    expect(stream([object('kafka.strimzi.io/v1beta2', 'KafkaTopic', 'placed'), subscriber('palced')]).warnings).toEqual([
      'serving.triggers.dapr[0].topic: there is no KafkaTopic "palced" here; did you mean "placed"?',
    ]);
    const scaled = fn('{triggers: {dapr: [{name: bus, topic: placed, type: pubsub.kafka}]}, scaleOptions: {keda: {triggers: [{type: kafka, '
      + 'metadata: {bootstrapServers: k, consumerGroup: g, topic: palced}}]}}}');
    expect(stream([scaled]).warnings).toEqual([
      'serving.scaleOptions.keda.triggers[0].metadata.topic: the function has no input from "palced"; did you mean "placed"?',
    ]);
  });

  test('a dead-letter topic of typed props that nobody subscribes but for a slip is a warning at it', () => {
    const { chart, warnings } = typed();
    const bus = new DaprComponent(chart, 'bus', { componentType: 'pubsub.in-memory' });
    new OpenFunctionApp(chart, 'a', { image: 'a/b:1', inputs: [FunctionInput.fromTopic(bus, 'placed', { deadLetterTopic: 'deadletter' })] });
    new OpenFunctionApp(chart, 'b', { image: 'a/b:1', inputs: [FunctionInput.fromTopic(bus, 'deadleter')] });
    expect(warnings().filter((line) => line.includes('warning: inputs[0].deadLetterTopic'))).toEqual([
      'chart/a: warning: inputs[0].deadLetterTopic: nothing here subscribes to the topic "deadletter" of "bus"; did you mean "deadleter" of function shop/b (chart/b inputs[0].topic)?',
    ]);
  });
});

describe('objects of the same program', () => {
  const manifest = { apiVersion: 'core.openfunction.io/v1beta2', kind: 'Function', metadata: { name: 'fn' },
    spec: { image: 'a/b:1', serving: { outputs: [{ dapr: { name: 'evnets', topic: 't', type: 'pubsub.in-memory' } }] } } };
  const warning = 'chart/fn: warning: serving.outputs[0].dapr.name: there is no Dapr component "evnets" here; did you mean "events"?';

  test('that come after the function are known at synthesis: an ApiObject, an Include, a DaprComponent of another chart', () => {
    const included = path.join(mkdtempSync(path.join(tmpdir(), 'include-')), 'c.yaml');
    writeFileSync(included, component('events'));
    const ways: ((chart: Chart, other: Chart) => unknown)[] = [
      (chart) => new ApiObject(chart, 'c', { apiVersion: 'dapr.io/v1alpha1', kind: 'Component', metadata: { name: 'events' }, spec: { type: 'pubsub.in-memory', version: 'v1' } }),
      (chart) => new Include(chart, 'c', { url: included }),
      (_, other) => new DaprComponent(other, 'events', { componentType: 'pubsub.in-memory' }),
    ];
    for (const way of ways) {
      const { chart, app, warnings } = typed();
      OpenFunctionApp.fromManifest(chart, 'fn', manifest);
      way(chart, new Chart(app, 'other', { namespace: 'shop' }));
      expect(warnings()).toEqual([warning]);
    }
  });

  test('a component by name alone is taken as existing but for a slip, and its scopes are looked at', () => {
    const { chart, warnings } = typed();
    new ApiObject(chart, 'c', { apiVersion: 'dapr.io/v1alpha1', kind: 'Component', metadata: { name: 'events' }, spec: { type: 'pubsub.in-memory', version: 'v1' }, scopes: ['x'] });
    const named = (componentName: string) => DaprComponent.fromComponentName(chart, `ref-${componentName}`, { componentName, componentType: 'pubsub.in-memory' });
    new OpenFunctionApp(chart, 'a', { image: 'a/b:1', outputs: [FunctionOutput.toTopic(named('evnets'), 't')] });
    new DaprComponent(chart, 'infra', { name: 'queue', namespace: 'infra', componentType: 'pubsub.in-memory' });
    new OpenFunctionApp(chart, 'd', { image: 'a/b:1', outputs: [FunctionOutput.toTopic(named('queue'), 't')] });
    new OpenFunctionApp(chart, 'b', { image: 'a/b:1', outputs: [FunctionOutput.toTopic(named('events'), 't')] });
    expect(warnings()).toEqual([
      'chart/a: warning: outputs[0].component: there is no Dapr component "evnets" here; did you mean "events"?',
      'chart/b: warning: outputs[0].component: the scopes of "events" lack the app-id "b-shop", so Dapr does not load it here; add it to them',
      '2 warnings in 2 of 3 functions',
    ]);
  });

  test('an error that only they reveal is reported at synthesis', () => {
    const { chart, app } = typed();
    OpenFunctionApp.fromManifest(chart, 'fn', { ...manifest, spec: { image: 'a/b:1', serving: { outputs: [{ dapr: { name: 'events' } }] } } });
    new ApiObject(chart, 'c', { apiVersion: 'dapr.io/v1alpha1', kind: 'Component', metadata: { name: 'events' }, spec: { type: 'pubsub.in-memory', version: 'v1' } });
    expect(() => quietly(() => app.synthYaml())).toThrow('chart/fn: 1 problem\n  serving.outputs[0].dapr.topic: is missing; "events" is a pub/sub component, so give a topic of it');
  });
});

function typed(): { app: App; chart: Chart; warnings: () => string[] } {
  const app = Testing.app();
  const chart = new Chart(app, 'chart', { namespace: 'shop' });
  const printed: string[] = [];
  return { app, chart, warnings: () => {
    quietly(() => app.synthYaml(), printed);
    return printed.flatMap((line) => line.trim().split('\n'));
  } };
}
