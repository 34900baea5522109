// The package in Python, Java and Go, built as it would be published. The same program must give the same in each of them
// as in TypeScript: manifests to the byte, what it prints, and how it ends.
import { note, step } from '../testbed';
import { compare, Outcome, runConsole, runProgram, runTests } from './compare';
import { prepareGo } from './go';
import { prepareJava } from './java';
import { Interop, Language, Program, PROGRAMS } from './language';
import { preparePython } from './python';
import { prepareTypescript } from './typescript';

type Outcomes = Map<Program | Interop | 'console', Outcome>;

const LANGUAGES: Record<string, () => Promise<Language>> = { Python: preparePython, Java: prepareJava, Go: prepareGo };

async function main(wanted: readonly string[]): Promise<void> {
  const unknown = wanted.filter((name) => !(name in LANGUAGES));
  if (unknown.length > 0) throw new Error(`${unknown.join(', ')}: not one of ${Object.keys(LANGUAGES).join(', ')}`);
  const reference = await prepareTypescript();
  const expected = await step('TypeScript: running the programs', () => outcomes('TypeScript', reference));
  const failures = new Map<string, string[]>();
  for (const [name, prepare] of Object.entries(LANGUAGES)) {
    if (wanted.length > 0 && !wanted.includes(name)) continue;
    failures.set(name, await differences(name, prepare, expected).catch((error: Error) => [error.message]));
  }
  for (const [name, found] of failures) {
    note(found.length === 0 ? `${name}: the same as in TypeScript` : `${name}: ${found.join(`\n${name}: `)}`);
  }
  const failed = [...failures.values()].filter((found) => found.length > 0).length;
  process.stdout.write(`${failures.size - failed} passed, ${failed} failed\n`);
  process.exitCode = failed === 0 ? 0 : 1;
}

async function differences(name: string, prepare: () => Promise<Language>, expected: Outcomes): Promise<string[]> {
  const language = await prepare();
  const actual = await step(`${name}: running the programs`, () => outcomes(name, language));
  const failed = await step(`${name}: running the tests of the example`, () => runTests(name, language.tests()));
  return [...failed, ...[...actual].flatMap(([program, outcome]) => compare(program, expected.get(program) as Outcome, outcome))];
}

async function outcomes(name: string, language: Language): Promise<Outcomes> {
  const found: Outcomes = new Map();
  for (const program of PROGRAMS) found.set(program, await runProgram(name, program, language.command(program)));
  for (const version of language.interop.versions) {
    const program = `interop ${version}` as const;
    found.set(program, await runProgram(name, program, language.interop.command(version)));
  }
  if (language.console !== undefined) found.set('console', await runConsole(name, language.console));
  return found;
}

main(process.argv.slice(2)).catch((error: Error) => {
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
});
