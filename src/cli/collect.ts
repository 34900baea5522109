/** Paths on the command line → functions and other objects, each with its problems. */
import { resolve } from 'node:path';
import { exclusions, isGenerated } from './exclude';
import { NO_PROGRESS, Progress } from './progress';
import { componentWarnings } from '../private/catalogue/component-object';
import { Path, Problem, SourcePosition } from '../private/problem/problem';
import { plural } from '../private/problem/shared';
import { Intake, intakeFromManifest } from '../private/tree/intake';
import { InputFile, readEachPath } from '../private/yaml/read-paths';
import { documentsIn, readManifests, YamlDocument } from '../private/yaml/read-yaml';

/** One document of the input. */
export interface Collected {
  readonly file: string;
  /** Of a function only what names it. */
  readonly value?: unknown;
  /** Set for functions only. */
  readonly intake?: Intake;
  readonly problems: readonly Problem[];
  readonly position: (path: Path) => SourcePosition;
  /** Of a file that this command wrote. */
  readonly generated?: boolean;
  /** Names it in messages where there are no line numbers. */
  readonly title?: string;
}

export interface CollectOptions {
  readonly namespace?: string;
  /** Patterns of what to leave out of folders. */
  readonly exclude?: readonly string[];
  /** A folder of generated files, which are not read. */
  readonly output?: string;
  /** A path without files is fine. */
  readonly mayBeEmpty?: boolean;
  readonly progress?: Progress;
}

export function collect(paths: readonly string[], options: CollectOptions = {}): Collected[] {
  const { namespace, exclude = [], output, mayBeEmpty = false, progress = NO_PROGRESS } = options;
  const seen = new Set<string>();
  // The same file may be given by itself and through its folder.
  const isNew = ({ file }: InputFile) => !seen.has(resolve(file)) && seen.add(resolve(file)) !== undefined;
  const all = readEachPath(paths, exclusions(exclude, output)).flatMap(({ path, files }) => {
    if (files.length === 0) return mayBeEmpty ? [] : [withoutFiles(path)];
    return files.filter(isNew).flatMap((input, index) => {
      progress.step('reading files', index, files.length);
      const documents = readManifests(input).map((document) => collected(document, input.file, namespace));
      return isGenerated(input) ? documents.map((each) => ({ ...each, generated: true })) : documents;
    });
  });
  return all.some(({ intake }) => intake !== undefined) ? withoutGenerated(all) : all;
}

/** What functions became before is not there beside what they become now; by itself it is compared like anything. */
function withoutGenerated(all: readonly Collected[]): Collected[] {
  const [first, ...others] = all.filter(({ generated }) => generated === true) as [Collected?, ...Collected[]];
  if (first === undefined) return [...all];
  const more = others.length === 0 ? '' : ` and ${plural(others.length, 'other file')}`;
  const position = first.position([]);
  const message = `skipped: render wrote this file${more}`;
  const note: Collected = { ...first, value: undefined, problems: [{ severity: 'note', path: [], message, position }] };
  return [note, ...all.filter(({ generated }) => generated !== true)];
}

function collected(document: YamlDocument, file: string, namespace: string | undefined): Collected {
  const { value, kind, position, problems } = document;
  const place = (path: Path) => position?.(path) ?? { file, line: 1, column: 1 };
  if (kind === 'other') {
    const found = componentWarnings(value, position);
    const warnings = found.map((problem) => ({ ...problem, position: place(problem.path) }));
    return { file, value, problems: [...problems, ...warnings], position: place };
  }
  const read = intakeFromManifest(value, { namespace }, position);
  const intake = { ...read, problems: [...problems, ...read.problems] };
  const { apiVersion, kind: given, metadata } = value as Record<string, unknown>;
  return { file, value: { apiVersion, kind: given, metadata }, intake, problems: intake.problems, position: place };
}

/** An object that was no text of its own, such as one of many that another tool passes on. */
export function collectObject(value: unknown, title: string, namespace: string | undefined): Collected[] {
  return documentsIn(value).map((document) => {
    const { problems, ...rest } = collected(document, title, namespace);
    return { ...rest, title, problems: problems.map(({ position: _, ...problem }) => problem) };
  });
}

function withoutFiles(path: string): Collected {
  const position = { file: path, line: 1, column: 1 };
  const message = 'contains no .yaml, .yml or .json file';
  return { file: path, problems: [{ severity: 'error', path: [], message, position }], position: () => position };
}
