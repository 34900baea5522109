/**
 * Synthesis time and peak memory of this library, in cdk8s' own `App` and in `FastApp`, and of the same objects made as bare cdk8s
 * ApiObjects, in one run. All three give the same text.
 *
 * Usage: npm run bench:synth [-- --sizes 100,1000,5000 --rounds 5 --charts 1]
 *
 * Every measurement is a process of its own; the kinds take turns, so that a slow moment of the machine meets all. A
 * ratio is the median of the ratios of the rounds. CPU time is the steadier of the two measures on a machine that does other work too.
 */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { parseArgs } from 'node:util';

interface Figures {
  readonly objects: number;
  readonly milliseconds: number;
  readonly cpuMilliseconds: number;
  readonly peakMebibytes: number;
  readonly sha256: string;
}

const { values } = parseArgs({
  options: {
    sizes: { type: 'string', default: '100,1000,5000' },
    rounds: { type: 'string', default: '5' },
    charts: { type: 'string', default: '1' },
  },
});
const sizes = values.sizes.split(',').map(Number);
const rounds = Number(values.rounds);
const folder = mkdtempSync(path.join(tmpdir(), 'bench-synth-'));

type Kind = 'library' | 'fast' | 'bare';

function measure(kind: Kind | 'write', size: number): Figures {
  const file = path.join(folder, `${size}.json`);
  const child = spawnSync(process.execPath, ['--import', 'tsx', path.join(__dirname, 'synth', 'worker.ts'), kind, String(size), values.charts, file], {
    encoding: 'utf8', maxBuffer: 64 * 1024 * 1024, stdio: ['ignore', 'pipe', 'inherit'],
  });
  if (child.status !== 0) throw new Error(`the ${kind} worker for ${size} functions ended with ${child.status ?? child.signal}`);
  return JSON.parse(child.stdout) as Figures;
}

function median(list: number[]): number {
  const sorted = [...list].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

const KINDS: readonly Kind[] = ['library', 'fast', 'bare'];

function rows(size: number): string[][] {
  measure('write', size);
  const all = Array.from({ length: rounds }, (_, round) => {
    const order = round % 2 === 0 ? KINDS : [...KINDS].reverse();
    return Object.fromEntries(order.map((kind) => [kind, measure(kind, size)])) as Record<Kind, Figures>;
  });
  const texts = new Set(all.flatMap((figures) => KINDS.map((kind) => figures[kind].sha256)));
  if (texts.size !== 1) throw new Error(`with ${size} functions the kinds made different manifests`);
  return KINDS.map((kind) => {
    const of = (pick: (figures: Figures) => number) => median(all.map((figures) => pick(figures[kind])));
    const ratio = (pick: (figures: Figures) => number) => median(all.map((figures) => pick(figures[kind]) / pick(figures.bare))).toFixed(2);
    return [
      String(size),
      String(all[0].library.objects),
      NAMES[kind],
      `${of(({ milliseconds }) => milliseconds).toFixed(0)} ms`,
      ratio(({ milliseconds }) => milliseconds),
      ratio(({ cpuMilliseconds }) => cpuMilliseconds),
      `${of(({ peakMebibytes }) => peakMebibytes).toFixed(0)} MiB`,
      ratio(({ peakMebibytes }) => peakMebibytes),
    ];
  });
}

const NAMES: Readonly<Record<Kind, string>> = { library: 'functions in App', fast: 'functions in FastApp', bare: 'bare ApiObjects in App' };
const header = ['functions', 'objects', 'what', 'time', '÷ bare', 'CPU time ÷ bare', 'peak memory', '÷ bare'];
try {
  console.log(`| ${header.join(' | ')} |\n|${' --- |'.repeat(header.length)}`);
  for (const size of sizes) rows(size).forEach((row) => console.log(`| ${row.join(' | ')} |`));
} finally {
  rmSync(folder, { recursive: true });
}
