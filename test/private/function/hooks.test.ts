// The annotations `plugins` and `plugins.tracing`, which hold YAML.
import { v1beta1, v1beta2 } from '../../support/functions';
import { modelDespite, modelOf, problemsOf } from '../../support/problems';

const annotated = (plugins?: string, tracing?: string) => ({
  annotations: { ...(plugins !== undefined && { plugins }), ...(tracing !== undefined && { 'plugins.tracing': tracing }) },
});

describe('plugins', () => {
  test.each([
    ['order gives pre, and reversed gives post', 'order: [a, b]', { pre: ['a', 'b'], post: ['b', 'a'] }],
    ['an explicit pre wins', 'order: [a, b]\npre: [c]', { pre: ['c'], post: ['b', 'a'] }],
    ['an explicit post wins', 'order: [a, b]\npost:\n- c', { pre: ['a', 'b'], post: ['c'] }],
    ['an empty list counts as given', 'order: [a, b]\npre: []', { pre: [], post: ['b', 'a'] }],
    ['keys without a value count as absent', 'pre:\npost: [1, true]', { pre: [], post: ['1', 'true'] }],
  ])('%s', (_, yaml, expected) => {
    expect(modelOf(v1beta1({}, {}, annotated(yaml))).serving.hooks).toEqual({ ...expected, policy: 'Override' });
    expect(modelOf(v1beta2({}, {}, annotated(yaml))).serving.hooks).toEqual({ ...expected, policy: 'Override' });
  });

  test('an empty annotation means no hooks', () => {
    expect(modelOf(v1beta1({}, {}, annotated('', '# nothing\n'))).serving.hooks).toBeUndefined();
  });

  test('serving.hooks win over the annotation, with a warning where they differ', () => {
    const hooks = { pre: ['a'], post: ['a'], policy: 'Override' };
    expect(problemsOf(v1beta2({ hooks }, {}, annotated('order: [a]')))).toEqual([]);
    expect(problemsOf(v1beta2({ hooks: { ...hooks, policy: 'Append' } }, {}, annotated('order: [a]')))).toEqual([]); // the annotation cannot say a policy
    const manifest = v1beta2({ hooks }, {}, annotated('order: [b]'));
    expect(problemsOf(manifest)).toEqual(['warning: metadata.annotations.plugins: differs from serving.hooks, which is used']);
    expect(modelDespite(manifest).serving.hooks).toEqual(hooks);
  });
});

describe('plugins.tracing', () => {
  test('the documented example is read, comments and all; other scalars become their text', () => {
    const yaml = [
      '# Switch for tracing, default to false', 'enabled: true', 'provider:', '  name: "skywalking"', '  oapServer: "localhost:11800"',
      '  exporter: {name: otlp, endpoint: "o:4317", headers: , timeout: 10s}', 'tags:', '  func: function-with-tracing', '  version: 1.10', '  canary: true',
      'baggage:', '  key: sw8-correlation', '  value: "base64(string key):base64(string value)"', '',
    ].join('\n');
    expect(modelOf(v1beta1({}, {}, annotated(undefined, yaml))).serving.tracing).toEqual({
      enabled: true,
      provider: { name: 'skywalking', oapServer: 'localhost:11800', exporter: { name: 'otlp', endpoint: 'o:4317', timeout: '10s' } },
      tags: { func: 'function-with-tracing', version: '1.10', canary: 'true' },
      baggage: { key: 'sw8-correlation', value: 'base64(string key):base64(string value)' },
    });
  });

  test.each([['true', true], ['yes', true], ['On', true], ['FALSE', false], ['no', false], ['off', false]])('enabled: %s is %s', (word, expected) => {
    expect(modelOf(v1beta1({}, {}, annotated(undefined, `enabled: ${word}`))).serving.tracing).toEqual({ enabled: expected });
  });

  test('serving.tracing wins, with a warning where they differ', () => {
    expect(problemsOf(v1beta2({ tracing: { enabled: false } }, {}, annotated(undefined, 'enabled: false')))).toEqual([]);
    expect(problemsOf(v1beta2({ tracing: { enabled: false } }, {}, annotated(undefined, 'enabled: true')))).toEqual([
      'warning: metadata.annotations["plugins.tracing"]: differs from serving.tracing, which is used',
    ]);
  });
});

describe('an annotation that cannot be read', () => {
  test.each([
    ['no YAML', 'pre: [a', 'metadata.annotations.plugins: is not valid YAML, line 1 of it: flow sequence in block collection must be sufficiently indented and end with a ]'],
    ['YAML that breaks on its third line', 'pre: [a]\npost:\n  - b\n - c', 'metadata.annotations.plugins: is not valid YAML, line 4 of it: a block sequence may not be used as an implicit map key'],
    ['a list', '[a, b]', 'metadata.annotations.plugins: must be an object, got ["a","b"]'],
    ['a word', 'a', 'metadata.annotations.plugins: must be an object, got "a"'],
    ['an unknown key', 'pr: [a]', 'metadata.annotations.plugins.pr: unknown field; did you mean "pre"?'],
    ['a hook that is an object', 'pre: [{a: b}]', 'metadata.annotations.plugins.pre[0]: must be a string, got {"a":"b"}'],
    ['a word where a list is due', 'pre: a', 'metadata.annotations.plugins.pre: must be a list, got "a"'],
    ['a YAML bomb', `a: &a [${'x,'.repeat(9)}]\n${[...'bcdefgh'].map((key, index) => `${key}: &${key} [${`*${'abcdefg'[index]},`.repeat(9)}]`).join('\n')}`,
      'metadata.annotations.plugins: is not valid YAML, line 6 of it: aliases expand to more than 100000 values'],
    ['a deep nest', '['.repeat(100_000), 'metadata.annotations.plugins: is not valid YAML, line 1 of it: is nested deeper than 200 levels'],
    ['a key that is there twice', 'pre: [a]\npre: [b]', 'metadata.annotations.plugins: is not valid YAML, line 2 of it: the key "pre" is given twice'],
  ])('%s is one clear line', (_, yaml, expected) => {
    expect(problemsOf(v1beta1({}, {}, annotated(yaml)))).toEqual([expected]);
  });

  test('a word that is not a boolean is an error at its place', () => {
    expect(problemsOf(v1beta1({}, {}, annotated(undefined, 'enabled: perhaps')))).toEqual([
      'metadata.annotations["plugins.tracing"].enabled: must be true or false, got "perhaps"',
    ]);
    expect(problemsOf(v1beta1({}, {}, annotated(undefined, 'enabled: []')))).toEqual([
      'metadata.annotations["plugins.tracing"].enabled: must be true or false, got []',
    ]);
  });

  test('the message about a number as the annotation itself says to quote it', () => {
    expect(problemsOf(v1beta1({}, {}, { annotations: { plugins: 3 } }))).toEqual(['metadata.annotations.plugins: must be a string, got 3; quote it: "3"']);
  });
});
