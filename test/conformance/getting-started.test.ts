// The commands of "Getting started" that need a cluster, as far as an API server without kubelets can follow them.
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { blocksOf, writeBlock } from '../docs/markdown';
import { command } from '../support/command-line';
import { kubectl, startApiServer, type RunningApiServer } from '../testbed';

let server: RunningApiServer;
let folder: string;
beforeAll(async () => {
  server = await startApiServer();
  folder = mkdtempSync(path.join(tmpdir(), 'getting-started-'));
  mkdirSync(path.join(folder, 'bin'));
  symlinkSync(await kubectl(), path.join(folder, 'bin', 'kubectl'));
});
afterAll(async () => {
  rmSync(folder, { recursive: true });
  await server.stop();
});

test('the manifests of the page are applied by the command that the page gives', async () => {
  const blocks = blocksOf('docs/getting-started.md');
  for (const block of blocks.filter(({ file }) => file?.startsWith('shop/functions/'))) writeBlock(folder, block);
  const manifests = path.join(folder, 'shop', 'manifests');
  expect((await command('render', path.join(folder, 'shop', 'functions'), '-o', manifests)).code).toBe(0);

  const before = blocks.flatMap(({ text }) => text.match(/^kubectl (?:create|expose) .*$/gm) ?? []);
  const [apply] = blocks.filter(({ words }) => words.includes('apply'));
  const env = { ...process.env, KUBECONFIG: server.kubeconfig, PATH: `${path.join(folder, 'bin')}:${process.env.PATH}` };
  const { status, stdout, stderr } = spawnSync('bash', ['-c', [...before, apply.text].join('\n')], { cwd: folder, env, encoding: 'utf8' });
  expect([status, stderr.split('\n').filter((line) => /error|warning/i.test(line))]).toEqual([0, []]);
  expect(stdout.split('\n').slice(0, 3)).toEqual(['namespace/shop created', 'deployment.apps/redis created', 'service/redis exposed']);
  expect(stdout.split('\n').filter((line) => line.endsWith(' serverside-applied')).map((line) => line.replace(/dapr-proxy-[0-9a-f]+ /, 'dapr-proxy-… '))).toEqual([
    'configmap/dapr-proxy-…', 'component.dapr.io/events', 'service/greetings-any', 'deployment.apps/greetings-dapr-proxy',
    'networkpolicy.networking.k8s.io/greetings-dapr-proxy', 'resiliency.dapr.io/greetings-dapr-proxy', 'service/greetings-dapr-proxy',
    'deployment.apps/greetings', 'scaledobject.keda.sh/greetings', 'service/greetings', 'deployment.apps/hello-dapr-proxy',
    'networkpolicy.networking.k8s.io/hello-dapr-proxy', 'service.serving.knative.dev/hello',
  ].map((name) => `${name} serverside-applied`));
  expect(stdout).toContain('+kind: ScaledObject');
});
