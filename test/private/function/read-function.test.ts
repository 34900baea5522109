import { readFunction } from '../../../src/private/function/read-function';
import { asyncFunction, deepFreeze, EVENTS, KAFKA, STORE, v1beta1, v1beta2 } from '../../support/functions';
import { modelDespite, modelOf, problemsOf } from '../../support/problems';

describe('a v1beta2 manifest', () => {
  test('with nothing but an image and an empty serving is an HTTP function with all defaults', () => {
    const { source, ...model } = modelOf(v1beta2());
    expect(source.apiVersion).toBe('v1beta2');
    expect(model).toEqual({
      name: 'fn',
      image: 'acme/fn:1',
      version: 'latest',
      wasmEdge: false,
      serving: {
        http: {},
        dapr: [],
        inputs: [],
        unreachedInputs: 0,
        outputs: [],
        bindings: {},
        pubsub: {},
        states: {},
        scaling: { knative: {}, keda: false, triggers: [] },
        params: {},
        labels: {},
        annotations: {},
      },
    });
  });

  test('with every field of the API becomes a model with every field', () => {
    const { source: _, ...model } = modelOf(deepFreeze(v1beta2({
      triggers: {
        http: {
          port: 9000,
          engine: 'keda',
          route: { gatewayRef: { name: 'g', namespace: 'gs' }, hostnames: ['*.acme.io'], rules: [{ matches: [{ path: { type: 'PathPrefix', value: '/' } }] }] },
        },
        inputs: [{ dapr: { name: 'store', type: 'state.redis' } }],
      },
      outputs: [{ dapr: { name: 'queue', type: 'bindings.kafka', topic: 't', metadata: { a: 'b' }, operation: 'create', outputName: 'o' } }],
      bindings: { queue: { ...KAFKA, ignoreErrors: true, initTimeout: '30s', auth: { secretStore: 'vault' } } },
      pubsub: { events: EVENTS },
      states: { store: { spec: STORE }, other: {}, third: null },
      scaleOptions: { minReplicas: 0, maxReplicas: 3, keda: { httpScaledObject: { targetPendingRequests: 5, cooldownPeriod: 60 } } },
      hooks: { pre: ['a'], post: ['b'], policy: 'Override' },
      tracing: {
        enabled: true,
        provider: { name: 'opentelemetry', exporter: { name: 'otlp', endpoint: 'o:4317', headers: 'h', compression: 'gzip', timeout: '10s', protocol: 'grpc' } },
        tags: { t: '1' },
        baggage: { key: 'k' },
      },
      template: { containers: [{ name: 'function', image: 'acme/fn:1' }] },
      params: { A: '1' },
      labels: { l: '1' },
      annotations: { 'a/b': '1' },
      timeout: '1m30.5s',
    }, { version: 'v2', imageCredentials: { name: 'pull' }, workloadRuntime: 'wasmedge' }, { namespace: 'ns', labels: { x: 'y' }, uid: 'u', managedFields: [{}] })));
    expect(model).toEqual({
      name: 'fn',
      namespace: 'ns',
      image: 'acme/fn:1',
      version: 'v2',
      imageCredentials: 'pull',
      wasmEdge: true,
      serving: {
        http: {
          port: 9000,
          engine: 'keda',
          route: { gatewayRef: { name: 'g', namespace: 'gs' }, hostnames: ['*.acme.io'], rules: [{ matches: [{ path: { type: 'PathPrefix', value: '/' } }] }] },
        },
        dapr: [],
        inputs: [{ path: ['serving', 'triggers', 'inputs', 0, 'dapr'], name: 'store', type: 'state.redis' }],
        unreachedInputs: 0,
        outputs: [{
          path: ['serving', 'outputs', 0, 'dapr'], name: 'queue', type: 'bindings.kafka', topic: 't', metadata: { a: 'b' }, operation: 'create', outputName: 'o',
        }],
        bindings: { queue: { ...KAFKA, ignoreErrors: true, initTimeout: '30s', auth: { secretStore: 'vault' } } },
        pubsub: { events: EVENTS },
        states: { store: STORE, other: undefined, third: undefined },
        scaling: {
          minReplicas: 0, maxReplicas: 3, knative: {}, keda: true, triggers: [], httpScaledObject: { targetPendingRequests: 5, cooldownPeriod: 60 },
        },
        hooks: { pre: ['a'], post: ['b'], policy: 'Override' },
        tracing: {
          enabled: true,
          provider: { name: 'opentelemetry', exporter: { name: 'otlp', endpoint: 'o:4317', headers: 'h', compression: 'gzip', timeout: '10s', protocol: 'grpc' } },
          tags: { t: '1' },
          baggage: { key: 'k' },
        },
        template: { containers: [{ name: 'function', image: 'acme/fn:1' }] },
        params: { A: '1' },
        labels: { l: '1' },
        annotations: { 'a/b': '1' },
        timeoutSeconds: 91,
      },
    });
    expect(Object.keys(model.serving.states)).toEqual(['store', 'other', 'third']);
  });

  test('with KEDA scaling keeps triggers, jobs and strategies as given, a percentage as the fraction', () => {
    const { serving } = modelOf(asyncFunction({
      workloadType: 'Job',
      scaleOptions: {
        maxReplicas: 5,
        keda: {
          scaledJob: {
            restartPolicy: 'Never', pollingInterval: 5, successfulJobsHistoryLimit: 1, failedJobsHistoryLimit: 2,
            scalingStrategy: {
              strategy: 'custom', customScalingQueueLengthDeduction: 1, customScalingRunningJobPercentage: '33.5%', pendingPodConditions: ['Ready'],
              multipleScalersCalculation: 'sum',
            },
          },
          triggers: [{ type: 'kafka', metadata: { bootstrapServers: 'kafka:9092', consumerGroup: 'orders', topic: 't' }, name: 'k', useCachedMetrics: true, metricType: 'Value', authenticationRef: { name: 'a', kind: 'TriggerAuthentication' } }],
        },
      },
    }));
    expect(serving.workloadType).toBe('Job');
    expect(serving.scaling).toEqual({
      maxReplicas: 5,
      knative: {},
      keda: true,
      scaledJob: {
        restartPolicy: 'Never', pollingInterval: 5, successfulJobsHistoryLimit: 1, failedJobsHistoryLimit: 2,
        scalingStrategy: {
          strategy: 'custom', customScalingQueueLengthDeduction: 1, customScalingRunningJobPercentage: '0.335', pendingPodConditions: ['Ready'],
          multipleScalersCalculation: 'sum',
        },
      },
      triggers: [{ type: 'kafka', metadata: { bootstrapServers: 'kafka:9092', consumerGroup: 'orders', topic: 't' }, name: 'k', useCachedMetrics: true, metricType: 'Value', authenticationRef: { name: 'a', kind: 'TriggerAuthentication' } }],
    });
  });

  test('empty words and a port of 0 count as unset, null as absent', () => {
    const { serving, version, namespace } = modelOf(v1beta2({
      triggers: { http: { port: 0, route: null }, dapr: null, inputs: [{ dapr: { name: 'store', type: '', topic: '' } }] },
      states: { store: { spec: { ...STORE, initTimeout: '', ignoreErrors: false, metadata: [...STORE.metadata, { name: 'keyPrefix', value: null, secretKeyRef: { name: '', key: '' } }] } } },
      workloadType: '', timeout: '', hooks: { policy: '' }, scaleOptions: { minReplicas: null, keda: { scaledObject: null } },
    }, { version: '', workloadRuntime: '', build: null }, { namespace: '' }));
    expect([version, namespace]).toEqual(['latest', undefined]);
    expect(serving.http).toEqual({});
    expect(serving.inputs).toEqual([{ path: ['serving', 'triggers', 'inputs', 0, 'dapr'], name: 'store' }]);
    expect(serving.states.store).toEqual({ type: 'state.redis', version: 'v1', metadata: [...STORE.metadata, { name: 'keyPrefix', value: null }] });
    expect(serving.hooks).toEqual({ pre: [], post: [], policy: 'Append' });
    expect(serving.scaling).toEqual({ knative: {}, keda: true, triggers: [] });
    expect([serving.workloadType, serving.timeoutSeconds]).toEqual([undefined, undefined]);
  });

  test('without a runtime of its own is WasmEdge by the annotation of the Function', () => {
    expect(modelOf(v1beta2({}, {}, { annotations: { 'module.wasm.image/variant': 'compat' } })).wasmEdge).toBe(true);
    expect(modelOf(v1beta2({}, { workloadRuntime: 'ociContainer' })).wasmEdge).toBe(false);
  });

  test('shares nothing with the model that is made of it', () => {
    const manifest = v1beta2({ template: { containers: [{ name: 'function' }] }, params: { A: '1' } });
    const { serving } = modelOf(manifest);
    (manifest.spec.serving as { params: Record<string, string>; template: { containers: unknown[] } }).params.A = '2';
    (manifest.spec.serving as { template: { containers: unknown[] } }).template.containers.push({});
    expect(serving.params).toEqual({ A: '1' });
    expect(serving.template).toEqual({ containers: [{ name: 'function' }] });
  });

  test('keeps component values that are any JSON scalar, and maps whose keys are names of Object.prototype', () => {
    const metadata = [{ name: 'redisDB', value: 1 }, { name: 'enableTLS', value: true }, { name: 'redisHost', value: 's' }, { name: 'redisPassword', secretKeyRef: { name: 's', key: 'k' } }, { name: 'redisUsername', envRef: 'E' }];
    const { serving } = modelOf(v1beta2({ bindings: { valueof: { type: 'bindings.redis', version: 'v1', metadata } } }));
    expect(serving.bindings.valueof.metadata).toEqual(metadata);
    expect('constructor' in serving.bindings).toBe(false);
  });

  test('lets a user set the serving label to the name of the function, which changes nothing', () => {
    expect(modelOf(v1beta2({ labels: { 'openfunction.io/serving': 'fn', 'a': 'b' } })).serving.labels).toEqual({ a: 'b' });
  });
});

describe('what is no function', () => {
  test.each([
    ['nothing', undefined, ['.: must be an object, got null']],
    ['a number', 3, ['.: must be an object, got 3']],
    ['a list', [3], ['.: must be an object, got [3]']],
    ['a function of JavaScript', () => 1, ['.: must be plain data, got a function']],
    ['an empty object', {}, [
      'apiVersion: is missing; give "core.openfunction.io/v1beta1" or "core.openfunction.io/v1beta2"',
      'kind: is missing; give "Function"',
      'metadata.name: is missing; give the name of the function',
      'spec: is missing; give at least "image" and "serving"',
    ]],
    ['another version', { ...v1beta2(), apiVersion: 'core.openfunction.io/v1beta3' }, [
      'apiVersion: "core.openfunction.io/v1beta3" is not one of "core.openfunction.io/v1beta1", "core.openfunction.io/v1beta2"; did you mean "core.openfunction.io/v1beta1"?',
    ]],
    ['another kind', { ...v1beta2(), kind: 'function' }, ['kind: "function" is not one of "Function"; did you mean "Function"?']],
    ['a spec that is no object', { ...v1beta2(), spec: [] }, ['spec: must be an object, got []']],
    ['another version, and a name that is none', { ...v1beta2({}, {}, { name: 'Fn' }), apiVersion: 'v1' }, [
      'apiVersion: "v1" is not one of "core.openfunction.io/v1beta1", "core.openfunction.io/v1beta2"',
      'metadata.name: "Fn" is not a valid DNS-1035 label: lower-case letters, digits and "-", beginning with a letter and not ending with "-"',
    ]],
    ['another kind, and a field that is unknown', { ...v1beta2({ foo: 1 }), kind: 'Func' }, [
      'kind: "Func" is not one of "Function"',
      'serving.foo: unknown field',
    ]],
    ['neither build nor serving, and a name that is none', v1beta2({}, { serving: null, image: '', version: 'v'.repeat(64) }, { name: 'Fn' }), [
      'image: must not be empty',
      'metadata.name: "Fn" is not a valid DNS-1035 label: lower-case letters, digits and "-", beginning with a letter and not ending with "-"',
      'serving: is missing; a function needs "serving" (or "build") to be anything',
      `version: "${'v'.repeat(64)}" has 64 characters, 63 are allowed, since it becomes a label`,
    ]],
    ['a spec that is a list, and a name that is none', { ...v1beta2({}, {}, { name: 'Fn' }), spec: [] }, [
      'metadata.name: "Fn" is not a valid DNS-1035 label: lower-case letters, digits and "-", beginning with a letter and not ending with "-"',
      'spec: must be an object, got []',
    ]],
    ['metadata that are no object, and a minimum above the maximum', { ...v1beta2({ scaleOptions: { minReplicas: 2, maxReplicas: 1 } }), metadata: [] }, [
      'metadata: must be an object, got []',
      'serving.scaleOptions.minReplicas: 2 is above the maximum of 1',
    ]],
    ['metadata and a spec that are wrong', { ...v1beta2(), metadata: { name: 5 }, spec: [] }, ['metadata.name: must be a string, got 5; quote it: "5"', 'spec: must be an object, got []']],
    ['a spec that is null', { ...v1beta2(), spec: null }, ['spec: is missing; give at least "image" and "serving"']],
    ['metadata that are no object', { ...v1beta2(), metadata: 'fn' }, ['metadata: must be an object, got "fn"']],
  ])('%s gives problems and no model', (_, value, expected) => {
    expect(problemsOf(value)).toEqual(expected);
    expect(readFunction(value).model).toBeUndefined();
  });

  test('fields beside apiVersion, kind, metadata, spec and status are unknown; status is not looked at', () => {
    expect(problemsOf({ ...v1beta2(), status: { anything: 1 } })).toEqual([]);
    expect(problemsOf({ ...v1beta2(), sepc: {} })).toEqual(['sepc: unknown field; did you mean "spec"?']);
  });
});

describe('build and serving', () => {
  test('build beside serving is ignored with a warning, whatever is in it', () => {
    for (const build of [{ builder: 3, anything: [] }, { env: [null], constructor: 'x' }, { when: new Date(0) }, 'x']) {
      expect(problemsOf(v1beta2({}, { build }))).toEqual(['warning: build: is ignored: builds are outside this library, and the image must exist already']);
    }
  });

  test('what a server adds is ignored, whatever is in it', () => {
    const added = { status: { conditions: [null] }, metadata: { name: 'fn', managedFields: [null], ownerReferences: [{ constructor: 1 }], uid: new Date(0) } };
    expect(problemsOf({ ...v1beta2(), ...added })).toEqual([]);
    expect(readFunction(v1beta2({}, { build: {} })).model).toBeDefined();
  });

  test('a function that is only built is a warning and no model', () => {
    const manifest = v1beta2({}, { build: {}, serving: undefined });
    expect(problemsOf(manifest)).toEqual(['warning: serving: is missing: the function is only built, so it becomes no object']);
    expect(readFunction(manifest).model).toBeUndefined();
  });

  test('a function with neither is an error', () => {
    expect(problemsOf(v1beta2({}, { serving: null }))).toEqual(['serving: is missing; a function needs "serving" (or "build") to be anything']);
  });
});

describe('all problems of a function', () => {
  test('come together, sorted by path, however different they are, with a model of the rest', () => {
    const manifest = v1beta2({
      triggers: { htpt: {}, http: { port: 70000, engine: 'kada' } },
      outputs: [{}, { dapr: { topic: 't' } }, 3],
      bindings: { Queue: { type: 'pubsub.kafka' } },
      params: { A: 3 },
      annotations: { 'openfunction.io/dapr-service-mode': 'standlone' },
      scaleOptions: { minReplicas: -1 },
    }, { image: '' });
    expect(problemsOf(manifest)).toEqual([
      'image: must not be empty',
      'serving.annotations["openfunction.io/dapr-service-mode"]: "standlone" is not one of "standalone", "sidecar"; did you mean "standalone"?',
      'serving.bindings.Queue: "Queue" is not a valid DNS-1123 name: lower-case letters, digits, "-" and ".", each part beginning and ending with a letter or digit',
      'serving.bindings.Queue.type: "pubsub.kafka" must begin with "bindings." here; this one belongs to serving.pubsub',
      'serving.bindings.Queue.version: is missing; give the version of the component type, mostly "v1"',
      'serving.outputs[0].dapr: is missing; give a reference to a component',
      'serving.outputs[1].dapr.name: is missing; give the name of a component',
      'serving.outputs[2]: must be an object, got 3',
      'serving.params.A: must be a string, got 3; quote it: "3"',
      'serving.scaleOptions.minReplicas: -1 is outside 0..2147483647',
      'serving.triggers.htpt: unknown field; did you mean "http"?',
      'serving.triggers.http.engine: "kada" is not one of "knative", "keda"; did you mean "keda"?',
      'serving.triggers.http.port: 70000 is outside 1..65535',
    ]);
    expect(modelDespite(manifest).serving.http).toEqual({});
  });

  test('carry the place in the text where the reader knows it', () => {
    const position = (path: readonly (string | number)[]) => ({ file: 'f.yaml', line: path.length, column: 1 });
    const { problems, model } = readFunction(v1beta2({ triggers: { http: { port: -1 } } }), { position });
    expect(problems).toEqual([
      { severity: 'error', path: ['serving', 'triggers', 'http', 'port'], message: '-1 is outside 1..65535', position: { file: 'f.yaml', line: 4, column: 1 } },
    ]);
    expect(model?.source.position).toBe(position);
  });

  test('without a name leave no model, since every object is named by it', () => {
    expect(readFunction(v1beta2({ params: { A: true } }, {}, { name: undefined })).model).toBeUndefined();
    expect(problemsOf(v1beta2({ params: { A: true } }, {}, { name: undefined }))).toEqual([
      'metadata.name: is missing; give the name of the function',
      'serving.params.A: must be a string, got true; quote it: "true"',
    ]);
  });
});

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
