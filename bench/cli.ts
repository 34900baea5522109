/**
 * Time, CPU time and peak memory of the command line, and of `helm template` with a chart that gives the same objects, in one run.
 *
 * Usage: npm run bench:cli [-- --sizes 1,1000,10000 --rounds 5]
 *
 * Helm is built from source on first use, and GNU time measures both. The programs take turns, so that a slow moment of the machine meets
 * all of them; a ratio is the median of the ratios of the rounds. CPU time is the steadier measure on a machine that does other work too.
 */
import { spawnSync } from 'node:child_process';
import { closeSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { parseArgs } from 'node:util';
import { documentsOf, writeChart, writeFunctions } from './cli/inputs';
import { goBinary } from '../test/testbed';

const { values } = parseArgs({ options: { sizes: { type: 'string', default: '1,1000,10000' }, rounds: { type: 'string', default: '5' } } });
const rounds = Number(values.rounds);
const folder = mkdtempSync(path.join(tmpdir(), 'bench-cli-'));
const MAIN = path.join(__dirname, '..', 'lib', 'cli', 'main.js');
const KIB_PER_MIB = 1024;

interface Figures { readonly seconds: number; readonly cpuSeconds: number; readonly mebibytes: number }

/** Runs a program with its output in a file, as a pipeline of CI does. */
function measured(program: string, args: readonly string[], output: string, expected = 0): Figures {
  const times = path.join(folder, 'times');
  const descriptor = openSync(output, 'w');
  const { status } = spawnSync('/usr/bin/time', ['-o', times, '-f', '%e %U %S %M', program, ...args], { stdio: ['ignore', descriptor, 'ignore'] });
  closeSync(descriptor);
  if (status !== expected) throw new Error(`${program} ${args.join(' ')} ended with ${status}`);
  const [seconds, user, system, kibibytes] = readFileSync(times, 'utf8').trim().split('\n').at(-1)!.split(' ').map(Number);
  return { seconds, cpuSeconds: user + system, mebibytes: kibibytes / KIB_PER_MIB };
}

function median(list: readonly number[]): number {
  const sorted = [...list].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

const PROGRAMS = ['helm template', 'render', 'validate', 'diff'] as const;
type Round = Record<(typeof PROGRAMS)[number], Figures>;

function round(helm: string, at: string): Round {
  const out = (name: string) => path.join(at, `${name}.out`);
  const [before, after] = [path.join(at, 'functions'), path.join(at, 'changed')];
  const ours = (args: readonly string[], name: string, expected?: number) => measured(process.execPath, [MAIN, ...args], out(name), expected);
  return {
    'helm template': measured(helm, ['template', 'bench', path.join(at, 'chart')], out('helm')),
    'render': ours(['render', before], 'render'),
    'validate': ours(['validate', before], 'validate'),
    'diff': ours(['diff', before, after], 'diff', 1),
  };
}

function rows(size: number, helm: string): string[] {
  const at = path.join(folder, String(size));
  writeFunctions(path.join(at, 'functions'), size, '1.2.3');
  writeFunctions(path.join(at, 'changed'), size, '1.2.4');
  const rendered = path.join(at, 'rendered.yaml');
  measured(process.execPath, [MAIN, 'render', path.join(at, 'functions')], rendered);
  writeChart(path.join(at, 'chart'), readFileSync(rendered, 'utf8'), size);
  const all = Array.from({ length: rounds }, () => round(helm, at));
  const [own, theirs] = ['render', 'helm'].map((name) => documentsOf(readFileSync(path.join(at, `${name}.out`), 'utf8')));
  if (own.join('---\n') !== theirs.join('---\n')) throw new Error(`with ${size} functions the chart gives other objects`);
  return PROGRAMS.map((program) => {
    const of = (pick: (figures: Figures) => number) => median(all.map((each) => pick(each[program])));
    const ratio = (to: keyof Round, pick: (figures: Figures) => number) => median(all.map((each) => pick(each[program]) / pick(each[to]))).toFixed(2);
    const [seconds, cpu] = [({ seconds: s }: Figures) => s, ({ cpuSeconds: s }: Figures) => s];
    return [
      size, own.length, program, `${of(seconds).toFixed(2)} s`, `${of(cpu).toFixed(2)} s`, `${of(({ mebibytes }) => mebibytes).toFixed(0)} MiB`,
      ratio('helm template', seconds), ratio('helm template', cpu), ratio('render', cpu),
    ].join(' | ');
  });
}

async function main(): Promise<void> {
  const helm = await goBinary('helm', { package: 'helm.sh/helm/v3/cmd/helm', title: 'helm (about 7 min cold)' });
  const header = ['functions', 'objects', 'command', 'time', 'CPU time', 'peak memory', 'time ÷ helm', 'CPU ÷ helm', 'CPU ÷ render'];
  console.log(`| ${header.join(' | ')} |\n|${' --- |'.repeat(header.length)}`);
  for (const size of values.sizes.split(',').map(Number)) rows(size, helm).forEach((row) => console.log(`| ${row} |`));
}

main().finally(() => rmSync(folder, { recursive: true })).catch((error: unknown) => {
  console.error(error);
  process.exitCode = 1;
});
