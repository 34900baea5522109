// Typed props and what is wrong with them, in their own words (docs/spec M15, M30, M50).
import { Duration } from 'cdk8s';
import {
  AppProtocol, DaprMode, FunctionInput, FunctionOutput, FunctionProbe, HttpEngine, OpenFunctionAppProps, ProbeScheme,
  WorkloadKind,
} from '../src';
import { existing } from './support/existing-component';
import { podTemplate, problemsOf, proxyTemplate, synthProps } from './support/synth';

type Props = Partial<OpenFunctionAppProps>;
const EVENTS = { inputs: [FunctionInput.fromBinding(existing('queue', 'bindings.kafka'))] };
const problems = (props: Props) => problemsOf(() => synthProps({ image: 'i', ...props }));
const warnings = (props: Props) => synthProps({ image: 'i', ...props }).fn.report.warnings;

describe('problems of typed props have the paths of the props', () => {
  const name = 'a'.repeat(64);
  const label = 'is not a valid label value: letters, digits, "-", "_" and ".", beginning and ending with a letter or digit';
  test.each<[string, Props, string[]]>([
    ['names', { name, namespace: 'a'.repeat(64) }, [
      `name: ${JSON.stringify(name)} has 64 characters, 63 are allowed`,
      `namespace: ${JSON.stringify(name)} has 64 characters, 63 are allowed`,
    ]],
    ['words', { workload: 'Pod' as WorkloadKind, hooks: { policy: 'no' as never }, ...EVENTS }, [
      'hooks.policy: "no" is not one of "Append", "Override"',
      'workload: "Pod" is not one of "Deployment", "StatefulSet", "Job"',
    ]],
    ['maps', { env: { FUNC_CONTEXT: '' }, labels: { team: '-' } }, [
      'env.FUNC_CONTEXT: "FUNC_CONTEXT" is set by the library; choose another name',
      `labels.team: "-" ${label}`,
    ]],
    ['outputs', { outputs: [FunctionOutput.toBinding(existing('q', 'bindings.cron'))] }, [
      'outputs[0].component: "bindings.cron" is an input binding, which nothing can be sent to',
    ]],
    ['scaling', { scaling: { minReplicas: 3, maxReplicas: 2, triggers: [{ triggerType: 'kafka', metadata: {} }] }, ...EVENTS }, [
      'scaling.minReplicas: 3 is above the maximum of 2',
      'scaling.triggers[0].metadata: "bootstrapServers" is missing; the kafka scaler needs it',
      'scaling.triggers[0].metadata: "consumerGroup" is missing; the kafka scaler needs it',
    ]],
  ])('%s', (_what, props, expected) => {
    expect(problems(props)).toEqual(expected);
  });

  test('inputs by their index among all inputs', () => {
    const inputs = [
      FunctionInput.fromState(existing('cart', 'state.redis')),
      FunctionInput.fromTopic(existing('bus', 'pubsub.kafka'), ''),
    ];
    expect(problems({ inputs })).toEqual(['inputs[1].topic: is missing; "bus" is a pub/sub component, so give a topic of it']);
  });
});

describe('port', () => {
  test.each([{}, EVENTS])('is a port that neither Dapr has nor an annotation contradicts, with %j', (props) => {
    for (const port of [0, 65_536]) expect(problems({ port, ...props })).toEqual([`port: ${port} is outside 1..65535`]);
    expect(problems({ port: 80.5, ...props })).toEqual(['port: must be an integer, got 80.5']);
    expect(problems({ port: 3500, dapr: DaprMode.SIDECAR, ...props })).toEqual([
      'port: 3500 is a port of Dapr in the same pod, as are 3500, 3501, 50001, 50002',
    ]);
  });

  test('contradicts another one in its annotation', () => {
    const contradictory = { port: 9000, annotations: { 'dapr.io/app-port': '9001' } };
    expect(problems(contradictory)).toEqual([
      'annotations["dapr.io/app-port"]: "9001" is not the port of the function, 9000; leave the annotation out',
    ]);
    expect(problems({ ...contradictory, ...EVENTS })).toEqual([
      'port: 9000 contradicts the annotation dapr.io/app-port, which is "9001"',
    ]);
    expect(warnings({ port: 9000, annotations: { 'dapr.io/app-port': '9000' }, ...EVENTS })).toEqual([]);
  });
});

describe('appProtocol', () => {
  const shown = (props: Props) => {
    const { objects } = synthProps({ name: 'fn', image: 'i', ...props });
    const { metadata, spec } = podTemplate(objects, 'fn');
    const variable = spec.containers[0].env.find(({ name }) => String(name) === 'APP_PROTOCOL')?.value;
    const services = objects.filter(({ kind, apiVersion }) => kind === 'Service' && apiVersion === 'v1');
    const ports = services.map((service) => `${service.metadata.name} ${String(service.spec?.ports[0].appProtocol)}`);
    return [metadata.annotations['dapr.io/app-protocol'], variable, spec.containers[0].ports[0].name, ...ports];
  };

  test.each<[string, Props, AppProtocol | undefined, unknown[]]>([
    ['an async function', EVENTS, AppProtocol.GRPC, ['grpc', 'grpc', 'function-port', 'fn kubernetes.io/h2c', 'fn-any kubernetes.io/h2c']],
    ['an async function', EVENTS, AppProtocol.HTTP, ['http', 'http', 'function-port', 'fn http', 'fn-any http']],
    ['an async function', EVENTS, undefined, ['grpc', 'grpc', 'function-port', 'fn undefined', 'fn-any undefined']],
    ['a Knative function', {}, AppProtocol.H2C, ['h2c', 'h2c', 'h2c']],
    ['a Knative function', {}, AppProtocol.GRPC, ['grpc', 'grpc', 'h2c']],
    ['a Knative function', {}, AppProtocol.HTTP, ['http', 'http', undefined]],
    ['engine keda', { http: { engine: HttpEngine.KEDA } }, AppProtocol.H2C, ['h2c', 'h2c', 'function-port', 'fn-workload kubernetes.io/h2c']],
  ])('of %s is said to Dapr, to the function and by its ports: %j %s', (_what, props, appProtocol, expected) => {
    expect(shown({ ...props, appProtocol })).toEqual(expected);
  });

  test('reaches the sidecar of the proxy', () => {
    const { objects } = synthProps({ name: 'fn', image: 'i', appProtocol: AppProtocol.H2C, ...EVENTS });
    const { metadata, spec } = proxyTemplate(objects, 'fn');
    expect(metadata.annotations['dapr.io/app-protocol']).toBe('h2c');
    expect(spec.containers[0].env[0]).toEqual({ name: 'APP_PROTOCOL', value: 'h2c' });
  });

  test('is one of three words, and what its annotation says', () => {
    expect(problems({ appProtocol: 'htpp' as AppProtocol })).toEqual([
      'appProtocol: "htpp" is not one of "grpc", "http", "h2c"; did you mean "http"?',
    ]);
    expect(problems({ appProtocol: AppProtocol.HTTP, annotations: { 'dapr.io/app-protocol': 'grpc' } })).toEqual([
      'appProtocol: "http" contradicts the annotation dapr.io/app-protocol, which is "grpc"',
    ]);
  });
});

describe('command, args and probes', () => {
  const container = (props: Props) => {
    const { imagePullPolicy: _policy, image: _image, env: _env, ports: _ports, lifecycle: _lifecycle, ...rest } = podTemplate(
      synthProps({ name: 'fn', image: 'i', ...props }).objects, 'fn',
    ).spec.containers[0];
    return rest;
  };

  test('are those of the container of the function, to whose port the probes go', () => {
    const timing = { initialDelaySeconds: Duration.seconds(1), periodSeconds: Duration.seconds(2), timeoutSeconds: Duration.seconds(3) };
    expect(container({
      port: 9000,
      command: ['node'],
      args: ['main.js', '--fast'],
      liveness: FunctionProbe.fromHttpGet('/live', { ...timing, failureThreshold: 4, scheme: ProbeScheme.HTTPS, headers: { Host: 'a' } }),
      readiness: FunctionProbe.fromGrpc({ service: 'ready', successThreshold: 2 }),
      startup: FunctionProbe.fromTcpSocket({ port: 9001 }),
      ...EVENTS,
    })).toEqual({
      name: 'function',
      command: ['node'],
      args: ['main.js', '--fast'],
      livenessProbe: {
        httpGet: { path: '/live', port: 9000, scheme: 'HTTPS', httpHeaders: [{ name: 'Host', value: 'a' }] },
        initialDelaySeconds: 1, periodSeconds: 2, timeoutSeconds: 3, failureThreshold: 4,
      },
      readinessProbe: { grpc: { service: 'ready', port: 9000 }, successThreshold: 2 },
      startupProbe: { tcpSocket: { port: 9001 } },
    });
  });

  test('go to the port of an annotation, and a command has none', () => {
    const annotations = { 'dapr.io/app-port': '9000' };
    expect(container({ annotations, liveness: FunctionProbe.fromTcpSocket(), readiness: FunctionProbe.fromCommand(['true']), ...EVENTS })).toEqual({
      name: 'function', livenessProbe: { tcpSocket: { port: 9000 } }, readinessProbe: { exec: { command: ['true'] } },
    });
  });

  test('complete the container of pod, beside others', () => {
    const pod = { containers: [{ name: 'log', image: 'log' }, { name: 'function', args: ['x'], workingDir: '/app' }] };
    const { spec } = podTemplate(synthProps({ name: 'fn', image: 'i', command: ['a'], args: ['x'], pod }).objects, 'fn');
    expect(spec.containers[1]).toMatchObject({ name: 'function', workingDir: '/app', command: ['a'], args: ['x'] });
    expect(pod.containers[1]).toEqual({ name: 'function', args: ['x'], workingDir: '/app' });
  });

  test('that contradict pod are an error', () => {
    const pod = { containers: [{ name: 'function', args: ['x'], livenessProbe: { grpc: { port: 8080 } } }] };
    expect(problems({ pod, args: ['y'], liveness: FunctionProbe.fromTcpSocket() })).toEqual([
      'args: ["y"] contradicts args of pod, which is ["x"]',
      'liveness: {"tcpSocket":{"port":8080}} contradicts livenessProbe of pod, which is {"grpc":{"port":8080}}',
    ]);
  });

  test('that Kubernetes would refuse are an error in the words of the props', () => {
    expect(problems({ command: [3 as unknown as string], readiness: FunctionProbe.fromTcpSocket({ periodSeconds: Duration.millis(1500) }), ...EVENTS })).toEqual([
      'command[0]: must be a string, got 3; quote it: "3"',
      'readiness.periodSeconds: must be an integer, got 1.5',
    ]);
  });
});
