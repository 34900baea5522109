import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readPaths } from '../../../src/private/yaml/read-paths';

let root: string;

function put(path: string, content = 'kind: X'): void {
  const file = join(root, path);
  mkdirSync(join(file, '..'), { recursive: true });
  writeFileSync(file, content);
}

const names = (...paths: string[]) => readPaths(paths.map((path) => join(root, path))).map(({ file }) => file.slice(root.length + 1));

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'read-paths-'));
});

afterEach(() => {
  rmSync(root, { recursive: true });
});

describe('a folder', () => {
  test('gives its .yaml, .yml and .json files and those of its folders, sorted by name', () => {
    ['b.yml', 'a/z.json', 'a/b/c.yaml', 'c.yaml', 'a.yaml', 'readme.md', 'x.yaml.bak', 'yaml'].forEach((path) => put(path));
    expect(names('.')).toEqual(['a/b/c.yaml', 'a/z.json', 'a.yaml', 'b.yml', 'c.yaml']);
  });

  test('hides what begins with a dot, and node_modules', () => {
    ['.git/a.yaml', '.b.yaml', 'node_modules/p/c.yaml', 'x/.d/e.yaml', 'f.yaml'].forEach((path) => put(path));
    expect(names('.')).toEqual(['f.yaml']);
  });

  test('follows links to files and folders, but never back to a folder it is in', () => {
    put('real/a.yaml');
    symlinkSync('real', join(root, 'link'));
    symlinkSync('..', join(root, 'real/up'));
    symlinkSync('real/a.yaml', join(root, 'b.yaml'));
    ['nowhere', 'loop'].forEach((name) => symlinkSync(name, join(root, name)));
    expect(names('.')).toEqual(['b.yaml', 'link/a.yaml', 'real/a.yaml']);
  });

  test('with links of manifests that lead nowhere is an error that names each of them', () => {
    put('d/a.yaml');
    symlinkSync('nowhere', join(root, 'd/b.yaml'));
    symlinkSync('c.yaml', join(root, 'd/c.yaml'));
    expect(() => names('d')).toThrow([
      `${root}/d/b.yaml: 1 problem`, '  .: is a link to what is not there', `${root}/d/c.yaml: 1 problem`, '  .: is a link to itself',
    ].join('\n'));
  });

  test('leaves out files that hold comments alone, which a file that is named does not', () => {
    put('a.yaml', '# placeholder\n---\n\n');
    put('b.yaml', '');
    put('c.yaml', '# x\nkind: X');
    expect(names('.')).toEqual(['c.yaml']);
    expect(names('a.yaml', 'b.yaml')).toEqual(['a.yaml', 'b.yaml']);
  });

  test('may be empty', () => {
    expect(names('.')).toEqual([]);
  });
});

describe('a path', () => {
  test('of a file is read whatever its name, in the order given, also twice', () => {
    put('b.txt', 'b');
    put('a.yaml', 'a');
    const [first, second, third] = readPaths(['b.txt', 'a.yaml', 'a.yaml'].map((path) => join(root, path)));
    expect([first, second, third].map(({ content }) => content.toString())).toEqual(['b', 'a', 'a']);
  });

  test('of a file above 8 MiB is read one byte further, which is enough to refuse it', () => {
    put('big.yaml', 'a'.repeat(9 * 1024 * 1024));
    expect(readPaths([join(root, 'big.yaml')])[0].content.length).toBeLessThan(8.1 * 1024 * 1024);
  });

  test('that cannot be read is an error, together with all others', () => {
    symlinkSync('loop', join(root, 'loop'));
    const paths = ['nowhere.yaml', 'loop'].map((path) => join(root, path));
    expect(() => readPaths(paths)).toThrow([
      `${paths[0]}: 1 problem`, '  .: there is no such file or folder', `${paths[1]}: 1 problem`, '  .: is a link to itself',
    ].join('\n'));
  });

  test('with a name that no file can have is an error too', () => {
    expect(() => readPaths(['a\u0000b'])).toThrow('null bytes');
  });
});
