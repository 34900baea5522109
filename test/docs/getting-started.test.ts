// The two programs of "Getting started", run as their containers run them. Its commands: commands.test.ts for those that
// need no cluster, test/conformance for kubectl, test/integration for an event by Dapr.
import { ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, Server } from 'node:http';
import { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { json } from 'node:stream/consumers';
import { blocksOf, pageText, writeBlock } from './markdown';
import { TARGETS } from '../../src/private/settings/targets';
import { freePort, waitFor } from '../testbed';

const PAGE = 'docs/getting-started.md';
let folder: string;
let dapr: Server;
const programs: ChildProcess[] = [];
const published: unknown[] = [];

beforeAll(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'docs-'));
  for (const block of blocksOf(PAGE).filter(({ file }) => file !== undefined)) writeBlock(folder, block);
  dapr = createServer((request, response) => {
    void json(request).then((data) => {
      published.push({ method: request.method, url: request.url, type: request.headers['content-type'], data });
      response.writeHead(204).end();
    });
  }).listen(0, '127.0.0.1');
  await once(dapr, 'listening');
});
afterEach(async () => {
  await Promise.all(programs.splice(0).map(async (program) => {
    program.kill();
    await once(program, 'exit');
  }));
});
afterAll(() => {
  dapr.close();
  rmSync(folder, { recursive: true });
});

/** Its address, once it listens, and what it has printed. */
async function start(file: string): Promise<{ url: string; log: () => string }> {
  const port = await freePort();
  const endpoint = `http://127.0.0.1:${(dapr.address() as AddressInfo).port}`;
  const program = spawn(process.execPath, [path.join(folder, file)], { env: { PORT: String(port), DAPR_HTTP_ENDPOINT: endpoint } });
  programs.push(program);
  let log = '';
  program.stdout.on('data', (text) => (log += text));
  const url = `http://127.0.0.1:${port}`;
  await waitFor(async () => (await fetch(url, { method: 'OPTIONS' }).catch(() => undefined)) !== undefined, { what: `${file} listens` });
  return { url, log: () => log };
}

test('hello answers a request and publishes an event about it', async () => {
  const { url } = await start('hello/server.mjs');
  published.splice(0);
  const answer = await fetch(`${url}/world`);
  expect([answer.status, await answer.text()]).toEqual([200, 'Hello from /world\n']);
  expect(published).toEqual([
    { method: 'POST', url: '/v1.0/publish/events/greeted', type: 'application/json', data: { path: '/world' } },
  ]);
});

test('greetings prints the event and confirms it, and knows no other path', async () => {
  const { url, log } = await start('greetings/server.mjs');
  const post = (to: string) => fetch(url + to, { method: 'POST', body: JSON.stringify({ data: { path: '/world' } }) });
  expect([(await post('/greeted')).status, (await post('/other')).status]).toEqual([200, 404]);
  await waitFor(() => log() !== '', { what: 'a line of the log' });
  expect(log()).toBe('greeted at /world\n');
});

test('the cluster gets the newest versions that manifests are written for', () => {
  const text = pageText(PAGE);
  const named = {
    knative: [...text.matchAll(/knative-v([\d.]+)\.0\b/g)].map(([, version]) => version),
    dapr: [...text.matchAll(/install dapr .* --version (\S+)/g)].map(([, version]) => version),
    keda: [...text.matchAll(/install keda .* --version (\S+)/g)].map(([, version]) => version),
    oldest: [...text.matchAll(/Kubernetes ([\d.]+) or later/g)].map(([, version]) => version),
  };
  const { knative, dapr: { newest: daprVersion }, keda, kubernetes } = TARGETS;
  expect(named).toEqual({
    knative: [knative.newest, knative.newest], dapr: [daprVersion], keda: [keda.newest], oldest: [kubernetes.oldest],
  });
});
