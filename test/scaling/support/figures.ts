/** What the tests measure: kept for the reporter, which prints it at the very end. */
import { appendFileSync } from 'node:fs';
import { join } from 'node:path';
import { cacheFolder } from '../../testbed';

export interface Figure {
  readonly what: string;
  readonly min: number;
  readonly median: number;
  readonly max: number;
  readonly runs: number;
}

/** Milliseconds of several runs. */
export function report(what: string, values: readonly number[]): Figure {
  const sorted = [...values].sort((left, right) => left - right);
  const figure = { what, min: sorted[0]!, median: sorted[Math.floor(sorted.length / 2)]!, max: sorted.at(-1)!, runs: sorted.length };
  appendFileSync(join(cacheFolder('scaling'), 'figures.jsonl'), `${JSON.stringify(figure)}\n`);
  return figure;
}
