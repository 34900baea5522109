/** Bounds what V8 takes beside the objects that are in use. */
import { PerformanceObserver } from 'node:perf_hooks';
import { getHeapSpaceStatistics, setFlagsFromString } from 'node:v8';

/** Both halves: enough for 128 events in flight, all of which a smaller one would copy at each collection. */
const MAX_BYTES = 8 * 1024 ** 2;
/** By more it would miss that size where it begins with 4 MiB, as in Node.js 24. */
const GROWTH = 2;

/** Calls of a function before it is compiled for good; V8 waits for 3000 while its middle compiler serves. */
const CALLS = 400;
/** Of V8, with Node.js 22: from there on all of this holds. */
const FIRST_VERSION = 12;

/**
 * The middle one of V8's compilers keeps 14 MiB. Without it, and with the last one at work earlier, the first 20,000
 * events cost an eighth less CPU, and later ones the same. Among old objects V8 lets 8 MiB of rubbish gather before it
 * looks for it, with the last flag 2 MiB; given on the command line it would make the young generation too small, too.
 */
export function takeLessMemory(): void {
  if (parseInt(process.versions.v8, 10) < FIRST_VERSION) return;
  setFlagsFromString('--no-maglev');
  setFlagsFromString(`--invocation-count-for-turbofan=${CALLS}`);
  setFlagsFromString('--optimize-for-size');
}

/**
 * Left alone it grows to 32 MiB, in Node.js 24 to 128. V8 takes its size only on the command line, but by how much it
 * grows at any time. When nothing happens V8 makes it small again, so each collection looks.
 */
export function limitYoungGeneration(): void {
  let growth = 0;
  const look = () => {
    const young = getHeapSpaceStatistics().find(({ space_name: name }) => name === 'new_space');
    const next = young === undefined || young.space_size < MAX_BYTES ? GROWTH : 1;
    if (next !== growth) setFlagsFromString(`--semi-space-growth-factor=${next}`);
    growth = next;
  };
  look();
  new PerformanceObserver(look).observe({ entryTypes: ['gc'] });
}
