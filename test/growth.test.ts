// What is added to a function after it was made gives the same bytes as if it had been there from the start.
import * as cdk8s from 'cdk8s';
import { App, Chart, Testing } from 'cdk8s';
import * as constructs from 'constructs';
import { DaprComponent, DaprMode, FunctionInput, FunctionOutput, OpenFunctionApp, OpenFunctionAppProps } from '../src';
import { component } from './support/components';
import { existing } from './support/existing-component';
import { asyncFunction, v1beta1, v1beta2 } from './support/functions';
import { context, list, newChart, one, podTemplate, problemsOf, quietly, synthChart } from './support/synth';

const SHARED = { componentType: 'pubsub.kafka', metadata: { brokers: 'kafka:9092', authType: 'none' } };

function shop(make: (chart: Chart, bus: DaprComponent, cart: DaprComponent) => void): string {
  const app: App = Testing.app();
  const chart = new Chart(app, 'shop', { namespace: 'shop' });
  const bus = new DaprComponent(chart, 'bus', SHARED);
  const cart = new DaprComponent(chart, 'cart', { componentType: 'state.in-memory' });
  return quietly(() => {
    make(chart, bus, cart);
    return app.synthYaml() as string;
  });
}

describe('a function of typed props that grows', () => {
  const whole = shop((chart, bus, cart) => new OpenFunctionApp(chart, 'fn', {
    image: 'i',
    inputs: [FunctionInput.fromTopic(bus, 'placed', { deadLetterTopic: 'failed' })],
    outputs: [FunctionOutput.toTopic(bus, 'billed')],
    states: [cart],
    env: { A: '1', B: '2' },
  }));

  test.each<[string, Partial<OpenFunctionAppProps>, ((fn: OpenFunctionApp, bus: DaprComponent, cart: DaprComponent) => void)[]]>([
    ['from nothing', {}, [
      (fn, bus) => fn.addInput(FunctionInput.fromTopic(bus, 'placed', { deadLetterTopic: 'failed' })),
      (fn, bus) => fn.addOutput(FunctionOutput.toTopic(bus, 'billed')),
      (fn, _bus, cart) => fn.addState(cart),
      (fn) => fn.addEnv('B', '2'),
      (fn) => fn.addEnv('A', '1'),
    ]],
    ['in another order, a variable replaced', { env: { A: '0' } }, [
      (fn) => fn.addEnv('A', '1'),
      (fn, _bus, cart) => fn.addState(cart),
      (fn) => fn.addEnv('B', '2'),
      (fn, bus) => fn.addOutput(FunctionOutput.toTopic(bus, 'billed')),
      (fn, bus) => fn.addInput(FunctionInput.fromTopic(bus, 'placed', { deadLetterTopic: 'failed' })),
    ]],
  ])('%s', (_name, props, steps) => {
    expect(shop((chart, bus, cart) => {
      const fn = new OpenFunctionApp(chart, 'fn', { image: 'i', ...props });
      for (const step of steps) step(fn, bus, cart);
    })).toBe(whole);
  });

  test('becomes asynchronous with its first event, and its main object with it', () => {
    const { chart } = newChart();
    const fn = new OpenFunctionApp(chart, 'fn', { image: 'i' });
    expect([fn.workload.kind, fn.daprMode]).toEqual(['Service', DaprMode.OFF]);
    fn.addInput(FunctionInput.fromBinding(new DaprComponent(chart, 'queue', { componentType: 'bindings.kafka', metadata: { brokers: 'kafka:9092', authType: 'none', topics: 'orders' } })));
    expect([fn.workload.kind, fn.daprMode, fn.node.defaultChild]).toEqual(['Deployment', DaprMode.STANDALONE, fn.workload]);
    expect(fn.apiObject).toBe(fn.workload);
  });

  test('stays as it was when it cannot have what is added', () => {
    const { chart } = newChart();
    const fn = new OpenFunctionApp(chart, 'fn', { image: 'i', env: { A: '1' } });
    const before = JSON.stringify(quietly(() => Testing.synth(chart)));
    expect(problemsOf(() => fn.addEnv('A=B', '2'))).toEqual([expect.stringContaining('"A=B"')]);
    expect(JSON.stringify(quietly(() => Testing.synth(chart)))).toBe(before);
    fn.addEnv('C', '3');
    expect(podTemplate(quietly(() => synthChart(chart)), 'fn').spec.containers[0].env).toContainEqual({ name: 'C', value: '3' });
  });
});

describe('a function of a manifest that grows', () => {
  test.each<[string, object, string[]]>([
    ['of v1beta2 with nothing but an image becomes asynchronous', v1beta2(), ['Deployment']],
    ['of v1beta2 with events keeps them', asyncFunction(), ['Deployment']],
    ['of v1beta1 with events keeps them', v1beta1({
      runtime: 'async', inputs: [{ name: 'in', component: 'queue' }], bindings: { queue: component('bindings.kafka', { topics: 'orders' }) },
    }), ['Deployment']],
  ])('%s', (_name, manifest, kinds) => {
    const { chart } = newChart();
    const bus = new DaprComponent(chart, 'bus', SHARED);
    const fn = OpenFunctionApp.fromManifest(chart, 'fn', manifest as never);
    fn.addInput(FunctionInput.fromTopic(bus, 'placed', { name: 'placed' }));
    fn.addOutput(FunctionOutput.toTopic(bus, 'billed', { name: 'billed' }));
    fn.addEnv('A', '1');
    const objects = quietly(() => synthChart(chart));
    expect([fn.workload.kind]).toEqual(kinds);
    expect(one(objects, 'Component', 'bus').scopes).toEqual(['fn-ns']);
    const pod = podTemplate(objects, 'fn');
    expect(context(pod)).toMatchObject({ outputs: { billed: { uri: 'billed', componentName: 'bus' } }, inputs: { placed: { uri: 'placed', componentName: 'bus' } } });
    expect(pod.spec.containers[0].env).toContainEqual({ name: 'A', value: '1' });
  });

  test('with an HTTP trigger refuses events, and stays as it was', () => {
    const { chart } = newChart();
    const bus = new DaprComponent(chart, 'bus', SHARED);
    const fn = OpenFunctionApp.fromManifest(chart, 'fn', v1beta2({ triggers: { http: {} } }));
    expect(problemsOf(() => fn.addInput(FunctionInput.fromTopic(bus, 'placed')))).toHaveLength(1);
    expect(fn.workload.kind).toBe('Service');
    expect(list(quietly(() => synthChart(chart)))).toEqual(['Component bus', 'Service fn']);
  });
});

describe('a component of the function\'s own', () => {
  test('is emitted under the function\'s name, for its app-id alone', () => {
    const { chart } = newChart();
    const fn = new OpenFunctionApp(chart, 'fn', { image: 'i' });
    const ledger = fn.addComponent('ledger', { componentType: 'state.redis', metadata: { redisHost: 'redis:6379' } });
    fn.addState(ledger);
    const objects = quietly(() => synthChart(chart));
    expect(one(objects, 'Component', 'fn-state-ledger')).toMatchObject({ scopes: ['fn-ns'], spec: { type: 'state.redis' } });
    expect(fn.components.map(({ name }) => name)).toEqual(['fn-state-ledger']);
    expect(context(podTemplate(objects, 'fn')).states).toMatchObject({ ledger: { componentName: 'fn-state-ledger' } });
  });

  test('cannot be used by another function', () => {
    const { chart } = newChart();
    const ledger = new OpenFunctionApp(chart, 'fn', { image: 'i' }).addComponent('ledger', { componentType: 'bindings.http', metadata: { url: 'http://web' } });
    expect(problemsOf(() => new OpenFunctionApp(chart, 'other', { image: 'i', outputs: [FunctionOutput.toBinding(ledger)] }))).toEqual([
      'ledger: belongs to "chart/fn" alone; define a DaprComponent to share it',
    ]);
  });

  test('is checked, and its name is taken once', () => {
    const { chart } = newChart();
    const fn = new OpenFunctionApp(chart, 'fn', { image: 'i' });
    expect(problemsOf(() => fn.addComponent('a', { componentType: 'queue.kafka' }))).toEqual([
      'componentType: "queue.kafka" does not begin with "bindings.", "pubsub." or "state."',
    ]);
    fn.addComponent('a', { componentType: 'bindings.http', metadata: { url: 'http://web' } });
    expect(problemsOf(() => fn.addComponent('a', { componentType: 'bindings.http', metadata: { url: 'http://web' } }))).toEqual(['name: "a" is already defined']);
  });
});

describe('inputs and outputs take components of their kind alone', () => {
  const [topic, binding, state] = ['pubsub.kafka', 'bindings.kafka', 'state.redis'].map((type) => existing(type, type));

  test.each<[string, () => unknown, string]>([
    ['fromTopic', () => FunctionInput.fromTopic(binding, 't'), '"bindings.kafka" has the type "bindings.kafka", not "pubsub.…"; use FunctionInput.fromBinding'],
    ['fromBinding', () => FunctionInput.fromBinding(state), '"state.redis" has the type "state.redis", not "bindings.…"; use FunctionInput.fromState'],
    ['fromState', () => FunctionInput.fromState(topic), '"pubsub.kafka" has the type "pubsub.kafka", not "state.…"; use FunctionInput.fromTopic'],
    ['toTopic', () => FunctionOutput.toTopic(binding, 't'), '"bindings.kafka" has the type "bindings.kafka", not "pubsub.…"; use FunctionOutput.toBinding'],
    ['toBinding', () => FunctionOutput.toBinding(state), '"state.redis" has the type "state.redis", not "bindings.…"; use "states"'],
  ])('%s', (_name, make, problem) => {
    expect(problemsOf(make)).toEqual([`component: ${problem}`]);
  });
});

test('two copies of the package work together', () => {
  let copy!: typeof import('../src');
  jest.isolateModules(() => {
    // Two packages share their peers.
    jest.doMock('cdk8s', () => cdk8s);
    jest.doMock('constructs', () => constructs);
    // eslint-disable-next-line @typescript-eslint/no-require-imports
    copy = require('../src') as typeof import('../src');
  });
  expect(copy.DaprComponent).not.toBe(DaprComponent);
  const { chart } = newChart();
  const bus = new copy.DaprComponent(chart, 'bus', { componentType: 'pubsub.redis', metadata: { redisHost: 'redis:6379', processingTimeout: '20s' } });
  const fn = new OpenFunctionApp(chart, 'fn', { image: 'i', inputs: [FunctionInput.fromTopic(bus, 't'), copy.FunctionInput.fromTopic(bus, 'u')] });
  const objects = quietly(() => synthChart(chart));
  expect(one(objects, 'Component', 'bus').scopes).toEqual([fn.daprAppId]);
  expect(one(objects, 'Deployment', 'fn-dapr-proxy').spec?.template.spec.containers[0].env).toContainEqual({ name: 'DAPR_PROXY_HOLD_TIMEOUT', value: '16s' });
});

test('a function whose constructor failed leaves no app-id in the scopes', () => {
  const { chart } = newChart();
  const bus = new DaprComponent(chart, 'bus', SHARED);
  expect(problemsOf(() => new OpenFunctionApp(chart, 'fn', { image: '', outputs: [FunctionOutput.toTopic(bus, 't')] }))).toHaveLength(1);
  expect(bus.scopes).toEqual([]);
});

test('an addition that failed leaves no app-id in the scopes, and one that follows adds it', () => {
  const { chart } = newChart();
  const bus = new DaprComponent(chart, 'bus', SHARED);
  const fn = OpenFunctionApp.fromManifest(chart, 'fn', v1beta2({ triggers: { http: {} } }));
  expect(problemsOf(() => fn.addInput(FunctionInput.fromTopic(bus, 'placed')))).toHaveLength(1);
  expect(bus.scopes).toEqual([]);
  fn.addOutput(FunctionOutput.toTopic(bus, 'billed'));
  expect(bus.scopes).toEqual([fn.daprAppId]);
});

describe('what is wrong with an addition is told in the words of the call', () => {
  const bus = existing('bus', 'pubsub.kafka');
  const warned = (fn: OpenFunctionApp) => fn.report.warnings;
  const props = () => new OpenFunctionApp(newChart().chart, 'fn', { image: 'i' });
  const manifest = () => OpenFunctionApp.fromManifest(newChart().chart, 'fn', v1beta2());
  describe.each([['typed props', props], ['a manifest', manifest]])('of a function of %s', (_way, make) => {
    test('a component with an unknown type and an unknown setting', () => {
      const fn = make();
      fn.addComponent('queue', { componentType: 'bindings.kafak' });
      fn.addComponent('cart', { componentType: 'state.redis', metadata: { redisHost: 'r:6379', redisPasswrd: 'x' }, secrets: { redisDBB: { secret: { name: 's' } as never, key: 'k' } } });
      expect(warned(fn)).toEqual([
        'warning: addComponent("cart").metadata.redisPasswrd: "redisPasswrd" is not a setting of state.redis; did you mean "redisPassword"?',
        'warning: addComponent("cart").secrets.redisDBB: "redisDBB" is not a setting of state.redis; did you mean "redisDB"?',
        'warning: addComponent("queue").componentType: "bindings.kafak" is not a component that Dapr 1.18 has; did you mean "bindings.kafka"?',
      ]);
    });

    test('an output whose name is taken, and one with metadata that is not text', () => {
      const fn = make();
      fn.addOutput(FunctionOutput.toTopic(bus, 'a'));
      expect(problemsOf(() => fn.addOutput(FunctionOutput.toTopic(bus, 'b')))).toEqual([
        'outputs[1]: the name "bus" is taken by another output; give each output on one component a name of its own',
      ]);
      expect(problemsOf(() => fn.addOutput(FunctionOutput.toTopic(bus, 'b', { name: 'b', metadata: { ttl: 3 } } as never)))).toEqual([
        'outputs[1].metadata.ttl: must be a string, got 3; quote it: "3"',
      ]);
    });

    test('an output with a policy that cannot be', () => {
      const output = FunctionOutput.toTopic(bus, 'a', { resiliency: { retry: { maxRetries: -1 } } });
      expect(problemsOf(() => make().addOutput(output))).toEqual([
        'outputs[0].resiliency.retry.maxRetries: -1 is not a number of 0 or more; leave it out for retries without limit',
      ]);
    });

    test('an input whose name is taken, after a state', () => {
      const fn = make();
      fn.addInput(FunctionInput.fromState(existing('cart', 'state.redis')), FunctionInput.fromTopic(bus, 'a', { name: 'x' }));
      expect(problemsOf(() => fn.addInput(FunctionInput.fromTopic(bus, 'b', { name: 'x' })))).toEqual([
        'inputs[2].name: "x" is the name of another input; each name may be given once',
      ]);
    });

    test('a state that is none', () => {
      expect(problemsOf(() => make().addState(bus))).toEqual(['states[0]: "bus" has the type "pubsub.kafka", not "state.…"']);
    });
  });
});
