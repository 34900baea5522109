// Whatever comes in, a model or problems come out, and never an exception.
import fc from 'fast-check';
import { readPlatform, readPlatformText } from '../../../src/cli/platform';
import { formatPath, formatProblem } from '../../../src/private/problem/problem';
import { Intake, intakeFromManifest } from '../../../src/private/tree/intake';
import { readYaml } from '../../../src/private/yaml/read-yaml';
import { asyncFunction, deepFreeze, EVENTS, KAFKA, STORE, v1beta1, v1beta2 } from '../../support/functions';

const RUNS = { numRuns: 200 };

/** Words that make it past the first checks. */
const fieldName = fc.constantFrom(
  'serving', 'triggers', 'http', 'dapr', 'inputs', 'outputs', 'bindings', 'pubsub', 'states', 'spec', 'name', 'type', 'topic', 'metadata', 'value', 'version', 'image', 'port',
  'route', 'rules', 'hostnames', 'engine', 'runtime', 'component', 'params', 'scaleOptions', 'keda', 'scaledObject', 'scaledJob', 'minReplicas', 'maxReplicas', 'knative', 'labels',
  'annotations', 'template', 'containers', 'env', 'timeout', 'hooks', 'tracing', 'provider', 'workloadType', 'advanced', 'behavior', 'fallback', 'filters', 'plugins', '__proto__',
  'constructor', 'toString', 'a', '',
);
const scalar = fc.oneof(fc.constantFrom<unknown>('knative', 'async', 'Job', 'fn', 'state.redis', 'bindings.kafka', '', '1s', 0, -1, 8080, null, true, undefined), fc.string(), fc.double(), fc.integer());
const { tree } = fc.letrec((tie) => ({
  tree: fc.oneof({ maxDepth: 6, withCrossShrink: true }, scalar, fc.array(tie('tree'), { maxLength: 4 }), fc.dictionary(fieldName, tie('tree'), { maxKeys: 6 })),
}));

const read = (value: unknown) => intakeFromManifest(value, {});

function mustHold({ model, problems }: Intake): void {
  for (const problem of problems) {
    const line = formatProblem(problem);
    expect(line).not.toContain('\n');
    expect(formatPath(problem.path).length).toBeGreaterThan(0);
  }
  expect(model !== undefined || problems.length > 0).toBe(true);
  if (model !== undefined) expect(() => JSON.stringify(model)).not.toThrow();
}

describe('a function, read and checked,', () => {
  test('takes anything at all', () => {
    fc.assert(fc.property(fc.anything({ withBigInt: true, withBoxedValues: true, withDate: true, withMap: true, withNullPrototype: true, withSparseArray: true, withTypedArray: true }), (value) => {
      mustHold(read(value));
    }), RUNS);
  });

  test('takes any spec under a right head, in both versions', () => {
    fc.assert(fc.property(tree, fc.constantFrom('v1beta1', 'v1beta2'), (spec, version) => {
      mustHold(read({ apiVersion: `core.openfunction.io/${version}`, kind: 'Function', metadata: { name: 'fn' }, spec }));
    }), RUNS);
  });

  test('takes any serving, trigger, output, component, scaling and template', () => {
    fc.assert(fc.property(fc.record({
      triggers: tree, inputs: tree, outputs: tree, bindings: tree, states: tree, scaleOptions: tree, template: tree, annotations: tree, runtime: tree, hooks: tree, tracing: tree, timeout: tree,
    }, { requiredKeys: [] }), fc.constantFrom(v1beta1, v1beta2), (serving, manifest) => {
      mustHold(read(deepFreeze(manifest(serving))));
    }), RUNS);
  });

  test('takes any text in the annotations that hold YAML', () => {
    fc.assert(fc.property(fc.string(), fc.string(), (plugins, tracing) => {
      mustHold(read(v1beta1({}, {}, { annotations: { 'plugins': plugins, 'plugins.tracing': tracing } })));
    }), RUNS);
  });

  const SAMPLES = [
    v1beta2(), v1beta1({ outputs: [{ name: 'o', component: 'q', params: { a: 'b' } }], bindings: { q: KAFKA }, states: { s: STORE } }),
    asyncFunction({ scaleOptions: { keda: { triggers: [{ type: 'cron', metadata: { timezone: 'UTC', start: '0 8 * * *', end: '0 18 * * *', desiredReplicas: '2' } }], scaledObject: { pollingInterval: 1 } } }, pubsub: { e: EVENTS }, hooks: { pre: ['a'] } }),
  ];

  test('says the same of equal input, whatever the order of its keys, and changes nothing in it', () => {
    const reordered = (value: unknown, pick: (keys: string[]) => string[]): unknown => {
      if (Array.isArray(value)) return value.map((item) => reordered(item, pick));
      if (typeof value !== 'object' || value === null) return value;
      return Object.fromEntries(pick(Object.keys(value)).map((key) => [key, reordered((value as Record<string, unknown>)[key], pick)]));
    };
    const plainOf = (value: unknown) => JSON.parse(JSON.stringify(read(value).model ?? null)) as unknown;
    for (const sample of SAMPLES) {
      const frozen = deepFreeze(sample);
      expect(plainOf(reordered(frozen, (keys) => [...keys].reverse()))).toEqual(plainOf(frozen));
      expect(read(reordered(frozen, (keys) => [...keys].reverse())).problems).toEqual(read(frozen).problems);
    }
  });

  test('survives one wrong value anywhere in a right function', () => {
    fc.assert(fc.property(fc.constantFrom(...SAMPLES), fc.nat(), scalar, (sample, position, value) => {
      const copy = JSON.parse(JSON.stringify(sample)) as object;
      const places: [Record<string, unknown>, string][] = [];
      const walk = (node: unknown): void => {
        if (typeof node !== 'object' || node === null) return;
        for (const key of Object.keys(node)) {
          places.push([node as Record<string, unknown>, key]);
          walk((node as Record<string, unknown>)[key]);
        }
      };
      walk(copy);
      const [target, key] = places[position % places.length];
      target[key] = value;
      mustHold(read(copy));
    }), RUNS);
  });
});

describe('readYaml', () => {
  const token = fc.constantFrom(
    '\n', ' ', '  ', '- ', ': ', '? ', '[', ']', '{', '}', ',', '"', '\'', '|', '>', '&a', '*a', '!!str ', '<<', '#', '---\n', '...\n', '%YAML 1.1\n', 'apiVersion: v1\n', 'kind: List\n',
    'kind: Function\n', 'apiVersion: core.openfunction.io/v1beta1\n', 'items:\n', '\t', '\r\n', '\u0000', '\uFEFF', 'a', 'a: 1\n', '1', '~', 'yes',
  );

  test('takes any text', () => {
    fc.assert(fc.property(fc.oneof(fc.string(), fc.array(token, { maxLength: 40 }).map((tokens) => tokens.join(''))), (text) => {
      for (const { value, kind, position, problems } of readYaml(text, 'f.yaml')) {
        expect(value !== undefined || problems.length > 0).toBe(true);
        problems.forEach((problem) => expect(formatProblem(problem)).not.toContain('\n'));
        const place = position?.(['serving', 'outputs', 0]);
        expect(place === undefined || (place.line >= 1 && place.column >= 1)).toBe(true);
        if (kind === 'function') mustHold(intakeFromManifest(value, {}, position));
      }
    }), { numRuns: 500 });
  });

  test('takes any bytes', () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 100 }), (bytes) => {
      expect(readYaml(Buffer.from(bytes), 'f.yaml').every(({ value, problems }) => value !== undefined || problems.length > 0)).toBe(true);
    }), RUNS);
  });

  test('reads what JSON says', () => {
    fc.assert(fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (data) => {
      fc.pre(!JSON.stringify(data).includes('\u007f'));
      const [{ value, problems }] = readYaml(JSON.stringify({ apiVersion: 'v1', kind: 'ConfigMap', data }), 'f.json');
      expect(problems).toEqual([]);
      const exact = (_: string, item: unknown) => (typeof item === 'bigint' ? Number(item) : item);
      expect(JSON.stringify((value as { data: unknown }).data, exact)).toBe(JSON.stringify(data));
    }), RUNS);
  });
});

describe('readPlatform', () => {
  test('takes anything, and any text', () => {
    const settings = fc.dictionary(fc.constantFrom('gateway', 'gateways', 'hooks', 'tracing', 'proxy', 'knativeIngress', 'knativeFeatures', 'clusterDomain', 'kind', 'data'), tree);
    fc.assert(fc.property(fc.oneof(fc.anything(), settings), (value) => {
      readPlatform(value).problems.forEach((problem) => expect(formatProblem(problem)).not.toContain('\n'));
    }), RUNS);
    fc.assert(fc.property(fc.string(), (text) => {
      readPlatformText(text, 'p.yaml').problems.forEach(({ position }) => expect(position?.file).toBe('p.yaml'));
    }), RUNS);
  });
});
