// How many cases a judge was asked about, and how many it accepted; the reporter prints the table of all files.
import { writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { cacheFolder } from '../../testbed';

export type Source = 'example' | 'golden' | 'own' | 'generated';

interface Row {
  readonly cases: Partial<Record<Source, number>>;
  accepted: number;
  /** Deliberately broken objects that the judge refused. */
  brokenRefused: number;
  readonly notes: string[];
}

const rows: Record<string, Row> = {};

function row(judge: string): Row {
  return rows[judge] ??= { cases: {}, accepted: 0, brokenRefused: 0, notes: [] };
}

/** Notes one case of a judge; the problems are the judge's. */
export function tally(judge: string, source: Source, problems: readonly string[]): void {
  const counted = row(judge);
  counted.cases[source] = (counted.cases[source] ?? 0) + 1;
  if (problems.length === 0) counted.accepted += 1;
  save();
}

export function tallyBroken(judge: string, problems: readonly string[]): void {
  if (problems.length > 0) row(judge).brokenRefused += 1;
  save();
}

/** A line below the table: what a judge did not look at. */
export function tallyNote(judge: string, note: string): void {
  row(judge).notes.push(note);
  save();
}

/** Leaves the rows of this test file where the reporter finds them; each time, since nothing says which count is the last. */
function save(): void {
  const file = basename(expect.getState().testPath!, '.test.ts');
  writeFileSync(join(cacheFolder('conformance'), `${file}.json`), JSON.stringify(rows));
}
