// What is bundled is named in NOTICE, under the licence that it has.
import { readdirSync, readFileSync } from 'node:fs';
import * as path from 'node:path';

const ROOT = path.join(__dirname, '..', '..');
const read = (...names: string[]): string => readFileSync(path.join(ROOT, ...names), 'utf8');
const NOTICE = read('NOTICE');

test('NOTICE names the bundled packages with their licences, and no others', () => {
  const { bundledDependencies } = JSON.parse(read('package.json')) as { bundledDependencies: string[] };
  const licences = bundledDependencies.map((name) => [name, (JSON.parse(read('node_modules', name, 'package.json')) as { license: string }).license]);
  const named = [...NOTICE.matchAll(/^([@a-z/]+) {2,}(MIT|ISC|BSD\S*|Apache\S*) {2,}Copyright /gm)].map(([, name, licence]) => [name, licence]);
  expect(named).toEqual(licences);
});

test('NOTICE repeats the holder of each bundled package, as its licence file has it', () => {
  const holders = [...NOTICE.matchAll(/^([@a-z/]+) {2,}\w+ {2,}Copyright (?:\(c\) )?([\w -]+?)(?: and .*)?$/gm)];
  expect(holders.map(([, name]) => name)).toEqual(['@dagrejs/dagre', '@dagrejs/graphlib', 'commander', 'ignore', 'yaml']);
  const absent = holders.filter(([, name, holder]) => {
    const [file] = readdirSync(path.join(ROOT, 'node_modules', name)).filter((entry) => entry.startsWith('LICENSE'));
    return !read('node_modules', name, file).includes(holder);
  });
  expect(absent).toEqual([]);
});

test('NOTICE names the tables that are condensed from other software, and no others', () => {
  const named = [...NOTICE.matchAll(/^lib\/(private\/\S+\.json)/gm)].map(([, file]) => file);
  const tables = readdirSync(path.join(ROOT, 'src'), { recursive: true, encoding: 'utf8' })
    // The documentation of our own fields.
    .filter((file) => file.endsWith('.json') && !file.endsWith('field-docs.json'));
  expect(named.sort()).toEqual(tables.sort());
});

test('each table that says whose it is has the same holder in NOTICE', () => {
  for (const name of ['dapr-components', 'keda-scalers']) {
    const { licence } = JSON.parse(read('src', 'private', 'catalogue', `${name}.json`)) as { licence: string };
    const [line] = NOTICE.split('\n').filter((each) => each.includes(`${name}.json`));
    expect(`${line.split(', ').at(-1)}, Apache-2.0`).toBe(licence);
  }
});
