// Typed props, a manifest of either version and a YAML file become the same bytes.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { App, Chart, Duration, Testing } from 'cdk8s';
import * as kplus from 'cdk8s-plus-28';
import { stringify } from 'yaml';
import {
  DaprMode, FunctionInput, FunctionOutput, HookPolicy, HttpEngine, JobRestartPolicy, OpenFunctionApp, OpenFunctionAppProps, OpenFunctionManifests,
  WorkloadKind, KedaMetricType, TracingProvider,
} from '../src';
import { credentials, existing } from './support/existing-component';
import { deepFreeze, IMAGE, v1beta1, v1beta2 } from './support/functions';
import { problemsOf, quietly } from './support/synth';

const QUEUE = { componentType: 'bindings.kafka', metadata: { brokers: 'kafka:9092', authType: 'none', skipVerify: true, publishTopic: 't' } };
const QUEUE_SPEC = { type: 'bindings.kafka', version: 'v1', metadata: [
  { name: 'authType', value: 'none' }, { name: 'brokers', value: 'kafka:9092' }, { name: 'publishTopic', value: 't' }, { name: 'skipVerify', value: true },
] };
const CRON = { start: '0 8 * * *', end: '0 18 * * *', timezone: 'Europe/Berlin', desiredReplicas: '3' };
const secret = { name: 'login' } as kplus.ISecret;

interface Case {
  readonly props: Omit<OpenFunctionAppProps, 'image'>;
  /** Components of the function's own, and what refers to them. */
  readonly grow?: (fn: OpenFunctionApp) => void;
  readonly v1beta2: object;
  readonly v1beta1?: object;
}

const CASES: Record<string, Case> = {
  'the smallest function': { props: {}, v1beta2: v1beta2(), v1beta1: v1beta1() },
  'an HTTP function with a route': {
    props: { version: 'v2', port: 9000, http: { route: { hostnames: ['a.io'], rules: [{ matches: [{ path: { value: '/x' } }] }] } }, imagePullSecret: secret },
    v1beta2: v1beta2({ triggers: { http: { port: 9000, route: { hostnames: ['a.io'], rules: [{ matches: [{ path: { value: '/x' } }] }] } } } },
      { version: 'v2', imageCredentials: { name: 'login' } }),
    v1beta1: v1beta1({}, {
      version: 'v2', imageCredentials: { name: 'login' }, port: 9000, route: { hostnames: ['a.io'], rules: [{ matches: [{ path: { value: '/x' } }] }] },
    }),
  },
  'an output on a binding of its own': {
    props: {},
    grow: (fn) => fn.addOutput(FunctionOutput.toBinding(fn.addComponent('queue', QUEUE), { name: 'out', operation: 'create', metadata: { k: 'v' } })),
    v1beta2: v1beta2({
      bindings: { queue: QUEUE_SPEC }, outputs: [{ dapr: { name: 'queue', type: 'bindings.kafka', outputName: 'out', operation: 'create', metadata: { k: 'v' } } }],
    }),
    v1beta1: v1beta1({ bindings: { queue: QUEUE_SPEC }, outputs: [{ name: 'out', component: 'queue', operation: 'create', params: { k: 'v' } }] }),
  },
  'an async function that KEDA scales': {
    grow: (fn) => {
      const bus = fn.addComponent('bus', { componentType: 'pubsub.redis', metadata: { redisHost: 'redis:6379' } });
      fn.addInput(FunctionInput.fromTopic(bus, 't', { name: 'in' }));
    },
    props: {
      workload: WorkloadKind.STATEFUL_SET,
      scaling: {
        minReplicas: 0,
        maxReplicas: 5,
        pollingInterval: Duration.seconds(20),
        cooldownPeriod: Duration.minutes(1),
        triggers: [{ triggerType: 'redis', metadata: { listName: 'l', listLength: '5' }, name: 'r', metricType: KedaMetricType.AVERAGE_VALUE, useCachedMetrics: true, authentication: credentials('auth') }],
      },
    },
    v1beta2: v1beta2({
      triggers: { dapr: [{ name: 'bus', type: 'pubsub.redis', topic: 't', inputName: 'in' }] },
      pubsub: { bus: { type: 'pubsub.redis', version: 'v1', metadata: [{ name: 'redisHost', value: 'redis:6379' }] } },
      workloadType: 'StatefulSet',
      scaleOptions: {
        minReplicas: 0,
        maxReplicas: 5,
        keda: {
          scaledObject: { pollingInterval: 20, cooldownPeriod: 60 },
          triggers: [{ type: 'redis', metadata: { listName: 'l', listLength: '5' }, name: 'r', metricType: 'AverageValue', useCachedMetrics: true, authenticationRef: { name: 'auth', kind: 'TriggerAuthentication' } }],
        },
      },
    }),
    v1beta1: v1beta1({
      runtime: 'async',
      inputs: [{ name: 'in', component: 'bus', topic: 't' }],
      pubsub: { bus: { type: 'pubsub.redis', version: 'v1', metadata: [{ name: 'redisHost', value: 'redis:6379' }] } },
      scaleOptions: { keda: { scaledObject: { workloadType: 'StatefulSet', minReplicaCount: 0, maxReplicaCount: 5, pollingInterval: 20, cooldownPeriod: 60 } } },
      triggers: [{ type: 'redis', metadata: { listName: 'l', listLength: '5' }, name: 'r', metricType: 'AverageValue', useCachedMetrics: true, authenticationRef: { name: 'auth', kind: 'TriggerAuthentication' } }],
    }),
  },
  'a job that KEDA starts, with a sidecar': {
    props: {
      inputs: [FunctionInput.fromBinding(existing('far', 'bindings.kafka'))],
      dapr: DaprMode.SIDECAR,
      workload: WorkloadKind.JOB,
      scaling: {
        maxReplicas: 3,
        triggers: [{ triggerType: 'cron', metadata: CRON }],
        job: { restartPolicy: JobRestartPolicy.NEVER, successfulJobsHistoryLimit: 1, failedJobsHistoryLimit: 0, scalingStrategy: { strategy: 'eager' } },
      },
    },
    v1beta2: v1beta2({
      annotations: { 'openfunction.io/enable-dapr': 'true', 'openfunction.io/dapr-service-mode': 'sidecar' },
      triggers: { dapr: [{ name: 'far', type: 'bindings.kafka' }] },
      workloadType: 'Job',
      scaleOptions: {
        maxReplicas: 3,
        keda: {
          scaledJob: { restartPolicy: 'Never', successfulJobsHistoryLimit: 1, failedJobsHistoryLimit: 0, scalingStrategy: { strategy: 'eager' } },
          triggers: [{ type: 'cron', metadata: CRON }],
        },
      },
    }),
  },
  'engine keda with bounds': {
    props: {
      http: { engine: HttpEngine.KEDA },
      dapr: DaprMode.OFF,
      scaling: { minReplicas: 1, maxReplicas: 4, targetPendingRequests: 7, cooldownPeriod: Duration.seconds(9) },
    },
    v1beta2: v1beta2({
      annotations: { 'openfunction.io/enable-dapr': 'false' },
      triggers: { http: { engine: 'keda' } },
      scaleOptions: { minReplicas: 1, maxReplicas: 4, keda: { httpScaledObject: { targetPendingRequests: 7, cooldownPeriod: 9 } } },
    }),
  },
  'Knative scaling': {
    props: { scaling: { minReplicas: 1, knative: { 'autoscaling.knative.dev/target': '5' } }, timeout: Duration.minutes(2) },
    v1beta2: v1beta2({ scaleOptions: { minReplicas: 1, knative: { 'autoscaling.knative.dev/target': '5' } }, timeout: '2m' }),
    v1beta1: v1beta1({ scaleOptions: { minReplicas: 1, knative: { 'autoscaling.knative.dev/target': '5' } }, timeout: '120s' }),
  },
  'states, own and existing, and an extra input': {
    props: {
      states: [existing('far', 'state.existing')],
      http: {},
    },
    grow: (fn) => {
      const cart = fn.addComponent('cart', { componentType: 'state.in-memory', initTimeout: Duration.seconds(90), ignoreErrors: true });
      fn.addInput(FunctionInput.fromState(cart));
    },
    v1beta2: v1beta2({
      states: { cart: { spec: { type: 'state.in-memory', version: 'v1', initTimeout: '90s', ignoreErrors: true, metadata: [] } }, far: {} },
      triggers: { http: {}, inputs: [{ dapr: { name: 'cart', type: 'state.redis' } }] },
    }),
  },
  'hooks, tracing, WebAssembly, labels, annotations, variables and a pod': {
    props: {
      wasmEdge: true,
      hooks: { pre: ['a'], post: ['b'], policy: HookPolicy.OVERRIDE },
      tracing: { provider: TracingProvider.SKYWALKING, oapServer: 'oap:1', tags: { t: '1' }, baggage: { b: '2' } },
      labels: { team: 'x' },
      annotations: { note: 'on' },
      env: { B: '2', A: '$(B)' },
      pod: { nodeSelector: { gpu: 'true' }, containers: [{ name: 'function', args: ['x'] }] },
    },
    v1beta2: v1beta2({
      hooks: { pre: ['a'], post: ['b'], policy: 'Override' },
      tracing: { enabled: true, provider: { name: 'skywalking', oapServer: 'oap:1' }, tags: { t: '1' }, baggage: { b: '2' } },
      labels: { team: 'x' },
      annotations: { note: 'on' },
      params: { A: '$(B)', B: '2' },
      template: { nodeSelector: { gpu: 'true' }, containers: [{ name: 'function', args: ['x'] }] },
    }, { workloadRuntime: 'WasmEdge' }),
    v1beta1: v1beta1({
      labels: { team: 'x' },
      annotations: { note: 'on' },
      params: { A: '$(B)', B: '2' },
      template: { nodeSelector: { gpu: 'true' }, containers: [{ name: 'function', args: ['x'] }] },
    }, { workloadRuntime: 'wasmedge' }, {
      annotations: {
        'plugins': 'pre: [a]\npost: [b]',
        'plugins.tracing': 'enabled: true\nprovider: {name: skywalking, oapServer: "oap:1"}\ntags: {t: 1}\nbaggage: {b: 2}',
      },
    }),
  },
};

function yamlOf(make: (chart: Chart) => unknown): string {
  const app: App = Testing.app();
  const chart = new Chart(app, 'chart', { namespace: 'ns' });
  return quietly(() => {
    make(chart);
    return app.synthYaml() as string;
  });
}

describe.each(Object.entries(CASES))('%s', (_name, { props, grow, ...manifests }) => {
  const fromProps = () => yamlOf((chart) => {
    const fn = new OpenFunctionApp(chart, 'x', { name: 'fn', image: IMAGE, ...props });
    grow?.(fn);
  });

  test.each(Object.entries(manifests))('becomes the same from typed props as from a manifest of %s, as object, file and folder', (_version, manifest) => {
    const expected = fromProps();
    const folder = mkdtempSync(path.join(tmpdir(), 'three-ways-'));
    const file = path.join(folder, 'function.yaml');
    writeFileSync(file, stringify(manifest, { version: '1.1' }));
    expect(yamlOf((chart) => OpenFunctionApp.fromManifest(chart, 'x', deepFreeze({ ...manifest })))).toBe(expected);
    expect(yamlOf((chart) => OpenFunctionApp.fromYamlFile(chart, 'x', file))).toBe(expected);
    expect(yamlOf((chart) => OpenFunctionApp.fromYamlText(chart, 'x', readFileSync(file, 'utf8')))).toBe(expected);
    expect(yamlOf((chart) => new OpenFunctionManifests(chart, 'x', { paths: [folder] }))).toBe(expected);
    rmSync(folder, { recursive: true });
  });
});

describe('typed props', () => {
  test('are copied: frozen ones suffice, and later changes by the caller have no effect', () => {
    const env = { A: '1' };
    const pod = { containers: [{ name: 'function', args: ['a'] }] };
    const text = yamlOf((chart) => {
      new OpenFunctionApp(chart, 'fn', { image: IMAGE, env, pod });
      env.A = '2';
      pod.containers[0].args.push('b');
    });
    expect(text).toContain('value: "1"');
    expect(text).not.toContain('- b');
    const frozen = deepFreeze({ image: IMAGE, env: { ...env }, pod: structuredClone(pod), outputs: [FunctionOutput.toBinding(existing('a', 'bindings.http'))] });
    expect(yamlOf((chart) => new OpenFunctionApp(chart, 'fn', frozen))).toContain('- b');
  });

  test('take the id of the construct for a name that is not given', () => {
    expect(yamlOf((chart) => new OpenFunctionApp(chart, 'hello', { image: IMAGE }))).toContain('name: hello');
  });

  test('of a function with inputs are an async function, without them an HTTP function', () => {
    const kinds = (props: Omit<OpenFunctionAppProps, 'image'>) => new OpenFunctionApp(new Chart(Testing.app(), 'c', { namespace: 'ns' }), 'fn', { image: IMAGE, ...props })
      .workload.kind;
    expect(kinds({ inputs: [FunctionInput.fromBinding(existing('q', 'bindings.kafka'))] })).toBe('Deployment');
    expect(kinds({ inputs: [FunctionInput.fromState(existing('s', 'state.redis'))] })).toBe('Service');
    expect(kinds({})).toBe('Service');
  });
});

test('a file with more than one object is not accepted as a function', () => {
  const folder = mkdtempSync(path.join(tmpdir(), 'three-ways-'));
  const file = path.join(folder, 'two.yaml');
  writeFileSync(file, `${stringify(v1beta2())}---\n${stringify(v1beta2())}`);
  expect(() => yamlOf((chart) => OpenFunctionApp.fromYamlFile(chart, 'x', file)))
    .toThrow(`${file}: 1 problem\n  .: holds 2 objects; one Function is expected, OpenFunctionManifests takes several`);
  rmSync(folder, { recursive: true });
});

test.each([[undefined, 'undefined'], [null, 'null'], [3, '3'], [['a'], '["a"]'], [{ a: 1 }, '{"a":1}']])(
  'what is not text, %s, is an error with its value in each way in', (given, shown) => {
    const said = (write: (chart: Chart, text: string) => unknown) => problemsOf(() => yamlOf((chart) => write(chart, given as never)));
    const why = `must be a string, got ${shown}`;
    expect(said((chart, text) => OpenFunctionApp.fromYamlText(chart, 'x', text))).toEqual([`yaml:1:1 .: ${why}`]);
    expect(said((chart, file) => OpenFunctionApp.fromYamlFile(chart, 'x', file))).toEqual([`path: ${why}`]);
    expect(said((chart, text) => new OpenFunctionManifests(chart, 'x', { yaml: [text] }))).toEqual([`yaml[0]:1:1 .: ${why}`]);
    expect(said((chart, file) => new OpenFunctionManifests(chart, 'x', { paths: [file] }))).toEqual([(given ?? undefined) === undefined
      ? `paths[0]: must not be ${shown}: remove the item, or give it a value` : `paths[0]: ${why}${given === 3 ? '; quote it: "3"' : ''}`]);
  });
