import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileNames, planFiles, writeFiles } from '../../src/cli/files';

const write = (folder: string, objects: readonly unknown[], prune = false) => writeFiles(planFiles(folder, objects), prune);
const mark = (name: string) => `# Written by cdk8s-openfunction render as ${name}. Changes are lost; without this line the file stays.\n`;
const named = (kind: string, name: string, namespace?: string, apiVersion = 'v1') => ({ apiVersion, kind, metadata: { name, namespace } });

describe('names of files', () => {
  test('say namespace, name, kind and group', () => {
    expect(fileNames([
      named('Service', 'orders', 'shop', 'serving.knative.dev/v1'), named('Service', 'orders', 'shop'), named('Namespace', 'shop'), { apiVersion: 'v1', kind: 'X' },
      { apiVersion: 'batch/v1', kind: 'Job', metadata: { generateName: 'run-' } },
    ])).toEqual(['shop.orders.service.serving.knative.dev.yaml', 'shop.orders.service.yaml', 'shop.namespace.yaml', 'x.yaml', 'run-.job.batch.yaml']);
  });

  test('are different where one looks like the second of another', () => {
    expect(fileNames([named('A', 'x'), named('A', 'x', undefined, '2/v1'), named('A', 'X')])).toEqual(['x.a.yaml', 'x.a.2.yaml', 'x.a.3.yaml']);
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
    write(join(root, 'a/b'), [named('A', 'x'), named('B', 'x')]);
    expect(readdirSync(join(root, 'a/b'))).toEqual(['x.a.yaml', 'x.b.yaml']);
    expect(readFileSync(join(root, 'a/b/x.a.yaml'), 'utf8')).toBe(`${mark('x.a.yaml')}apiVersion: v1\nkind: A\nmetadata:\n  name: x\n`);
    expect(readdirSync(join(root, 'a'))).toEqual(['b']);
  });

  test('that exists keeps what else is in it', () => {
    writeFileSync(join(root, 'mine.txt'), 'x');
    write(root, [named('A', 'x')]);
    write(root, [named('A', 'x', 'ns')]);
    expect(readdirSync(root)).toEqual(['mine.txt', 'ns.x.a.yaml', 'x.a.yaml']);
  });

  test('is left as it was when an object cannot be written', () => {
    writeFileSync(join(root, 'mine.txt'), 'x');
    expect(() => write(root, [named('A', 'x'), { ...named('B', 'x'), bad: () => 1, get worse() { throw new Error('no'); } }])).toThrow();
    expect(readdirSync(root)).toEqual(['mine.txt']);
    expect(readdirSync(join(root, '..')).filter((name) => name.startsWith(`${basename(root)}.`))).toEqual([]);
  });

  test('is left as it was when one of the files is a folder there', () => {
    mkdirSync(join(root, 'y.a.yaml'));
    expect(() => write(root, [named('A', 'x'), named('A', 'y')])).toThrow('y.a.yaml is there and is not a file');
    expect(readdirSync(root)).toEqual(['y.a.yaml']);
  });

  test('cannot be below a file', () => {
    mkdirSync(join(root, 'd'));
    writeFileSync(join(root, 'd/f'), '');
    expect(() => write(join(root, 'd/f/g'), [named('A', 'x')])).toThrow();
    expect(existsSync(join(root, 'd/f'))).toBe(true);
  });

  test('keeps the files that have not changed as they are, and pruning removes what is of no object now', () => {
    write(root, [named('A', 'same'), named('A', 'gone'), { ...named('A', 'other'), spec: 1 }]);
    const before = statSync(join(root, 'same.a.yaml')).ino;
    const plan = planFiles(root, [named('A', 'same'), { ...named('A', 'other'), spec: 2 }, named('A', 'new')]);
    expect({ ...plan, texts: [...plan.texts.keys()] }).toEqual({
      folder: root, texts: ['same.a.yaml', 'other.a.yaml', 'new.a.yaml'],
      missing: ['new.a.yaml'], different: ['other.a.yaml'], unchanged: ['same.a.yaml'], leftOver: ['gone.a.yaml'],
    });
    writeFiles(plan, true);
    expect(readdirSync(root)).toEqual(['new.a.yaml', 'other.a.yaml', 'same.a.yaml']);
    expect(statSync(join(root, 'same.a.yaml')).ino).toBe(before);
    expect(readFileSync(join(root, 'other.a.yaml'), 'utf8')).toBe(`${mark('other.a.yaml')}apiVersion: v1\nkind: A\nmetadata:\n  name: other\nspec: 2\n`);
  });

  test('pruning leaves alone what is not marked: files of the user, copies under another name, and files without their first line', () => {
    write(root, [named('A', 'x'), named('A', 'y')]);
    writeFileSync(join(root, 'mine.yaml'), 'apiVersion: v1\nkind: A\n');
    cpSync(join(root, 'x.a.yaml'), join(root, 'copy.yaml'));
    writeFileSync(join(root, 'y.a.yaml'), readFileSync(join(root, 'y.a.yaml'), 'utf8').replace(mark('y.a.yaml'), ''));
    write(root, [], true);
    expect(readdirSync(root)).toEqual(['copy.yaml', 'mine.yaml', 'y.a.yaml']);
  });

  test('may hold anything else: pipes, links to themselves, unreadable files', () => {
    execFileSync('mkfifo', [join(root, 'pipe.yaml'), join(root, 'x.a.yaml')]);
    symlinkSync('loop.yaml', join(root, 'loop.yaml'));
    symlinkSync('nowhere', join(root, 'y.a.yaml'));
    write(root, [named('A', 'y')], true);
    expect(readdirSync(root)).toEqual(['loop.yaml', 'pipe.yaml', 'x.a.yaml', 'y.a.yaml']);
    expect(readFileSync(join(root, 'y.a.yaml'), 'utf8')).toBe(`${mark('y.a.yaml')}apiVersion: v1\nkind: A\nmetadata:\n  name: "y"\n`);
    expect(() => write(root, [named('A', 'x')])).toThrow('x.a.yaml is there and is not a file');
  });

  test('is cleared of what was staged an hour ago by a process of the same number, as in a container', () => {
    const staging = join(root, `.cdk8s-openfunction-${process.pid}-aaaaaa`);
    mkdirSync(staging);
    write(root, []);
    expect(existsSync(staging)).toBe(true);
    utimesSync(staging, 0, Date.now() / 1000 - 4_000);
    write(root, []);
    expect(existsSync(staging)).toBe(false);
  });

  test('is cleared of what a run left that was killed, and keeps what a live one stages', () => {
    const gone = spawnSync(process.execPath, ['-e', '']).pid;
    mkdirSync(join(root, `.cdk8s-openfunction-${gone}-aaaaaa`));
    mkdirSync(join(root, `.cdk8s-openfunction-${process.ppid}-bbbbbb`));
    write(root, [named('A', 'x')]);
    expect(readdirSync(root)).toEqual([`.cdk8s-openfunction-${process.ppid}-bbbbbb`, 'x.a.yaml']);
  });
});
