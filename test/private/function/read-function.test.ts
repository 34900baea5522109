import { readFunction } from '../../../src/private/function/read-function';
import { asyncFunction, deepFreeze, EVENTS, KAFKA, STORE, v1beta2 } from '../../support/functions';
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

  test('empty words and a port of 0 mean unset, and null means absent', () => {
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

describe('a document that is not a function', () => {
  test.each([
    ['nothing', undefined, ['.: must be an object, got null']],
    ['a number', 3, ['.: must be an object, got 3']],
    ['a list', [3], ['.: must be an object, got [3]']],
    ['a function of JavaScript', () => 1, ['.: must be plain data, got a function']],
    ['a name that is a function', v1beta2({}, {}, { name: () => 1 }), ['metadata.name: must be plain data, got a function']],
    ['an empty object', {}, [
      'apiVersion: is missing; give "core.openfunction.io/v1beta1" or "core.openfunction.io/v1beta2"',
      'kind: is missing; give "Function"',
      'metadata.name: is missing; give the name of the function',
      'spec: is missing; give at least "image" and "serving"',
    ]],
    ['another version', { ...v1beta2(), apiVersion: 'core.openfunction.io/v1beta3' }, [
      'apiVersion: "core.openfunction.io/v1beta3" is not one of "core.openfunction.io/v1beta1", "core.openfunction.io/v1beta2"; did you mean "core.openfunction.io/v1beta1"?',
    ]],
    ['another kind', { ...v1beta2(), kind: 'function' }, ['kind: must be "Function", got "function"']],
    ['a spec that is not an object', { ...v1beta2(), spec: [] }, ['spec: must be an object, got []']],
    ['another version, and a name that is none', { ...v1beta2({}, {}, { name: 'Fn' }), apiVersion: 'v1' }, [
      'apiVersion: "v1" is not one of "core.openfunction.io/v1beta1", "core.openfunction.io/v1beta2"',
      'metadata.name: "Fn" is not a valid DNS-1035 label: lower-case letters, digits and "-", beginning with a letter and not ending with "-"',
    ]],
    ['another kind, and a field that is unknown', { ...v1beta2({ foo: 1 }), kind: 'Func' }, [
      'kind: must be "Function", got "Func"',
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
    ['metadata that is not an object, and a minimum above the maximum', { ...v1beta2({ scaleOptions: { minReplicas: 2, maxReplicas: 1 } }), metadata: [] }, [
      'metadata: must be an object, got []',
      'serving.scaleOptions.minReplicas: 2 is above the maximum of 1',
    ]],
    ['metadata and a spec that are wrong', { ...v1beta2(), metadata: { name: 5 }, spec: [] }, ['metadata.name: must be a string, got 5; quote it: "5"', 'spec: must be an object, got []']],
    ['a spec that is null', { ...v1beta2(), spec: null }, ['spec: is missing; give at least "image" and "serving"']],
    ['metadata that is not an object', { ...v1beta2(), metadata: 'fn' }, ['metadata: must be an object, got "fn"']],
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
  test('build beside serving is ignored with a warning, whatever it holds', () => {
    for (const build of [{ builder: 3, anything: [] }, { env: [null], constructor: 'x' }, { when: new Date(0) }, 'x']) {
      expect(problemsOf(v1beta2({}, { build }))).toEqual(['warning: build: is ignored: builds are outside this library, and the image must exist already']);
    }
  });

  test('fields that a server adds are ignored, whatever they hold', () => {
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
