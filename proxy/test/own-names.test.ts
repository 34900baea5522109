// Which members the bundler may rename: a name that another object may have stays.
// eslint-disable-next-line @typescript-eslint/no-require-imports
const { ownNames, wordsOf } = require('../own-names.cjs') as {
  ownNames: (sources: readonly string[], foreign: ReadonlySet<string>) => string[];
  wordsOf: (declarations: readonly string[]) => Set<string>;
};

const declared = 'class A { private waiting = 0; public constructor(public readonly limit: number) {} public full() { return this.waiting > this.limit; } }';

test.each([
  ['nothing else', 'function count(limit: number) { const waiting = limit; return waiting; }'],
  ['what reads a public member of ours', 'pod.full() && pod.limit; const { limit: most } = pod;'],
  ['an interface that says the same', 'interface B { full(): boolean }'],
])('members of classes may be renamed beside %s', (_, source) => {
  expect(ownNames([declared, source], new Set())).toEqual(['full', 'limit', 'waiting']);
});

test.each([
  ['a field of an object', 'const a = { limit: 1 };'],
  ['a field of the same name as its variable', 'const limit = 1; send({ limit });'],
  ['a method of an object', 'send({ limit() { return 1; } });'],
  ['a field of an interface', 'interface B { limit: number }'],
  ['a field of a type', 'type B = { readonly limit?: number };'],
  ['one of an enumeration', 'enum B { limit }'],
  ['a text', "socket['limit'];"],
])('a name stays where it is also %s', (_, source) => {
  expect(ownNames([declared, source], new Set())).toEqual(['full', 'waiting']);
});

test.each([
  ['that is public', ''],
  ['that is read of something else than this', 'class B { private waiting = 1; } socket.waiting;'],
  ['that is taken out of an object', 'const { waiting } = socket;'],
  ['that is taken out of an object to another name', 'const { waiting: other } = socket;'],
  ['that is a method of an interface', 'interface B { waiting(): void }'],
])('a name of others stays for a member %s', (_, source) => {
  const member = source === '' ? 'limit' : 'waiting';
  const renamed = ['full', 'limit', 'waiting'].filter((name) => name !== member);
  expect(ownNames([declared, source], new Set([member]))).toEqual(renamed);
});

test('a name of others may be renamed for a private member that only its class reads', () => {
  expect(ownNames([declared], new Set(['waiting']))).toEqual(['full', 'limit', 'waiting']);
});

test('the names of others are the words of their declarations, without comments', () => {
  expect(wordsOf(['/** waiting */ interface B { limit: number }'])).toEqual(new Set(['interface', 'B', 'limit', 'number']));
});
