/**
 * One load run: one connection, as daprd keeps to its app, with a fixed number of calls in flight. h2load is written in C,
 * costs little of the two cores and sends the same headers in each call; the grpc-go caller is what daprd is, and sends
 * fresh ones.
 */
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { BenchFunction, Target } from './targets';
import { APP_CALLBACK } from '../../test/integration/support/messages';
import { cpuSeconds, residentMiB } from '../../test/integration/support/process-stats';
import { cacheFolder, goBinary, repositoryRoot, run } from '../../test/testbed';

export const CALLERS = ['h2load', 'grpc-go'] as const;
export type CallerName = typeof CALLERS[number];

export const goCaller = () => goBinary('bench-caller', {
  folder: join(repositoryRoot, 'bench', 'proxy', 'caller'), title: 'the grpc-go caller (about 1 min cold)',
});

/** What a caller measured itself. */
interface Measured {
  readonly perSecond: number;
  readonly p50Micros: number;
  readonly p99Micros: number;
  /** Calls that came back well, and those that must have reached the function. */
  readonly answered: number;
  readonly sent: number;
  readonly output: string;
}

export interface Sample {
  readonly perSecond: number;
  readonly p50Micros: number;
  readonly p99Micros: number;
  /** Of the process in the middle. */
  readonly cpuMicrosPerEvent?: number;
  readonly residentMiB?: number;
}

/** Longest that a run may take per event before h2load gives up on a target that no longer answers. */
const GIVE_UP = '10s';

export async function load(
  target: Target, fn: BenchFunction, payload: string, inFlight: number, events: number, caller: CallerName = 'h2load',
): Promise<Sample> {
  await fn.handled();
  const cpuBefore = target.process && cpuSeconds(target.process.pid);
  const measured = await (caller === 'h2load' ? h2load : grpcGo)(target, payload, inFlight, events);
  const cpu = target.process && cpuSeconds(target.process.pid) - cpuBefore!;
  const { answered, output, p50Micros, p99Micros, perSecond, sent } = measured;
  const handled = await fn.handled();
  // An error status of gRPC is an HTTP 200 too, so the function's own count says whether the answers were real.
  if (answered !== sent || handled !== sent) {
    throw new Error(`${target.name}: ${sent} events with ${inFlight} in flight, ${answered} answered, ${handled} reached the function\n${output}`);
  }
  return {
    perSecond,
    p50Micros,
    p99Micros,
    cpuMicrosPerEvent: cpu === undefined ? undefined : cpu * 1e6 / events,
    residentMiB: target.process && residentMiB(target.process.pid),
  };
}

async function h2load(target: Target, payload: string, inFlight: number, events: number): Promise<Measured> {
  const log = join(cacheFolder('bench'), 'h2load.log');
  rmSync(log, { force: true });
  const output = await run('h2load', [
    '--requests', String(events), '--clients', '1', '--threads', '1', '--max-concurrent-streams', String(inFlight),
    // The defaults of h2load are larger than what a Go client such as daprd opens with.
    '--window-bits', '16', '--connection-window-bits', '20', '--connection-inactivity-timeout', GIVE_UP,
    '--data', payload, '--header', 'te: trailers', '--header', 'content-type: application/grpc', '--log-file', log,
    `http://${target.host}:${target.port}${APP_CALLBACK}/OnTopicEvent`,
  ]);
  const times = readFileSync(log, 'utf8').trim().split('\n').map((line) => Number(line.split('\t')[2])).sort((a, b) => a - b);
  return {
    perSecond: Number(/, ([\d.]+) req\/s/.exec(output)?.[1]),
    p50Micros: times[Math.floor(times.length * 0.5)]!,
    p99Micros: times[Math.floor(times.length * 0.99)]!,
    answered: Number(/(\d+) succeeded/.exec(output)?.[1]),
    sent: events,
    output,
  };
}

async function grpcGo(target: Target, payload: string, inFlight: number, events: number): Promise<Measured> {
  const output = await run(await goCaller(), [`${target.host}:${target.port}`, String(events), String(inFlight), payload]);
  const { failed, ...measured } = JSON.parse(output) as Measured & { failed: number };
  // One call more, with which it makes its connection.
  return { ...measured, answered: events + 1 - failed, sent: events + 1, output };
}

const median = (values: readonly number[]) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]!;
const medianOf = (values: readonly (number | undefined)[]) => {
  const known = values.filter((value): value is number => value !== undefined);
  return known.length === 0 ? undefined : median(known);
};

/** The median of several runs, field by field. */
export const medianSample = (samples: readonly Sample[]): Sample => ({
  perSecond: median(samples.map((sample) => sample.perSecond)),
  p50Micros: median(samples.map((sample) => sample.p50Micros)),
  p99Micros: median(samples.map((sample) => sample.p99Micros)),
  cpuMicrosPerEvent: medianOf(samples.map((sample) => sample.cpuMicrosPerEvent)),
  residentMiB: medianOf(samples.map((sample) => sample.residentMiB)),
});
