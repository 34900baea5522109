import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileNames, writeFiles } from '../../src/cli/files';

const named = (kind: string, name: string, namespace?: string, apiVersion = 'v1') => ({ apiVersion, kind, metadata: { name, namespace } });

describe('names of files', () => {
  test('say namespace, name, kind and group', () => {
    expect(fileNames([
      named('Service', 'orders', 'shop', 'serving.knative.dev/v1'), named('Service', 'orders', 'shop'), named('Namespace', 'shop'), { apiVersion: 'v1', kind: 'X' },
      { apiVersion: 'batch/v1', kind: 'Job', metadata: { generateName: 'run-' } },
    ])).toEqual(['shop.orders.service.serving.knative.dev.yaml', 'shop.orders.service.yaml', 'shop.namespace.yaml', 'x.yaml', 'run-.job.batch.yaml']);
  });

  test('are safe and different whatever the names of the objects are', () => {
    expect(fileNames([named('Role', 'system:x/../y'), named('Role', 'a'), named('Role', 'A'), named('Role', '.b'), named('Role', 'n'.repeat(300))])).toEqual([
      'system_x_.._y.role.yaml', 'a.role.yaml', 'a.role.2.yaml', '_b.role.yaml', `${'n'.repeat(240)}.yaml`,
    ]);
  });
});

describe('a folder of files', () => {
  let root: string;

  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'files-'));
  });

  afterEach(() => {
    rmSync(root, { recursive: true });
  });

  test('is made with all above it, and holds one object each', () => {
    writeFiles(join(root, 'a/b'), [named('A', 'x'), named('B', 'x')]);
    expect(readdirSync(join(root, 'a/b'))).toEqual(['x.a.yaml', 'x.b.yaml']);
    expect(readFileSync(join(root, 'a/b/x.a.yaml'), 'utf8')).toBe('apiVersion: v1\nkind: A\nmetadata:\n  name: x\n');
    expect(readdirSync(join(root, 'a'))).toEqual(['b']);
  });

  test('that exists keeps what else is in it', () => {
    writeFileSync(join(root, 'mine.txt'), 'x');
    writeFiles(root, [named('A', 'x')]);
    writeFiles(root, [named('A', 'x', 'ns')]);
    expect(readdirSync(root)).toEqual(['mine.txt', 'ns.x.a.yaml', 'x.a.yaml']);
  });

  test('is left as it was when an object cannot be written', () => {
    writeFileSync(join(root, 'mine.txt'), 'x');
    expect(() => writeFiles(root, [named('A', 'x'), { ...named('B', 'x'), bad: () => 1, get worse() { throw new Error('no'); } }])).toThrow();
    expect(readdirSync(root)).toEqual(['mine.txt']);
    expect(readdirSync(join(root, '..')).filter((name) => name.startsWith(`${root.split('/').pop()}.tmp-`))).toEqual([]);
  });

  test('is left as it was when one of the files is a folder there', () => {
    mkdirSync(join(root, 'y.a.yaml'));
    expect(() => writeFiles(root, [named('A', 'x'), named('A', 'y')])).toThrow('y.a.yaml already exists as a folder');
    expect(readdirSync(root)).toEqual(['y.a.yaml']);
  });

  test('cannot be below a file', () => {
    mkdirSync(join(root, 'd'));
    writeFileSync(join(root, 'd/f'), '');
    expect(() => writeFiles(join(root, 'd/f/g'), [named('A', 'x')])).toThrow();
    expect(existsSync(join(root, 'd/f'))).toBe(true);
  });
});
