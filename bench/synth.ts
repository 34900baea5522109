/**
 * Synthesis time and peak memory of this library, and of the same objects made as bare cdk8s ApiObjects, in one run.
 *
 * Usage: npm run bench:synth [-- --sizes 100,1000,5000 --rounds 5 --charts 1]
 *
 * Every measurement is a process of its own; the two kinds take turns, so that a slow moment of the machine meets both. A
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

function measure(kind: 'library' | 'bare' | 'write', size: number): Figures {
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

function row(size: number): { cells: string[]; perFunction: number } {
  measure('write', size);
  const pairs = Array.from({ length: rounds }, (_, round) => {
    const library = round % 2 === 0 ? measure('library', size) : undefined;
    const bare = measure('bare', size);
    return { library: library ?? measure('library', size), bare };
  });
  if (pairs.some(({ library, bare }) => library.sha256 !== bare.sha256)) throw new Error(`with ${size} functions the two kinds made different manifests`);
  const of = (pick: (pair: (typeof pairs)[number]) => number) => median(pairs.map(pick));
  const time = of(({ library }) => library.milliseconds);
  const cells = [
    String(size),
    String(pairs[0].library.objects),
    `${time.toFixed(0)} ms`,
    `${of(({ bare }) => bare.milliseconds).toFixed(0)} ms`,
    of(({ library, bare }) => library.milliseconds / bare.milliseconds).toFixed(2),
    of(({ library, bare }) => library.cpuMilliseconds / bare.cpuMilliseconds).toFixed(2),
    `${of(({ library }) => library.peakMebibytes).toFixed(0)} MiB`,
    `${of(({ bare }) => bare.peakMebibytes).toFixed(0)} MiB`,
    of(({ library, bare }) => library.peakMebibytes / bare.peakMebibytes).toFixed(2),
    `${(time / size).toFixed(2)} ms`,
  ];
  return { cells, perFunction: time / size };
}

const header = ['functions', 'objects', 'time', 'time, bare', 'ratio', 'ratio of CPU time', 'peak memory', 'memory, bare', 'ratio', 'time per function'];
try {
  console.log(`| ${header.join(' | ')} |\n|${' --- |'.repeat(header.length)}`);
  for (const size of sizes) console.log(`| ${row(size).cells.join(' | ')} |`);
} finally {
  rmSync(folder, { recursive: true });
}
