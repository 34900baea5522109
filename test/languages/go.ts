// Go: the generated modules, and a user's module that is pointed at them.
import { copyFileSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { repositoryRoot, step } from '../testbed';
import { command, emptyFolder, Language, pacmak, PEER_VERSIONS, Program } from './language';
import { pageProgram } from './page-program';

export async function prepareGo(): Promise<Language> {
  // All peers are generated too, since the module proxy does not serve every one of them; only what a program uses is compiled.
  const packages = await step('Go: generating the modules', () => pacmak('go', Object.keys(PEER_VERSIONS), '--code-only'));
  const project = emptyFolder('go');
  const files: Record<Program, string> = {
    hello: pageProgram('go', 'go', 'hello.go'),
    bakery: join(repositoryRoot, 'examples', 'languages', 'main.go'),
    facts: join(__dirname, 'programs', 'facts.go'),
  };
  for (const [program, file] of [...Object.entries(files), ['interop', join(__dirname, 'programs', 'interop.go')]]) {
    mkdirSync(join(project, program));
    copyFileSync(file, join(project, program, 'main.go'));
  }
  copyFileSync(join(repositoryRoot, 'examples', 'languages', 'main_test.go'), join(project, 'bakery', 'main_test.go'));
  writeFileSync(join(project, 'go.mod'), goMod(packages));
  await step('Go: compiling the programs', async () => {
    await command('go', ['mod', 'tidy'], project);
    await command('go', ['vet', './...'], project);
    await command('go', ['build', '-o', `${join(project, 'bin')}/`, './...'], project);
    await command('go', ['test', '-c', '-o', join(project, 'bin', 'tests'), './bakery'], project);
  });
  const binary = (name: string) => [join(project, 'bin', name)];
  return { command: binary, tests: () => binary('tests'), interop: { versions: ['28'], command: () => binary('interop') } };
}

function goMod(packages: string): string {
  const folders = readdirSync(packages).map((name) => join(packages, name));
  const replacements = folders.map((folder) => `replace ${/^module (\S+)$/m.exec(readFileSync(join(folder, 'go.mod'), 'utf8'))?.[1]} => ${folder}`);
  return ['module programs', '', 'go 1.25', '', ...replacements, ''].join('\n');
}
