// Wirings that are probably not meant, each with both places (docs/spec M72d, M72g to M72l).
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ApiObject, App, Chart, Testing } from 'cdk8s';
import { DaprComponent, DaprMode, FunctionInput, FunctionOutput, OpenFunctionApp, OpenFunctionAppProps, PlatformSettings } from '../src';
import { command } from './support/command-line';
import { newChart, quietly, thrownBy } from './support/synth';

interface Program {
  readonly app: App;
  readonly chart: Chart;
  readonly fn: (id: string, props?: Partial<OpenFunctionAppProps>) => OpenFunctionApp;
  readonly events: DaprComponent;
  readonly bus: (name: string, metadata?: { [key: string]: string }, namespace?: string) => DaprComponent;
}

/** What synthesis prints of a program. */
function warnings(write: (program: Program) => void): string[] {
  const { app, chart } = newChart('shop');
  const fn: Program['fn'] = (id, props) => new OpenFunctionApp(chart, id, { image: 'acme/fn:1', ...props });
  const bus: Program['bus'] = (name, metadata, namespace) => new DaprComponent(chart, `${namespace ?? ''}${name}`, { name, namespace, componentType: 'pubsub.kafka', metadata: { brokers: 'kafka:9092', authType: 'none', ...metadata } });
  const events = bus('events');
  write({ app, chart, fn, events, bus });
  const printed: string[] = [];
  quietly(() => { app.charts.forEach((each) => Testing.synth(each)); }, printed);
  return printed;
}
const from = FunctionInput.fromTopic;
const to = FunctionOutput.toTopic;

describe('topics', () => {
  test('that other programs publish or read cause no warning, nor do dead letters', () => {
    expect(warnings(({ fn, events }) => {
      fn('a', { inputs: [from(events, 'from-elsewhere', { deadLetterTopic: 'failed' })], outputs: [to(events, 'to-elsewhere')] });
    })).toEqual([]);
  });

  test('of a program that is closed need both sides, unless they are known', () => {
    const write = ({ app, fn, events }: Program, knownNames: string[]) => {
      PlatformSettings.of(app).set({ closedTopics: true, knownNames });
      fn('a', { inputs: [from(events, 'clicks', { deadLetterTopic: 'failed' })], outputs: [to(events, 'placed')] });
    };
    expect(thrownBy(() => warnings((program) => write(program, [])))).toBe(['chart/a: 3 problems',
      '  inputs[0].deadLetterTopic: nothing here reads the dead letters in the topic "failed" of "events"',
      '  inputs[0].topic: nothing here publishes to the topic "clicks" of "events"',
      '  outputs[0].topic: nothing here subscribes to the topic "placed" of "events"'].join('\n'));
    expect(warnings((program) => write(program, ['clicks', 'placed', 'failed']))).toEqual([]);
  });

  test('of one name on two brokers are a warning at both sides', () => {
    expect(warnings(({ fn, events, bus }) => {
      fn('a', { outputs: [to(events, 'placed')] });
      fn('b', { namespace: 'mail', inputs: [from(bus('events', {}, 'mail'), 'placed')] });
    })).toEqual([
      'chart/a: warning: outputs[0].topic: nothing here subscribes to the topic "placed" of "events", but function mail/b (chart/b inputs[0].topic) does to one of this name on another broker, by "events"; are both meant to lead to one broker?',
      'chart/b: warning: inputs[0].topic: nothing here publishes to the topic "placed" of "events", but function shop/a (chart/a outputs[0].topic) does to one of this name on another broker, by "events"; are both meant to lead to one broker?',
      '2 warnings in 2 of 2 functions',
    ]);
  });

  test('of one name in two namespaces are right where their components have other names', () => {
    expect(warnings(({ fn, events, bus }) => {
      fn('a', { outputs: [to(events, 'placed')] });
      fn('b', { namespace: 'mail', inputs: [from(bus('letters', {}, 'mail'), 'placed')] });
    })).toEqual([]);
  });

  test('of one name on two brokers of different kinds, or on one whose address is not known, are right', () => {
    expect(warnings(({ chart, fn, events }) => {
      const redis = new DaprComponent(chart, 'redis', { componentType: 'pubsub.redis', metadata: { redisHost: 'redis:6379' } });
      const other = DaprComponent.fromComponentName(chart, 'other', { componentName: 'other', componentType: 'pubsub.kafka' });
      fn('a', { outputs: [to(events, 'placed')] });
      fn('b', { inputs: [from(redis, 'placed')] });
      fn('c', { inputs: [from(other, 'placed')] });
    })).toEqual([]);
  });

  test('that are misspelt are found through components of two names with one address', () => {
    expect(warnings(({ fn, events, bus }) => {
      fn('a', { outputs: [to(events, 'placed')] });
      fn('b', { inputs: [from(bus('messages'), 'palced')] });
    })).toEqual([
      'chart/a: warning: outputs[0].topic: nothing here subscribes to the topic "placed" of "events"; did you mean "palced" of function shop/b (chart/b inputs[0].topic)?',
      'chart/b: warning: inputs[0].topic: nothing here publishes to the topic "palced" of "messages"; did you mean "placed" of function shop/a (chart/a outputs[0].topic)?',
      '2 warnings in 2 of 2 functions',
    ]);
  });
});

describe('consumer groups', () => {
  const pair = (metadata: { [key: string]: string }) => warnings(({ fn, bus }) => {
    const shared = bus('shared', metadata);
    fn('a', { inputs: [from(shared, 'placed'), from(shared, 'paid')] });
    fn('b', { inputs: [from(shared, 'placed')] });
  });

  test.each([['consumerGroup'], ['consumerID']])('that a component gives by %s to two functions with one topic are a warning at the second', (setting) => {
    expect(pair({ [setting]: 'all' })).toEqual([
      'chart/b: warning: inputs[0].topic: the consumer group "all" of "shared" is that of function shop/a (chart/a inputs[0].topic) too, so each event reaches one of the two alone; give each function its own',
    ]);
  });

  test('by app-id, also in a placeholder, are those of each function', () => {
    expect([...pair({}), ...pair({ consumerID: '{appID}' })]).toEqual([]);
  });

  test('by which two functions scale on one topic are a warning at the second', () => {
    const triggers = [{ triggerType: 'kafka', metadata: { bootstrapServers: 'kafka:9092', topic: 'paid', consumerGroup: 'a-shop' } }];
    expect(warnings(({ fn, events }) => {
      fn('a', { inputs: [from(events, 'placed')], scaling: { triggers } });
      fn('b', { inputs: [from(events, 'placed')], scaling: { triggers } });
    })).toEqual([
      'chart/a: warning: scaling.triggers[0].metadata.topic: nothing here reads "paid"; Dapr reads "placed" for this function (chart/a inputs[0].topic), so KEDA sees none of its events',
      'chart/b: warning: scaling.triggers[0].metadata.consumerGroup: "a-shop" is the group by which function shop/a (chart/a scaling.triggers[0].metadata.consumerGroup) scales too, so both follow the lag of one; give the group of this function',
      '2 warnings in 2 of 2 functions',
    ]);
  });
});

describe('calls', () => {
  const calling = (value: string, variable = 'TARGET', more: (program: Program) => void = () => undefined) => warnings((program) => {
    const { chart, fn } = program;
    const store = DaprComponent.fromComponentName(chart, 'store', { componentName: 'store', componentType: 'state.redis' });
    fn('carts', { dapr: DaprMode.SIDECAR, states: [store] });
    fn('worker', { dapr: DaprMode.SIDECAR, inputs: [from(program.events, 'placed')] });
    fn('plain');
    more(program);
    fn('pages', { dapr: DaprMode.SIDECAR, env: { [variable]: value } });
  });
  const invoke = (appId: string) => `http://localhost:3500/v1.0/invoke/${appId}/method/items`;

  test.each<[string, string, string, string]>([
    ['an app-id but for a slip', invoke('cart-shop'), 'TARGET', 'nothing here has the app-id "cart-shop"; did you mean "carts-shop" of function shop/carts (chart/carts name)?'],
    ['an app-id but for a slip, in a variable named so', 'carst-shop', 'CARTS_APP_ID', 'nothing here has the app-id "carst-shop"; did you mean "carts-shop" of function shop/carts (chart/carts name)?'],
    ['a function that does not use Dapr', invoke('plain-shop'), 'TARGET', '"plain-shop" would be the app-id of function shop/plain (chart/plain name), which does not use Dapr'],
    ['a function without a Service', 'http://worker.shop:8080', 'TARGET', 'function shop/worker (chart/worker name) has no Service; call it through Dapr, as app-id "worker-shop"'],
    ['another port than that of the Service', 'http://carts.shop.svc.cluster.local:8080/x', 'TARGET', 'function shop/carts (chart/carts name) is called at port 80, not 8080: its URL is http://carts.shop.svc.cluster.local'],
  ])('to %s are a warning', (_, value, variable, message) => {
    expect(calling(value, variable)).toEqual([`chart/pages: warning: env.${variable}: ${message}`]);
  });

  test('to an app-id of another namespace need it', () => {
    const other = ({ fn, bus }: Program) => { fn('stock', { namespace: 'depot', outputs: [to(bus('out', {}, 'depot'), 'stocked')] }); };
    expect(calling(invoke('stock-depot'), 'STOCK', other)).toEqual([
      'chart/pages: warning: env.STOCK: "stock-depot" is the app-id of function depot/stock (chart/stock name), in another namespace, where Dapr looks only for "stock-depot.depot"',
    ]);
    expect(calling(invoke('stock-depot.depot'), 'STOCK', other)).toEqual([]);
  });

  test.each([[invoke('carts-shop'), 'TARGET'], [invoke('ledger'), 'TARGET'], ['http://carts', 'TARGET'], ['https://carts.shop', 'TARGET'], ['carts.shop', 'TARGET'], ['12345', 'GITHUB_APP_ID']])('to %s are right', (value, variable) => {
    expect(calling(value, variable)).toEqual([]);
  });

  test('to a Service of the user\'s own with the name of a function are right', () => {
    expect(calling('http://worker.shop:8080', 'TARGET', ({ chart }) => {
      new ApiObject(chart, 'service', { apiVersion: 'v1', kind: 'Service', metadata: { name: 'worker', namespace: 'shop' } });
    })).toEqual([]);
  });
});

describe('cycles', () => {
  test('of a function with its own topic are a warning', () => {
    expect(warnings(({ fn, events }) => {
      fn('a', { inputs: [from(events, 'pages')], outputs: [to(events, 'pages')] });
    })).toEqual(['chart/a: warning: outputs[0].topic: is "pages", whose events this function gets (chart/a inputs[0].topic), so each may come round for ever; publish to another topic']);
  });

  test('of functions that nothing else starts are a warning at the first', () => {
    expect(warnings(({ fn, events }) => {
      fn('b', { inputs: [from(events, 'asked')], outputs: [to(events, 'told')] });
      fn('a', { inputs: [from(events, 'told')], outputs: [to(events, 'asked')] });
    })).toEqual(['chart/a: warning: outputs[0].topic: events of "asked" come back to this function by way of function shop/b (chart/b outputs[0].topic); nothing else here starts any of them, so an event goes round for ever']);
  });

  test('that another function starts are a dialogue', () => {
    expect(warnings(({ fn, events }) => {
      fn('web', { outputs: [to(events, 'asked')] });
      fn('b', { inputs: [from(events, 'asked')], outputs: [to(events, 'told')] });
      fn('a', { inputs: [from(events, 'told')], outputs: [to(events, 'asked')] });
      fn('c', { inputs: [from(events, 'told')] });
    })).toEqual([]);
  });

  test('do not go through dead letters', () => {
    expect(warnings(({ fn, events }) => {
      fn('a', { inputs: [from(events, 'placed', { deadLetterTopic: 'failed' }), from(events, 'failed')] });
    })).toEqual([]);
  });
});

test('a Subscription whose scopes mean a function but for a slip is a warning at the function', () => {
  expect(warnings(({ chart, fn, events }) => {
    fn('orders', { outputs: [to(events, 'placed')] });
    new ApiObject(chart, 'sub', { apiVersion: 'dapr.io/v2alpha1', kind: 'Subscription', metadata: { name: 'sub', namespace: 'shop' }, spec: { pubsubname: 'events', topic: 'placed' }, scopes: ['order-shop'] });
  })).toEqual(['chart/orders: warning: name: the scopes of the Subscription "sub" name the app-id "order-shop", which nothing here has; do they mean this function, "orders-shop"?']);
});

test('validate names the places of both by file, line and column', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'findings-'));
  const fn = (name: string, serving: string) => `apiVersion: core.openfunction.io/v1beta2\nkind: Function\nmetadata: {name: ${name}, namespace: shop}\nspec:\n  image: acme/fn:1\n  serving: ${serving}\n`;
  const bus = 'pubsub: {bus: {type: pubsub.kafka, version: v1, metadata: [{name: brokers, value: "kafka:9092"}, {name: authType, value: none}, {name: consumerGroup, value: all}]}}';
  writeFileSync(join(folder, 'a.yaml'), fn('a', `{triggers: {dapr: [{name: bus, topic: placed}]}, ${bus}}`));
  writeFileSync(join(folder, 'b.yaml'), fn('b', `{triggers: {dapr: [{name: bus, topic: placed}]}, ${bus}}`));
  const { code, out } = await command('validate', folder);
  rmSync(folder, { recursive: true });
  expect([code, out.replaceAll(`${folder}/`, '')]).toEqual([0, 'b.yaml:6:43 warning: serving.triggers.dapr[0].topic: the consumer group "all" of "bus" is that of function shop/a (a.yaml:6:43) too, so each event reaches one of the two alone; give each function its own\n1 warning in 1 of 2 functions\n']);
});

describe('what may well be meant so', () => {
  const FUNCTION = 'apiVersion: core.openfunction.io/v1beta2\nkind: Function\nmetadata: {name: a, namespace: shop}\nspec:\n  image: acme/fn:1\n  serving: {triggers: {dapr: [{name: bus, topic: placed}]}, pubsub: {bus: {type: pubsub.in-memory, version: v1}}}\n';
  const LACK = 'nothing here publishes to the topic "placed" of "bus"';
  const validate = async (...options: string[]) => {
    const folder = mkdtempSync(join(tmpdir(), 'findings-'));
    writeFileSync(join(folder, 'a.yaml'), FUNCTION);
    writeFileSync(join(folder, 'platform.yaml.txt'), 'closedTopics: true\n');
    const { code, out } = await command('validate', join(folder, 'a.yaml'), ...options.map((each) => each.replace('FOLDER', folder)));
    rmSync(folder, { recursive: true });
    return [code, out.replaceAll(`${folder}/`, '')];
  };

  test('is in the report of the function, and nowhere in its warnings', () => {
    const { chart } = newChart('shop');
    const bus = new DaprComponent(chart, 'bus', { componentType: 'pubsub.redis', metadata: { redisHost: 'redis:6379' } });
    const { report } = new OpenFunctionApp(chart, 'a', { image: 'acme/fn:1', inputs: [from(bus, 'placed')] });
    expect([report.notes.filter((note) => note.includes('topic')), report.warnings]).toEqual([[`inputs[0].topic: ${LACK}`], []]);
  });

  test('is told by validate on demand, and fails in no mode', async () => {
    expect(await validate()).toEqual([0, 'no problems in 1 function\n']);
    const line = `a.yaml:6:43 information: serving.triggers.dapr[0].topic: ${LACK}`;
    expect(await validate('--information', '--strict')).toEqual([0, `${line}\nno problems in 1 function\n`]);
    const [, json] = await validate('--information', '--format', 'json');
    expect((JSON.parse(String(json)) as { problems: object[] }).problems).toEqual([
      { severity: 'information', file: 'a.yaml', line: 6, column: 43, path: 'serving.triggers.dapr[0].topic', message: LACK },
    ]);
    expect(await validate('--information', '--format', 'github')).toEqual([0, `::notice file=a.yaml,line=6,col=43::serving.triggers.dapr[0].topic: ${LACK}\nno problems in 1 function\n`]);
    const [, sarif] = await validate('--information', '--format', 'sarif');
    expect((JSON.parse(String(sarif)) as { runs: { results: { level: string }[] }[] }).runs[0].results.map(({ level }) => level)).toEqual(['note']);
  });

  test('is an error of validate where the settings say that nothing else deals with topics', async () => {
    expect(await validate('--information', '--platform', 'FOLDER/platform.yaml.txt')).toEqual([1, `a.yaml:6:43 serving.triggers.dapr[0].topic: ${LACK}\n1 problem in 1 of 1 function\n`]);
  });
});
