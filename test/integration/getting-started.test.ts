/** The program of "Getting started" that handles events, behind the proxy and a real sidecar, with the variables that the library renders. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { DaprMode } from '../../src';
import { blocksOf, writeBlock } from '../docs/markdown';
import { stopAll } from '../testbed';
import { unsettled } from './support/redis-streams';
import { QUEUE, RenderedFunction } from './support/rendered-function';

const FILE = 'greetings/server.mjs';
const TOPIC = 'greeted';
let folder: string;
let fn: RenderedFunction;
afterAll(async () => {
  await fn.stop();
  await stopAll();
  rmSync(folder, { recursive: true });
});

test('an event that is published reaches the function, which confirms it', async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'getting-started-'));
  writeBlock(folder, blocksOf('docs/getting-started.md').find(({ file }) => file === FILE)!);
  fn = await RenderedFunction.create({ mode: DaprMode.STANDALONE, protocol: 'http', topic: TOPIC, command: [process.execPath, path.join(folder, FILE)] });
  await fn.start();
  await fn.sidecar.publish(QUEUE, TOPIC, [{ id: '1', path: '/world' } as { id: string }]);
  await fn.container.waitFor(() => fn.container.log().includes('greeted at '), { what: 'the event at the function' });
  expect(fn.container.log()).toContain('greeted at /world\n');
  await fn.container.waitFor(async () => await unsettled(fn.redis, TOPIC) === 0, { what: 'the event acknowledged' });
});
