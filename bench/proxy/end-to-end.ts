/** The same through real daprd and Redis: a full topic, and how fast it is emptied with and without the proxy. */
import { startProxyTarget } from './targets';
import { goFunction } from '../../test/integration/support/artifacts';
import { listTopicSubscriptionsResponse } from '../../test/integration/support/messages';
import { cpuSeconds } from '../../test/integration/support/process-stats';
import { Sidecar } from '../../test/integration/support/sidecar';
import { freePort, run, RunningProcess, startProcess, startRedis, waitFor } from '../../test/testbed';

const TOPIC = 'events';
const COMPONENT = 'bench';

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
  await fill(redis.port, events, bytes);
  const cpuBefore = proxy?.process && cpuSeconds(proxy.process.pid);
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
    const total = { handled: 0, first: Number.MAX_SAFE_INTEGER, last: 0 };
    await waitFor(async () => {
      const { handled, firstMicros, lastMicros } = await count(fn);
      total.handled += handled;
      if (handled > 0) {
        total.first = Math.min(total.first, firstMicros);
        total.last = lastMicros;
      }
      return total.handled >= events;
    }, { what: `${events} events handled ${via}`, timeoutMs: 300_000, intervalMs: 200 });
    return {
      perSecond: events / ((total.last - total.first) / 1e6),
      proxyCpuMicrosPerEvent: proxy?.process && (cpuSeconds(proxy.process.pid) - cpuBefore!) * 1e6 / events,
    };
  } finally {
    await Promise.all([sidecar.stop(500), proxy?.process?.stop(500), fn.stop(500), redis.stop()]);
  }
}
