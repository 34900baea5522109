import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { stringify } from 'yaml';
import { yamlFileWithFunction, yamlTextWithFunction } from '../../../src/private/function/read-function';
import { v1beta2 } from '../../support/functions';
import { problemsOf, thrownBy } from '../../support/synth';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'only-function-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

function fileWith(text: string): string {
  const file = path.join(folder, 'f.yaml');
  writeFileSync(file, text);
  return file;
}

test('a file with one function gives it, with its places', () => {
  const file = fileWith(JSON.stringify(v1beta2()));
  const { value, position } = yamlFileWithFunction(file);
  expect(value).toEqual(v1beta2());
  expect(position?.(['image'])).toEqual({ file, line: 1, column: expect.any(Number) as number });
});

test('a text gives its function too', () => {
  const { value, position } = yamlTextWithFunction(stringify(v1beta2()));
  expect(value).toEqual(v1beta2());
  expect(position?.(['kind'])).toEqual({ file: 'yaml', line: 2, column: 1 });
  expect(thrownBy(() => yamlTextWithFunction('kind: X\nkind: Y\n'))).toBe('yaml: 1 problem\n  yaml:2:1 .: the key "kind" is given twice');
});

test('a file that is not there is said to be not there', () => {
  expect(problemsOf(() => yamlFileWithFunction(path.join(folder, 'none.yaml')))).toEqual(['.: there is no such file or folder']);
});

test('a file that cannot be read is refused with its own problem', () => {
  expect(problemsOf(() => yamlFileWithFunction(fileWith('a: [b')))).toHaveLength(1);
});

test.each([[0, ''], [2, `${JSON.stringify(v1beta2())}\n---\n${JSON.stringify(v1beta2())}`]])('a file with %d objects is not accepted as a function', (count, text) => {
  expect(problemsOf(() => yamlFileWithFunction(fileWith(text)))).toEqual([
    count === 0 ? expect.any(String) : '.: holds 2 objects; one Function is expected, OpenFunctionManifests takes several',
  ]);
});
