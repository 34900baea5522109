/** Bounds what V8 takes beside the objects that are in use. */
import { PerformanceObserver } from 'node:perf_hooks';
import { getHeapSpaceStatistics, getHeapStatistics, setFlagsFromString } from 'node:v8';

/** Both halves: enough for 128 events in flight, all of which a smaller one would copy at each collection. */
const MAX_BYTES = 8 * 1024 ** 2;
/** By more it would miss that size where it begins with 4 MiB, as in Node.js 24. */
const GROWTH = 2;

/** Calls of a function before it is compiled for good; V8 waits for 3000 while its middle compiler serves. */
const CALLS = 400;
/** Of V8, with Node.js 22. */
const isModern = parseInt(process.versions.v8, 10) >= 12;

/** Beyond it there are large bodies, for which V8 looks through its whole heap more often than is good. */
const MAX_OUTSIDE_BYTES = 6 * 1024 ** 2;

/**
 * The middle one of V8's compilers keeps 14 MiB. Without it, and with the last one at work earlier, the first 20,000
 * events cost an eighth less CPU, and later ones the same.
 */
export function leaveOutMiddleCompiler(): void {
  if (!isModern) return;
  setFlagsFromString('--no-maglev');
  setFlagsFromString(`--invocation-count-for-turbofan=${CALLS}`);
}

/**
 * Left alone the young generation grows to 32 MiB, in Node.js 24 to 128. V8 takes its size only on the command line,
 * but by how much it grows at any time. When nothing happens V8 makes it small again, so each collection looks. Among
 * old objects 8 MiB of rubbish gather before V8 looks for it; told to take little memory, it does at 2.
 */
export function limitHeap(): void {
  let growth = 0;
  let isFrugal = false;
  const look = () => {
    const young = getHeapSpaceStatistics().find(({ space_name: name }) => name === 'new_space');
    const next = young === undefined || young.space_size < MAX_BYTES ? GROWTH : 1;
    if (next !== growth) setFlagsFromString(`--semi-space-growth-factor=${next}`);
    growth = next;
    const frugal = isModern && getHeapStatistics().external_memory < MAX_OUTSIDE_BYTES;
    if (frugal !== isFrugal) setFlagsFromString(frugal ? '--optimize-for-size' : '--no-optimize-for-size');
    isFrugal = frugal;
  };
  look();
  new PerformanceObserver(look).observe({ entryTypes: ['gc'] });
}
