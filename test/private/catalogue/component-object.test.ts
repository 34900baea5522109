import { componentWarnings } from '../../../src/private/catalogue/component-object';
import { formatProblem } from '../../../src/private/problem/problem';

const object = (spec: object | null, more: object = {}) => ({ apiVersion: 'dapr.io/v1alpha1', kind: 'Component', metadata: { name: 'c' }, spec, ...more });
const said = (value: unknown) => componentWarnings(value).map(formatProblem);

test('everything wrong with a Component that passes through is a warning at its place', () => {
  expect(said(object({
    type: 'pubsub.kafka', version: 'v1', metadata: [{ name: 'broker', value: 'kafka:9092' }, null, { name: 'authType', value: 'none' }, { name: 'maxMessageBytes', value: 'many' }],
  }))).toEqual([
    'warning: spec.metadata[0].name: "broker" is not a setting of pubsub.kafka; did you mean "brokers", which it needs?',
    'warning: spec.metadata[3].value: must be an integer, got "many"',
  ]);
  expect(said(object({ type: 'state.redis', version: 'v1' }))).toEqual(['warning: spec.metadata: "redisHost" is missing; state.redis needs it']);
});

test('a Component without a version, or with fields beside its spec, is a warning', () => {
  expect(said(object({ type: 'state.in-memory', scopes: ['fn-shop'] }))).toEqual([
    'warning: spec.scopes: is not a field of "spec"; it goes beside it',
    'warning: spec.version: is missing; give the version of the component type, mostly "v1"',
  ]);
});

test('a setting without a name is a warning, since Dapr\'s schema refuses the whole Component', () => {
  const metadata = [{ name: 'hosts', value: 'memcached:11211' }, { timeout: null, value: 20000 }, { name: null, value: 1 }];
  expect(said(object({ type: 'state.memcached', version: 'v1', metadata }))).toEqual([
    'warning: spec.metadata[1].name: is missing; give the name of the setting',
    'warning: spec.metadata[2].name: is missing; give the name of the setting',
  ]);
});

test.each([
  ['a Component without a fault', object({ type: 'state.redis', version: 'v1', metadata: [{ name: 'redisHost', secretKeyRef: { name: 's', key: 'k' } }, { name: 'redisPassword', envRef: 'E' }] })],
  ['a pluggable Component, which brings its own container', object({ type: 'state.acme', version: 'v1', metadata: [{ name: 'x', value: '1' }] },
    { metadata: { name: 'c', annotations: { 'dapr.io/component-container': '{"image":"acme/store:1"}' } } })],
  ['a Component of another group', object({ type: 'x' }, { apiVersion: 'acme.io/v1' })],
  ['another kind', object({ type: 'x' }, { kind: 'Configuration' })],
  ['a Component without a spec', object(null)],
  ['a Component without a type', object({ version: 'v1' })],
  ['a text', 'Component'],
])('nothing is said of %s', (_, value) => {
  expect(said(value)).toEqual([]);
});
