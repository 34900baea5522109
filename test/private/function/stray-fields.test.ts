// A field of the other API version is a warning with its new place, and is used where it maps one to one.
import { EVENTS, KAFKA, STORE, v1beta1, v1beta2 } from '../../support/functions';
import { modelDespite, problemsOf } from '../../support/problems';

const QUEUE = { bindings: { queue: KAFKA } };

describe('fields of v1beta1 in a v1beta2 manifest', () => {
  test('port and route are used where v1beta2 has none', () => {
    const manifest = v1beta2({}, { port: 9000, route: { hostnames: ['a.b'] } });
    expect(problemsOf(manifest)).toEqual([
      'warning: port: is a field of v1beta1; in v1beta2 it is serving.triggers.http.port',
      'warning: route: is a field of v1beta1; in v1beta2 it is serving.triggers.http.route',
    ]);
    expect(modelDespite(manifest).serving.http).toEqual({ port: 9000, route: { hostnames: ['a.b'] } });
    expect(modelDespite(manifest).source.originalPath(['serving', 'triggers', 'http', 'port'])).toEqual(['port']);
  });

  test('port gives way to the port in its new place', () => {
    const manifest = v1beta2({ triggers: { http: { port: 9001 } } }, { port: 9000 });
    expect(modelDespite(manifest).serving.http).toEqual({ port: 9001 });
    expect(modelDespite(manifest).source.originalPath(['serving', 'triggers', 'http', 'port'])).toEqual(['serving', 'triggers', 'http', 'port']);
  });

  test('port beside Dapr triggers has no effect', () => {
    expect(problemsOf(v1beta2({ ...QUEUE, triggers: { dapr: [{ name: 'queue' }] } }, { port: 9000 }))).toEqual([
      'warning: port: has no effect on an async function; its annotation dapr.io/app-port says where it listens',
      'warning: port: is a field of v1beta1; in v1beta2 it is serving.triggers.http.port',
    ]);
  });

  test('a manifest that changed nothing but its apiVersion still means the same', () => {
    const manifest = v1beta2({
      runtime: 'async',
      inputs: [{ name: 'in', component: 'queue' }],
      outputs: [{ name: 'out', component: 'queue', operation: 'create', params: { a: 'b' } }],
      states: { store: STORE },
      triggers: [{ type: 'kafka', metadata: { bootstrapServers: 'kafka:9092', consumerGroup: 'orders' } }],
      scaleOptions: { keda: { scaledJob: { maxReplicaCount: 3 } } },
      ...QUEUE,
    });
    expect(problemsOf(manifest)).toEqual([
      'warning: serving.inputs: is a field of v1beta1; in v1beta2 it is serving.triggers.dapr',
      'warning: serving.outputs[0]: is written as in v1beta1; in v1beta2 its fields are at serving.outputs[0].dapr',
      'warning: serving.runtime: is a field of v1beta1; in v1beta2 it is serving.triggers',
      'serving.scaleOptions.keda.scaledJob: scales a Job, and the workload is a Deployment; give serving.workloadType: Job',
      'warning: serving.scaleOptions.keda.scaledJob.maxReplicaCount: is a field of v1beta1; in v1beta2 it is serving.scaleOptions.maxReplicas',
      'warning: serving.states.store: is written as in v1beta1; in v1beta2 its fields are at serving.states.store.spec',
      'warning: serving.triggers: is a list of KEDA triggers as in v1beta1; in v1beta2 they are at serving.scaleOptions.keda.triggers',
    ]);
    expect(modelDespite(manifest).serving).toMatchObject({
      dapr: [{ name: 'queue', inputName: 'in' }],
      outputs: [{ name: 'queue', outputName: 'out', metadata: { a: 'b' } }],
      states: { store: STORE },
      scaling: { maxReplicas: 3, triggers: [{ type: 'kafka' }] },
    });
    expect(modelDespite(manifest).serving.http).toBeUndefined();
  });

  test('the runtime alone decides between the two kinds of function, triggers win over it', () => {
    expect(modelDespite(v1beta2({ runtime: 'knative', inputs: [{ component: 'queue' }], ...QUEUE })).serving).toMatchObject({ http: {}, dapr: [], unreachedInputs: 1 });
    expect(modelDespite(v1beta2({ inputs: [{ component: 'queue' }], ...QUEUE })).serving.dapr).toHaveLength(1);
    expect(modelDespite(v1beta2({ runtime: 'async', triggers: { http: {} } })).serving).toMatchObject({ http: {}, dapr: [] });
    expect(problemsOf(v1beta2({ runtime: 'async' }))).toEqual([
      'warning: serving.runtime: is a field of v1beta1; in v1beta2 it is serving.triggers',
      'warning: serving.triggers.dapr: is empty, so nothing triggers this async function',
    ]);
  });

  test('replica counts and workload type of a ScaledObject are used', () => {
    const manifest = v1beta2({
      ...QUEUE,
      triggers: { dapr: [{ name: 'queue' }] },
      scaleOptions: { keda: { scaledObject: { workloadType: 'StatefulSet', minReplicaCount: 1, maxReplicaCount: 2 }, triggers: [{ type: 'kafka', metadata: { bootstrapServers: 'kafka:9092', consumerGroup: 'orders' } }] } },
    });
    expect(problemsOf(manifest)).toEqual([
      'warning: serving.scaleOptions.keda.scaledObject.maxReplicaCount: is a field of v1beta1; in v1beta2 it is serving.scaleOptions.maxReplicas',
      'warning: serving.scaleOptions.keda.scaledObject.minReplicaCount: is a field of v1beta1; in v1beta2 it is serving.scaleOptions.minReplicas',
      'warning: serving.scaleOptions.keda.scaledObject.workloadType: is a field of v1beta1; in v1beta2 it is serving.workloadType',
    ]);
    expect(modelDespite(manifest).serving).toMatchObject({ workloadType: 'StatefulSet', scaling: { minReplicas: 1, maxReplicas: 2 } });
  });

  test('the target kind of a trigger has no place any more', () => {
    expect(problemsOf(v1beta2({ ...QUEUE, triggers: { dapr: [{ name: 'queue' }] }, scaleOptions: { keda: { triggers: [{ type: 'kafka', metadata: { bootstrapServers: 'kafka:9092', consumerGroup: 'orders' }, targetKind: 'job' }] } } }))).toEqual([
      'warning: serving.scaleOptions.keda.triggers[0].targetKind: is a field of v1beta1; v1beta2 has no such field',
    ]);
  });
});

describe('a field given in both places', () => {
  const POLLED = { ...QUEUE, inputs: [{ component: 'queue' }] };
  const TRIGGER = (type: string) => ({ type, metadata: {} });

  test('applies as in v1beta2 in a manifest of v1beta2', () => {
    const { serving, source } = modelDespite(v1beta2({
      ...POLLED,
      triggers: { dapr: [{ name: 'bus', topic: 't' }] },
      workloadType: 'Deployment',
      scaleOptions: {
        minReplicas: 1, maxReplicas: 4, keda: { triggers: [TRIGGER('new')], scaledObject: { minReplicaCount: 2, maxReplicaCount: 3, workloadType: 'StatefulSet' } },
      },
    }));
    expect(serving).toMatchObject({ dapr: [{ name: 'bus' }], workloadType: 'Deployment', scaling: { minReplicas: 1, maxReplicas: 4, triggers: [{ type: 'new' }] } });
    for (const path of [['serving', 'triggers', 'dapr', 0, 'name'], ['serving', 'scaleOptions', 'minReplicas'], ['serving', 'workloadType']]) {
      expect(source.originalPath(path)).toEqual(path);
    }
  });

  test('applies as in v1beta1 in a manifest of v1beta1', () => {
    const { serving, source } = modelDespite(v1beta1({
      ...POLLED,
      runtime: 'async',
      workloadType: 'Deployment',
      triggers: [TRIGGER('old')],
      scaleOptions: {
        minReplicas: 1, maxReplicas: 4, keda: { triggers: [TRIGGER('new')], scaledObject: { minReplicaCount: 2, maxReplicaCount: 3, workloadType: 'StatefulSet' } },
      },
    }));
    expect(serving).toMatchObject({ dapr: [{ name: 'queue' }], workloadType: 'StatefulSet', scaling: { minReplicas: 2, maxReplicas: 3, triggers: [{ type: 'old' }] } });
    expect(source.originalPath(['serving', 'scaleOptions', 'keda', 'triggers', 0])).toEqual(['serving', 'triggers', 0]);
    expect(modelDespite(v1beta1({ ...POLLED, runtime: 'async', triggers: { dapr: [{ name: 'bus' }] } })).serving.dapr).toMatchObject([{ name: 'queue' }]);
  });

  test('applies at the top of a manifest of v1beta1 for port and route, and problems are at the place of the value', () => {
    const both = v1beta1({ triggers: { http: { port: 9001, route: { hostnames: ['b.io'] } } } }, { port: 9000, route: { hostnames: ['a.io'] } });
    expect(modelDespite(both).serving.http).toEqual({ port: 9000, route: { hostnames: ['a.io'] } });
    const enabled = { annotations: { 'openfunction.io/enable-dapr': 'true' } };
    const stray = 'warning: serving.triggers.http: is a field of v1beta2; in v1beta1 it is serving.runtime: knative with port and route';
    const taken = ': 3500 is a port of Dapr in the same pod, as are 3500, 3501, 50001, 50002';
    expect(problemsOf(v1beta1({ ...enabled, triggers: { http: { port: 9001 } } }, { port: 3500 }))).toEqual([`port${taken}`, stray]);
    expect(problemsOf(v1beta1({ ...enabled, triggers: { http: { port: 3500 } } }))).toEqual([stray, `serving.triggers.http.port${taken}`]);
  });

  test('or in the other place alone has its problems there', () => {
    const form = 'is not a valid DNS-1123 name: lower-case letters, digits, "-" and ".", each part beginning and ending with a letter or digit';
    const manifest = v1beta1({ runtime: 'async', triggers: { dapr: [{ name: 'A_B' }], inputs: [{ dapr: { name: 'C_D', type: 'state.redis' } }] } });
    expect(problemsOf(manifest).filter((line) => !line.startsWith('warning'))).toEqual([
      `serving.triggers.dapr[0].name: "A_B" ${form}`, `serving.triggers.inputs[0].dapr.name: "C_D" ${form}`,
    ]);
  });
});

describe('fields of v1beta2 in a v1beta1 manifest', () => {
  test('triggers as an object give port, route and, for an async function, inputs', () => {
    const http = v1beta1({ triggers: { http: { port: 9000 } } });
    expect(problemsOf(http)).toEqual(['warning: serving.triggers.http: is a field of v1beta2; in v1beta1 it is serving.runtime: knative with port and route']);
    expect(modelDespite(http).serving.http).toEqual({ port: 9000 });
    const async = v1beta1({ runtime: 'async', triggers: { dapr: [{ name: 'queue' }], inputs: [{ dapr: { name: 'store' } }] }, states: { store: STORE }, ...QUEUE });
    expect(problemsOf(async)).toEqual([
      'warning: serving.triggers.dapr: is a field of v1beta2; in v1beta1 it is serving.inputs',
      'warning: serving.triggers.inputs: is a field of v1beta2; in v1beta1 there is no such field',
    ]);
    expect(modelDespite(async).serving).toMatchObject({ dapr: [{ name: 'queue' }], inputs: [{ name: 'store' }] });
  });

  test('an HTTP trigger of an async function has no effect', () => {
    expect(problemsOf(v1beta1({ runtime: 'async', inputs: [{ component: 'queue' }], triggers: { http: {} }, ...QUEUE }))).toEqual([
      'warning: serving.triggers.http: has no effect on an async function',
      'warning: serving.triggers.http: is a field of v1beta2; in v1beta1 it is serving.runtime: knative with port and route',
    ]);
  });

  test('an engine has no place in v1beta1, where it is always Knative', () => {
    const manifest = v1beta1({ triggers: { http: { engine: 'keda' } } });
    expect(problemsOf(manifest)).toContain('warning: serving.triggers.http.engine: is a field of v1beta2; v1beta1 has no such field, so the engine is "knative"');
    expect(modelDespite(manifest).serving.http).toEqual({});
  });

  test('nested outputs and states are used', () => {
    const manifest = v1beta1({ outputs: [{ dapr: { name: 'e', topic: 't' } }], pubsub: { e: EVENTS }, states: { store: { spec: STORE } } });
    expect(problemsOf(manifest)).toEqual([
      'warning: serving.outputs[0]: is written as in v1beta2; in v1beta1 its fields are at serving.outputs[0]',
      'warning: serving.states.store: is written as in v1beta2; in v1beta1 its fields are at serving.states.store',
    ]);
    expect(modelDespite(manifest).serving).toMatchObject({ outputs: [{ name: 'e', topic: 't' }], states: { store: STORE } });
    expect(modelDespite(manifest).source.originalPath(['serving', 'outputs', 0, 'dapr', 'name'])).toEqual(['serving', 'outputs', 0, 'dapr', 'name']);
  });

  test('hooks, tracing, workload type, KEDA triggers and fallback are used', () => {
    const manifest = v1beta1({
      runtime: 'async',
      inputs: [{ component: 'queue' }],
      hooks: { pre: ['a'] },
      tracing: { enabled: false },
      workloadType: 'StatefulSet',
      scaleOptions: { keda: { scaledObject: { fallback: { failureThreshold: 1, replicas: 2 } }, triggers: [{ type: 'kafka', metadata: { bootstrapServers: 'kafka:9092', consumerGroup: 'orders' } }] } },
      ...QUEUE,
    });
    expect(problemsOf(manifest)).toEqual([
      'warning: serving.hooks: is a field of v1beta2; in v1beta1 it is metadata.annotations.plugins',
      'warning: serving.scaleOptions.keda.scaledObject.fallback: is a field of v1beta2; v1beta1 has no such field',
      'warning: serving.scaleOptions.keda.triggers: is a field of v1beta2; in v1beta1 it is serving.triggers',
      'warning: serving.tracing: is a field of v1beta2; in v1beta1 it is metadata.annotations["plugins.tracing"]',
      'warning: serving.workloadType: is a field of v1beta2; in v1beta1 it is serving.scaleOptions.keda.scaledObject.workloadType',
    ]);
    expect(modelDespite(manifest).serving).toMatchObject({
      hooks: { pre: ['a'], policy: 'Append' },
      tracing: { enabled: false },
      workloadType: 'StatefulSet',
      scaling: { triggers: [{ type: 'kafka' }], scaledObject: { fallback: { failureThreshold: 1, replicas: 2 } } },
    });
  });
});

describe('a field of neither version', () => {
  test.each([
    ['v1beta1', v1beta1({ runtim: 'knative' }), ['serving.runtim: unknown field; did you mean "runtime"?']],
    ['v1beta2, which has no runtime to suggest', v1beta2({ runtim: 'knative' }), ['serving.runtim: unknown field']],
    ['the spec', v1beta2({}, { imageCredential: {} }), ['imageCredential: unknown field; did you mean "imageCredentials"?']],
    ['metadata', v1beta2({}, {}, { nmae: 'x' }), ['metadata.nmae: unknown field; did you mean "name"?']],
    ['an output that lacks its nesting', v1beta2({ outputs: [{ name: 'a' }] }), [
      'serving.outputs[0].dapr: is missing; give a reference to a component',
      'serving.outputs[0].name: unknown field',
    ]],
    ['a name of Object.prototype', v1beta2({ toString: 1, valueOf: 2 }), ['serving.toString: unknown field', 'serving.valueOf: unknown field']],
  ])('of %s is an error with the nearest known name', (_, manifest, expected) => {
    expect(problemsOf(manifest)).toEqual(expected);
  });
});
