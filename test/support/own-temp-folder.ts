/**
 * Gives a run of jest a temporary folder of its own, removed at its end: `Testing.app()` of cdk8s leaves a folder behind
 * for every app, some thousands in each run.
 */
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export default function ownTempFolder(): void {
  // Workers inherit it.
  process.env.TMPDIR = mkdtempSync(join(tmpdir(), 'cdk8s-openfunction-'));
}
