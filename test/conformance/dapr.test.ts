// Every pod template before Dapr's own injector: a sidecar exactly where the decision says so, and the one we meant.
import * as fc from 'fast-check';
import { daprd, run, type KubeObject } from '../testbed';
import type { Rendered } from './cases/case';
import { expectedOf, type Expected } from './cases/dapr-oracle';
import { namedCases } from './cases/named';
import { ownCases } from './cases/own';
import { renderQuickly } from './cases/render';
import { functions, RUN } from './generate';
import { nameOf } from './judges/apiserver';
import { daprJudge, podOf, sidecarOf, type DaprJudge, type Pod, type Sidecar } from './judges/dapr';
import { tally, tallyBroken, type Source } from './support/tally';

const INJECTOR = 'Dapr injector';
const RESILIENCY = 'Dapr resiliency';

let judge: DaprJudge;
beforeAll(async () => { judge = await daprJudge(); });
afterAll(() => judge.close());

interface Injected {
  readonly workload: KubeObject;
  readonly proxy: boolean;
  readonly sidecar: Sidecar | undefined;
}

/** Every pod template of a case, injected; complaints of the injector are problems. */
async function inject(objects: readonly KubeObject[], problems: string[]): Promise<Injected[]> {
  const injected = await Promise.all(objects.map(async (workload): Promise<Injected[]> => {
    const pod = podOf(workload);
    if (!pod) return [];
    const { error, ignored, pod: patched } = await judge.ask({ pod });
    if (error !== '') problems.push(`${nameOf(workload)}: ${error}`);
    problems.push(...ignored.map((each) => `${nameOf(workload)}: ${each}`));
    return [{ workload, proxy: workload.metadata.labels?.['openfunction.io/proxy'] !== undefined, sidecar: patched && sidecarOf(patched) }];
  }));
  return injected.flat();
}

function wrongFlags({ workload, sidecar }: Injected, expected: Readonly<Record<string, string>>): string[] {
  return Object.entries(expected)
    .filter(([flag, value]) => sidecar?.flags[flag] !== value)
    .map(([flag, value]) => `${nameOf(workload)}: --${flag} is ${sidecar?.flags[flag]}, not ${value}`);
}

/** Kubernetes must not end the pod before Dapr and the proxy have spent their times, one after the other. */
function graceTooShort({ workload, sidecar }: Injected): string[] {
  const block = sidecar?.flags['dapr-block-shutdown-duration'];
  if (!sidecar || block === undefined) return [];
  const { terminationGracePeriodSeconds = 30, containers } = podOf(workload)!.spec;
  const drain = containers[0].env?.find(({ name }) => name === 'DAPR_PROXY_DRAIN_TIMEOUT')?.value ?? '0s';
  const needed = Number.parseInt(drain, 10) + Number.parseInt(block, 10) + Number(sidecar.flags['dapr-graceful-shutdown-seconds']) + 5;
  return terminationGracePeriodSeconds >= needed ? [] : [`${nameOf(workload)} has ${terminationGracePeriodSeconds} s to end, and needs ${needed}`];
}

function compare(injected: readonly Injected[], { mode, functionFlags, proxyFlags }: Expected): string[] {
  return injected.flatMap((each) => {
    const wanted = each.proxy ? mode === 'standalone' : mode === 'sidecar';
    if (wanted !== (each.sidecar !== undefined)) return [`${nameOf(each.workload)} has ${wanted ? 'no' : 'a'} sidecar in mode ${mode}`];
    return wanted ? wrongFlags(each, each.proxy ? proxyFlags : functionFlags) : [];
  });
}

/** Only this function's sidecar may load what belongs to the function. */
function wrongScopes(objects: readonly KubeObject[], { appId }: Expected): string[] {
  return objects.filter(({ kind }) => kind === 'Component' || kind === 'Resiliency')
    .filter(({ scopes }) => JSON.stringify(scopes) !== JSON.stringify([appId]))
    .map((object) => `${nameOf(object)} has the scopes ${JSON.stringify(object.scopes)}, not the app-id ${appId}`);
}

/** daprd itself reads the flags of the sidecars; the same ones once. */
const read = new Map<string, Promise<string | undefined>>();
async function unreadable(injected: readonly Injected[]): Promise<string[]> {
  const command = await daprd();
  const complaints = injected.flatMap(({ sidecar }) => (sidecar ? [sidecar.container.args!.slice(1)] : [])).map((args) => {
    const key = args.filter((_, index) => args[index - 1] !== '--app-id').join(' ');
    if (!read.has(key)) read.set(key, run(command, [...args, '--version']).then(() => undefined, (error: Error) => error.message));
    return read.get(key)!;
  });
  return (await Promise.all(complaints)).filter((complaint) => complaint !== undefined);
}

async function resiliency(source: Source, objects: readonly KubeObject[]): Promise<string[]> {
  const found = objects.filter(({ kind }) => kind === 'Resiliency');
  const answers = await Promise.all(found.map((object) => judge.ask({ resiliency: object })));
  answers.forEach(({ error }) => tally(RESILIENCY, source, error === '' ? [] : [error]));
  return answers.map(({ error }) => error).filter((error) => error !== '');
}

const modesOf = ({ reports }: Rendered): Map<string, string> => new Map(reports.map(({ name, namespace, daprMode }) => [`${namespace}/${name}`, daprMode]));

test.each(namedCases())('$source $name gets its sidecars where the reports say so', async ({ source, render }) => {
  const rendered = render();
  const problems: string[] = [];
  const injected = await inject(rendered.objects, problems);
  const modes = modesOf(rendered);
  for (const each of injected) {
    const { labels = {}, namespace } = each.workload.metadata;
    const mode = modes.get(`${namespace}/${labels['openfunction.io/proxy'] ?? labels['openfunction.io/serving']}`);
    const wanted = mode === (each.proxy ? 'standalone' : 'sidecar');
    if (wanted !== (each.sidecar !== undefined)) problems.push(`${nameOf(each.workload)} has ${wanted ? 'no' : 'a'} sidecar in mode ${mode}`);
  }
  problems.push(...await unreadable(injected), ...injected.flatMap(graceTooShort));
  tally(INJECTOR, source, problems);
  expect([...problems, ...await resiliency(source, rendered.objects)]).toEqual([]);
});

test(`${RUN.numRuns} generated functions get the sidecars that their annotations ask for (seed ${RUN.seed})`, async () => {
  await fc.assert(fc.asyncProperty(functions, async ({ manifest, platform }) => {
    const { objects } = renderQuickly(manifest, platform);
    const problems: string[] = [];
    const injected = await inject(objects, problems);
    const expected = expectedOf(manifest);
    problems.push(...compare(injected, expected), ...wrongScopes(objects, expected));
    problems.push(...await unreadable(injected), ...injected.flatMap(graceTooShort));
    tally(INJECTOR, 'generated', problems);
    expect([...problems, ...await resiliency('generated', objects)]).toEqual([]);
  }), RUN);
});

async function sidecarOfOwn(name: string): Promise<Sidecar> {
  const { objects } = ownCases().find((each) => each.name === name)!.render();
  const sidecars = (await inject(objects, [])).flatMap(({ sidecar }) => (sidecar ? [sidecar] : []));
  expect(sidecars).toHaveLength(1);
  return sidecars[0];
}

test('a guarded proxy has a sidecar with both tokens and its own size', async () => {
  const { container } = await sidecarOfOwn('guarded proxy');
  const token = (name: string): unknown => ({ secretKeyRef: { name, key: 'token' } });
  expect(container.env).toContainEqual({ name: 'DAPR_API_TOKEN', valueFrom: token('api-token') });
  expect(container.env).toContainEqual({ name: 'APP_API_TOKEN', valueFrom: token('app-token') });
  expect(container.resources).toMatchObject({ requests: { cpu: '50m' }, limits: { memory: '256Mi' } });
});

test('a drain timeout reaches the sidecar in the function\'s pod', async () => {
  const { flags } = await sidecarOfOwn('sidecar that drains');
  expect(flags).toMatchObject({ 'dapr-block-shutdown-duration': '5s', 'dapr-graceful-shutdown-seconds': '35' });
});

describe('refused', () => {
  const pod = (annotations: Record<string, string>): Pod => ({
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'broken', namespace: 'shop', annotations: { 'dapr.io/enabled': 'true', ...annotations } },
    spec: { containers: [{ name: 'function' }] },
  });

  test('an app-id that is not a DNS name', async () => {
    const { error } = await judge.ask({ pod: pod({ 'dapr.io/app-id': 'Not_A_Name' }) });
    tallyBroken(INJECTOR, error === '' ? [] : [error]);
    expect(error).toContain('invalid app id');
  });

  test('annotations that Dapr does not know or cannot read', async () => {
    const { ignored } = await judge.ask({ pod: pod({ 'dapr.io/app-id': 'a', 'dapr.io/app-prot': 'grpc', 'dapr.io/app-port': 'http' }) });
    tallyBroken(INJECTOR, ignored);
    expect(ignored).toEqual(['dapr.io/app-port: "http" is not a number', 'dapr.io/app-prot is unknown']);
  });

  test('a duration that daprd cannot read', async () => {
    const { pod: patched } = await judge.ask({ pod: pod({ 'dapr.io/app-id': 'a', 'dapr.io/block-shutdown-duration': '5 seconds' }) });
    const problems = await unreadable([{ workload: pod({}), proxy: false, sidecar: sidecarOf(patched!) }]);
    tallyBroken(INJECTOR, problems);
    expect(problems.join()).toContain('unknown unit');
  });

  test('a retry policy of an unknown kind', async () => {
    const resiliencyObject = {
      apiVersion: 'dapr.io/v1alpha1',
      kind: 'Resiliency',
      metadata: { name: 'broken', namespace: 'shop' },
      spec: { policies: { retries: { often: { policy: 'sometimes', duration: 'soon' } } }, targets: {} },
    };
    const { error } = await judge.ask({ resiliency: resiliencyObject });
    tallyBroken(RESILIENCY, error === '' ? [] : [error]);
    expect(error).not.toBe('');
  });
});
