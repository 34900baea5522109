// What the library says of a pod template is what the API server says: thousands of mutations of a valid one, each asked of both.
import { formatProblem } from '../../src/private/problem/problem';
import { intakeFromManifest } from '../../src/private/tree/intake';
import { startApiServer, type KubeObject, type RunningApiServer } from '../testbed';
import { ADDED, mutations, NEWER, WINDOWS, type Mutation } from './model/mutations';
import { NEW_POD, RICH_POD, WINDOWS_POD, type Template } from './model/rich-pod';

/** The library sees to these itself. */
const LIBRARYS_OWN = /^containers (removed|empty)|^containers\.0 removed|^containers\.0\.(name|image) |^containers\.0\.env\.\d doubled/;

/** Refused by the library alone, each with its reason. */
const STRICTER: ReadonlyArray<readonly [what: RegExp, why: string]> = [
  [/is the name of no port of the container/, 'the probe fails in the pod'],
  [/is not a valid image reference/, 'the image cannot be pulled'],
  [/localhostProfile: is missing/, 'the container does not start'],
  [/is in "labelSelector" too/, 'the server refuses each pod'],
  [/exitCodes\.values\[\d\]/, 'no process ends with it'],
];

// What a stock server drops in silence is judged too.
const GATES = [
  'ProcMountType', 'ClusterTrustBundle', 'ClusterTrustBundleProjection', 'PodCertificateRequest', 'ContainerStopSignals', 'GenericWorkload',
  'SELinuxMount',
].map((gate) => `${gate}=true`);

/** Refused by this server alone; those before 1.34 take it. */
const LATER = [/volumeDevices: Forbidden: when `hostUsers` is false/];

let server: RunningApiServer;
beforeAll(async () => {
  server = await startApiServer({ crds: [], args: [`--feature-gates=${GATES.join(',')}`, '--allow-privileged=true'] });
});
afterAll(() => server.stop());

function said(template: Template): string[] {
  const [own, ...others] = template.containers as { [key: string]: unknown }[];
  const image = own?.name === 'function' ? { image: '' } : {};
  const serving = {
    triggers: { dapr: [{ name: 'clock', type: 'bindings.cron' }] },
    annotations: { 'openfunction.io/enable-dapr': 'false' },
    template: { ...template, containers: [{ ...own, ...image }, ...others] },
  };
  const manifest = { apiVersion: 'core.openfunction.io/v1beta2', kind: 'Function', metadata: { name: 'fn' }, spec: { image: 'example.com/function:v1', serving } };
  return intakeFromManifest(manifest, {}).problems.filter(({ severity, path }) => severity === 'error' && path.includes('template')).map(formatProblem);
}

async function refused(template: Template): Promise<string | undefined> {
  const deployment: KubeObject = {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name: 'fn', namespace: 'default' },
    spec: { selector: { matchLabels: { app: 'a' } }, template: { metadata: { labels: { app: 'a' } }, spec: template } },
  };
  const { status, body } = await server.client.apply(deployment, 'conformance', true);
  return status >= 300 ? body.message : undefined;
}

test.each([['Linux', RICH_POD], ['Linux with the newest fields', NEW_POD], ['Windows', WINDOWS_POD]])('the pod for %s that is changed is accepted by both', async (_, pod) => {
  expect(said(pod)).toEqual([]);
  expect(await refused(pod)).toBeUndefined();
});

test('a changed pod is refused by both or by none, but for named exceptions', async () => {
  const differences: string[] = [];
  const excused = new Set<string>();
  const judge = async ({ name, template }: Mutation): Promise<void> => {
    const [ours, theirs] = [said(template), await refused(template)];
    if ((ours.length > 0) === (theirs !== undefined)) return;
    if (theirs !== undefined && LATER.some((what) => what.test(theirs))) return;
    const reason = STRICTER.find(([what]) => ours.length > 0 && ours.every((line) => what.test(line)));
    if (reason === undefined) differences.push(`${name}: ${ours.join(' | ')} <> ${theirs ?? 'accepted'}`);
    else excused.add(reason[1]);
  };
  const todo = [...mutations(RICH_POD), ...ADDED, ...NEWER, ...WINDOWS].filter(({ name }) => !LIBRARYS_OWN.test(name));
  while (todo.length > 0) await Promise.all(todo.splice(0, 8).map(judge));
  expect(differences).toEqual([]);
  expect([...excused].sort()).toEqual(STRICTER.map(([, why]) => why).sort());
});
