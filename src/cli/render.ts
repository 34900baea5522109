/** `render`: prints the objects as YAML, or writes each to a file, or says whether those files are up to date. */
import { join } from 'node:path';
import { Command, InvalidArgumentError } from 'commander';
import { AddCommand, examples, EXIT, Streams, UsageError } from './command';
import { Plan, planFiles, writeFiles } from './files';
import { addInputOptions, evaluate, InputOptions } from './input';
import { objectsOf } from './synthesize';
import { yamlPieces } from './yaml-text';
import { oneLine } from '../private/problem/problem';
import { plural } from '../private/problem/shared';

interface RenderOptions extends InputOptions {
  readonly output?: string;
  readonly prune?: boolean;
  readonly check?: boolean;
}

export const addRender: AddCommand = (program, streams, done) => {
  const command = addInputOptions(program.command('render'))
    .description('print the Kubernetes objects of functions as YAML; other objects pass through')
    .option('-o, --output <folder>', 'write one file per object instead', folder)
    .option('--prune', 'with -o: remove files that this command wrote and that no object has now')
    .option('--check', 'with -o: write nothing, and fail if the folder is not what would be written')
    .action((paths: string[], options: RenderOptions) => done(render(paths, options, streams)));
  withExamples(command);
};

function withExamples(command: Command): void {
  examples(command, [
    ['render functions/ -n shop | kubectl diff -f -', 'what would change in the cluster'],
    ['render functions/ -n shop -o manifests --prune', 'a folder for Argo CD or Flux'],
    ['render functions/ -n shop -o manifests --check', 'in CI: is that folder up to date?'],
  ]);
}

/** An unset shell variable would otherwise mean the current folder. */
function folder(value: string): string {
  if (value === '') throw new InvalidArgumentError('Give the path of a folder.');
  return value;
}

function render(paths: readonly string[], options: RenderOptions, streams: Streams): number {
  const { output, prune = false, check = false } = options;
  if (output === undefined && (prune || check)) throw new UsageError(`${check ? '--check' : '--prune'} needs -o`);
  const { emitted, verdict } = evaluate(paths, options, streams);
  [...verdict.errors, ...verdict.warnings].forEach((line) => streams.err(`${line}\n`));
  if (verdict.errors.length > 0) {
    streams.err(`${verdict.summary}; nothing was written\n`);
    return EXIT.invalidInput;
  }
  if (output === undefined) {
    for (const piece of yamlPieces(objectsOf(emitted))) streams.out(piece);
    return EXIT.ok;
  }
  const plan = usable(output, () => planFiles(output, [...objectsOf(emitted)]));
  if (check) return checked(output, plan, streams);
  usable(output, () => writeFiles(plan, prune));
  streams.err(`${output}: ${summaryOf(plan, prune)}\n`);
  return EXIT.ok;
}

function usable<T>(output: string, action: () => T): T {
  try {
    return action();
  } catch (error) {
    throw new UsageError(`${output}: cannot be written: ${(error as Error).message}`);
  }
}

/** `2 files: 1 added, 1 changed; 1 is left over, and --prune removes it` */
function summaryOf({ texts, missing, different, unchanged, leftOver }: Plan, prune: boolean): string {
  const parts = [
    [missing, 'added'], [different, 'changed'], [unchanged, 'unchanged'], [prune ? leftOver : [], 'removed'],
  ] as const;
  const done = parts.filter(([names]) => names.length > 0).map(([names, word]) => `${names.length} ${word}`);
  const left = prune || leftOver.length === 0 ? '' : `; ${ofLeftOver(leftOver.length)}`;
  return `${plural(texts.size, 'file')}${done.length === 0 ? '' : ': '}${done.join(', ')}${left}`;
}

function ofLeftOver(count: number): string {
  return count === 1 ? '1 is left over, and --prune removes it' : `${count} are left over, and --prune removes them`;
}

function checked(output: string, { texts, missing, different, leftOver }: Plan, { out, err }: Streams): number {
  const line = (word: string) => (name: string): [string, string] => [name, oneLine(`${join(output, name)}: ${word}`)];
  const lines = [
    ...missing.map(line('is missing')),
    ...different.map(line('differs')),
    ...leftOver.map(line('is left over')),
  ].sort(([a], [b]) => (a < b ? -1 : 1));
  lines.forEach(([, text]) => out(`${text}\n`));
  if (lines.length === 0) {
    err(`${output}: ${plural(texts.size, 'file')}, all up to date\n`);
    return EXIT.ok;
  }
  err(`${output}: ${plural(lines.length, 'file')} not up to date; render with -o ${output} --prune\n`);
  return EXIT.invalidInput;
}
