// Runs a program in a folder of its own, and compares what came of it with what came of another.
import { spawn } from 'node:child_process';
import { cpSync, existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { emptyFolder, ENVIRONMENT, Interop, Program } from './language';

export interface Outcome {
  readonly succeeded: boolean;
  readonly stdout: string;
  readonly stderr: string;
  /** Text of each file below `dist/`, by its path. */
  readonly files: Record<string, string>;
}

/** What nobody catches in `facts` must stand in standard error, whatever a runtime prints around it. */
const REFUSAL = [
  'shop/wrong: 1 problem',
  'wrong.yaml:10:9 serving.triggers.http.prot: unknown field; did you mean "port"?',
  'shop/list: 4 problems',
  'apiVersion: is missing; give "core.openfunction.io/v1beta1" or "core.openfunction.io/v1beta2"',
  'kind: must be "Function", got "List"',
  'metadata.name: is missing; give the name of the function',
  'spec: is missing; give at least "image" and "serving"',
  'shop/Bad: 3 problems',
  'image: must not be empty',
  'name: "Bad" is not a valid DNS-1035 label: lower-case letters, digits and "-", beginning with a letter and not ending with "-"',
  'port: 70000 is outside 1..65535',
].join('\n');

export async function runProgram(language: string, program: Program | Interop, command: readonly string[]): Promise<Outcome> {
  const folder = stage(language, program);
  const { code, stdout, stderr } = await execute(command, folder);
  return { succeeded: code === 0, stdout, stderr, files: filesBelow(join(folder, 'dist')) };
}

/** Of the example, each as its language writes them: why they fail, if they do. */
export async function runTests(language: string, command: readonly string[]): Promise<string[]> {
  const { code, stdout, stderr } = await execute(command, stage(language, 'tests'));
  return code === 0 ? [] : [`the tests of the example fail: ${stdout}${stderr}`];
}

/** The package's command line: manifests of a folder, a mistake, and files of the package itself. */
export async function runConsole(language: string, command: readonly string[]): Promise<Outcome> {
  const folder = stage(language, 'console');
  const rendered = await execute([...command, 'render', '-f', 'functions/', '--namespace', 'shop'], folder);
  const validated = await execute([...command, 'validate', '-f', 'wrong.yaml'], folder);
  const copied = await execute([...command, 'proxy-image', 'context', '-o', 'dist'], folder);
  const runs = [rendered, validated, copied];
  return {
    succeeded: runs.map(({ code }) => code).join() === '0,1,0',
    stdout: runs.map(({ stdout }) => stdout).join(''),
    stderr: runs.map(({ stderr }) => stderr).join(''),
    files: filesBelow(join(folder, 'dist')),
  };
}

/** What differs, a line for each; nothing when all is the same. */
export function compare(program: Program | Interop | 'console', expected: Outcome, actual: Outcome): string[] {
  const failures: string[] = [];
  const shouldSucceed = program !== 'facts';
  for (const [who, { succeeded, stderr }] of [['in TypeScript', expected], ['here', actual]] as const) {
    if (succeeded !== shouldSucceed) failures.push(`${program} ${succeeded ? 'succeeds' : 'fails'} ${who}: ${stderr}`);
    if (program === 'facts' && !trimmed(stderr).includes(REFUSAL)) failures.push(`facts does not tell ${who} what is wrong: ${stderr}`);
  }
  const wanted: Record<string, string | undefined> = { ...expected.files, 'standard output': expected.stdout };
  const found: Record<string, string | undefined> = { ...actual.files, 'standard output': actual.stdout };
  for (const file of new Set([...Object.keys(wanted), ...Object.keys(found)])) {
    const difference = firstDifference(wanted[file], found[file]);
    if (difference !== undefined) failures.push(`${program}, ${file}: ${difference}`);
  }
  if (Object.values(wanted).join('') === '') failures.push(`${program} gives nothing to compare`);
  return failures;
}

function filesBelow(folder: string): Record<string, string> {
  if (!existsSync(folder)) return {};
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) => statSync(join(folder, file)).isFile());
  return Object.fromEntries(files.sort().map((file) => [file, readFileSync(join(folder, file), 'utf8')]));
}

function firstDifference(wanted?: string, found?: string): string | undefined {
  if (wanted === found) return undefined;
  if (wanted === undefined) return 'is not there in TypeScript';
  if (found === undefined) return 'is not there';
  const [left, right] = [wanted, found].map((text) => text.split('\n'));
  const line = left.findIndex((text, index) => text !== right[index]);
  if (line < 0) return `line ${left.length + 1} is ${JSON.stringify(right[left.length])} and not there in TypeScript`;
  return `line ${line + 1} is ${JSON.stringify(right[line])}, in TypeScript ${JSON.stringify(left[line])}`.slice(0, 400);
}

/** Each runtime indents in its own way. */
function trimmed(text: string): string {
  return text.split('\n').map((line) => line.trim()).join('\n');
}

function stage(language: string, program: string): string {
  const folder = emptyFolder('run', language, program);
  for (const name of ['functions', 'wrong.yaml']) cpSync(join(__dirname, 'programs', name), join(folder, name), { recursive: true });
  return folder;
}

function execute([program, ...args]: readonly string[], cwd: string): Promise<{ code: number | null; stdout: string; stderr: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { cwd, env: { ...process.env, ...ENVIRONMENT }, stdio: ['ignore', 'pipe', 'pipe'] });
    const out: Buffer[] = [];
    const err: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => out.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => err.push(chunk));
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, stdout: Buffer.concat(out).toString(), stderr: Buffer.concat(err).toString() }));
  });
}
