// The program of this folder under each version of cdk8s-plus: compiled as strict users do it, and run.
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import type { App } from 'cdk8s';
import * as ts from 'typescript';
import { diagnosticsOf } from '../support/compile';

const ROOT = path.join(__dirname, '..', '..');
const SOURCE = readFileSync(path.join(__dirname, 'program.ts'), 'utf8');
export const VERSIONS = ['28', '33', '34'] as const;

const OPTIONS: ts.CompilerOptions = {
  strict: true,
  noEmit: true,
  skipLibCheck: true,
  noImplicitOverride: true,
  target: ts.ScriptTarget.ES2022,
  module: ts.ModuleKind.Node16,
  moduleResolution: ts.ModuleResolutionKind.Node16,
  types: ['node'],
  paths: { 'cdk8s-openfunction': [path.join(ROOT, 'src', 'index.ts')] },
};

function programFor(version: string): string {
  return SOURCE.replaceAll('cdk8s-plus-28', `cdk8s-plus-${version}`);
}

/** What the compiler says of the program, and of each line added to it, by version and line. */
export function diagnostics(lines: readonly string[]): Record<string, string[]> {
  const texts = ['', ...lines].flatMap((line) => VERSIONS.map((version) => ({ line, version, text: `${programFor(version)}${line}` })));
  const files = new Map(texts.map(({ text }, index) => [path.join(__dirname, `program-${index}.ts`), text]));
  return Object.fromEntries(diagnosticsOf(files, OPTIONS).map((found, index) => {
    const { line, version } = texts[index];
    return [`${version} ${line}`.trim(), found.map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n').split('\n')[0])];
  }));
}

export interface Ran {
  readonly app: App;
  /** Text of each file that the program writes. */
  readonly files: Readonly<Record<string, string>>;
}

export function runWith(version: string): Ran {
  const compilerOptions = { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022, esModuleInterop: true };
  const { outputText } = ts.transpileModule(programFor(version), { compilerOptions });
  const folder = mkdtempSync(path.join(tmpdir(), 'interop-'));
  const before = process.env.CDK8S_OUTDIR;
  process.env.CDK8S_OUTDIR = folder;
  try {
    const exported = {} as { app: App };
    new Function('require', 'exports', outputText)(require, exported);
    const files = readdirSync(folder).map((file) => [file, readFileSync(path.join(folder, file), 'utf8')]);
    return { app: exported.app, files: Object.fromEntries(files) as Ran['files'] };
  } finally {
    if (before === undefined) delete process.env.CDK8S_OUTDIR;
    else process.env.CDK8S_OUTDIR = before;
    rmSync(folder, { recursive: true });
  }
}
