// The reference: the same programs in TypeScript, from the sources.
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { repositoryRoot } from '../testbed';
import { INTEROP_VERSIONS, Language, Program } from './language';
import { pageProgram } from './page-program';

/** A Node that takes TypeScript, and our package by its name as the examples do. */
const NODE = [
  'env', `TSX_TSCONFIG_PATH=${join(repositoryRoot, 'tsconfig.json')}`,
  // Programs of a page are in .cache, which may be a link to somewhere else.
  `NODE_PATH=${join(repositoryRoot, 'node_modules')}`, process.execPath, '--import', pathToFileURL(require.resolve('tsx')).href,
];

export function prepareTypescript(): Promise<Language> {
  const files: Record<Program, string> = {
    hello: pageProgram('ts', 'typescript', 'hello.ts'),
    bakery: join(repositoryRoot, 'examples', 'languages', 'main.ts'),
    facts: join(__dirname, 'programs', 'facts.ts'),
  };
  return Promise.resolve({
    command: (program) => [...NODE, files[program]],
    tests: () => [process.execPath, require.resolve('jest/bin/jest'), '--ci', '--coverage=false', '--rootDir', repositoryRoot, 'examples/languages'],
    // With one version, which test/interop compares with the others.
    interop: { versions: INTEROP_VERSIONS, command: () => [...NODE, join(repositoryRoot, 'test', 'interop', 'program.ts')] },
    console: [...NODE, join(repositoryRoot, 'src', 'cli', 'main.ts')],
  });
}
