// Runs a TypeScript block of the documentation against the library, and gives what it synthesizes.
import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import * as cdk8s from 'cdk8s';
import * as kplus from 'cdk8s-plus-28';
import * as constructs from 'constructs';
import * as ts from 'typescript';
import { parseAllDocuments } from 'yaml';
import type { Block } from './markdown';
import * as library from '../../src';

export interface Ran {
  readonly objects: KubeObject[];
  readonly warnings: string[];
}

export interface KubeObject {
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string };
  readonly [field: string]: unknown;
}

export function runSnippet(block: Block): Ran {
  const warnings: string[] = [];
  const stderr = jest.spyOn(process.stderr, 'write').mockImplementation((text) => {
    warnings.push(String(text));
    return true;
  });
  try {
    return { objects: runProgram(block), warnings };
  } finally {
    stderr.mockRestore();
  }
}

export function newChart(): { app: cdk8s.App; chart: cdk8s.Chart } {
  const app = cdk8s.Testing.app();
  return { app, chart: new cdk8s.Chart(app, 'chart', { namespace: 'shop' }) };
}

export function objectsOf(app: cdk8s.App): KubeObject[] {
  return app.node.children.filter((child) => cdk8s.Chart.isChart(child)).flatMap((chart) => cdk8s.Testing.synth(chart)) as KubeObject[];
}

/** Programs bring their imports and write files. */
function runProgram(block: Block): KubeObject[] {
  const folder = mkdtempSync(path.join(tmpdir(), 'docs-'));
  const before = process.env.CDK8S_OUTDIR;
  process.env.CDK8S_OUTDIR = folder;
  try {
    evaluate(block.text);
    return readdirSync(folder).flatMap((file) => parseYaml(readFileSync(path.join(folder, file), 'utf8')));
  } finally {
    if (before === undefined) delete process.env.CDK8S_OUTDIR;
    else process.env.CDK8S_OUTDIR = before;
    rmSync(folder, { recursive: true });
  }
}

function evaluate(source: string): void {
  const compilerOptions = { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022, esModuleInterop: true };
  const { outputText } = ts.transpileModule(source, { compilerOptions });
  const modules: Record<string, unknown> = {
    'cdk8s': cdk8s, 'cdk8s-plus-28': kplus, constructs, 'cdk8s-openfunction': library, 'node:assert/strict': assert,
  };
  const load = (name: string): unknown => {
    if (!(name in modules)) throw new Error(`a snippet imports ${name}`);
    return modules[name];
  };
  const run = new Function('require', 'exports', '__dirname', outputText) as (...args: unknown[]) => void;
  run(load, {}, path.join(__dirname, 'fixtures'));
}

export function parseYaml(text: string): KubeObject[] {
  return parseAllDocuments(text, { version: '1.1' }).map((document) => document.toJS() as KubeObject);
}
