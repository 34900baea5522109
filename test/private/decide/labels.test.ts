import { v1beta2 } from '../../support/functions';
import { problemsOf } from '../../support/problems';

const KEY = 'is not a valid key: a name of letters, digits, "-", "_" and "." with 63 characters at most, optionally after a DNS name and "/"';
const VALUE = 'is not a valid label value: letters, digits, "-", "_" and ".", beginning and ending with a letter or digit';

describe('labels', () => {
  test.each([['a', 'b'], ['A_b.c-d', ''], ['acme.io/team', 'A_b.c-d'], [`${'p'.repeat(253)}/${'k'.repeat(63)}`, 'v'.repeat(63)]])('%s: %s is accepted', (key, value) => {
    expect(problemsOf(v1beta2({ labels: { [key]: value } }))).toEqual([]);
  });

  test.each([[''], ['-a'], ['a/'], ['/a'], ['a/b/c'], ['A.io/b'], ['a b'], ['k'.repeat(64)], [`${'p'.repeat(254)}/k`]])('key %j is rejected', (key) => {
    const [line, ...others] = problemsOf(v1beta2({ labels: { [key]: 'v' } }));
    expect(others).toEqual([]);
    expect(line.endsWith(KEY)).toBe(true);
  });

  test.each([['a b', VALUE], ['-a', VALUE], ['a-', VALUE], ['ä', VALUE], ['v'.repeat(64), 'has 64 characters, 63 are allowed']])('value %j is rejected', (value, message) => {
    expect(problemsOf(v1beta2({ labels: { k: value } }))).toEqual([`serving.labels.k: "${value}" ${message}`]);
  });

  test('that tell a function\'s pods from its proxy\'s cannot be set', () => {
    expect(problemsOf(v1beta2({ labels: { 'openfunction.io/serving': 'other', 'openfunction.io/proxy': 'fn', 'openfunction.io/managed': 'false' } }))).toEqual([
      'serving.labels["openfunction.io/proxy"]: selects the pods of "fn", so it cannot be set; leave it out',
      'serving.labels["openfunction.io/serving"]: selects the pods of "fn", so it cannot be set; leave it out',
    ]);
  });

  test('of a Knative Service make it visible in the cluster alone, or not at all', () => {
    const label = (value: string) => problemsOf(v1beta2({ labels: { 'networking.knative.dev/visibility': value } }));
    expect(label('cluster-local')).toEqual([]);
    expect(label('cluster-locl')).toEqual(['serving.labels["networking.knative.dev/visibility"]: must be "cluster-local", got "cluster-locl"']);
  });

  test('show the version, which has 63 characters at most', () => {
    expect(problemsOf(v1beta2({}, { version: 'v'.repeat(63) }))).toEqual([]);
    expect(problemsOf(v1beta2({}, { version: 'v'.repeat(64) }))).toEqual([
      `version: "${'v'.repeat(64)}" has 64 characters, 63 are allowed, since it becomes a label`,
    ]);
  });
});

describe('annotations', () => {
  test('have keys like labels, in any case, and any value', () => {
    expect(problemsOf(v1beta2({ annotations: { 'Acme.io/Key': 'any ü value' }, scaleOptions: { knative: { 'a.b/c': '' } } }))).toEqual([]);
    expect(problemsOf(v1beta2({ annotations: { 'a b': '' }, scaleOptions: { knative: { '/c': '' } } }))).toEqual([
      `serving.annotations["a b"]: "a b" ${KEY}`,
      `serving.scaleOptions.knative["/c"]: "/c" ${KEY}`,
    ]);
  });

  test('of OpenFunction that are misspelt are a warning with the right name', () => {
    expect(problemsOf(v1beta2({ annotations: { 'openfunction.io/enable-dap': 'true', 'openfunction.io/team': 'a' } }))).toEqual([
      'warning: serving.annotations["openfunction.io/enable-dap"]: is not an annotation that is read here; did you mean "openfunction.io/enable-dapr"?',
    ]);
  });

  test('have 256 KiB together at most', () => {
    const limit = 256 * 1024;
    expect(problemsOf(v1beta2({ annotations: { a: 'x'.repeat(limit - 1) } }))).toEqual([]);
    expect(problemsOf(v1beta2({ annotations: { a: 'x'.repeat(limit - 1), b: '' } }))).toEqual([`serving.annotations: has ${limit + 1} bytes, ${limit} are allowed`]);
  });
});
