import { formatPath, Path } from '../../../src/private/problem/problem';
import { intakeFromManifest } from '../../../src/private/tree/intake';
import { deepFreeze, EVENTS, KAFKA, STORE, v1beta1 } from '../../support/functions';
import { modelDespite, modelOf, problemsOf } from '../../support/problems';

const ASYNC = { runtime: 'async', inputs: [{ name: 'in', component: 'queue' }], bindings: { queue: KAFKA } };

test('a component of a wrong type has its problem alone, not at the inputs that refer to it too', () => {
  expect(problemsOf(v1beta1({ runtime: 'async', inputs: [{ component: 'q' }, { component: 'e', topic: 't' }], bindings: { q: EVENTS }, pubsub: { e: KAFKA } }))).toEqual([
    'serving.bindings.q.type: "pubsub.kafka" must begin with "bindings." here; this one belongs to serving.pubsub',
    'serving.pubsub.e.type: "bindings.kafka" must begin with "pubsub." here; this one belongs to serving.bindings',
  ]);
});

describe('the runtime', () => {
  test('knative keeps port and route in the HTTP trigger', () => {
    const route = { hostnames: ['a.acme.io'] };
    expect(modelOf(deepFreeze(v1beta1({}, { port: 9000, route }))).serving.http).toEqual({ port: 9000, route });
    expect(modelOf(v1beta1()).serving.http).toEqual({});
  });

  test('async turns each input into a Dapr trigger', () => {
    const { serving } = modelOf(v1beta1({
      runtime: 'async',
      inputs: [{ name: 'a', component: 'queue' }, { name: 'b', component: 'events', topic: 't' }, { component: 'events', topic: 'u' }],
      bindings: { queue: KAFKA },
      pubsub: { events: EVENTS },
    }));
    expect(serving.http).toBeUndefined();
    expect(serving.dapr).toEqual([
      { path: ['serving', 'triggers', 'dapr', 0], name: 'queue', type: 'bindings.kafka', inputName: 'a' },
      { path: ['serving', 'triggers', 'dapr', 1], name: 'events', type: 'pubsub.kafka', topic: 't', inputName: 'b' },
      { path: ['serving', 'triggers', 'dapr', 2], name: 'events', type: 'pubsub.kafka', topic: 'u' },
    ]);
  });

  test('async with a port or a route is a warning for each', () => {
    expect(problemsOf(v1beta1(ASYNC, { port: 8080, route: {} }))).toEqual([
      'warning: port: has no effect on an async function; its annotation dapr.io/app-port says where it listens',
      'warning: route: has no effect on an async function',
    ]);
  });

  test('async without any input stays async, with a warning that nothing triggers it', () => {
    expect(problemsOf(v1beta1({ runtime: 'async' }))).toEqual(['warning: serving.inputs: is empty, so nothing triggers this async function']);
    expect(modelDespite(v1beta1({ runtime: 'async' })).serving).toMatchObject({ dapr: [] });
    expect(modelDespite(v1beta1({ runtime: 'async' })).serving.http).toBeUndefined();
  });

  test('inputs of a knative function turn Dapr on, but no event reaches it: a warning', () => {
    const manifest = v1beta1({ inputs: ASYNC.inputs, bindings: ASYNC.bindings });
    expect(problemsOf(manifest)).toEqual(['warning: serving.inputs: no event reaches a "knative" function; its inputs only decide whether it uses Dapr']);
    expect(modelDespite(manifest).serving).toMatchObject({ http: {}, dapr: [], unreachedInputs: 1 });
  });

  test.each([
    ['missing', undefined, 'serving.runtime: is missing; give "knative" or "async"'],
    ['null', null, 'serving.runtime: is missing; give "knative" or "async"'],
    ['empty', '', 'serving.runtime: "" is not one of "knative", "async"'],
    ['unknown', 'kative', 'serving.runtime: "kative" is not one of "knative", "async"; did you mean "knative"?'],
    ['no string', 3, 'serving.runtime: 3 is not one of "knative", "async"'],
  ])('that is %s is one error, and inputs tell what was meant', (_, runtime, expected) => {
    expect(problemsOf(v1beta1({ ...ASYNC, runtime }))).toEqual([expected]);
    expect(modelDespite(v1beta1({ ...ASYNC, runtime })).serving.dapr).toHaveLength(1);
    expect(problemsOf(v1beta1({ runtime }, { port: 9000 }))).toEqual([expected]);
  });
});

describe('inputs and outputs', () => {
  test('params and operation of an input have no effect: warnings', () => {
    const inputs = [{ name: 'in', component: 'queue', params: { a: 'b' }, operation: 'get' }];
    expect(problemsOf(v1beta1({ ...ASYNC, inputs }))).toEqual([
      'warning: serving.inputs[0].operation: has no effect on an input',
      'warning: serving.inputs[0].params: has no effect on an input',
    ]);
  });

  test('an output keeps everything, and params become its metadata', () => {
    const outputs = [{ name: 'out', component: 'queue', topic: 't', params: { type: 'x' }, operation: 'create' }];
    expect(modelOf(v1beta1({ outputs, bindings: { queue: KAFKA } })).serving.outputs).toEqual([
      { path: ['serving', 'outputs', 0, 'dapr'], name: 'queue', topic: 't', outputName: 'out', metadata: { type: 'x' }, operation: 'create' },
    ]);
  });

  test('an output is kept also when its component is in neither bindings nor pubsub', () => {
    const { outputs } = modelOf(v1beta1({ outputs: [{ name: 'a', component: 'store' }, { name: 'b', component: 'elsewhere' }], states: { store: STORE } })).serving;
    expect(outputs.map(({ name }) => name)).toEqual(['store', 'elsewhere']);
  });

  test('states hold their component directly; null means an existing one', () => {
    const { states } = modelOf(v1beta1({ states: { store: STORE, other: null } })).serving;
    expect(states).toEqual({ store: STORE, other: undefined });
  });

  test('without a component, problems are in the terms of v1beta1', () => {
    expect(problemsOf(v1beta1({ ...ASYNC, inputs: [{ name: 'in' }, 3], outputs: [{ name: 'o', component: '' }, 3], states: { s: {} } }))).toEqual([
      'serving.inputs[0].component: is missing; give the name of a component',
      'serving.inputs[1]: must be an object, got 3',
      'serving.outputs[0].component: must not be empty',
      'serving.outputs[1]: must be an object, got 3',
      'serving.states.s.type: is missing; give a Dapr component type such as "bindings.kafka"',
      'serving.states.s.version: is missing; give the version of the component type, mostly "v1"',
    ]);
  });
});

describe('scaling', () => {
  const triggers = [{ type: 'kafka', metadata: { bootstrapServers: 'kafka:9092', consumerGroup: 'orders', topic: 't' }, targetKind: 'object' }];

  test('replica counts of a ScaledObject override minReplicas and maxReplicas, and its workload type applies', () => {
    const { serving } = modelDespite(v1beta1({
      ...ASYNC, triggers, scaleOptions: { minReplicas: 1, maxReplicas: 2, keda: { scaledObject: { workloadType: 'StatefulSet', minReplicaCount: 3, maxReplicaCount: 4, cooldownPeriod: 5 } } },
    }));
    expect(serving.workloadType).toBe('StatefulSet');
    expect(serving.scaling).toEqual({
      minReplicas: 3, maxReplicas: 4, knative: {}, keda: true, scaledObject: { cooldownPeriod: 5 }, triggers: [{ type: 'kafka', metadata: { bootstrapServers: 'kafka:9092', consumerGroup: 'orders', topic: 't' } }],
    });
  });

  test('a ScaledJob makes the workload a Job, overrides maxReplicas, and keeps its own polling interval', () => {
    const { serving } = modelDespite(v1beta1({ ...ASYNC, triggers, scaleOptions: { maxReplicas: 2, keda: { scaledJob: { maxReplicaCount: 9, pollingInterval: 7 } } } }));
    expect(serving.workloadType).toBe('Job');
    expect(serving.scaling).toMatchObject({ maxReplicas: 9, scaledJob: { pollingInterval: 7 } });
  });

  test('KEDA triggers apply without a keda block, and lose their target kind', () => {
    const { scaling } = modelOf(v1beta1({ ...ASYNC, triggers })).serving;
    expect(scaling).toEqual({ knative: {}, keda: false, triggers: [{ type: 'kafka', metadata: { bootstrapServers: 'kafka:9092', consumerGroup: 'orders', topic: 't' } }] });
  });

  test('a ScaledObject cannot have the workload type Job', () => {
    expect(problemsOf(v1beta1({ ...ASYNC, triggers, scaleOptions: { keda: { scaledObject: { workloadType: 'Job' } } } }))).toEqual([
      'serving.scaleOptions.keda.scaledObject.workloadType: "Job" is not one of "Deployment", "StatefulSet"',
    ]);
  });
});

describe('problems that checks find are told in the places of v1beta1', () => {
  test.each([
    ['a port of Dapr', { annotations: { 'openfunction.io/enable-dapr': 'true' } }, { port: 3500 }, 'port'],
    ['a host name', {}, { route: { hostnames: ['A'] } }, 'route.hostnames[0]'],
    ['the component of an input', { ...ASYNC, inputs: [{ name: 'a', component: 'queue' }, { name: 'b', component: 'A_' }] }, {}, 'serving.inputs[1].component'],
    ['the topic of an input', { ...ASYNC, inputs: [{ name: 'a', component: 'e' }], pubsub: { e: EVENTS } }, {}, 'serving.inputs[0].topic'],
    ['the component of an output', { outputs: [{ component: 'A_' }] }, {}, 'serving.outputs[0].component'],
    ['the topic of an output', { outputs: [{ component: 'e' }], pubsub: { e: EVENTS } }, {}, 'serving.outputs[0].topic'],
    ['the type of a state', { states: { s: { type: 'pubsub.x', version: 'v1' } } }, {}, 'serving.states.s.type'],
    ['minimum replicas', { ...ASYNC, triggers: [{ type: 'kafka', metadata: { bootstrapServers: 'kafka:9092', consumerGroup: 'orders' } }], scaleOptions: { keda: { scaledObject: { minReplicaCount: 11 } } } }, {},
      'serving.scaleOptions.keda.scaledObject.minReplicaCount'],
    ['maximum replicas', { ...ASYNC, triggers: [{ type: 'kafka', metadata: { bootstrapServers: 'kafka:9092', consumerGroup: 'orders' } }], scaleOptions: { keda: { scaledJob: { maxReplicaCount: 0 } } } }, {},
      'serving.scaleOptions.keda.scaledJob.maxReplicaCount'],
    ['KEDA triggers', { triggers: [{ type: 'kafka', metadata: { bootstrapServers: 'kafka:9092', consumerGroup: 'orders' } }] }, {}, 'serving.triggers'],
    ['a name of a KEDA trigger', { ...ASYNC, triggers: [{ type: 'kafka', metadata: { bootstrapServers: 'kafka:9092', consumerGroup: 'orders' }, name: 'n' }, { type: 'kafka', metadata: { bootstrapServers: 'kafka:9092', consumerGroup: 'orders' }, name: 'n' }] }, {}, 'serving.triggers[1].name'],
    ['a workload type', { scaleOptions: { keda: { scaledObject: { workloadType: 'StatefulSet' } } } }, {}, 'serving.scaleOptions.keda.scaledObject'],
  ])('%s', (_, serving, spec, expected) => {
    expect(intakeFromManifest(v1beta1(serving, spec), {}).problems.map(({ path }) => formatPath(path))[0]).toBe(expected);
  });

  test.each<[string, Path, string]>([
    ['an HTTP trigger', ['serving', 'triggers', 'http'], 'serving.runtime'],
    ['its port, which was not given', ['serving', 'triggers', 'http', 'port'], 'port'],
    ['an output\'s metadata', ['serving', 'outputs', 0, 'dapr', 'metadata', 'a'], 'serving.outputs[0].params.a'],
    ['an output\'s type', ['serving', 'outputs', 0, 'dapr', 'type'], 'serving.outputs[0].component'],
    ['an output\'s own name', ['serving', 'outputs', 0, 'dapr', 'outputName'], 'serving.outputs[0].name'],
    ['an output itself', ['serving', 'outputs', 0, 'dapr'], 'serving.outputs[0]'],
    ['an input itself', ['serving', 'triggers', 'dapr', 2], 'serving.inputs[2]'],
    ['an input\'s own name', ['serving', 'triggers', 'dapr', 2, 'inputName'], 'serving.inputs[2].name'],
    ['an input\'s type', ['serving', 'triggers', 'dapr', 2, 'type'], 'serving.inputs[2].component'],
    ['hooks', ['serving', 'hooks', 'pre'], 'metadata.annotations.plugins.pre'],
    ['tracing', ['serving', 'tracing', 'provider'], 'metadata.annotations["plugins.tracing"].provider'],
    ['what has the same place', ['serving', 'params', 'A'], 'serving.params.A'],
  ])('the path of %s is translated for later steps', (_, path, expected) => {
    const { source } = modelDespite(v1beta1({ inputs: ASYNC.inputs, outputs: [{ component: 'q' }] }, {}, { annotations: { 'plugins': 'pre: [a]', 'plugins.tracing': 'enabled: false' } }));
    expect(formatPath(source.originalPath(path))).toBe(expected);
  });
});
