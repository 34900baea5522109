// Names and their lengths, at the boundary (docs/spec M29, M117).
import { asyncFunction, KAFKA, v1beta1, v1beta2 } from '../../support/functions';
import { list, problemsOf, synthManifest, SynthOptions } from '../../support/synth';

const name = (length: number) => 'f'.repeat(length);
const OFF = { annotations: { 'openfunction.io/enable-dapr': 'false' } };
const SIDECAR = { annotations: { 'openfunction.io/dapr-service-mode': 'sidecar', 'openfunction.io/enable-dapr': 'true', 'dapr.io/app-id': 'a' } };
const PROXY = { annotations: { 'openfunction.io/enable-dapr': 'true', 'dapr.io/app-id': 'a' } };
const SCALED = { scaleOptions: { keda: { triggers: [{ type: 'x', metadata: {} }] } } };
const problems = (manifest: object, options?: SynthOptions) => problemsOf(() => synthManifest(manifest, options));

test.each<[string, number, (length: number) => object, SynthOptions, (length: number) => string]>([
  ['a Knative Service', 63, (length) => v1beta2({}, {}, { name: name(length) }), {}, (length) => `metadata.name: "${name(length)}" has ${length} characters, 63 are allowed`],
  ['a Deployment', 63, (length) => asyncFunction(OFF, {}, { name: name(length) }), {}, (length) => `metadata.name: "${name(length)}" has ${length} characters, 63 are allowed`],
  ['a StatefulSet', 52, (length) => asyncFunction({ workloadType: 'StatefulSet', ...OFF }, {}, { name: name(length) }), {},
    (length) => `metadata.name: "${name(length)}" has ${length} characters, 52 are allowed for a StatefulSet`],
  ['a Job, whose name carries a hash', 54, (length) => asyncFunction({ workloadType: 'Job', ...OFF }, {}, { name: name(length) }), {},
    (length) => `metadata.name: "${name(length)}" is too long: with its hash the Job's name would have ${length + 9} characters, 63 are allowed`],
  ['a ScaledJob, whose name carries none', 63, (length) => asyncFunction({ workloadType: 'Job', ...OFF, ...SCALED }, {}, { name: name(length) }), {},
    (length) => `metadata.name: "${name(length)}" has ${length} characters, 63 are allowed`],
  ['engine keda, which gets a Service of its own', 54, (length) => v1beta2({ triggers: { http: { engine: 'keda' } } }, {}, { name: name(length) }), {},
    (length) => `metadata.name: "${name(length)}" is too long: the Service "${name(length)}-workload" would have ${length + 9} characters, 63 are allowed`],
  ['an async function behind the proxy', 59, (length) => asyncFunction(PROXY, {}, { name: name(length) }), {},
    (length) => `metadata.name: "${name(length)}" is too long: the Service "${name(length)}-any" would have ${length + 4} characters, 63 are allowed`],
  ['a function scaled by its proxy', 52, (length) => asyncFunction({ ...PROXY, ...SCALED }, {}, { name: name(length) }), {},
    (length) => `metadata.name: "${name(length)}" is too long: the Service "${name(length)}-dapr-proxy" would have ${length + 11} characters, 63 are allowed`],
  ['a function scaled by several proxies', 46, (length) => asyncFunction({ ...PROXY, ...SCALED }, {}, { name: name(length) }), { proxy: { replicas: 2 } },
    (length) => `metadata.name: "${name(length)}" is too long: the Service "${name(length)}-dapr-proxy-peers" would have ${length + 17} characters, 63 are allowed`],
])('%s may have %d characters', (_kind, longest, make, options, problem) => {
  expect(synthManifest(make(longest), options).objects).not.toEqual([]);
  expect(problems(make(longest + 1), options)).toEqual([problem(longest + 1)]);
});

describe('the app-id', () => {
  const withId = (appId: string) => v1beta2({ annotations: { ...PROXY.annotations, 'dapr.io/app-id': appId } });

  test('with "-dapr" behind it has 63 characters at most', () => {
    expect(synthManifest(withId(name(58))).fn.daprAppId).toBe(name(58));
    expect(problems(withId(name(59)))).toEqual([
      `serving.annotations["dapr.io/app-id"]: "${name(59)}" is too long: Dapr's Service "<app-id>-dapr" would have 64 characters, 63 are allowed`,
    ]);
  });

  test('made of name and namespace is too long together with them', () => {
    const make = (length: number) => v1beta1({ annotations: { 'openfunction.io/enable-dapr': 'true' } }, {}, { name: name(length), namespace: 'n'.repeat(20) });
    expect(synthManifest(make(37)).fn.daprAppId).toHaveLength(58);
    expect(problems(make(38))).toEqual([
      `metadata.name: with the namespace, Dapr's Service "${name(38)}-${'n'.repeat(20)}-dapr" has 64 characters, 63 are allowed; `
      + 'shorten the name by 1 or set the annotation dapr.io/app-id',
    ]);
  });

  test.each(['Upper', '1st', 'dot.ted', '-a', 'a-', ''])('%j cannot be the name of a Service', (appId) => {
    expect(problems(withId(appId))).toEqual([
      `serving.annotations["dapr.io/app-id"]: the app-id ${JSON.stringify(appId)} is not a valid DNS-1035 label: lower-case letters, digits and "-", beginning with a letter and not ending with "-"`,
    ]);
  });

  test('does not matter where Dapr is off', () => {
    expect(synthManifest(v1beta2({ annotations: { 'dapr.io/app-id': 'Upper' } })).objects).toHaveLength(1);
  });
});

describe('the name of a component', () => {
  test('has 253 characters at most, those of the function with it', () => {
    const make = (length: number) => v1beta2({ ...SIDECAR, bindings: { [name(length)]: KAFKA } });
    expect(list(synthManifest(make(241)).objects)[0]).toBe(`Component fn-bindings-${name(241)}`);
    expect(problems(make(242))).toEqual([
      expect.stringMatching(/^metadata\.name: "fn" is too long: the component "fn-bindings-f+…?.* would have 254 characters, 253 are allowed$/),
    ]);
  });
});
