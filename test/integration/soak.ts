/**
 * `npm run soak:proxy`: the proxy under load for ten minutes while its function pods come and go. Ends with an error when
 * memory or file descriptors grow, when an event is left unanswered, or when the proxy ends.
 */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { cacheFolder, ensurePackages, freePort, note, run, stopAll } from '../testbed';
import { bundleProxy } from './support/artifacts';
import { APP_CALLBACK, grpcFrame, topicEventRequest } from './support/messages';
import { Pod } from './support/pods';
import { PrivateHosts } from './support/private-hosts';
import { cpuSeconds, openDescriptors, residentMiB } from './support/process-stats';
import { FUNCTION_HOST, Proxy } from './support/proxy';

const IN_FLIGHT = 32;
const ROUND_SECONDS = 5;
/** Node keeps a heap that it once needed, so a few MiB of drift say nothing. */
const GROWTH_ALLOWED = { memoryShare: 0.1, memoryMiB: 10, descriptors: 6 };

interface Sample { readonly memoryMiB: number; readonly descriptors: number }
interface Totals { sent: number; answered: number; replacements: number }

const INPUT = { component: 'soak', topic: 'events', type: 'pubsub.redis' };

/** What the sidecar does over each protocol: one connection with many streams, or a connection for each event in flight. */
const WAYS = {
  grpc: {
    pod: 'go-grpc',
    path: `${APP_CALLBACK}/OnTopicEvent`,
    body: (data: string) => grpcFrame(topicEventRequest({ ...INPUT, id: 'soak', data: Buffer.from(data) })),
    arguments: ['--clients', '1', '--max-concurrent-streams', String(IN_FLIGHT), '--header', 'te: trailers', '--header', 'content-type: application/grpc'],
  },
  http: {
    pod: 'http',
    path: `/dapr-proxy/topics/${INPUT.component}/${INPUT.topic}`,
    body: (data: string) => Buffer.from(JSON.stringify({ id: 'soak', data })),
    arguments: ['--h1', '--clients', String(IN_FLIGHT), '--header', 'content-type: application/cloudevents+json'],
  },
} as const;
type Protocol = keyof typeof WAYS;

function payload(protocol: Protocol, bytes: number): string {
  const file = join(cacheFolder('soak'), `payload-${protocol}-${bytes}.bin`);
  writeFileSync(file, WAYS[protocol].body('x'.repeat(bytes)));
  return file;
}

async function load(protocol: Protocol, port: number, file: string, events: number): Promise<number> {
  const { path, arguments: more } = WAYS[protocol];
  const output = await run('h2load', [
    '--requests', String(events), ...more, '--connection-inactivity-timeout', '60s', '--data', file, `http://127.0.0.1:${port}${path}`,
  ]);
  return Number(/(\d+) succeeded/.exec(output)?.[1]);
}

const median = (values: readonly number[]) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]!;

/** The second quarter against the last: the first is start-up. */
function growth(samples: readonly Sample[]): { from: Sample; to: Sample; problems: string[] } {
  const quarter = Math.floor(samples.length / 4);
  const middle = (part: readonly Sample[]) => ({
    memoryMiB: median(part.map(({ memoryMiB }) => memoryMiB)), descriptors: median(part.map(({ descriptors }) => descriptors)),
  });
  const from = middle(samples.slice(quarter, 2 * quarter));
  const to = middle(samples.slice(-quarter));
  const problems = [
    ...to.memoryMiB > from.memoryMiB * (1 + GROWTH_ALLOWED.memoryShare) + GROWTH_ALLOWED.memoryMiB ? [`memory grew from ${from.memoryMiB.toFixed(0)} to ${to.memoryMiB.toFixed(0)} MiB`] : [],
    ...to.descriptors > from.descriptors + GROWTH_ALLOWED.descriptors ? [`file descriptors grew from ${from.descriptors} to ${to.descriptors}`] : [],
  ];
  return { from, to, problems };
}

async function soak(seconds: number, protocol: Protocol): Promise<string[]> {
  await ensurePackages({ h2load: 'nghttp2-client' });
  await bundleProxy();
  const port = await freePort();
  const hosts = new PrivateHosts(FUNCTION_HOST);
  const startPod = (index: number) => Pod.start({ kind: WAYS[protocol].pod, subscriptions: [INPUT], address: `127.88.0.${1 + index % 250}`, port, ledger: '/dev/null' });
  let pods = [await startPod(0), await startPod(1)];
  const list = () => hosts.set(pods.map(({ address }) => address));
  list();
  const proxy = await Proxy.start({ port, protocol, hosts, inputs: [INPUT] });
  const files = [1024, 1024, 65_536].map((bytes) => payload(protocol, bytes));
  const samples: Sample[] = [];
  const totals: Totals = { sent: 0, answered: 0, replacements: 0 };
  const end = Date.now() + seconds * 1000;
  let perRound = 2_000;
  for (let round = 0; Date.now() < end; round++) {
    // A new pod comes and the older one goes in the middle of each round, gracefully and by force in turns.
    const replaced = startPod(round + 2).then(async (pod) => {
      const [old, kept] = pods as [Pod, Pod];
      pods = [kept, pod];
      list();
      totals.replacements++;
      await (round % 2 === 0 ? old.stop() : old.kill());
    });
    const began = Date.now();
    const file = files[round % files.length]!;
    const events = file === files[2] ? Math.ceil(perRound / 10) : perRound;
    totals.sent += events;
    totals.answered += await load(protocol, proxy.port, file, events);
    await replaced;
    if (file !== files[2]) perRound = Math.max(500, Math.round(events * ROUND_SECONDS * 1000 / (Date.now() - began)));
    samples.push({ memoryMiB: residentMiB(proxy.process.pid), descriptors: openDescriptors(proxy.process.pid) });
    if (round % 12 === 0) note(`${totals.answered} events, ${samples.at(-1)!.memoryMiB.toFixed(0)} MiB, ${samples.at(-1)!.descriptors} descriptors`);
  }
  const { from, to, problems } = growth(samples);
  const pending = await proxy.pending();
  if (totals.answered !== totals.sent) problems.push(`${totals.sent - totals.answered} of ${totals.sent} events were left unanswered`);
  if (pending.pending !== 0) problems.push(`${pending.pending} events are still pending`);
  if (proxy.process.endedWith !== undefined) problems.push(`the proxy ended with ${proxy.process.endedWith}`);
  const cpu = cpuSeconds(proxy.process.pid);
  const code = await proxy.stop();
  if (code !== 0) problems.push(`the proxy ended with ${code} on SIGTERM`);
  process.stdout.write([
    `${seconds} s over ${protocol} with ${IN_FLIGHT} events in flight: ${totals.answered} of ${totals.sent} events answered, ${totals.replacements} pods replaced`,
    `memory ${from.memoryMiB.toFixed(0)} MiB in the second quarter, ${to.memoryMiB.toFixed(0)} MiB in the last`,
    `file descriptors ${from.descriptors} in the second quarter, ${to.descriptors} in the last`,
    `CPU ${(cpu * 1e6 / totals.answered).toFixed(0)} µs per event`,
    ...problems.length === 0 ? ['memory and file descriptors are flat'] : problems.map((problem) => `FAILED: ${problem}`), '',
  ].join('\n'));
  return problems;
}

const { values } = parseArgs({ options: { minutes: { type: 'string', default: '10' }, protocol: { type: 'string', default: 'grpc' } } });
const seconds = Number(values.minutes) * 60;
if (!(seconds >= 30)) throw new Error(`--minutes ${values.minutes}: at least 0.5`);
if (!(values.protocol in WAYS)) throw new Error(`--protocol ${values.protocol}: one of ${Object.keys(WAYS).join(', ')}`);
soak(seconds, values.protocol as Protocol).then(async (problems) => {
  await stopAll();
  process.exit(problems.length === 0 ? 0 : 1);
}, async (error: unknown) => {
  await stopAll();
  process.stderr.write(`${String(error)}\n`);
  process.exit(1);
});
