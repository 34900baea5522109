/** Options shared by `render`, `validate` and `report`, and the way from paths and settings to objects and problems. */
import { Command, InvalidArgumentError, Option } from 'commander';
import { collect } from './collect';
import { Streams, UsageError } from './command';
import { readPlatformText, ReadPlatformResult } from './platform';
import { Verdict, verdictOf } from './print';
import { NO_PROGRESS, progressOn } from './progress';
import { Finding, Synthesized, synthesize } from './synthesize';
import { DaprProxyImage } from '../dapr-proxy-image';
import { dns1123Label } from '../private/kubernetes/syntax';
import { formatProblem, oneLine, Problem, ProblemsError } from '../private/problem/problem';
import { checkProxyImage } from '../private/settings/operators-proxy';
import { merge } from '../private/settings/proxy';
import { targetOption, TargetsModel } from '../private/settings/targets';
import type { ResolvedSettings } from '../private/tree/surroundings';
import { readPaths } from '../private/yaml/read-paths';

export interface InputOptions {
  readonly file?: string[];
  readonly exclude?: string[];
  readonly namespace?: string;
  readonly platform?: string;
  readonly proxyImage?: string;
  readonly target?: TargetsModel;
  readonly strict?: boolean;
  /** Of `validate`: beside problems, what may well be meant so. */
  readonly information?: boolean;
  /** Of `diff`: a folder without functions is one whose functions are gone, or were not there yet. */
  readonly mayBeEmpty?: boolean;
}

export interface Outcome extends Synthesized {
  readonly verdict: Verdict;
}

export function addInputOptions(command: Command): Command {
  command
    .argument('[paths...]', 'files, folders or - for standard input')
    .option('-f, --file <path>', 'the same as a path; may be repeated', append);
  return addReadingOptions(command);
}

/** How functions are read, wherever they come from. */
export function addReadingOptions(command: Command): Command {
  return command
    .addOption(new Option('-n, --namespace <namespace>', 'default namespace for functions').argParser(namespace)
      .env('ARGOCD_APP_NAMESPACE')) // Argo CD starts a plugin without a shell, so that its file cannot use variables
    .option('--exclude <pattern>', 'what to leave out of folders, as in .gitignore; may be repeated', append)
    .option('--platform <file>', 'platform settings as YAML, or the ConfigMap openfunction-config')
    .option('--proxy-image <reference>', 'image of the dapr-proxy', image)
    .option('--target <name=version>', 'version to write for, such as keda=2.17; may be repeated', target)
    .option('--strict', 'treat warnings as errors');
}

export function append(value: string, before: string[] = []): string[] {
  return [...before, value];
}

export function namespace(value: string): string {
  const problem = dns1123Label(value);
  if (problem !== undefined) throw new InvalidArgumentError(problem);
  return value;
}

function image(value: string): string {
  const [problem] = checkProxyImage([], value);
  if (problem !== undefined) throw new InvalidArgumentError(problem.message);
  return value;
}

function target(option: string, before: TargetsModel = {}): TargetsModel {
  const read = targetOption(option);
  if (typeof read === 'string') throw new InvalidArgumentError(read);
  const [name, version] = read;
  return { ...before, [name]: version };
}

export function evaluate(paths: readonly string[], options: InputOptions, streams?: Streams): Outcome {
  const given = [...options.file ?? [], ...paths];
  if (given.length === 0) throw new UsageError('give at least one file or folder, or - for standard input');
  const progress = streams?.progress === true ? progressOn(streams.err) : NO_PROGRESS;
  try {
    const { settings, strict, problems } = readSettings(options);
    const documents = usage(() => collect(given, { ...options, progress }));
    const read = synthesize(documents, settings, progress);
    const told = withoutNotes(read.findings, (note) => streams?.err(`${note}\n`));
    const result = { ...read, findings: options.information === true ? told.map(withInformation) : told };
    return { ...result, verdict: verdictOf(result.findings, problems, strict) };
  } finally {
    progress.end();
  }
}

/** Notes are neither problems nor warnings: they are told once, beside whatever the command prints. */
function withoutNotes(findings: readonly Finding[], tell: (note: string) => void): Finding[] {
  return findings.map(({ problems, ...each }) => {
    const notes = problems.filter(({ severity }) => severity === 'note');
    notes.forEach((note) => tell(formatProblem(note)));
    return { ...each, problems: problems.filter(({ severity }) => severity !== 'note') };
  });
}

function withInformation({ source, problems, information = () => [] }: Finding): Finding {
  return { source, problems: [...problems, ...information()] };
}

interface Settings {
  readonly settings: ResolvedSettings;
  readonly strict: boolean;
  readonly problems: readonly Problem[];
}

function readSettings({ platform: file, proxyImage, target: targets, strict = false }: InputOptions): Settings {
  const found = file === undefined ? [] : usage(() => readPaths([file]));
  if (file !== undefined && (found.length !== 1 || found[0].file !== file)) {
    throw new UsageError(`${file}: is a folder; --platform takes one file`);
  }
  const read: ReadPlatformResult = found.length === 0 ? { platform: {}, problems: [] }
    : readPlatformText(found[0].content, found[0].file);
  const { settings, ...rest } = settingsOf(read, proxyImage, strict);
  const platform = targets === undefined ? settings.platform : merge(settings.platform, { targets });
  return { ...rest, settings: { ...settings, platform } };
}

/** What options say wins. */
export function settingsOf(read: ReadPlatformResult, proxyImage: string | undefined, strict: boolean): Settings {
  const reference = proxyImage ?? read.proxyImage;
  const model = reference === undefined ? undefined : DaprProxyImage.fromRegistry(reference)._model();
  const { platform, problems } = read;
  return { settings: { platform, image: model }, strict: strict || read.strict === true, problems };
}

/** Paths on the command line that cannot be read are usage errors, not problems of the input. */
export function usage<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    if (!(error instanceof ProblemsError)) throw error;
    const lines = error.groups.flatMap(({ where, problems }) => (
      problems.map(({ message }) => oneLine(`${where}: ${message}`))));
    throw new UsageError(lines.join('\n'));
  }
}
