// Mistakes that a reader recognizes by one sentence each, and hints in the text of the source (docs/spec M124b).
import { readPlatformText } from '../../../src/cli/platform';
import { componentWarnings } from '../../../src/private/catalogue/component-object';
import { formatProblem } from '../../../src/private/problem/problem';
import { intakeFromManifest } from '../../../src/private/tree/intake';
import { readYaml } from '../../../src/private/yaml/read-yaml';

const said = (text: string) => readYaml(text, 'f.yaml').flatMap(({ value, position, problems }) => (
  [...problems, ...value === undefined ? [] : intakeFromManifest(value, {}, position).problems].map(formatProblem)));
const v1beta2 = (serving: string) => `apiVersion: core.openfunction.io/v1beta2\nkind: Function\nmetadata: {name: fn}\nspec:\n  image: a/b:1\n  serving:\n${serving}`;
const v1beta1 = (serving: string) => v1beta2(serving).replace('v1beta2', 'v1beta1');

describe('a hint to quote shows the text of the source', () => {
  test.each(['1.10', '7e10', '0644', 'yes', '0049123', '0xFF', '1_000', 'off', '-1', '3', '1e5', '.5'])('%s', (written) => {
    expect(said(v1beta2(`    params:\n      A: ${written}\n`))).toEqual([`f.yaml:8:7 serving.params.A: must be a string, got ${written}; quote it: "${written}"`]);
  });

  test('in a list, in a pod template, and in v1beta1', () => {
    expect(said(v1beta2('    template: {containers: [{name: function, args: [0x10]}]}\n'))).toEqual([
      'f.yaml:7:53 serving.template.containers[0].args[0]: must be a string, got 0x10; quote it: "0x10"',
    ]);
    expect(said(v1beta1('    runtime: knative\n    params: {A: 1.20}\n'))).toEqual([
      'f.yaml:8:14 serving.params.A: must be a string, got 1.20; quote it: "1.20"',
    ]);
  });

  test('but not where nothing was written without quotes', () => {
    const { problems } = intakeFromManifest({ ...readYaml(v1beta2('    params: {A: b}\n'), 'f.yaml')[0].value as object, spec: { image: 'a/b:1', serving: { params: { A: 3 } } } }, {});
    expect(problems.map(formatProblem)).toEqual(['serving.params.A: must be a string, got 3; quote it: "3"']);
  });
});

describe('a number in a setting of a component', () => {
  const settings = (value: string) => `type: bindings.kafka, version: v1, metadata: [{name: brokers, value: 'k:1'}, {name: authType, value: none}, {name: topics, value: ${value}}]`;
  const kafka = (value: string) => v1beta2(`    triggers: {dapr: [{name: q, type: bindings.kafka}]}\n    bindings:\n      q: {${settings(value)}}\n`);
  const beside = (value: string) => {
    const [{ value: object, position }] = readYaml(`apiVersion: dapr.io/v1alpha1\nkind: Component\nmetadata: {name: q}\nspec: {${settings(value)}}\n`, 'f.yaml');
    return componentWarnings(object, position).map(formatProblem);
  };

  test.each([['0123', '83'], ['007', '7'], ['0049123', '49123'], ['1.10', '1.1'], ['2.0', '2']])('that is read as other text, %s, is a warning', (written, read) => {
    const why = `${written} is read as ${read}; quote it: "${written}"`;
    expect(said(kafka(written))).toEqual([`f.yaml:9:134 warning: serving.bindings.q.metadata[2].value: ${why}`]);
    expect(beside(written)).toEqual([`warning: spec.metadata[2].value: ${why}`]);
  });

  test.each(['123', '0', '0.50', '1.5', '-1', '1e5', '0x1F', '"0123"', "'1.10'"])('that says what it is, %s, is right', (written) => {
    expect([...said(kafka(written)), ...beside(written)]).toEqual([]);
  });
});

test('triggers of v1beta2 in the list of v1beta1 are one error, with where they go', () => {
  expect(said(v1beta1('    runtime: knative\n    triggers:\n    - http: {port: 80}\n'))).toEqual([
    'f.yaml:9:7 serving.triggers[0]: "http" is not a KEDA trigger: a v1beta1 function of "runtime: knative" is called by requests, and its port is at "port" beside "image"',
  ]);
  expect(said(v1beta1('    runtime: async\n    inputs: [{name: q, component: q}]\n    triggers: [{dapr: {name: q}}]\n')).filter((line) => line.includes('triggers'))).toEqual([
    'f.yaml:9:16 serving.triggers[0]: "dapr" is not a KEDA trigger: what triggers a v1beta1 function of "runtime: async" is at serving.inputs',
  ]);
});

test('the word of v1beta1 for a component is a single error in v1beta2, and the reference is read all the same', () => {
  const why = 'is what v1beta1 calls it; the name of the component is at "name" here';
  expect(said(v1beta2('    triggers: {dapr: [{component: q, type: bindings.kafka}]}\n    outputs: [{dapr: {component: q, type: bindings.kafka, operation: create}}]\n'))).toEqual([
    `f.yaml:8:23 serving.outputs[0].dapr.component: ${why}`,
    `f.yaml:7:24 serving.triggers.dapr[0].component: ${why}`,
  ]);
});

test('an object other than platform settings is a single error that says what it is', () => {
  const settings = (text: string) => readPlatformText(text, 'p.yaml').problems.map(formatProblem);
  expect(settings('apiVersion: networking.openfunction.io/v1alpha1\nkind: Gateway\nspec: {domain: acme.example}\n')).toEqual([
    'p.yaml:1:1 .: is a Gateway of OpenFunction; write the Kubernetes Gateway that it names, its domain and clusterDomain under "gateway" in a file of platform settings',
  ]);
  expect(settings('apiVersion: v1\nkind: Secret\n')).toEqual(['p.yaml:1:1 .: is a Secret; give platform settings, or the ConfigMap openfunction-config']);
});

test('a function of an early version is a single error that says what to write, whatever its fields are', () => {
  const early = (version: string, spec: string) => said(`apiVersion: core.openfunction.io/${version}\nkind: Function\nmetadata: {name: fn}\nspec: ${spec}\n`);
  const why = 'is an early version with other fields; rewrite the function as "core.openfunction.io/v1beta2"';
  expect(early('v1alpha1', '{funcName: Hello, port: "8080", image: a/b:1}')).toEqual([`f.yaml:1:1 apiVersion: "core.openfunction.io/v1alpha1" ${why}`]);
  expect(early('v1alpha2', '{image: a/b:1, serving: {runtime: OpenFuncAsync, openFuncAsync: {dapr: {}}}}')).toEqual([`f.yaml:1:1 apiVersion: "core.openfunction.io/v1alpha2" ${why}`]);
});
