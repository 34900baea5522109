// References to components, and their keys in both contexts (docs/spec M67, M70 to M72, M75 to M84).
import { asyncFunction, EVENTS, KAFKA, STORE, v1beta1, v1beta2 } from '../../support/functions';
import { all, context, podTemplate, problemsOf, synthManifest } from '../../support/synth';

const SIDECAR = { annotations: { 'openfunction.io/dapr-service-mode': 'sidecar' } };
const http = (serving: object) => v1beta2({ triggers: { http: {} }, ...SIDECAR, ...serving });
const output = (dapr: object) => ({ outputs: [{ dapr: { operation: 'create', ...dapr } }] });

function contexts(manifest: object) {
  const { objects, fn } = synthManifest(manifest);
  const pod = podTemplate(objects, 'fn');
  return { old: context(pod), current: context(pod, 'FUNC_CONTEXT_V1BETA2'), warnings: fn.report.warnings };
}

describe('a reference', () => {
  const states = { same: { spec: STORE }, s: { spec: STORE }, far: {} };
  const maps = { bindings: { same: KAFKA, b: KAFKA }, pubsub: { same: EVENTS, p: EVENTS }, states };

  test.each<[string, object, [name: string, type: string], number]>([
    ['to a binding of the function', { name: 'b' }, ['fn-bindings-b', 'bindings.kafka'], 0],
    ['to a pub/sub of the function', { name: 'p', topic: 't' }, ['fn-pubsub-p', 'pubsub.kafka'], 0],
    ['to a state of the function', { name: 's' }, ['fn-state-s', 'state.redis'], 1],
    ['to a state that exists already', { name: 'far' }, ['far', 'state.existing'], 1],
    ['to a state that exists already, with its type', { name: 'far', type: 'state.mysql' }, ['far', 'state.mysql'], 1],
    ['to a name in several maps means the binding', { name: 'same' }, ['fn-bindings-same', 'bindings.kafka'], 0],
    ['to a name in several maps by its type', { name: 'same', type: 'pubsub.kafka', topic: 't' }, ['fn-pubsub-same', 'pubsub.kafka'], 0],
    ['to a name in several maps by its block', { name: 'same', type: 'state' }, ['fn-state-same', 'state.redis'], 1],
    ['to what the function does not define, with a type', { name: 'x', type: 'bindings.http' }, ['x', 'bindings.http'], 0],
    ['to what the function does not define, with a topic', { name: 'x', topic: 't' }, ['x', 'pubsub.existing'], 1],
    ['to what the function does not define', { name: 'x' }, ['x', 'bindings.existing'], 1],
    ['whose type differs from the component\'s within its block', { name: 'b', type: 'bindings.http' }, ['fn-bindings-b', 'bindings.kafka'], 1],
  ])('%s', (_what, dapr, [componentName, componentType], warnings) => {
    const { current, warnings: found } = contexts(http({ ...maps, ...output(dapr) }));
    expect(Object.values(current.outputs)).toEqual([expect.objectContaining({ componentName, componentType })]);
    expect(found).toHaveLength(warnings);
  });

  test('that is inferred is a warning with the reference and the inference', () => {
    const warning = (path: string, block: string, why: string) => `warning: ${path}: "x" is not defined by the function, so it refers to an existing component, `
      + `taken as ${block}, since ${why}; say so with "type"`;
    expect(contexts(http(output({ name: 'x', topic: 't' }))).warnings).toEqual([warning('serving.outputs[0].dapr.name', 'pubsub', 'it has a topic')]);
    expect(contexts(http(output({ name: 'x' }))).warnings).toEqual([warning('serving.outputs[0].dapr.name', 'bindings', 'it has no topic')]);
    expect(contexts(v1beta2({ triggers: { http: {}, inputs: [{ dapr: { name: 'x' } }] }, ...SIDECAR })).warnings)
      .toEqual([warning('serving.triggers.inputs[0].dapr.name', 'state', 'it is an extra input')]);
    expect(contexts(v1beta1({ ...SIDECAR, outputs: [{ component: 'x' }] })).warnings).toEqual([warning('serving.outputs[0].component', 'bindings', 'it has no topic')]);
  });

  test.each<[object, string]>([
    [{ name: 'b', type: 'pubsub.kafka', topic: 't' }, '"pubsub.kafka" asks for serving.pubsub, which does not define "b"; serving.bindings does'],
    [{ name: 'p', type: 'state.redis' }, '"state.redis" asks for serving.states, which does not define "p"; serving.pubsub does'],
  ])('of a type whose block does not define the name while another does is an error: %j', (dapr, problem) => {
    expect(problemsOf(() => synthManifest(http({ ...maps, ...output(dapr) })))).toEqual([`serving.outputs[0].dapr.type: ${problem}`]);
  });

  test('of a type whose block does not define the name while two others do names both', () => {
    const both = { pubsub: { x: EVENTS }, states: { x: { spec: STORE } }, ...output({ name: 'x', type: 'bindings.http' }) };
    expect(problemsOf(() => synthManifest(http(both)))).toEqual([
      'serving.outputs[0].dapr.type: "bindings.http" asks for serving.bindings, which does not define "x"; serving.pubsub and serving.states do',
    ]);
  });

  test('of v1beta1 finds bindings before pub/sub, and any state', () => {
    const outputs = [{ component: 'same' }, { component: 's', name: 'state' }];
    const { current } = contexts(v1beta1({ ...SIDECAR, ...maps, states: { s: STORE }, outputs }));
    expect(current.outputs).toEqual({
      s: { componentName: 'fn-state-s', componentType: 'state.redis' },
      same: { componentName: 'fn-bindings-same', componentType: 'bindings.kafka' },
    });
  });
});

describe('components', () => {
  test('of one name in all maps are three objects, scoped to the app-id', () => {
    const { objects } = synthManifest(http({
      annotations: { ...SIDECAR.annotations, 'dapr.io/app-id': 'mine' }, bindings: { a: KAFKA }, pubsub: { a: EVENTS }, states: { a: { spec: STORE }, b: null },
    }));
    expect(all(objects, 'Component').map(({ metadata, scopes, spec }) => [metadata.name, scopes, spec?.type])).toEqual([
      ['fn-bindings-a', ['mine'], 'bindings.kafka'], ['fn-pubsub-a', ['mine'], 'pubsub.kafka'], ['fn-state-a', ['mine'], 'state.redis'],
    ]);
  });
});

describe('inputs in the context', () => {
  const trigger = (...dapr: object[]) => v1beta2({ ...SIDECAR, triggers: { dapr }, pubsub: { bus: EVENTS }, bindings: { queue: KAFKA } });
  const bus = (topic: string, inputName?: string) => ({ name: 'bus', topic, inputName });

  test('have their own name, else the component\'s, and the topic or the binding as the user wrote it for their uri', () => {
    expect(contexts(trigger(bus('t', 'mine'), { name: 'queue' })).old.inputs).toEqual({
      mine: { uri: 't', componentName: 'fn-pubsub-bus', componentType: 'pubsub.kafka', topic: 't' },
      queue: { uri: 'queue', componentName: 'fn-bindings-queue', componentType: 'bindings.kafka' },
    });
  });

  test.each<[string, object[], Record<string, string>]>([
    ['the second topic of a component', [bus('a'), bus('b')], { 'bus': 'a', 'bus-b': 'b' }],
    ['a name that an earlier input took', [bus('a', 'bus'), bus('b')], { 'bus': 'a', 'bus-b': 'b' }],
    ['a name that a later input will take', [bus('a'), bus('b', 'bus')], { 'bus-a': 'a', 'bus': 'b' }],
  ])('get <component>-<topic> for %s', (_what, dapr, uris) => {
    const inputs = contexts(trigger(...dapr)).old.inputs as unknown as Record<string, { uri: string }>;
    expect(Object.fromEntries(Object.entries(inputs).map(([key, { uri }]) => [key, uri]))).toEqual(uris);
  });

  test.each<[string, object[], string[]]>([
    ['the same topic twice', [bus('a'), bus('a'), bus('a')], ['serving.triggers.dapr[2]: the name "bus-a" is taken by another input; give this one a name of its own']],
    ['one name twice', [bus('a', 'x'), bus('b', 'x')], ['serving.triggers.dapr[1].inputName: "x" is the name of another input; each name may be given once']],
    ['a binding twice', [{ name: 'queue' }, { name: 'queue' }], ['serving.triggers.dapr[1]: the name "queue" is taken by another input; give this one a name of its own']],
  ])('are an error with %s', (_what, dapr, problems) => {
    expect(problemsOf(() => synthManifest(trigger(...dapr)))).toEqual(problems);
  });

  test('appear for async functions only, extra ones in the newer context under the component', () => {
    const { old, current } = contexts(v1beta2({ ...SIDECAR, triggers: { http: {}, inputs: [{ dapr: { name: 'cart', type: 'state.redis' } }] } }));
    expect(old.inputs).toBeUndefined();
    expect([current.inputs, current.triggers.inputs]).toEqual([
      { cart: { componentName: 'cart', componentType: 'state.redis' } }, [{ dapr: { name: 'cart', type: 'state.redis' } }],
    ]);
    expect(contexts(v1beta1({ ...SIDECAR, inputs: [{ component: 'queue' }], bindings: { queue: KAFKA } })).old.inputs).toBeUndefined();
  });
});

describe('outputs in the context', () => {
  const defined = { bindings: { web: KAFKA, other: KAFKA }, states: { cart: { spec: STORE } } };
  const outputs = (...list: object[]) => http({ ...defined, outputs: list.map((dapr) => ({ dapr })) });

  test('are listed under their own names in the older, under their components\' in the newer', () => {
    const { old, current } = contexts(outputs({ name: 'web', outputName: 'a', operation: 'create', metadata: { z: '1', b: '2' } }));
    const expected = { componentName: 'fn-bindings-web', componentType: 'bindings.kafka', metadata: { b: '2', z: '1' }, operation: 'create' };
    expect([old.outputs, current.outputs]).toEqual([{ a: { uri: 'web', ...expected } }, { web: expected }]);
    expect(JSON.stringify(old.outputs)).toBe(JSON.stringify({ a: { uri: 'web', ...expected } }));
  });

  test('on one component have a name of their own in both', () => {
    const { old, current } = contexts(outputs({ name: 'web', outputName: 'a' }, { name: 'web', outputName: 'b' }));
    expect([Object.keys(old.outputs), Object.keys(current.outputs)]).toEqual([['a', 'b'], ['a', 'b']]);
  });

  test.each<[string, object[], string[]]>([
    ['a name that is another component', [{ name: 'web', outputName: 'a' }, { name: 'web', outputName: 'other' }, { name: 'other', outputName: 'c' }], ['a', 'other', 'web-other']],
    ['the name of their own component', [{ name: 'web', outputName: 'a' }, { name: 'web', outputName: 'web' }], ['a', 'web']],
    ['no name for one of them', [{ name: 'web' }, { name: 'web', outputName: 'a' }], ['a', 'web']],
    ['names that cross', [{ name: 'web', outputName: 'other' }, { name: 'other', outputName: 'web' }, { name: 'web', outputName: 'x' }], ['other', 'web-other', 'x']],
  ])('are never lost, also with %s', (_what, list, keys) => {
    const { old, current } = contexts(outputs(...list));
    expect([Object.keys(old.outputs).length, Object.keys(current.outputs)]).toEqual([list.length, keys]);
  });

  test('on one component without names are an error', () => {
    expect(problemsOf(() => synthManifest(outputs({ name: 'web' }, { name: 'web' })))).toEqual([
      'serving.outputs[1].dapr: the name "web" is taken by another output; give each output on one component a name of its own',
    ]);
    expect(problemsOf(() => synthManifest(outputs({ name: 'cart' }, { name: 'cart' })))).toEqual([
      'serving.outputs[1].dapr: the name "cart" is taken by another output; give each output on one component a name of its own',
    ]);
  });

  test('that are states are left out of the older, with a warning', () => {
    const { old, current, warnings } = contexts(outputs({ name: 'cart' }));
    expect([old.outputs, current.outputs]).toEqual([undefined, { cart: { componentName: 'fn-state-cart', componentType: 'state.redis' } }]);
    expect(warnings).toEqual(['warning: serving.outputs[0].dapr.name: "cart" is a state, which FUNC_CONTEXT cannot show as an output; FUNC_CONTEXT_V1BETA2 has it']);
  });

  test('keep their topic in both', () => {
    const { old, current } = contexts(http({ outputs: [{ dapr: { name: 'x', type: 'pubsub.redis', topic: 't' } }] }));
    const expected = { componentName: 'x', componentType: 'pubsub.redis', topic: 't' };
    expect([old.outputs, current.outputs]).toEqual([{ x: { uri: 't', ...expected } }, { x: expected }]);
  });
});

describe('the two contexts', () => {
  test('of the smallest functions say no more than they must', () => {
    const { old, current } = contexts(v1beta1());
    expect(JSON.stringify(old)).toBe('{"name":"fn","version":"latest","runtime":"Knative","port":"8080","triggers":{"http":{"port":8080}}}');
    expect(JSON.stringify(current)).toBe('{"name":"fn","version":"latest","triggers":{"http":{"port":8080}}}');
  });

  test('have their keys in the specified order, and maps sorted', () => {
    const { old, current } = contexts(asyncFunction({
      ...SIDECAR,
      states: { z: {}, a: {} },
      outputs: [{ dapr: { name: 'y', type: 'bindings.kafka', operation: 'create' } }, { dapr: { name: 'b', type: 'bindings.kafka', operation: 'create' } }],
      hooks: { pre: ['h'] },
      tracing: { enabled: true, provider: { name: 'opentelemetry' }, tags: { z: '1', a: '2' } },
    }));
    expect(Object.keys(old)).toEqual(['name', 'version', 'runtime', 'port', 'triggers', 'inputs', 'outputs', 'states', 'prePlugins', 'postPlugins', 'pluginsTracing']);
    expect(Object.keys(current)).toEqual(['name', 'version', 'triggers', 'outputs', 'states', 'preHooks', 'tracing']);
    expect([Object.keys(old.outputs), Object.keys(old.states), Object.keys(old.pluginsTracing.tags)]).toEqual([['b', 'y'], ['a', 'z'], ['a', 'z']]);
  });

  test('have the Dapr triggers, which the Python framework reads in the older', () => {
    const { old, current } = contexts(v1beta2({ ...SIDECAR, triggers: { dapr: [{ name: 'bus', topic: 't', inputName: 'mine' }, { name: 'queue' }] }, pubsub: { bus: EVENTS }, bindings: { queue: KAFKA } }));
    const dapr = [{ name: 'fn-pubsub-bus', type: 'pubsub.kafka', topic: 't', inputName: 'mine' }, { name: 'fn-bindings-queue', type: 'bindings.kafka' }];
    expect([old.triggers, current.triggers]).toEqual(Array(2).fill({ dapr }));
  });

  test('have the HTTP trigger with its port, and route and engine as given', () => {
    const route = { hostnames: ['a.io'], rules: [{ matches: [{ path: { type: 'Exact', value: '/$' } }] }] };
    const { old, current } = contexts(v1beta2({ triggers: { http: { port: 0, engine: 'knative', route } } }));
    expect([old.triggers, current.triggers]).toEqual(Array(2).fill({ http: { port: 8080, route, engine: 'knative' } }));
  });

  test('above 100 KiB are refused, since Linux takes no more than 128', () => {
    const huge = (length: number) => http(output({ name: 'x', type: 'bindings.http', metadata: { text: 'x'.repeat(length) } }));
    expect(problemsOf(() => synthManifest(huge(102_400)))).toEqual([
      'serving: the function\'s context would have 102624 bytes, 102400 are allowed; shorten output metadata, hooks or routes',
    ]);
    expect(synthManifest(huge(102_400 - 224)).objects).toHaveLength(1);
  });
});
