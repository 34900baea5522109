// Which members the bundler may rename: a name that anything else could read stays.
// eslint-disable-next-line @typescript-eslint/no-require-imports
const { privateNames } = require('../private-names.cjs') as { privateNames: (sources: readonly string[]) => string[] };

const declared = 'class A { private waiting = 0; private constructor(private readonly limit: number) {} private full() { return this.waiting > this.limit; } }';

test('private members that only their class reads may be renamed', () => {
  expect(privateNames([declared, 'function count(limit: number) { const waiting = limit; return waiting; }'])).toEqual(['full', 'limit', 'waiting']);
});

test.each([
  ['a field of an object', 'const a = { waiting: 1 };'],
  ['a field of the same name as its variable', 'const waiting = 1; send({ waiting });'],
  ['a public member', 'class B { public waiting = 1; }'],
  ['a public parameter property', 'class B { constructor(public readonly waiting: number) {} }'],
  ['a method of an interface', 'interface B { waiting(): void }'],
  ['what is read of something else than this', 'socket.waiting;'],
  ['what is taken out of an object', 'const { waiting } = socket;'],
  ['what is taken out of an object to another name', 'const { waiting: other } = socket;'],
  ['a text', "socket['waiting'];"],
])('it stays where it is also %s', (_, source) => {
  expect(privateNames([declared, source])).toEqual(['full', 'limit']);
});
