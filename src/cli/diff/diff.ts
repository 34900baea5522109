/** `diff`: what changes between two sets of functions, for each function and then for each object and field. */
import { existsSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Option } from 'commander';
import { compare } from './compare';
import { NOTHING, State, stateOf } from './facts';
import { FORMATS } from './formats';
import { Revision } from './revision';
import { AddCommand, examples, Streams, UsageError } from '../command';
import { addReadingOptions, evaluate, InputOptions } from '../input';

interface DiffOptions extends InputOptions {
  readonly against?: string;
  readonly oldPlatform?: string;
  readonly format: keyof typeof FORMATS;
  readonly brief?: boolean;
}

/** Like those of diff(1): 1 for a difference, 2 for whatever prevents an answer. */
const EXIT = { same: 0, different: 1, failed: 2 } as const;

export const addDiff: AddCommand = (program, streams, done) => {
  const command = program.command('diff')
    .description('print what changes between two sets of functions: for each function, then for each object and field')
    .argument('<paths...>', 'OLD and NEW: files, folders or -; with --against: the new state only')
    .option('--against <revision>', 'compare with the same paths at this Git revision');
  addReadingOptions(command)
    .option('--old-platform <file>', 'platform settings of the old state (default: those of the new one)')
    .addOption(new Option('--format <format>', 'format of the output').choices(Object.keys(FORMATS)).default('text'))
    .option('--brief', 'only the functions, without objects and fields')
    .action((paths: string[], options: DiffOptions) => done(diff(paths, options, streams)));
  const exits = '0 for no difference, 1 for a difference, 2 for invalid input or wrong usage';
  command.addHelpText('after', `\nExit codes: ${exits}.`);
  examples(command, [
    ['diff --against main functions/', 'what this branch changes'],
    ['diff --against origin/main functions/ --format markdown', 'a comment for a pull request'],
    ['diff old/ new/ --brief', 'two folders, without objects and fields'],
  ]);
};

function diff(paths: readonly string[], options: DiffOptions, streams: Streams): number {
  const { against, format, brief, oldPlatform = options.platform } = options;
  if (against === undefined && paths.length !== 2) throw new UsageError('give OLD and NEW, or --against and paths');
  if (against !== undefined && paths.includes('-')) throw new UsageError('--against: standard input has no revisions');
  if (paths.every((path) => path === '-')) throw new UsageError('standard input can be only one of two');
  const [after, before] = against === undefined
    ? [stateFrom(paths.slice(1), options, streams),
      stateFrom(paths.slice(0, 1), { ...options, platform: oldPlatform }, streams)]
    : statesSince(against, paths, options, streams);
  if (before === undefined || after === undefined) return EXIT.failed;
  const difference = compare(before, after);
  streams.out(FORMATS[format](difference, { brief, colours: streams.colours }));
  return difference.functions.length + difference.objects.length > 0 ? EXIT.different : EXIT.same;
}

/** Nothing if there are problems, which are printed. */
function stateFrom(paths: readonly string[], options: InputOptions, streams: Streams): State | undefined {
  if (paths.length === 0) return NOTHING;
  const outcome = evaluate(paths, options, streams);
  const { errors, summary } = outcome.verdict;
  if (errors.length === 0) return stateOf(outcome);
  [...errors, `${summary}; nothing was compared`].forEach((line) => streams.err(`${line}\n`));
  return undefined;
}

/**
 * The new state and the old one. What was at the revision and is gone has been removed; platform settings that lie in
 * the repository are those of the revision, too.
 */
function statesSince(
  name: string, paths: readonly string[], options: DiffOptions, streams: Streams,
): [State | undefined, State | undefined] {
  const folder = realpathSync(mkdtempSync(join(tmpdir(), 'cdk8s-openfunction-')));
  const revision = new Revision(name, folder);
  try {
    const old = paths.map((path) => revision.checkOut(path));
    const current = paths.filter((path, index) => old[index] === undefined || existsSync(path));
    const after = stateFrom(current, { ...options, mayBeEmpty: true }, streams);
    const { platform, oldPlatform } = options;
    const isGiven = platform === undefined || oldPlatform !== undefined;
    const inRevision = isGiven ? oldPlatform : found(platform, revision) ?? platform;
    const given = { ...options, platform: inRevision, mayBeEmpty: true };
    const err = (text: string) => streams.err(revision.shown(text));
    return [after, stateFrom(old.flatMap((path) => path ?? []), given, { ...streams, err })];
  } catch (error) {
    throw error instanceof UsageError ? new UsageError(revision.shown(error.message)) : error;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** A file outside the repository is the same at every revision. */
function found(platform: string, revision: Revision): string | undefined {
  try {
    return revision.checkOut(platform);
  } catch (error) {
    if (error instanceof UsageError) return undefined;
    throw error;
  }
}
