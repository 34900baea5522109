// From HTTPScaledObject to InterceptorRoute, by the commands of the guide, with the operator of KEDA's HTTP add-on.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { repositoryRoot, startApiServer, startHttpAddOn, stopAll, waitFor, type KubeObject, type RunningApiServer } from '../testbed';
import { renderManifest } from './cases/render';

const MANIFEST = {
  apiVersion: 'core.openfunction.io/v1beta2', kind: 'Function', metadata: { name: 'fn', namespace: 'shop' },
  spec: { image: 'example.com/function:v1', serving: { triggers: { http: { engine: 'keda' } } } },
};
const SCALED: KubeObject = { apiVersion: 'keda.sh/v1alpha1', kind: 'ScaledObject', metadata: { name: 'fn', namespace: 'shop' } };

/** What the operator has set and the function leaves to KEDA. */
const LEFT = { restoreToOriginalReplicaCount: true, scalingModifiers: {} };

let server: RunningApiServer;
beforeAll(async () => {
  server = await startApiServer();
  await server.client.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop' } });
  await startHttpAddOn(server);
});
afterAll(stopAll);
afterAll(() => server.stop());

/** The commands of one step of the guide. */
function stepOf(number: number): string[][] {
  const guide = readFileSync(join(repositoryRoot, 'docs', 'guides', 'interceptor-route.md'), 'utf8');
  const text = guide.split(/^\d\. /m)[number] ?? '';
  const commands = [...text.matchAll(/^ *kubectl (.*)$/gm)].map(([, words]) => words.split(' '));
  expect(commands).not.toEqual([]);
  return commands;
}

async function applied(kedaHttp: string, ...flags: string[]): Promise<KubeObject[]> {
  const objects = renderManifest(MANIFEST, { targets: { kedaHttp } }).objects.filter(({ apiVersion }) => apiVersion.includes('keda.sh/'));
  await server.kubectl(['apply', ...flags, '-f', '-'], JSON.stringify({ apiVersion: 'v1', kind: 'List', items: objects }));
  return [...objects];
}

interface Scaled { readonly uid?: string; readonly owners: string[]; readonly spec: { readonly triggers: unknown } }

async function scaled(): Promise<Scaled | undefined> {
  const { status, body } = await server.client.get(SCALED);
  if (status !== 200) return undefined;
  const { uid, ownerReferences = [] } = body.metadata as { uid: string; ownerReferences?: { kind: string }[] };
  return { uid, owners: ownerReferences.map(({ kind }) => kind), spec: body.spec as Scaled['spec'] };
}

test.each([['kubectl apply', []], ['kubectl apply --server-side', ['--server-side', '--force-conflicts']]])(
  'the ScaledObject of the operator becomes the one of the function, and nothing deletes it: %s', async (_how, flags) => {
    await applied('0.13', ...flags);
    await waitFor(async () => (await scaled())?.owners.length === 1, { what: 'the ScaledObject of the operator' });
    const before = await scaled();
    expect(before?.owners).toEqual(['HTTPScaledObject']);

    for (const command of stepOf(2)) await server.kubectl(command);
    await waitFor(async () => (await scaled())?.owners.length === 0, { what: 'the ScaledObject without an owner' });

    const [, own] = await applied('0.15', ...flags);
    expect(own.kind).toBe('ScaledObject');
    for (const command of stepOf(4)) await server.kubectl(command);
    const after = await scaled();
    expect([after?.uid, after?.owners]).toEqual([before?.uid, []]);
    expect(after?.spec).toEqual({ ...own.spec as object, advanced: LEFT });
    await server.kubectl(['delete', 'interceptorroute,scaledobject', '--all', '--namespace', 'shop']);
  },
);
