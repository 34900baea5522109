// Props that do not exist, as plain JavaScript lets them through.
import { App, Chart } from 'cdk8s';
import {
  FunctionInput, FunctionOutput, ManifestOptions, OpenFunctionApp, OpenFunctionAppProps, OpenFunctionManifests,
  OpenFunctionManifestsProps,
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
    [{ proxy: { resources: { cpuLimits: '1' } } }, 'proxy.resources.cpuLimits: unknown prop; did you mean "cpuLimit"?'],
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
