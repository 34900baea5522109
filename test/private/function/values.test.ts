import { KAFKA, v1beta1, v1beta2 } from '../../support/functions';
import { modelOf, problemsOf } from '../../support/problems';

describe('a value of the wrong type', () => {
  test.each([
    ['a string map with an integer', { labels: { a: 1 } }, 'serving.labels.a: must be a string, got 1; quote it: "1"'],
    ['a string map with a fraction, whose text is not known', { labels: { a: 1.5 } }, 'serving.labels.a: must be a string, got 1.5; put it in quotes'],
    ['a string map with a boolean', { params: { a: false } }, 'serving.params.a: must be a string, got false; quote it: "false"'],
    ['a string map with null', { params: { a: null } }, 'serving.params.a: must be a string, got null; write "" for an empty string'],
    ['a string map with an object', { params: { a: {} } }, 'serving.params.a: must be a string, got {}'],
    ['a string map that is a list', { params: [] }, 'serving.params: must be an object, got []'],
    ['an integer as a string', { scaleOptions: { minReplicas: '3' } }, 'serving.scaleOptions.minReplicas: must be an integer, got "3"; remove the quotes'],
    ['an integer as a word', { scaleOptions: { minReplicas: 'x' } }, 'serving.scaleOptions.minReplicas: must be an integer, got "x"'],
    ['an integer with a fraction', { scaleOptions: { minReplicas: 1.5 } }, 'serving.scaleOptions.minReplicas: must be an integer, got 1.5'],
    ['an integer above int32', { scaleOptions: { maxReplicas: 2147483648 } }, 'serving.scaleOptions.maxReplicas: 2147483648 is outside 0..2147483647'],
    ['a boolean as a string', { tracing: { enabled: 'true' } }, 'serving.tracing.enabled: must be true or false, got "true"; remove the quotes'],
    ['a boolean as a number', { tracing: { enabled: 1 } }, 'serving.tracing.enabled: must be true or false, got 1'],
    ['a list as an object', { outputs: {} }, 'serving.outputs: must be a list, got {}'],
    ['an object as a string', { triggers: { http: 'x' } }, 'serving.triggers.http: must be an object, got "x"'],
    ['triggers as a string', { triggers: 'x' }, 'serving.triggers: must be an object, got "x"'],
    ['a component map as a list', { bindings: [] }, 'serving.bindings: must be an object, got []'],
    ['a component that is null', { bindings: { q: null } }, 'serving.bindings.q: must be an object, got null'],
    ['a state that is a word', { states: { q: 'x' } }, 'serving.states.q: must be an object, got "x"'],
    ['a component value that is an object', { bindings: { q: { ...KAFKA, metadata: [{ name: 'brokers', value: {} }] } } },
      'serving.bindings.q.metadata[0].value: must be a string, a number, true or false, got {}'],
    ['annotations that are a list', { annotations: [] }, 'serving.annotations: must be an object, got []'],
    ['a timeout that is a number', { timeout: 30 }, 'serving.timeout: must be a string, got 30; quote it: "30"'],
    ['a timeout without a unit', { timeout: '30' }, 'serving.timeout: "30" is not a duration such as "300ms", "90s", "1.5h" or "1h30m"'],
    ['a timeout of 0', { timeout: '0s' }, 'serving.timeout: "0s" must be longer than 0s'],
    ['a timeout above an int32', { timeout: '2147483648s' }, 'serving.timeout: "2147483648s" must not be longer than 2147483647s'],
    ['a timeout below 0', { timeout: '-1s' }, 'serving.timeout: "-1s" must be longer than 0s'],
    ['a template that is a list', { template: [] }, 'serving.template: must be an object, got []'],
  ])('%s is one problem', (_, serving, expected) => {
    expect(problemsOf(v1beta2(serving))).toEqual([expected]);
  });

  test.each([
    ['enable-dapr', { 'openfunction.io/enable-dapr': true },
      'serving.annotations["openfunction.io/enable-dapr"]: is the boolean true; an annotation is a string, so quote it: "true"'],
    ['dapr-service-mode', { 'openfunction.io/dapr-service-mode': true },
      'serving.annotations["openfunction.io/dapr-service-mode"]: is the boolean true; write "standalone" or "sidecar"'],
    ['enable-dapr as a number', { 'openfunction.io/enable-dapr': 1 }, 'serving.annotations["openfunction.io/enable-dapr"]: must be a string, got 1; quote it: "1"'],
  ])('the annotation %s has a message of its own', (_, annotations, expected) => {
    expect(problemsOf(v1beta2({ annotations }))).toEqual([expected]);
  });
});

test.each([' a/b:1', 'a b', '  ', 'a\n'])('an image may have no white space in it: %j', (image) => {
  expect(problemsOf(v1beta2({}, { image }))).toEqual([`image: ${JSON.stringify(image)} is not a valid image reference; give one such as "registry.acme.io/orders:1.0.0"`]);
});

describe('words with a fixed list', () => {
  test.each([
    ['workloadRuntime', {}, { workloadRuntime: 'Wasm' }, 'workloadRuntime: "Wasm" is not one of "OCIContainer", "WasmEdge"'],
    ['workloadRuntime of another type', {}, { workloadRuntime: 3 }, 'workloadRuntime: 3 is not one of "OCIContainer", "WasmEdge"'],
    ['engine', { triggers: { http: { engine: '' } } }, {}, 'serving.triggers.http.engine: "" is not one of "knative", "keda"'],
    ['workloadType', { workloadType: 'DaemonSet', triggers: { dapr: [{ name: 'q', type: 'bindings.kafka' }] } }, {},
      'serving.workloadType: "DaemonSet" is not one of "Deployment", "StatefulSet", "Job"'],
    ['hook without a name', { hooks: { pre: ['a', ''], post: [] } }, {}, 'serving.hooks.pre[1]: must not be empty'],
    ['hook policy', { hooks: { policy: 'append' } }, {}, 'serving.hooks.policy: "append" is not one of "Append", "Override"; did you mean "Append"?'],
  ])('an unknown %s is an error that names them', (_, serving, spec, expected) => {
    expect(problemsOf(v1beta2(serving, spec))).toEqual([expected]);
  });
});

describe('ports', () => {
  test.each([[1], [65535]])('%i is accepted', (port) => {
    expect(modelOf(v1beta2({ triggers: { http: { port } } })).serving.http?.port).toBe(port);
    expect(modelOf(v1beta1({}, { port })).serving.http?.port).toBe(port);
  });

  test.each([[-1], [65536]])('%i is rejected', (port) => {
    expect(problemsOf(v1beta2({ triggers: { http: { port } } }))).toEqual([`serving.triggers.http.port: ${port} is outside 1..65535`]);
    expect(problemsOf(v1beta1({}, { port }))).toEqual([`port: ${port} is outside 1..65535`]);
  });
});
