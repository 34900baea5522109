/** Bounds the part of V8's memory where objects begin. */
import { PerformanceObserver } from 'node:perf_hooks';
import { getHeapSpaceStatistics, setFlagsFromString } from 'node:v8';

/** Both halves: enough for 128 events in flight, all of which a smaller one would copy at each collection. */
const MAX_BYTES = 8 * 1024 ** 2;
/** By more it would miss that size where it begins with 4 MiB, as in Node.js 24. */
const GROWTH = 2;

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
