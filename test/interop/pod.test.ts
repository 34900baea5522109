// The props `pod` and `resources` take what cdk8s-plus has for them; values are known by their form, not by their class.
import { Size } from 'cdk8s';
import { Cpu, k8s } from 'cdk8s-plus-28';
import type { OpenFunctionAppProps } from '../../src';
import { v1beta2 } from '../support/functions';
import { container, podTemplate, problemsOf, synthManifest, synthProps, Tree } from '../support/synth';

/** Of the function's container, for a function with these props. */
function containerOf(props: Partial<OpenFunctionAppProps>): Tree {
  return container(podTemplate(synthProps({ image: 'i', ...props }).objects, 'fn'));
}

describe('the prop pod', () => {
  const limited = (quantity: unknown) => ({ containers: [{ name: 'function', resources: { limits: { memory: quantity } } }] });

  test.each<[string, unknown, string | number]>([
    ['a Quantity of text', k8s.Quantity.fromString('64Mi'), '64Mi'],
    ['a Quantity of a number', k8s.Quantity.fromNumber(67_108_864), 67_108_864],
    ['a class of another package in this form', new (class { constructor(public readonly value: string) {} })('64Mi'), '64Mi'],
    ['plain text', '64Mi', '64Mi'],
  ])('takes %s', (_, quantity, emitted) => {
    expect(containerOf({ pod: limited(quantity) }).resources).toEqual({ limits: { memory: emitted } });
  });

  test('takes IntOrString, and so does the template of a manifest', () => {
    const probe = { httpGet: { path: '/live', port: k8s.IntOrString.fromString('http1') } };
    const pod = { containers: [{ name: 'function', ports: [{ name: 'http1', containerPort: 8080 }], livenessProbe: probe }] };
    const emitted = { httpGet: { path: '/live', port: 'http1' } };
    expect(containerOf({ pod }).livenessProbe).toEqual(emitted);
    const { objects } = synthManifest(v1beta2({ template: pod }));
    expect(container(podTemplate(objects, 'fn')).livenessProbe).toEqual(emitted);
  });

  test('rejects a value of the wrong type inside such a class, an unknown field with its nearest name, and another class', () => {
    const pod = {
      dnsPolicyy: 'None',
      containers: [{ name: 'function', resources: { limits: { memory: k8s.Quantity.fromString('much') } }, env: new Map() }],
    };
    expect(problemsOf(() => synthProps({ image: 'i', pod }))).toEqual([
      'pod.containers[0].env: must be plain data, got a Map',
      'pod.containers[0].resources.limits.memory: must be a quantity such as 1, "100m" or "64Mi", got "much"',
      'pod.dnsPolicyy: unknown field; did you mean "dnsPolicy"?',
    ]);
  });

  test.each([['text', 'pod'], ['a list', []], ['a number', 1]])('rejects %s', (_, pod) => {
    const problem = `pod: must be an object, got ${JSON.stringify(pod)}`;
    expect(problemsOf(() => synthProps({ image: 'i', pod }))).toEqual([problem]);
    expect(problemsOf(() => synthProps({ image: 'i', pod, resources: { cpu: { limit: Cpu.units(1) } } }))).toEqual([problem]);
  });
});

describe('the prop resources', () => {
  const size = Size.mebibytes(64);

  test('gives a function without a pod its requests and limits', () => {
    const resources = { cpu: { request: Cpu.millis(100), limit: Cpu.units(0.5) }, memory: { request: size, limit: Size.gibibytes(1) }, ephemeralStorage: { limit: size } };
    expect(containerOf({ resources })).toMatchObject({
      name: 'function',
      imagePullPolicy: 'IfNotPresent',
      resources: { requests: { cpu: '100m', memory: '64Mi' }, limits: { 'cpu': '0.5', 'memory': '1Gi', 'ephemeral-storage': '64Mi' } },
    });
  });

  test('completes the container of the pod, and leaves the others and what the caller holds as they are', () => {
    const other = { name: 'logs', image: 'logs:1' };
    const pod = { containers: [other, { name: 'function', resources: { limits: { cpu: '1', memory: k8s.Quantity.fromString('65536Ki') } } }] };
    const given = JSON.stringify(pod);
    const { objects } = synthProps({ image: 'i', pod, resources: { memory: { request: size, limit: size } } });
    expect(container(podTemplate(objects, 'fn')).resources).toEqual({ limits: { cpu: '1', memory: '64Mi' }, requests: { memory: '64Mi' } });
    expect(container(podTemplate(objects, 'fn'), 'logs')).toEqual(other);
    expect(JSON.stringify(pod)).toBe(given);
  });

  test('rejects what contradicts the pod, limits below their requests, and amounts that are none', () => {
    const pod = { containers: [{ name: 'function', resources: { requests: { memory: '32Mi' } } }] };
    const sizeOf = (text: string) => Object.assign(Size.mebibytes(1), { asString: () => text });
    const resources = {
      memory: { request: size },
      cpu: { request: Cpu.units(1), limit: Cpu.millis(500) },
      ephemeralStorage: { request: sizeOf('-1'), limit: sizeOf('much') },
    };
    expect(problemsOf(() => synthProps({ image: 'i', pod, resources }))).toEqual([
      'resources.cpu.request: "1" is above the limit of "500m"',
      'resources.ephemeralStorage.limit: must be a quantity such as 1, "100m" or "64Mi", got "much"',
      'resources.ephemeralStorage.request: "-1" is below 0',
      'resources.memory.request: "64Mi" contradicts requests.memory of the container in pod, which is "32Mi"',
    ]);
  });
});
