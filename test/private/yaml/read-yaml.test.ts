import { formatProblem } from '../../../src/private/problem/problem';
import { readYaml } from '../../../src/private/yaml/read-yaml';

const FUNCTION = 'apiVersion: core.openfunction.io/v1beta1\nkind: Function\n';
const OTHER = 'apiVersion: v1\nkind: ConfigMap\n';

function read(content: string | Buffer): { values: unknown[]; kinds: string[]; problems: string[] } {
  const documents = readYaml(content, 'f.yaml');
  return {
    values: documents.filter(({ value }) => value !== undefined).map(({ value }) => value),
    kinds: documents.map(({ kind }) => kind),
    problems: documents.flatMap(({ problems }) => problems.map(formatProblem)),
  };
}

describe('documents', () => {
  test('come in their order, functions told from the rest, empty ones left out', () => {
    const { values, kinds, problems } = read(`# a comment\n---\n${FUNCTION}---\n---\n# nothing\n---\n${OTHER}data: {a: b}\n...\n---\n${FUNCTION}`);
    expect(problems).toEqual([]);
    expect(kinds).toEqual(['function', 'other', 'function']);
    expect(values[1]).toEqual({ apiVersion: 'v1', kind: 'ConfigMap', data: { a: 'b' } });
  });

  test('of JSON, with a byte order mark, with CRLF and with tabs inside JSON are read', () => {
    expect(read('{\n\t"apiVersion": "v1",\n\t"kind": "ConfigMap"\n}').values).toEqual([{ apiVersion: 'v1', kind: 'ConfigMap' }]);
    expect(read(Buffer.from(`\uFEFF${OTHER}`)).values).toEqual([{ apiVersion: 'v1', kind: 'ConfigMap' }]);
    expect(read(`${OTHER}data:\n  a: |\n    x\n`.replaceAll('\n', '\r\n')).values).toEqual([{ apiVersion: 'v1', kind: 'ConfigMap', data: { a: 'x\n' } }]);
  });

  test('in UTF-16 with a byte order mark are read', () => {
    const little = Buffer.from(`\uFEFF${OTHER}`, 'utf16le');
    expect(read(little).values).toHaveLength(1);
    expect(read(Buffer.from(little).swap16()).values).toHaveLength(1);
  });

  test('anchors and aliases are followed, each place with a copy of its own', () => {
    const [value] = read(`${OTHER}data: &d {a: [1]}\nmore: *d\nword: &w x\nagain: *w`).values as { data: object; more: object }[];
    expect(value).toEqual({ apiVersion: 'v1', kind: 'ConfigMap', data: { a: [1] }, more: { a: [1] }, word: 'x', again: 'x' });
    expect(value.more).not.toBe(value.data);
  });

  test('a List is unpacked, each object with its own places', () => {
    const documents = readYaml(`apiVersion: v1\nkind: List\nitems:\n- ${FUNCTION.trim().replace('\n', '\n  ')}\n  spec: {image: x}\n- {apiVersion: v1, kind: Secret}\n- 3\n`, 'f.yaml');
    expect(documents.map(({ kind, value }) => [kind, value])).toEqual([
      ['function', { apiVersion: 'core.openfunction.io/v1beta1', kind: 'Function', spec: { image: 'x' } }],
      ['other', { apiVersion: 'v1', kind: 'Secret' }],
      ['other', undefined],
    ]);
    expect(documents[2].problems.map(formatProblem)).toEqual([
      'f.yaml:8:3 .: is not a Kubernetes object: an object with "apiVersion" and "kind" is expected, got 3',
    ]);
    expect(documents[0].position?.(['image'])).toEqual({ file: 'f.yaml', line: 6, column: 10 });
    expect(documents[1].position?.(['kind'])).toEqual({ file: 'f.yaml', line: 7, column: 20 });
  });

  test('a FunctionList is unpacked, lists of other kinds are objects', () => {
    expect(read(`apiVersion: core.openfunction.io/v1beta2\nkind: FunctionList\nitems: [{${FUNCTION.trim().replace('\n', ', ')}}]`).kinds).toEqual(['function']);
    expect(read('apiVersion: v1\nkind: PodList\nitems: []').kinds).toEqual(['other']);
    expect(read('apiVersion: v1\nkind: List\nitems: []').kinds).toEqual([]);
    expect(read('apiVersion: v1\nkind: List').problems).toEqual(['f.yaml:1:1 items: must be a list of objects, got null']);
  });

  test.each([
    ['core.openfunction.io/v1beta1', 'Function', 'function'],
    ['core.openfunction.io/v1beta9', 'Function', 'function'],
    ['core.openfuncton.io/v1beta1', 'Function', 'function'],
    ['openfunction.io/v1alpha1', 'Function', 'function'],
    ['core.openfunction.io/v1beta1', 'Functoin', 'function'],
    ['core.openfunction.io/v1beta1', 'Builder', 'other'],
    ['core.openfunction.io/v1beta1', 'Serving', 'other'],
    ['serverless.kyma-project.io/v1alpha2', 'Function', 'other'],
    ['pkg.crossplane.io/v1', 'Function', 'other'],
    ['v1', 'Function', 'other'],
  ])('%s %s is a %s', (apiVersion, kind, expected) => {
    expect(read(`apiVersion: ${apiVersion}\nkind: ${kind}`).kinds).toEqual([expected]);
  });
});

describe('a text that cannot be taken gives one clear line', () => {
  test.each<[string, string | Buffer, string]>([
    ['an empty file', '', 'f.yaml:1:1 .: is empty: there is no document in it'],
    ['comments alone', '# a\n---\n', 'f.yaml:1:1 .: is empty: there is no document in it'],
    ['malformed YAML', `${OTHER}data: {a: b\n`, 'f.yaml:4:1 .: is not valid YAML: flow map in block collection must be sufficiently indented and end with a }'],
    ['a tab as indentation', 'a:\n\tb: 1', 'f.yaml:2:1 .: is not valid YAML: tabs are not allowed as indentation'],
    ['an unknown anchor', 'a: *b', 'f.yaml:1:4 .: no anchor &b before this alias'],
    ['an anchor that contains itself', 'a: &b [*b]', 'f.yaml:1:8 .: the alias *b contains itself'],
    ['half a surrogate pair', 'a: "x\\ud800"', 'f.yaml:1:4 .: has one half of a surrogate pair, which is not a character'],
    ['a key that is there twice', `${OTHER}data:\n  a: 1\n  a: 2\n`, 'f.yaml:5:3 .: the key "a" is given twice'],
    ['a merge key that is there twice', 'a: {<<: {b: 1}, <<: {c: 1}}', 'f.yaml:1:17 .: the key "<<" is given twice'],
    ['a merge key with a word', 'a: {<<: b}', 'f.yaml:1:5 .: "<<" takes an object or a list of objects'],
    ['an empty key', 'a: {~: b}', 'f.yaml:1:5 .: a key is empty'],
    ['a list as a key', '? [a]\n: b', 'f.yaml:1:3 .: a key is a list or an object'],
    ['a word', 'hello', 'f.yaml:1:1 .: is not a Kubernetes object: an object with "apiVersion" and "kind" is expected, got "hello"'],
    ['an object without apiVersion', 'kind: X', 'f.yaml:1:1 .: is not a Kubernetes object: "apiVersion" is missing'],
    ['an object without kind', 'apiVersion: v1\nkind:', 'f.yaml:2:1 .: is not a Kubernetes object: "kind" is missing'],
    ['a kind that is not a string', 'apiVersion: v1\nkind: 3', 'f.yaml:2:1 .: is not a Kubernetes object: "kind" must be a string, got 3'],
    ['a binary file', Buffer.from([0x7f, 0x45, 0x4c, 0x46, 0, 1]), 'f.yaml:1:1 .: has the control character U+007F, which YAML forbids'],
    ['a binary file with a NUL', Buffer.from('PK\u0000\u0001'), 'f.yaml:1:1 .: is a binary file'],
    ['bytes that are no UTF-8', Buffer.from([0x61, 0xff, 0xfe]), 'f.yaml:1:1 .: is not text in UTF-8'],
    ['a control character', 'a: 1\nb: \u0007', 'f.yaml:2:4 .: has the control character U+0007, which YAML forbids'],
    ['a control character above ASCII', 'a: b\u0084', 'f.yaml:1:5 .: has the control character U+0084, which YAML forbids'],
    ['a carriage return alone', 'a: b\rc: d', 'f.yaml:1:5 .: has the character U+000D, at which kubectl begins a new line'],
    ['a line separator where JSON would have a blank', '{\u2028"a": 1}', 'f.yaml:1:2 .: has the character U+2028, at which kubectl begins a new line'],
    ['a carriage return alone, in JSON', '{\r"a": 1}', 'f.yaml:1:2 .: has the character U+000D, at which kubectl begins a new line'],
    ['a key that kubectl rounds', 'a:\n  3.14159265: b', 'f.yaml:2:3 .: the key 3.14159265 is a number that kubectl rounds; quote it: "3.14159265"'],
    ['a key that kubectl writes with an exponent', '1e6: b', 'f.yaml:1:1 .: the key 1e6 is a number that kubectl rounds; quote it: "1e6"'],
    ['a key that no 64 bits hold', '12345678901234567890: b', 'f.yaml:1:1 .: the key 12345678901234567890 is a number that kubectl rounds; quote it: "12345678901234567890"'],
    ['a line separator', 'a: "b\u2028c"', 'f.yaml:1:6 .: has the character U+2028, at which kubectl begins a new line'],
    ['a next-line character', 'a: b\nc: \u0085', 'f.yaml:2:4 .: has the character U+0085, at which kubectl begins a new line'],
    ['an anchor that kubectl cannot read', `${OTHER}data: &"x" b`, 'f.yaml:3:12 .: the anchor "\\"x\\"" may have letters, digits, _ and - only'],
    ['a key of a flow map with its colon alone', `${OTHER}data: {a: 1, b:}`, 'f.yaml:3:16 .: needs a blank after the colon before it, which kubectl takes for a part of the key'],
    ['a tag of four million characters', '!'.repeat(4_000_000), `f.yaml:1:1 .: is not valid YAML: the ${'!'.repeat(196)}…`],
    ['four million quotes without an end', `{"${'\\"'.repeat(2_000_000)}`, 'f.yaml:1:4000003 .: is not valid YAML: flow map must end with a }'],
    ['two million ends of documents', '...\n'.repeat(2_000_000), 'f.yaml:250001:1 .: has too many documents; split the file'],
    ['a file above 8 MiB', Buffer.alloc(8 * 1024 * 1024 + 1, 'a'), 'f.yaml:1:1 .: has more than 8 MiB; split it'],
    ['a text above 8 MiB', 'ä'.repeat(4 * 1024 * 1024 + 1), 'f.yaml:1:1 .: has more than 8 MiB; split it'],
    ['100,000 levels of lists', '['.repeat(100_000), 'f.yaml:1:201 .: is nested deeper than 200 levels'],
    ['four million levels of lists', '['.repeat(4_000_000), 'f.yaml:1:201 .: is nested deeper than 200 levels'],
    ['two million separators', '---\n'.repeat(2_000_000), 'f.yaml:1:1 .: is empty: there is no document in it'],
    ['800,000 documents', 'a: 1\n---\n'.repeat(800_000), 'f.yaml:200000:1 .: has more than 100000 documents; split the file'],
    ['100,001 documents with anchors', 'a: &b 1\n---\n'.repeat(100_001), 'f.yaml:200000:1 .: has more than 100000 documents; split the file'],
    ['eight million commas', `[${','.repeat(8_000_000)}]`, 'f.yaml:1:1000001 .: has too many parts in one document; split it'],
    ['100,000 levels of block lists', '- '.repeat(100_000), 'f.yaml:1:401 .: is nested deeper than 200 levels'],
    ['100,000 levels of keys', '? '.repeat(100_000), 'f.yaml:1:401 .: is nested deeper than 200 levels'],
  ])('%s', (_, content, expected) => {
    expect(read(content)).toEqual({ values: [], kinds: ['other'], problems: [expected] });
  });

  test('what follows the end of a document without a mark of its own is refused, and nothing is not', () => {
    expect(read(`${OTHER}...\n${OTHER}`).problems).toEqual(['f.yaml:4:1 .: follows "..." without "---", and kubectl leaves it out']);
    expect(read(`${OTHER}...\n...\n# the end\n`).problems).toEqual([]);
    expect(read(`${OTHER}...\n---\n${OTHER}`)).toMatchObject({ kinds: ['other', 'other'], problems: [] });
  });

  test('a key before "<<" wins, with a warning where kubectl would take another value', () => {
    const merged = (rest: string) => read(`${OTHER}data: &d {a: 1, b: 2}\nmore:\n${rest}`);
    const { values, problems } = merged('  a: 5\n  b: 2\n  <<: *d\n');
    expect(values).toEqual([{ apiVersion: 'v1', kind: 'ConfigMap', data: { a: 1, b: 2 }, more: { a: 5, b: 2 } }]);
    expect(problems).toEqual(['f.yaml:7:3 warning: .: the key "a" before "<<" wins, but for kubectl the one that "<<" brings; put "<<" first']);
    expect(merged('  a: 1\n  <<: *d\n  b: 7\n').problems).toEqual([]);
  });

  test('JSON has the characters at which YAML 1.1 ends a line, as kubectl reads it', () => {
    expect(read('{"apiVersion": "v1", "kind": "X", "a": "\u2028\u0085"}')).toEqual({ values: [{ apiVersion: 'v1', kind: 'X', a: '\u2028\u0085' }], kinds: ['other'], problems: [] });
  });

  test('200 levels are read, an alias below the limit that leads above it is not', () => {
    const nested = `${'['.repeat(198)}${']'.repeat(198)}`;
    expect(read(`${OTHER}data: ${nested}`).problems).toEqual([]);
    expect(read(`${OTHER}data: &a ${nested}\nmore: [[[[*a]]]]`).problems).toEqual([expect.stringContaining('is nested deeper than 200 levels')]);
  });

  test('an alias bomb ends at 100,000 values, at the alias that is too much', () => {
    const letters = [...'abcdefghi'];
    const lines = letters.map((letter, index) => `${letter}: &${letter} [${Array(10).fill(index === 0 ? 'x' : `*${letters[index - 1]}`).join(', ')}]`);
    expect(read(lines.join('\n')).problems).toEqual(['f.yaml:5:36 .: aliases expand to more than 100000 values']);
  });

  test('a broken document does not hide the others', () => {
    const { kinds, problems } = read(`${OTHER}\n---\na: [b\n---\n${FUNCTION}`);
    expect(kinds).toEqual(['other', 'other', 'function']);
    expect(problems).toEqual(['f.yaml:6:1 .: is not valid YAML: flow sequence in block collection must be sufficiently indented and end with a ]']);
  });

  test('a large file with a map of many keys is read in time that grows with its size', () => {
    const start = performance.now();
    const keys = Array.from({ length: 50_000 }, (_, index) => `  k${index}: v\n`).join('');
    expect(Object.keys((read(`${OTHER}data:\n${keys}`).values[0] as { data: object }).data)).toHaveLength(50_000);
    expect(performance.now() - start).toBeLessThan(20_000);
  });
});

describe('a place in a text', () => {
  const text = `# first\n${OTHER}---\n${FUNCTION}metadata:\n  name: fn\nspec:\n  image: &i x\n  serving:\n    outputs:\n    - name: a\n      component: b\n    -\n      name: *i\n    annotations: {a.b/c: d, "e": f}\n    1: x\nstatus: {}\n`;
  const [, fn] = readYaml(text, 'dir/f.yaml');

  test.each<[string, (string | number)[], number, number]>([
    ['a key of the spec', ['image'], 10, 3],
    ['a list item', ['serving', 'outputs', 0], 13, 7],
    ['a key in a list item', ['serving', 'outputs', 0, 'component'], 14, 7],
    ['a list item on the next line', ['serving', 'outputs', 1], 16, 7],
    ['a key of a flow map', ['serving', 'annotations', 'a.b/c'], 17, 19],
    ['a quoted key', ['serving', 'annotations', 'e'], 17, 29],
    ['a key that YAML takes for a number', ['serving', '1'], 18, 5],
    ['a field that is not there: its parent', ['serving', 'outputs', 0, 'topic', 'x'], 13, 7],
    ['an item that is not there: its list', ['serving', 'outputs', 7], 12, 5],
    ['what lies below a word: the word', ['image', 'x'], 10, 3],
    ['metadata', ['metadata', 'name'], 8, 3],
    ['a field of metadata that is not there', ['metadata', 'namespace'], 7, 1],
    ['status', ['status'], 19, 1],
    ['the spec itself', ['spec'], 9, 1],
    ['the whole function', [], 9, 1],
  ])('of %s', (_, path, line, column) => {
    expect(fn.position?.(path)).toEqual({ file: 'dir/f.yaml', line, column });
  });

  test('is found in whatever order documents are asked', () => {
    const documents = readYaml(`${OTHER}---\n${OTHER}`, 'f.yaml');
    expect([1, 0, 1].map((index) => documents[index].position?.(['kind'])?.line)).toEqual([5, 2, 5]);
  });
});
