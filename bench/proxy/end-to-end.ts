/** The same through real daprd and Redis: a full topic, and how fast it is emptied with and without the proxy. */
import { startProxyTarget } from './targets';
import { goFunction } from '../../test/integration/support/artifacts';
import { listTopicSubscriptionsResponse } from '../../test/integration/support/messages';
import { cpuSeconds } from '../../test/integration/support/process-stats';
import { Sidecar } from '../../test/integration/support/sidecar';
import { freePort, run, RunningProcess, startProcess, startRedis, waitFor } from '../../test/testbed';

const TOPIC = 'events';
const COMPONENT = 'bench';

/** Behind as many everything is warm: V8 has compiled the proxy, Go has grown its stacks and its windows. */
export const WARM_UP_EVENTS = 5_000;

export interface EndToEndSample {
  readonly perSecond: number;
  readonly proxyCpuMicrosPerEvent?: number;
}

/** Writes the topic's entries as daprd would have published them. */
async function fill(port: number, events: number, bytes: number): Promise<void> {
  const commands = Array.from({ length: events }, (_, index) => {
    const data = JSON.stringify({
      id: `${index}`,
      source: 'bench',
      specversion: '1.0',
      type: 'com.dapr.event.sent',
      datacontenttype: 'application/json',
      topic: TOPIC,
      pubsubname: COMPONENT,
      data: { id: `event-${index}`, padding: 'x'.repeat(bytes) },
    });
    const words = ['XADD', TOPIC, '*', 'data', data];
    return `*${words.length}\r\n${words.map((word) => `$${Buffer.byteLength(word)}\r\n${word}\r\n`).join('')}`;
  });
  await run('redis-cli', ['-p', String(port), '--pipe'], { stdin: commands.join('') });
}

interface Count { readonly handled: number; readonly firstMicros: number; readonly lastMicros: number }

/** Signals for the function's count; each answer is one line of its log. */
async function count(process: RunningProcess): Promise<Count> {
  const lines = () => process.log().split('\n').filter((line) => line.startsWith('{'));
  const known = lines().length;
  process.signal('SIGUSR1');
  await process.waitFor(() => lines().length > known, { what: 'the count of the function', intervalMs: 5 });
  return JSON.parse(lines()[known]!) as Count;
}

export interface EndToEndRun {
  readonly via: 'direct' | 'proxy';
  readonly events: number;
  readonly bytes: number;
  readonly concurrency: number;
  /** What the function takes for each event. */
  readonly delayMs: number;
  readonly imageNode: boolean;
}

export async function endToEnd({ via, events, bytes, concurrency, delayMs, imageNode }: EndToEndRun): Promise<EndToEndSample> {
  const redis = await startRedis();
  const port = await freePort();
  const host = '127.66.0.2';
  const fn = await startProcess({
    name: 'bench-e2e-function',
    command: await goFunction(),
    env: {
      POD: JSON.stringify({
        name: 'bench',
        address: host,
        port,
        ledger: '',
        delayMs,
        subscriptionsBase64: listTopicSubscriptionsResponse([{ component: COMPONENT, topic: TOPIC }]).toString('base64'),
      }),
    },
  });
  await fn.waitFor(() => fn.log().includes('listening'), { what: 'the function listening' });
  const proxy = via === 'proxy' ? await startProxyTarget({ host, port }, { inFlight: [concurrency], imageNode }) : undefined;
  await fill(redis.port, WARM_UP_EVENTS + events, bytes);
  const sidecar = await Sidecar.start({
    appId: 'bench',
    app: { protocol: 'grpc', port: proxy?.port ?? port, address: proxy?.host ?? host },
    components: [{
      name: COMPONENT,
      type: 'pubsub.redis',
      metadata: { redisHost: redis.address, redisPassword: '', consumerID: 'bench', concurrency: String(concurrency), queueDepth: String(concurrency) },
    }],
    healthPath: via === 'proxy' ? '/dapr-proxy/healthz' : undefined,
  });
  try {
    const proxyCpu = () => (proxy?.process === undefined ? 0 : cpuSeconds(proxy.process.pid));
    const all = WARM_UP_EVENTS + events;
    const measured = { handled: 0, first: Number.MAX_SAFE_INTEGER, last: 0 };
    let before = 0;
    let cpuBefore = 0;
    await waitFor(async () => {
      const { handled, firstMicros, lastMicros } = await count(fn);
      if (before < WARM_UP_EVENTS) {
        before += handled;
        cpuBefore = proxyCpu();
      } else if (handled > 0) {
        measured.handled += handled;
        measured.first = Math.min(measured.first, firstMicros);
        measured.last = lastMicros;
      }
      return before + measured.handled >= all;
    }, { what: `${all} events handled ${via}`, timeoutMs: 300_000, intervalMs: 50 });
    return {
      perSecond: measured.handled / ((measured.last - measured.first) / 1e6),
      proxyCpuMicrosPerEvent: proxy && (proxyCpu() - cpuBefore) * 1e6 / measured.handled,
    };
  } finally {
    await Promise.all([sidecar.stop(500), proxy?.process?.stop(500), fn.stop(500), redis.stop()]);
  }
}
