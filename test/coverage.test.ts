// Files that coverage leaves out have nothing to cover.
import { readFileSync } from 'node:fs';
import * as path from 'node:path';
import * as ts from 'typescript';

const ROOT = path.join(__dirname, '..');
const { jest: config } = JSON.parse(readFileSync(path.join(ROOT, 'package.json'), 'utf8')) as { jest: { collectCoverageFrom: string[]; coverageThreshold: object } };
const LEFT_OUT = config.collectCoverageFrom.filter((pattern) => pattern.startsWith('!')).map((pattern) => pattern.slice(1));

test.each(LEFT_OUT)('%s holds types only', (file) => {
  const compilerOptions = { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022, removeComments: true };
  const { outputText } = ts.transpileModule(readFileSync(path.join(ROOT, file), 'utf8'), { compilerOptions });
  expect(outputText.trim()).toBe('"use strict";\nObject.defineProperty(exports, "__esModule", { value: true });');
});

test('all other sources are measured, by lines and branches', () => {
  expect(config.collectCoverageFrom).toEqual(['src/**/*.ts', ...LEFT_OUT.map((file) => `!${file}`)]);
  expect(config.coverageThreshold).toEqual({ global: { lines: 95, branches: 95 } });
});
