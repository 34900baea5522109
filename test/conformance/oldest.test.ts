// The definitions of the oldest releases that a target may name take what is written for them, and nothing newer.
import { readFileSync } from 'node:fs';
import * as fc from 'fast-check';
import { startApiServer, crdSources, type RunningApiServer } from '../testbed';
import { goModuleDir } from '../testbed/go-binary';
import { renderManifest, renderQuickly } from './cases/render';
import { functions, RUN } from './generate';
import { ApiServerJudge } from './judges/apiserver';
import { KEDA_CATALOGUE_FILE } from './model/files';
import { olderScalers } from './model/keda-older';
import { tally, tallyBroken } from './support/tally';
import { OLDEST, VERSIONS } from './versions';
import { lackOf, TARGETS, type TargetsModel } from '../../src/private/settings/targets';

const JUDGE = 'oldest CRDs';
const oldest: TargetsModel = Object.fromEntries(Object.entries(TARGETS).map(([name, { oldest: version }]) => [name, version]));

let server: RunningApiServer;
let judge: ApiServerJudge;
beforeAll(async () => {
  server = await startApiServer({ crds: crdSources(OLDEST) });
  judge = new ApiServerJudge(server.client);
});
afterAll(() => server.stop());

test(`${RUN.numRuns} generated functions, written for the oldest targets, are accepted (seed ${RUN.seed})`, async () => {
  await fc.assert(fc.asyncProperty(functions, async ({ manifest, platform }) => {
    const { objects } = renderQuickly(manifest, { ...platform, targets: oldest });
    const problems = await judge.applyAndCompare(objects);
    await judge.remove(objects);
    tally(JUDGE, 'generated', problems);
    expect(problems).toEqual([]);
  }), RUN);
});

test('what is written for the newest targets is refused', async () => {
  const manifest = {
    apiVersion: 'core.openfunction.io/v1beta2', kind: 'Function', metadata: { name: 'fn', namespace: 'shop' },
    spec: { image: 'example.com/function:v1', serving: { triggers: { http: { engine: 'keda' } } } },
  };
  const route = (targets: TargetsModel) => renderManifest(manifest, { targets }).objects.filter(({ apiVersion }) => apiVersion.startsWith('http.keda.sh/'));
  const refusal = await judge.applyAndCompare(route({})).then(() => [], (error: Error) => [error.message]);
  tallyBroken(JUDGE, refusal);
  expect(refusal).toEqual(['the API server knows no InterceptorRoute in http.keda.sh/v1beta1']);
  expect(await judge.applyAndCompare(route(oldest))).toEqual([]);
});

/** Knative's modules are numbered otherwise: 0.51 is release 1.24. */
const released = (version: string): string => {
  const [major, minor] = version.split('.').map(Number);
  return major === 0 ? `1.${minor - 27}` : `${major}.${minor}`;
};
const minor = (version: string): string => version.split('.').slice(0, 2).join('.');

const table = JSON.parse(readFileSync(KEDA_CATALOGUE_FILE, 'utf8')) as { scalers: Record<string, { fields: object; aliases?: object }> };
/** Ignored since long ago. */
const LEFT_OVER = 'metricName';

test('scalers and parameters that the oldest KEDA does not read are those that a target refuses, and no other', async () => {
  const older = olderScalers(await goModuleDir('github.com/kedacore/keda/v2', `v${OLDEST.keda}`));
  const lacks = (what: string): boolean => lackOf(oldest, 'keda', what) !== undefined;
  const differing = Object.entries(table.scalers).flatMap(([type, { fields, aliases = {} }]) => {
    const mentions = older.get(type);
    if (lacks(type) || mentions === undefined) return lacks(type) && mentions === undefined ? [] : [type];
    return [...Object.keys(fields), ...Object.keys(aliases)].filter((name) => name !== LEFT_OVER && mentions(name) === lacks(`${type}/${name}`))
      .map((name) => `${type}/${name}`);
  });
  expect(differing).toEqual([]);
  const modes = ['QueueLength', 'MessageRate', 'DeliverGetRate', 'PublishedToDeliveredRatio', 'ExpectedQueueConsumptionTime'].map((mode) => `mode=${mode}`);
  expect(modes.filter((mode) => lacks(`rabbitmq/${mode}`))).toEqual(modes.filter((mode) => !older.get('rabbitmq')!(mode)));
});

test('the targets are the releases that the suites judge', () => {
  const ends = (end: 'newest' | 'oldest') => Object.fromEntries(Object.entries(TARGETS).map(([name, target]) => [name, target[end]]));
  expect(ends('newest')).toEqual({
    kubernetes: minor(VERSIONS.kubernetes), dapr: minor(VERSIONS.dapr), keda: minor(VERSIONS.keda),
    kedaHttp: minor(VERSIONS.kedaHttpAddOn), knative: released(VERSIONS.knative), gatewayApi: minor(VERSIONS.gatewayApi),
  });
  // Of Kubernetes' own types only the one that an older server lacks is in question: the sleep of a hook, which a target decides.
  expect(ends('oldest')).toEqual({
    kubernetes: '1.28', dapr: minor(OLDEST.dapr), keda: minor(OLDEST.keda), kedaHttp: minor(OLDEST.kedaHttpAddOn),
    knative: released(OLDEST.knative), gatewayApi: minor(OLDEST.gatewayApi),
  });
});
