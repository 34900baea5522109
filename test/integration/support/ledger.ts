/** What the pods of a test handled, from the lines they wrote. */
import { closeSync, fstatSync, mkdtempSync, openSync, readSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export interface LedgerLine {
  readonly pod: string;
  /** Milliseconds since the epoch; of pods that are Node processes. */
  readonly at?: number;
  readonly step: 'in' | 'out' | 'invoke' | 'bulk' | 'call' | 'cancelled';
  readonly id: string;
  readonly via?: 'topic' | 'bulk' | 'binding' | 'job';
  readonly component?: string;
  readonly topic?: string;
  readonly path?: string;
  readonly action?: string;
  readonly size?: number;
  readonly headers?: Readonly<Record<string, string>>;
}

export class Ledger {
  public readonly file: string;
  private readonly known: LedgerLine[] = [];
  private offset = 0;
  private rest = '';

  public constructor() {
    this.file = join(mkdtempSync(join(tmpdir(), 'ledger-')), 'lines.jsonl');
    writeFileSync(this.file, '');
  }

  public lines(): readonly LedgerLine[] {
    const file = openSync(this.file, 'r');
    try {
      const bytes = Buffer.alloc(fstatSync(file).size - this.offset);
      this.offset += readSync(file, bytes, 0, bytes.length, this.offset);
      const parts = (this.rest + bytes.toString()).split('\n');
      this.rest = parts.pop() ?? '';
      for (const part of parts) this.known.push(JSON.parse(part) as LedgerLine);
    } finally {
      closeSync(file);
    }
    return this.known;
  }

  /** Id → how often a pod began to handle it. */
  public received(): Map<string, number> {
    return this.count((line) => line.step === 'in');
  }

  /** Id → how often a pod came to answer that all is well. */
  public handled(): Map<string, number> {
    return this.count((line) => line.step === 'out' && (line.action === 'ok' || line.action === 'success'));
  }

  /** Those of the ids that no pod has handled. */
  public missing(ids: readonly string[]): string[] {
    const handled = this.handled();
    return ids.filter((id) => !handled.has(id));
  }

  private count(matches: (line: LedgerLine) => boolean): Map<string, number> {
    const counts = new Map<string, number>();
    for (const line of this.lines()) if (matches(line)) counts.set(line.id, (counts.get(line.id) ?? 0) + 1);
    return counts;
  }
}
