// What a public scanner of manifests says of the pods that the library makes: nothing but what the page on production explains.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { repositoryRoot, run, type KubeObject } from '../testbed';
import { namedCases } from './cases/named';
import { renderManifest } from './cases/render';
import { kubeScoreBinary } from './judges/binaries';
import { tally, tallyBroken } from './support/tally';
import { VERSIONS } from './versions';

const JUDGE = 'kube-score';

interface Scored {
  readonly object_name: string;
  readonly checks: readonly { check: { id: string }; grade: number; skipped: boolean; comments: readonly { path: string; summary: string }[] | null }[];
}

/** `check: what it says`, for each Deployment, StatefulSet and Job whose name ends as asked. */
async function findings(objects: readonly KubeObject[], end: string): Promise<string[]> {
  const text = objects.filter(({ kind }) => kind !== 'ConfigMap').map((object) => JSON.stringify(object)).join('\n---\n');
  const args = ['score', '--output-format', 'json', '--kubernetes-version', `v${VERSIONS.kubernetes.replace(/\.\d+$/, '')}`, '-'];
  // It ends with 1 when it has found something.
  const scored = JSON.parse(await run('sh', ['-c', '"$@" || [ $? = 1 ]', 'score', await kubeScoreBinary(), ...args], { stdin: text })) as Scored[] | null;
  const found = (scored ?? []).filter(({ object_name: name }) => /^(Deployment|StatefulSet|Job)\//.test(name) && name.endsWith(end)).flatMap(({ checks }) => checks)
    .filter(({ grade, skipped }) => !skipped && grade < 7)
    .flatMap(({ check: { id }, comments }) => (comments ?? []).map(({ summary }) => `${id}: ${summary}`));
  return [...new Set(found)].sort();
}

/** By the table of the page: the check, and what it says. */
function explained(): string[] {
  const page = readFileSync(join(repositoryRoot, 'docs', 'guides', 'production.md'), 'utf8');
  return [...page.matchAll(/^\| .* \| `([a-z-]+)`: (.*?) \|/gm)].flatMap(([, id, says]) => says.split('; ').map((each) => `${id}: ${each}`)).sort();
}

test('the page explains findings of each check once', () => {
  expect(explained()).toEqual([...new Set(explained())]);
  expect(explained().length).toBeGreaterThan(5);
});

test.each(namedCases().map((each) => [`${each.source} ${each.name}`, each] as const))('%s: proxies have no finding that the page does not explain', async (_title, { source, render }) => {
  const found = await findings(render().objects, '-dapr-proxy');
  const problems = found.filter((each) => !explained().includes(each));
  tally(JUDGE, source, problems);
  expect(problems).toEqual([]);
});

const RESOURCES = { requests: { cpu: '100m', memory: '64Mi' }, limits: { memory: '64Mi' } };
const PROBE = { httpGet: { path: '/healthz', port: 8080 } };
const fn = (container: object, platform: object = {}) => renderManifest({
  apiVersion: 'core.openfunction.io/v1beta2', kind: 'Function', metadata: { name: 'fn', namespace: 'shop' },
  spec: {
    image: 'example.com/function:v1',
    serving: {
      scaleOptions: { minReplicas: 2, maxReplicas: 4 }, triggers: { dapr: [{ name: 'orders', type: 'pubsub.redis', topic: 'orders' }] },
      template: { containers: [{ name: 'function', ...container }] },
    },
  },
}, platform);

test('a function under the restricted standard with resources and probes has what the page explains, and what its image must bear', async () => {
  const readinessProbe = { httpGet: { path: '/ready', port: 8080 } };
  const { objects } = fn({ resources: RESOURCES, livenessProbe: PROBE, readinessProbe }, { podSecurity: 'restricted', proxy: { functionNetworkPolicy: true } });
  expect((await findings(objects, '/fn')).filter((each) => !explained().includes(each))).toEqual([
    'container-security-context-readonlyrootfilesystem: The pod has a container with a writable root filesystem',
    'container-security-context-user-group-id: The container is running with a low user ID',
    'container-security-context-user-group-id: The container running with a low group ID',
    'deployment-has-poddisruptionbudget: No matching PodDisruptionBudget was found',
  ]);
});

test('refused: a privileged container', async () => {
  const found = await findings(fn({ securityContext: { privileged: true } }).objects, '/fn');
  tallyBroken(JUDGE, found);
  expect(found).toContain('container-security-context-privileged: The container is privileged');
});
