// Props that do not exist, as plain JavaScript lets them through.
import { App, Chart } from 'cdk8s';
import {
  DaprComponent, DaprProxyImage, FunctionInput, FunctionOutput, FunctionProbe, ManifestOptions, OpenFunctionApp, OpenFunctionAppProps,
  OpenFunctionManifests, OpenFunctionManifestsProps, TriggerAuthentication,
} from '../src';
import { existing } from './support/existing-component';
import { problemsOf, synthProps } from './support/synth';

const chart = () => new Chart(new App(), 'c', { namespace: 'default' });
const MANIFEST = {
  apiVersion: 'core.openfunction.io/v1beta2',
  kind: 'Function',
  metadata: { name: 'f', namespace: 'default' },
  spec: { image: 'acme/f:1', serving: { triggers: { http: {} } } },
};
const queue = existing('queue', 'bindings.kafka');
const bus = existing('bus', 'pubsub.kafka');

describe('a prop that does not exist is an error with the nearest name', () => {
  test.each<[object, string]>([
    [{ imagePullSecrets: [] }, 'imagePullSecrets: unknown prop; did you mean "imagePullSecret"?'],
    [{ sacling: {} }, 'sacling: unknown prop; did you mean "scaling"?'],
    [{ colour: 'red' }, 'colour: unknown prop'],
    [{ constructor: 'red' }, 'constructor: unknown prop'],
    [{ scaling: { maxReplica: 3 } }, 'scaling.maxReplica: unknown prop; did you mean "maxReplicas"?'],
    [{ scaling: { knativeAutoscaling: { initalScale: 1 } } },
      'scaling.knativeAutoscaling.initalScale: unknown prop; did you mean "initialScale"?'],
    [{ http: { engines: 'keda' } }, 'http.engines: unknown prop; did you mean "engine"?'],
    [{ http: { route: { hostname: ['a.b'] } } }, 'http.route.hostname: unknown prop; did you mean "hostnames"?'],
    [{ tracing: { tag: {} } }, 'tracing.tag: unknown prop; did you mean "tags"?'],
    [{ hooks: { posts: ['a'] } }, 'hooks.posts: unknown field; did you mean "post"?'],
    [{ resources: { cpu: { limits: 1 } } }, 'resources.cpu.limits: unknown prop; did you mean "limit"?'],
    [{ pendingEvents: { activations: 1 } }, 'pendingEvents.activations: unknown prop; did you mean "activation"?'],
    [{ proxy: { replica: 2 } }, 'proxy.replica: unknown prop; did you mean "replicas"?'],
    [{ proxy: { resources: { cpu: { limits: 1 } } } }, 'proxy.resources.cpu.limits: unknown prop; did you mean "limit"?'],
    [{ platform: { gatway: {} } }, 'gatway: unknown field; did you mean "gateway"?'],
    [{ platform: { proxy: { holdTimout: 1 } } }, 'proxy.holdTimout: unknown prop; did you mean "holdTimeout"?'],
  ])('in %j', (props, expected) => {
    expect(problemsOf(() => synthProps({ image: 'i', ...props }))).toEqual([expected]);
  });

  test.each<[string, Partial<OpenFunctionAppProps>, string[]]>([
    ['a topic input', { inputs: [FunctionInput.fromTopic(bus, 't', { resiliency: { retrys: 3 } } as object)] },
      ['inputs[0].resiliency.retrys: unknown prop; did you mean "retry"?']],
    ['a rule of a topic input', { inputs: [FunctionInput.fromTopic(bus, 't', { rules: [{ match: 'true', path: '/a', paths: 1 }] } as object)] },
      ['inputs[0].rules[0].paths: unknown prop; did you mean "path"?']],
    ['a binding input, which has no dead-letter topic', { inputs: [FunctionInput.fromBinding(queue, { deadLetterTopic: 'd' } as object)] },
      ['inputs[0].deadLetterTopic: unknown prop']],
    ['a topic output', { outputs: [FunctionOutput.toTopic(bus, 't', { metadatas: {} } as object)] },
      ['outputs[0].metadatas: unknown prop; did you mean "metadata"?']],
    ['a binding output', { outputs: [FunctionOutput.toBinding(queue, { operations: 'create' } as object)] },
      ['outputs[0].operations: unknown prop; did you mean "operation"?']],
    ['a KEDA trigger', {
      scaling: { triggers: [{ triggerType: 'cpu', metadata: { value: '50' }, metricTypes: 'Utilization' } as never] },
      inputs: [FunctionInput.fromBinding(queue)],
    }, ['scaling.triggers[0].metricTypes: unknown prop; did you mean "metricType"?']],
  ])('in the options of %s', (_where, props, expected) => {
    const found = problemsOf(() => synthProps({ image: 'i', ...props }));
    expect(found.filter((line) => line.includes('unknown'))).toEqual(expected);
  });

  test('in the options of a manifest, and of many', () => {
    const one = { imagee: 'a:1' } as ManifestOptions;
    expect(problemsOf(() => OpenFunctionApp.fromManifest(chart(), 'f', MANIFEST, one))).toEqual([
      'imagee: unknown prop; did you mean "image"?',
    ]);
    const many = { objects: [MANIFEST], path: ['functions'] } as OpenFunctionManifestsProps;
    expect(problemsOf(() => new OpenFunctionManifests(chart(), 'fs', many))).toEqual([
      'path: unknown prop; did you mean "paths"?',
    ]);
  });

  test.each<[string, () => unknown, string[]]>([
    ['a shared component', () => new DaprComponent(chart(), 'k', { componentType: 'state.redis', scope: ['a'], metadata: { redisHost: 'r' } } as never),
      ['scope: unknown prop; did you mean "scopes"?']],
    ['an existing component', () => DaprComponent.fromComponentName(chart(), 'k', { name: 'k', componentType: 'state.redis' } as never),
      ['componentName: is missing; give the name of the component', 'name: unknown prop']],
    ['a component of the function\'s own, which has no scopes',
      () => new OpenFunctionApp(chart(), 'f', { image: 'i' }).addComponent('k', { componentType: 'state.redis', scopes: ['a'], metadata: { redisHost: 'r' } } as never),
      ['scopes: unknown prop']],
    ['a TriggerAuthentication', () => new TriggerAuthentication(chart(), 't', { secret: {} } as never),
      ['secret: unknown prop; did you mean "secrets"?', 'secrets: is empty; give a parameter of the scaler, or no authentication to the trigger']],
    ['an HTTP probe', () => FunctionProbe.fromHttpGet('/', { header: {} } as never), ['header: unknown prop; did you mean "headers"?']],
    ['a TCP probe', () => FunctionProbe.fromTcpSocket({ ports: 1 } as never), ['ports: unknown prop; did you mean "port"?']],
    ['a gRPC probe', () => FunctionProbe.fromGrpc({ services: 'a' } as never), ['services: unknown prop; did you mean "service"?']],
    ['a command as a probe, which has no port', () => FunctionProbe.fromCommand(['a'], { port: 1 } as never), ['port: unknown prop']],
    ['an inline image of the proxy', () => DaprProxyImage.inline({ node: 'node:22' } as never), ['node: unknown prop']],
    ['an image of the proxy from its source', () => DaprProxyImage.fromSource({ repository: 'a/b', tags: 'c' } as never), ['tags: unknown prop']],
  ])('in the options of %s', (_what, make, expected) => {
    expect(problemsOf(make)).toEqual(expected);
  });

  test('in the options of an input that is added to a function, which stays as it was', () => {
    const fn = new OpenFunctionApp(chart(), 'f', { image: 'i' });
    const before = fn.objects.length;
    const input = FunctionInput.fromBinding(queue, { routes: '/a' } as object);
    expect(problemsOf(() => fn.addInput(input))).toEqual(['inputs[0].routes: unknown prop; did you mean "route"?']);
    expect(fn.objects).toHaveLength(before);
  });
});

test('a class of the user\'s own hands down props of its own, in which only a slip is an error', () => {
  class TeamFunction extends OpenFunctionApp {}
  const make = (props: object) => new TeamFunction(chart(), 'f', { image: 'i', ...props });
  expect(make({ costCentre: '12' }).functionName).toBe('f');
  expect(problemsOf(() => make({ costCentre: '12', scalings: {} }))).toEqual([
    'scalings: unknown prop; did you mean "scaling"?',
  ]);
});

test('a prop that is undefined is as absent, whatever its name', () => {
  expect(synthProps({ image: 'i', ...{ sacling: undefined } }).fn.report.warnings).toEqual([]);
});

describe('a value of another shape is told before anything else is, since no code can take it', () => {
  const fn = (props: object) => () => synthProps({ image: 'i', ...props });
  test.each<[string, () => unknown, string]>([
    ['a number in place of a Duration', fn({ timeout: 30 }), 'timeout: must be a Duration, such as Duration.seconds(30), got 30'],
    ['text in place of a Size', fn({ resources: { memory: { limit: '1Gi' } } }), 'resources.memory.limit: must be a Size, such as Size.mebibytes(64), got "1Gi"'],
    ['a number in place of a Cpu', fn({ resources: { cpu: { limit: 1 } } }), 'resources.cpu.limit: must be an amount of CPU, such as Cpu.millis(100) of cdk8s-plus, got 1'],
    ['the name of a Secret', fn({ imagePullSecret: 'registry' }), 'imagePullSecret: must be a Secret of cdk8s-plus, or another object with its name, got "registry"'],
    ['the name of a Secret for variables', fn({ secretEnv: { A: 'orders' } }), 'secretEnv.A: must be a Secret and one of its keys: { secret, key }, got "orders"'],
    ['an output among inputs', fn({ inputs: [FunctionOutput.toTopic(bus, 't')] }), 'inputs[0]: must be a FunctionInput, such as FunctionInput.fromTopic gives it, got object'],
    ['an input among outputs', fn({ outputs: [FunctionInput.fromTopic(bus, 't')] }), 'outputs[0]: must be a FunctionOutput, such as FunctionOutput.toTopic gives it, got object'],
    ['the name of a state', fn({ states: ['store'] }), 'states[0]: must be a component, such as a DaprComponent, got "store"'],
    ['a Kubernetes probe', fn({ liveness: { exec: {} } }), 'liveness: must be a FunctionProbe, such as FunctionProbe.fromHttpGet gives it, got {"exec":{}}'],
    ['text in place of a list', fn({ command: 'node' }), 'command: must be a list, got "node"'],
    ['settings of a component as a list', () => new DaprComponent(chart(), 'k', { componentType: 'state.redis', metadata: [{ name: 'redisHost', value: 'r' }] as never }),
      'metadata: must be an object, got [{"name":"redisHost","value":"r"}]'],
    ['the name of a TriggerAuthentication', fn({ scaling: { triggers: [{ triggerType: 'cpu', metadata: {}, authentication: 'login' }] } }),
      'scaling.triggers[0].authentication: must be a TriggerAuthentication, or what its fromName or fromClusterName gives, got "login"'],
    ['text in place of the image of the proxy', fn({ platform: { proxyImage: 'a/b:1' } }),
      'proxyImage: must be a DaprProxyImage, such as DaprProxyImage.fromRegistry gives it, got "a/b:1"'],
    ['a number in place of a Duration of the proxy', fn({ proxy: { drainTimeout: 5 } }), 'proxy.drainTimeout: must be a Duration, such as Duration.seconds(30), got 5'],
    ['the same in the options of a manifest', () => OpenFunctionApp.fromManifest(chart(), 'f', MANIFEST, { proxy: { drainTimeout: 5 } } as never),
      'proxy.drainTimeout: must be a Duration, such as Duration.seconds(30), got 5'],
    ['the same of many manifests', () => new OpenFunctionManifests(chart(), 'fs', { objects: [MANIFEST], proxy: { drainTimeout: 5 } } as never),
      'proxy.drainTimeout: must be a Duration, such as Duration.seconds(30), got 5'],
    ['a component that is added as an input', () => new OpenFunctionApp(chart(), 'f', { image: 'i' }).addInput(queue as never),
      'inputs[0]: must be a FunctionInput, such as FunctionInput.fromTopic gives it, got object'],
    ['the same, to a manifest', () => OpenFunctionApp.fromManifest(chart(), 'f', MANIFEST).addInput(queue as never),
      'inputs[0]: must be a FunctionInput, such as FunctionInput.fromTopic gives it, got object'],
    ['a number in place of the Duration of a component', () => new DaprComponent(chart(), 'k', { componentType: 'state.redis', initTimeout: 5 } as never),
      'initTimeout: must be a Duration, such as Duration.seconds(30), got 5'],
    ['a number in place of the Duration of a probe', () => FunctionProbe.fromCommand(['a'], { periodSeconds: 5 } as never),
      'periodSeconds: must be a Duration, such as Duration.seconds(30), got 5'],
  ])('%s', (_what, make, expected) => {
    expect(problemsOf(make)).toEqual([expected]);
  });
});
