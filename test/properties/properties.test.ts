// What holds for every function. `PROPERTY_SEED` and `PROPERTY_RUNS` choose others, .ci/run more of them; a failure prints its seed.
import * as fc from 'fast-check';
import { stringify } from 'yaml';
import { OpenFunctionApp, OpenFunctionManifests, PlatformSettings, PlatformSettingsProps, TracingProvider } from '../../src';
import { ProblemsError } from '../../src/private/problem/problem';
import { arbitraryFunction, arbitraryMistake } from '../support/arbitrary-function';
import { deepFreeze } from '../support/functions';
import { brokenReferences } from '../support/references';
import { KubeObject, newChart, quietly, synthChart } from '../support/synth';
import { brokenNames } from '../support/validity';

const SEED = Number(process.env.PROPERTY_SEED ?? 20260801);
const RUNS = Number(process.env.PROPERTY_RUNS ?? 20);

function check<T>(arbitrary: fc.Arbitrary<T>, holds: (value: T) => void): void {
  fc.assert(fc.property(arbitrary, holds), { seed: SEED, numRuns: RUNS, verbose: fc.VerbosityLevel.None });
}

const settings: fc.Arbitrary<PlatformSettingsProps> = fc.record({
  clusterDomain: fc.constantFrom('cluster.local', 'corp.example'),
  gateway: fc.constantFrom({ name: 'public', namespace: 'gateways' }, { name: 'g', namespace: 'n', domain: 'acme.io', service: { name: 'envoy', namespace: 'n' } }),
  tracing: fc.constantFrom({ provider: TracingProvider.SKYWALKING, oapServer: 'oap:1' }, { provider: TracingProvider.OPENTELEMETRY, tags: { a: '$b' } }),
  hooks: fc.constant({ pre: ['p'], post: ['q', 'r'] }),
  proxy: fc.record({ replicas: fc.constantFrom(1, 3), networkPolicy: fc.boolean() }, { requiredKeys: [] }),
  knativeFeatures: fc.constant(['kubernetes.podspec-fieldref']),
  targets: fc.record({ kedaHttp: fc.constantFrom('0.8.0', '0.10', '0.15'), kubernetes: fc.constantFrom('1.28', '1.35'), keda: fc.constantFrom('2.17', '2.21') }, { requiredKeys: [] }),
  syncWaves: fc.boolean(),
  leastPrivilege: fc.boolean(),
  referenceGrants: fc.boolean(),
}, { requiredKeys: [] });

function synth(manifest: object, props: PlatformSettingsProps = {}): KubeObject[] {
  const { app, chart } = newChart();
  PlatformSettings.of(app).set(props);
  return quietly(() => {
    OpenFunctionApp.fromManifest(chart, 'fn', manifest as Record<string, unknown>);
    return synthChart(chart);
  });
}

describe(`any valid function (seed ${SEED}, ${RUNS} runs)`, () => {
  test('becomes objects with valid names, labels, annotations, variables and ports', () => {
    check(fc.tuple(arbitraryFunction(), settings), ([manifest, props]) => expect(brokenNames(synth(manifest, props))).toEqual([]));
  });

  test('becomes objects that find each other: pods, Services, scalers, volumes, app-ids', () => {
    check(fc.tuple(arbitraryFunction(), settings), ([manifest, props]) => expect(brokenReferences(synth(manifest, props))).toEqual([]));
  });

  test('is not changed, and becomes the same objects again, whatever the order of its keys', () => {
    check(arbitraryFunction(), (manifest) => {
      const first = JSON.stringify(synth(deepFreeze(manifest)));
      expect(JSON.stringify(synth(manifest))).toBe(first);
      expect(JSON.stringify(synth(shuffled(manifest)))).toBe(first);
    });
  });

  test('becomes the same objects as YAML', () => {
    check(arbitraryFunction(), (manifest) => {
      const { chart } = newChart();
      quietly(() => new OpenFunctionManifests(chart, 'all', { yaml: [stringify(manifest, { version: '1.1', aliasDuplicateObjects: false })] }));
      expect(quietly(() => synthChart(chart))).toEqual(synth(manifest));
    });
  });

  test('becomes the same objects whether settings come before or after it', () => {
    check(fc.tuple(arbitraryFunction(), settings, settings), ([manifest, one, two]) => {
      const { app, chart } = newChart();
      PlatformSettings.of(app).set(one);
      quietly(() => OpenFunctionApp.fromManifest(chart, 'fn', manifest));
      PlatformSettings.of(app).set(two);
      const after = quietly(() => synthChart(chart));
      const before = newChart();
      PlatformSettings.of(before.app).set(one);
      PlatformSettings.of(before.app).set(two);
      quietly(() => OpenFunctionApp.fromManifest(before.chart, 'fn', manifest));
      expect(JSON.stringify(after)).toBe(JSON.stringify(quietly(() => synthChart(before.chart))));
    });
  });

  test('has a context of one line, which Kubernetes leaves as it is', () => {
    check(fc.tuple(arbitraryFunction(), settings), ([manifest, props]) => {
      for (const value of contextValues(synth(manifest, props))) {
        expect(value).not.toMatch(/\n/);
        expect(value.replaceAll('$$', '')).not.toContain('$');
        expect(JSON.parse(value)).toMatchObject({ name: (manifest.metadata as { name: string }).name });
      }
    });
  });
});

/** `expand` of the kubelet would change a value that holds `$(…)` or `$$` by chance. */
function contextValues(objects: KubeObject[]): string[] {
  return [...JSON.stringify(objects).matchAll(/"FUNC_CONTEXT(?:_V1BETA2)?","value":("(?:[^"\\]|\\.)*")/g)].map(([, text]) => JSON.parse(text) as string);
}

function shuffled(value: unknown): Record<string, unknown> {
  return reorder(value) as Record<string, unknown>;
}

function reorder(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reorder);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).reverse().map(([key, item]) => [key, reorder(item)]));
}

/** What of a value YAML can hold. */
function asYaml(value: unknown): string {
  try {
    return stringify(value, { version: '1.1' });
  } catch {
    return '';
  }
}

/** Manifests, or a list of problems in plain words; nothing else. */
function manifestsOrProblems(run: () => unknown): void {
  try {
    quietly(run);
  } catch (error) {
    const { message } = error as Error;
    if (!(error instanceof ProblemsError)) throw error;
    expect(message).not.toMatch(/\n\s+at |\[object Object\]|undefined is not|Cannot read propert|TypeError|RangeError/);
    for (const line of message.split('\n').slice(1)) expect(line).toMatch(/^ {2}\S|^\S.*: \d+ problems?$/);
  }
}

describe(`any input at all (seed ${SEED}, ${RUNS} runs)`, () => {
  test('gives manifests or a list of problems: functions with mistakes', () => {
    check(arbitraryMistake(), (manifest) => manifestsOrProblems(() => synth(manifest as object)));
  });

  test('gives manifests or a list of problems: functions with mistakes as YAML', () => {
    check(arbitraryMistake().map(asYaml), (text) => manifestsOrProblems(() => {
      const { chart } = newChart();
      new OpenFunctionManifests(chart, 'all', { yaml: [text] });
      synthChart(chart);
    }));
  });

  test('gives manifests or a list of problems: values of any kind', () => {
    check(fc.anything(), (value) => manifestsOrProblems(() => synth(value as object)));
  });

  test('gives manifests or a list of problems: texts that are not YAML', () => {
    check(fc.oneof(fc.string(), fc.string({ unit: 'binary' }), fc.string({ unit: fc.constantFrom('- ', ': ', '\n', '  ', '&a', '*a', '{', '}', '[', '"', '|', '#', '---\n', 'x') })), (text) => {
      const { chart } = newChart();
      manifestsOrProblems(() => {
        new OpenFunctionManifests(chart, 'all', { yaml: [text] });
        synthChart(chart);
      });
    });
  });

  test('gives functions or a list of problems: typed props from JavaScript', () => {
    check(fc.object({ key: fc.constantFrom('name', 'image', 'http', 'inputs', 'scaling', 'pod', 'env', 'labels', 'hooks'), maxDepth: 2 }), (props) => {
      const { chart } = newChart();
      manifestsOrProblems(() => {
        new OpenFunctionApp(chart, 'fn', { image: 'i', ...props, inputs: undefined });
        synthChart(chart);
      });
    });
  });
});
