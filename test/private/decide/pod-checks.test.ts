import { asyncFunction, v1beta2 } from '../../support/functions';
import { problemsOf } from '../../support/problems';

const T = 'serving.template';
const templated = (template: object, serving: object = {}) => problemsOf(v1beta2({ template, ...serving }));
const withEnv = (env: unknown[], serving: object = {}) => templated({ containers: [{ name: 'function', env }] }, serving);

describe('containers', () => {
  test('may be several with names of their own', () => {
    expect(templated({ initContainers: [{ name: 'init', image: 'i' }], containers: [{ name: 'other', image: 'o' }, { name: 'function' }] })).toEqual([]);
  });

  test('of the init kind cannot be named function, since that one is added', () => {
    expect(templated({ initContainers: [{ name: 'function', image: 'i' }] })).toEqual([`${T}.initContainers[0].name: "function" is the name of another container`]);
  });

  test('named function twice, or like an init container, are an error', () => {
    expect(templated({ initContainers: [{ name: 'a', image: 'i' }], containers: [{ name: 'function' }, { name: 'a', image: 'o' }, { name: 'function' }] })).toEqual([
      `${T}.containers[1].name: "a" is the name of another container`,
      `${T}.containers[2].name: "function" is the name of another container`,
    ]);
  });

  test.each([[undefined], [null], ['']])('without a name (%j) are an error', (name) => {
    expect(templated({ containers: [{ name }] })).toEqual([`${T}.containers[0].name: is missing; give "function" for the function itself, or another name`]);
  });

  test('have DNS labels as names', () => {
    expect(templated({ containers: [{ name: 'A', image: 'o' }] })).toEqual([
      `${T}.containers[0].name: "A" is not a valid DNS-1123 label: lower-case letters, digits and "-", beginning and ending with a letter or digit`,
    ]);
    expect(templated({ containers: [{ name: 3, image: 'o' }] })).toEqual([`${T}.containers[0].name: must be a string, got 3; quote it: "3"`]);
  });

  test('another image of the function container is a warning', () => {
    expect(templated({ containers: [{ name: 'function', image: 'acme/fn:1' }, { name: 'other', image: 'x' }] })).toEqual([]);
    expect(templated({ containers: [{ name: 'function', image: '' }] })).toEqual([]);
    expect(templated({ containers: [{ name: 'function', image: 'x' }] })).toEqual([
      `warning: ${T}.containers[0].image: "x" has no effect: the function's image is "acme/fn:1"; leave it out, or give it as the image`,
    ]);
  });
});

describe('ports of containers', () => {
  const ports = (...list: unknown[]) => templated({ containers: [{ name: 'function', ports: list }] }).map((line) => line.replace(`${T}.containers[0].ports`, ''));

  test.each([[{ containerPort: 1 }], [{ containerPort: 65535, hostPort: 65535 }], [{ containerPort: 80, hostPort: 0 }]])('may be %j', (port) => {
    expect(ports(port)).toEqual([]);
  });

  test.each([
    [{ containerPort: 0 }, ['[0].containerPort: 0 is outside 1..65535']],
    [{ containerPort: 65536, hostPort: 65536 }, ['[0].containerPort: 65536 is outside 1..65535', '[0].hostPort: 65536 is outside 0..65535']],
    [{ containerPort: 80, hostPort: -1 }, ['[0].hostPort: -1 is outside 0..65535']],
    [{ name: 'http' }, ['[0].containerPort: is missing; give 1 to 65535']],
    [{ containerPort: '80' }, ['[0].containerPort: must be an integer, got "80"; remove the quotes']],
  ])('may not be %j', (port, expected) => {
    expect(ports(port)).toEqual(expected);
  });
});

describe('environment', () => {
  test.each([['FUNC_CONTEXT'], ['FUNC_CONTEXT_V1BETA2'], ['APP_PROTOCOL'], ['POD_NAME'], ['POD_NAMESPACE']])('%s is set by the library', (name) => {
    expect(withEnv([{ name: 'A', value: 'b' }, { name, value: 'x' }], { params: { [name]: 'x' } })).toEqual([
      `serving.params.${name}: "${name}" is set by the library; choose another name`,
      `${T}.containers[0].env[1].name: "${name}" is set by the library; choose another name`,
    ]);
    expect(templated({ containers: [{ name: 'other', image: 'o', env: [{ name, value: 'x' }] }] })).toEqual([]);
  });

  test.each([['A'], ['a.b-c'], ['_1'], ['1A'], ['a b/c']])('%s is a name', (name) => {
    expect(withEnv([{ name }], { params: { [`${name}X`]: '' } })).toEqual([]);
  });

  test.each([['Ä'], ['A\tB'], ['A=B']])('%j is not a valid name', (name) => {
    const message = `${JSON.stringify(name)} is not a valid name for an environment variable: printable ASCII without "="`;
    expect(withEnv([{ name }])).toEqual([`${T}.containers[0].env[0].name: ${message}`]);
    expect(problemsOf(v1beta2({ params: { [name]: '' } }))).toEqual([`serving.params[${JSON.stringify(name)}]: ${message}`]);
  });

  test('entries of every container have a name, and one source', () => {
    expect(templated({ initContainers: [{ name: 'i', image: 'i', env: [{ value: 'x' }] }], containers: [{ name: 'function', env: [{ name: 'A', value: 'x', valueFrom: { fieldRef: { fieldPath: 'metadata.uid' } } }, { name: 'B', value: '', valueFrom: { fieldRef: { fieldPath: 'metadata.uid' } } }] }] })).toEqual([
      `${T}.containers[0].env[0].valueFrom: cannot be combined with "value"; give one of them`,
      `${T}.initContainers[0].env[0].name: is missing; give the name of the variable`,
    ]);
  });

  test('the message about a number as a value says to quote it', () => {
    expect(withEnv([{ name: 'A', value: 3 }, { name: 'B', value: 1.5 }])).toEqual([
      `${T}.containers[0].env[0].value: must be a string, got 3; quote it: "3"`,
      `${T}.containers[0].env[1].value: must be a string, got 1.5; put it in quotes`,
    ]);
  });
});

describe('the restart policy of the template', () => {
  const error = (workload: string) => [`${T}.restartPolicy: "Never" is not possible in a ${workload}; give "Always", or leave it out`];

  test('is Always for what restarts always', () => {
    expect(problemsOf(asyncFunction({ template: { restartPolicy: 'Always' } }))).toEqual([]);
    expect(problemsOf(asyncFunction({ template: { restartPolicy: 'Never' } }))).toEqual(error('Deployment'));
    expect(problemsOf(asyncFunction({ template: { restartPolicy: 'Never' }, workloadType: 'StatefulSet' }))).toEqual(error('StatefulSet'));
    expect(problemsOf(v1beta2({ template: { restartPolicy: 'Never' }, triggers: { http: { engine: 'keda' } } }))).toEqual(error('Deployment'));
  });

  test('has no effect on a Job', () => {
    expect(problemsOf(asyncFunction({ template: { restartPolicy: 'Never' }, workloadType: 'Job' }))).toEqual([
      `warning: ${T}.restartPolicy: has no effect on a Job; give serving.scaleOptions.keda.scaledJob.restartPolicy`,
    ]);
  });
});
