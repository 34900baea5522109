/**
 * One load run by h2load: one connection, as daprd keeps to its app, with a fixed number of calls in flight. h2load is
 * written in C and writes down each call's time, so it costs little of the two cores and gives exact percentiles.
 */
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { BenchFunction, Target } from './targets';
import { APP_CALLBACK } from '../../test/integration/support/messages';
import { cpuSeconds, residentMiB } from '../../test/integration/support/process-stats';
import { cacheFolder, run } from '../../test/testbed';

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

export async function load(target: Target, fn: BenchFunction, payload: string, inFlight: number, events: number): Promise<Sample> {
  const log = join(cacheFolder('bench'), 'h2load.log');
  rmSync(log, { force: true });
  await fn.handled();
  const cpuBefore = target.process && cpuSeconds(target.process.pid);
  const output = await run('h2load', [
    '--requests', String(events), '--clients', '1', '--threads', '1', '--max-concurrent-streams', String(inFlight),
    // The defaults of h2load are larger than what a Go client such as daprd opens with.
    '--window-bits', '16', '--connection-window-bits', '20', '--connection-inactivity-timeout', GIVE_UP,
    '--data', payload, '--header', 'te: trailers', '--header', 'content-type: application/grpc', '--log-file', log,
    `http://${target.host}:${target.port}${APP_CALLBACK}/OnTopicEvent`,
  ]);
  const cpu = target.process && cpuSeconds(target.process.pid) - cpuBefore!;
  const perSecond = Number(/, ([\d.]+) req\/s/.exec(output)?.[1]);
  const answered = Number(/(\d+) succeeded/.exec(output)?.[1]);
  const handled = await fn.handled();
  // An error status of gRPC is an HTTP 200 too, so the function's own count says whether the answers were real.
  if (answered !== events || handled !== events) {
    throw new Error(`${target.name}: ${events} events with ${inFlight} in flight, ${answered} answered, ${handled} reached the function\n${output}`);
  }
  const times = readFileSync(log, 'utf8').trim().split('\n').map((line) => Number(line.split('\t')[2])).sort((a, b) => a - b);
  return {
    perSecond,
    p50Micros: times[Math.floor(times.length * 0.5)]!,
    p99Micros: times[Math.floor(times.length * 0.99)]!,
    cpuMicrosPerEvent: cpu === undefined ? undefined : cpu * 1e6 / events,
    residentMiB: target.process && residentMiB(target.process.pid),
  };
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
