/** The paths of the command line → functions and other objects, each with what stands against it. */
import { resolve } from 'node:path';
import { Path, Problem, SourcePosition } from '../private/problem/problem';
import { Intake, intakeFromManifest } from '../private/tree/intake';
import { InputFile, readEachPath } from '../private/yaml/read-paths';
import { readYaml, YamlDocument } from '../private/yaml/read-yaml';

/** One document, in the order in which they were read. */
export interface Collected {
  readonly file: string;
  readonly value?: unknown;
  /** Of a function. */
  readonly intake?: Intake;
  readonly problems: readonly Problem[];
  readonly position: (path: Path) => SourcePosition;
}

export function collect(paths: readonly string[], namespace: string | undefined): Collected[] {
  const seen = new Set<string>();
  // A file may be named beside the folder it is in.
  const isNew = ({ file }: InputFile) => !seen.has(resolve(file)) && seen.add(resolve(file)) !== undefined;
  return readEachPath(paths).flatMap(({ path, files }) => {
    if (files.length === 0) return [withoutFiles(path)];
    return files.filter(isNew).flatMap(({ file, content }) => readYaml(content, file).map((document) => collected(document, file, namespace)));
  });
}

function collected({ value, kind, position, problems }: YamlDocument, file: string, namespace: string | undefined): Collected {
  const place = (path: Path) => position?.(path) ?? { file, line: 1, column: 1 };
  if (kind === 'other') return { file, value, problems, position: place };
  const intake = intakeFromManifest(value, { namespace }, position);
  return { file, value, intake, problems: [...problems, ...intake.problems], position: place };
}

function withoutFiles(path: string): Collected {
  const position = { file: path, line: 1, column: 1 };
  const message = 'holds no file that ends in .yaml, .yml or .json';
  return { file: path, problems: [{ severity: 'error', path: [], message, position }], position: () => position };
}
