/** The only file that touches the process: environment, signals, exit. */
import { randomUUID } from 'node:crypto';
import { lookup } from 'node:dns/promises';
import { readConfig } from './config/config';
import { systemClock } from './observe/clock';
import { leaveOutMiddleCompiler, limitHeap } from './observe/heap-limits';
import { createLogger, messageOf } from './observe/log';
import { kubernetesCall } from './pods/kubernetes';
import { Proxy } from './proxy';

/** Put in by bundle.mjs. */
declare const PROXY_VERSION: string;

const EXIT_CONFIG = 2;
const EXIT_FAILURE = 1;

async function main(): Promise<void> {
  const result = readConfig(process.env);
  if ('problems' in result) {
    process.stderr.write(`${result.problems.join('\n')}\n`);
    process.exit(EXIT_CONFIG);
  }
  const { config } = result;
  leaveOutMiddleCompiler();
  limitHeap();
  const log = createLogger(config.logLevel, (line) => process.stdout.write(line), () => new Date());
  const proxy = new Proxy(config, {
    clock: systemClock,
    log,
    lookup: (host) => lookup(host, { all: true, verbatim: true }),
    wallTime: Date.now,
    random: Math.random,
    version: PROXY_VERSION,
    id: randomUUID(),
    residentBytes: () => process.memoryUsage.rss(),
    kubernetes: config.kubernetes && kubernetesCall(config.kubernetes),
  });
  // Events go on even if nobody reads the log any more.
  process.stdout.on('error', () => undefined);
  const fatal = (error: unknown) => {
    log.error('uncaught error', { why: messageOf(error), stack: error instanceof Error ? error.stack : undefined });
    process.exit(EXIT_FAILURE);
  };
  process.on('uncaughtException', fatal);
  process.on('unhandledRejection', fatal);
  let ending: Promise<void> | undefined;
  const end = () => void (ending ??= proxy.drain().then(() => process.exit(0), fatal));
  // A second SIGTERM changes nothing; a second interrupt from the keyboard ends it at once.
  process.on('SIGTERM', end);
  process.once('SIGINT', end);
  await proxy.start().catch(fatal);
}

void main();
