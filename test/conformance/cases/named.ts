// Cases with a name: the examples of the repository, the golden cases of its unit tests, and this suite's own.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { readYaml } from './render';
import { repositoryRoot, type KubeObject } from '../../testbed';
import type { Source } from '../support/tally';

export interface NamedCase {
  readonly source: Source;
  readonly name: string;
  readonly objects: readonly KubeObject[];
}

export function namedCases(): NamedCase[] {
  return golden();
}

function golden(): NamedCase[] {
  const folder = join(repositoryRoot, 'test', 'golden');
  return (existsSync(folder) ? readdirSync(folder) : [])
    .filter((name) => existsSync(join(folder, name, 'expected.yaml')))
    .map((name) => ({ source: 'golden', name, objects: readYaml(readFileSync(join(folder, name, 'expected.yaml'), 'utf8')) }));
}
