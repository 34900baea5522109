// The JSON Schemas against the readers that they are made of: what a schema refuses, the reader refuses.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import Ajv, { ValidateFunction } from 'ajv';
import * as fc from 'fast-check';
import { readPlatform } from '../../src/cli/platform';
import { anyFunctionSchema, functionSchema, platformSchema } from '../../src/cli/schema';
import { readFunction } from '../../src/private/function/read-function';
import { readYaml } from '../../src/private/yaml/read-yaml';
import { arbitraryFunction } from '../support/arbitrary-function';

const ROOT = join(__dirname, '../..');
const ajv = new Ajv({ allowUnionTypes: true, strictTypes: false });
const accepts = ajv.compile(anyFunctionSchema());
const acceptsPlatform = ajv.compile(platformSchema());

const errorsOf = (problems: readonly { severity: string }[]) => problems.filter(({ severity }) => severity === 'error').length;
const isRead = (manifest: unknown) => errorsOf(readFunction(manifest).problems) === 0;
const isPlatformRead = (settings: unknown) => errorsOf(readPlatform(settings).problems) === 0;

/** Functions of all YAML files and pages of this repository. */
function manifests(): unknown[] {
  const found = ['test/golden', 'examples', 'docs'].flatMap((folder) => (
    readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' }).map((file) => join(ROOT, folder, file))));
  const texts = [
    ...found.filter((file) => /\.ya?ml$/.test(file)).map((file) => readFileSync(file, 'utf8')),
    ...found.filter((file) => file.endsWith('.md')).flatMap((file) => (
      [...readFileSync(file, 'utf8').matchAll(/^```yaml[^\n]*\n(.*?)^```$/gms)].map(([, text]) => text))),
  ];
  return texts.flatMap((text) => readYaml(text, 'f')).filter(({ kind }) => kind === 'function').map(({ value }) => value);
}
const MANIFESTS = manifests();

const PLATFORM = {
  clusterDomain: 'a.b', gateway: { name: 'g', namespace: 'n', domain: 'x.y', service: { name: 's', namespace: 'n', port: 80 } },
  gateways: { 'a/b': { name: 'b', namespace: 'a' } }, knativeFeatures: ['kubernetes.podspec-fieldref'], hooks: { order: ['a'], policy: 'Append' },
  tracing: { provider: 'skywalking', oapServer: 'x:1', tags: { a: 'b' } }, syncWaves: true, leastPrivilege: true, knownNames: ['x'], strict: false, proxyImage: 'acme/proxy:1',
  proxy: { replicas: 2, holdTimeout: '5m', functionTimeout: 'none', maxWaitingSize: '64Mi', maxMessageSize: 1024, logLevel: 'debug', imagePullSecrets: ['a'], resources: { cpu: { limit: '1' } } },
  pendingEvents: { enabled: true, targetPerReplica: 2, activation: 0 },
};

const VALUES = [null, 0, 1, -1, 1.5, 70_000, true, '', 'x', 'true', [], [null], ['x'], {}, { x: 1 }];

/** The value with each of its parts replaced by each other value, without it, and with a part too many. */
function* mutations(value: unknown): Generator<unknown> {
  yield* VALUES;
  if (typeof value !== 'object' || value === null) return;
  const copy = () => structuredClone(value) as Record<string, unknown>;
  for (const [key, part] of Object.entries(value)) {
    for (const mutated of mutations(part)) yield Object.assign(copy(), { [key]: mutated });
    const without = copy();
    if (Array.isArray(without)) without.splice(Number(key), 1);
    else delete without[key];
    yield without;
  }
  if (!Array.isArray(value)) yield { ...value, surprise: 1 };
}

/** How many the schema refuses and accepts; fails at one that the reader takes and the schema does not. */
function judge(values: Iterable<unknown>, schema: ValidateFunction, reads: (value: unknown) => boolean): { refused: number; accepted: number } {
  let [refused, accepted] = [0, 0];
  for (const value of values) {
    if (schema(value)) {
      accepted++;
      continue;
    }
    refused++;
    if (reads(value)) throw new Error(`only the schema refuses ${JSON.stringify(value)}: ${ajv.errorsText(schema.errors)}`);
  }
  return { refused, accepted };
}

test('all functions at hand that can be read are accepted', () => {
  expect(MANIFESTS.length).toBeGreaterThan(30);
  expect(judge(MANIFESTS, accepts, isRead).accepted).toBeGreaterThan(30);
});

test('no mutation of a function at hand is refused by the schema alone, and thousands are by both', () => {
  const { refused, accepted } = judge(MANIFESTS.flatMap((manifest) => [...mutations(manifest)]), accepts, isRead);
  expect([refused > 10_000, accepted > 2_000]).toEqual([true, true]);
}, 120_000);

test('no mutation of platform settings is refused by the schema alone', () => {
  expect([acceptsPlatform(PLATFORM), isPlatformRead(PLATFORM)]).toEqual([true, true]);
  const { refused, accepted } = judge(mutations(PLATFORM), acceptsPlatform, isPlatformRead);
  expect([refused > 300, accepted > 100]).toEqual([true, true]);
});

test('no generated function is refused by the schema alone', () => {
  fc.assert(fc.property(arbitraryFunction(), (manifest) => {
    judge([manifest], accepts, isRead);
  }), { numRuns: 300 });
});

describe('a schema', () => {
  const fn = (spec: object) => ({ apiVersion: 'core.openfunction.io/v1beta2', kind: 'Function', metadata: { name: 'a' }, spec });
  test.each([
    ['an unknown field', fn({ image: 'a', serving: { trigers: {} } })],
    ['a missing image', fn({ serving: {} })],
    ['a port that is too large', fn({ image: 'a', serving: { triggers: { http: { port: 70_000 } } } })],
    ['a word that is none of the known ones', fn({ image: 'a', serving: { workloadType: 'Deploymnt' } })],
    ['a number where texts are expected', fn({ image: 'a', serving: { params: { a: 1 } } })],
    ['a function of v1beta1 without a runtime', { ...fn({ image: 'a', serving: {} }), apiVersion: 'core.openfunction.io/v1beta1' }],
  ])('refuses %s', (_, manifest) => {
    expect([accepts(manifest), isRead(manifest)]).toEqual([false, false]);
  });

  test('of one version refuses the other, and marks its fields', () => {
    const v1beta2 = ajv.compile(functionSchema('v1beta2'));
    const manifest = fn({ image: 'a', serving: {} });
    expect([v1beta2(manifest), v1beta2({ ...manifest, apiVersion: 'core.openfunction.io/v1beta1' })]).toEqual([true, false]);
    const { spec } = functionSchema('v1beta2').properties as { spec: { properties: Record<string, object> } };
    expect(spec.properties.port).toEqual({
      description: 'Port on which the function listens; 0 means unset. Default: 8080. Only in v1beta1.',
      type: ['integer', 'null'], minimum: 0, maximum: 65_535, $comment: 'only in v1beta1', deprecated: true,
    });
  });
});
