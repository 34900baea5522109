import { component } from '../../support/components';
import { asyncFunction, EVENTS, KAFKA, STORE, v1beta2 } from '../../support/functions';
import { problemsOf } from '../../support/problems';

/** Of a type that no catalogue knows, so that nothing is said of its settings but what any of them must be. */
const withSettings = (...metadata: object[]) => problemsOf(v1beta2({ bindings: { q: { type: 'bindings.acme', version: 'v1', metadata } } }))
  .filter((line) => !line.includes(': "bindings.acme" is not a component that Dapr 1.18 has'));

describe('the type of a component', () => {
  test.each([
    ['bindings', 'bindings.kafka'],
    ['bindings', 'bindings.aws.s3'],
    ['pubsub', 'pubsub.redis'],
  ])('in %s may be %s', (block, type) => {
    expect(problemsOf(v1beta2({ [block]: { q: component(type) } }))).toEqual([]);
  });

  test.each([
    ['bindings', 'kafka', ' must begin with "bindings." here'],
    ['bindings', 'bindings.', ' must begin with "bindings." here'],
    ['bindings', 'binding.kafka', ' must begin with "bindings." here'],
    ['bindings', 'state.redis', ' must begin with "bindings." here; this one belongs to serving.states'],
    ['pubsub', 'bindings.kafka', ' must begin with "pubsub." here; this one belongs to serving.bindings'],
  ])('in %s may not be %s', (block, type, message) => {
    expect(problemsOf(v1beta2({ [block]: { q: { type, version: 'v1' } } }))).toEqual([`serving.${block}.q.type: "${type}"${message}`]);
  });

  test('of a state begins with state.', () => {
    expect(problemsOf(v1beta2({ states: { s: { spec: STORE } } }))).toEqual([]);
    expect(problemsOf(v1beta2({ states: { s: { spec: { ...STORE, type: 'states.redis' } } } }))).toEqual([
      'serving.states.s.spec.type: "states.redis" must begin with "state." here',
    ]);
  });

  test('and its version must be there', () => {
    expect(problemsOf(v1beta2({ bindings: { q: { metadata: [] } } }))).toEqual([
      'serving.bindings.q.type: is missing; give a Dapr component type such as "bindings.kafka"',
      'serving.bindings.q.version: is missing; give the version of the component type, mostly "v1"',
    ]);
  });
});

describe('settings of a component', () => {
  test.each([['30s'], ['1m30s']])('initTimeout may be %s', (initTimeout) => {
    expect(problemsOf(v1beta2({ bindings: { q: { ...KAFKA, initTimeout } } }))).toEqual([]);
  });

  test('initTimeout must be a duration', () => {
    expect(problemsOf(v1beta2({ bindings: { q: { ...KAFKA, initTimeout: '30' } } }))).toEqual(['serving.bindings.q.initTimeout: "30" is not a duration such as "30s" or "1m30s"']);
  });

  test('a secret reference needs a name; without a key Dapr uses the name as key, and without both there is no reference', () => {
    expect(withSettings({ name: 'a', value: 'x', secretKeyRef: { name: '', key: '' } })).toEqual([]);
    expect(withSettings({ name: 'a', secretKeyRef: { key: 'k' } }, { name: 'b', secretKeyRef: { name: 'n' } })).toEqual([
      'serving.bindings.q.metadata[0].secretKeyRef.name: is missing; give the name of a Secret',
    ]);
  });

  test('a value beside a secret reference has no effect: a warning', () => {
    expect(withSettings({ name: 'a', value: 'x', secretKeyRef: { name: 'n', key: 'k' } })).toEqual([
      'warning: serving.bindings.q.metadata[0].value: has no effect beside secretKeyRef, which Dapr prefers',
    ]);
  });

  test('indexes include entries that could not be read', () => {
    expect(withSettings({ name: '' }, { name: 'b', secretKeyRef: { key: 'k' } })).toEqual([
      'serving.bindings.q.metadata[0].name: must not be empty',
      'serving.bindings.q.metadata[1].secretKeyRef.name: is missing; give the name of a Secret',
    ]);
  });

  test.each([['password'], ['saslPassword'], ['redisPassword'], ['clientSecret'], ['accessKey'], ['secretKey'], ['apiKey'], ['connectionString'], ['access_token'], ['credentials'], ['masterKey'],
    ['private-key'], ['clientKey'], ['authKey'], ['accessKeySecret'], ['sharedAccessPolicyKey']])(
    'a %s as plain text is a warning that does not show it', (name) => {
      const lines = withSettings({ name, value: 's3cr3t' });
      expect(lines).toEqual([`warning: serving.bindings.q.metadata[0].value: of "${name}" looks like a credential; keep it in a Secret and refer to it with secretKeyRef`]);
      expect(withSettings({ name, secretKeyRef: { name: 'n', key: 'k' } })).toEqual([]);
      expect(withSettings({ name, value: 12345 })).toEqual(lines);
      expect(withSettings({ name, value: '' })).toEqual([]);
    });

  test.each([['amqp://user:pass@host:5672'], ['redis://:pass@host'], ['Server=x;url=http://a:b@c']])('a URL with a password is a warning: %s', (value) => {
    expect(withSettings({ name: 'host', value })).toEqual([
      'warning: serving.bindings.q.metadata[0].value: of "host" looks like a URL with a password; keep it in a Secret and refer to it with secretKeyRef',
    ]);
  });

  test.each([['authType', 'password'], ['host', 'amqp://host:5672'], ['host', 'http://user@host'], ['secretName', 'x'], ['tokenUrl', 'https://a'], ['passwordless', 'true'], ['token', true], ['accessKeyID', 'x'],
    ['keyPrefix', 'name'], ['partitionKey', 'x'], ['publicKey', 'x']])(
    '%s: %s is not a credential', (name, value) => {
      expect(withSettings({ name, value })).toEqual([]);
    });
});

describe('references', () => {
  const output = (dapr: object, serving: object = {}) => problemsOf(v1beta2({ outputs: [{ dapr: { operation: 'create', ...dapr } }], ...serving }));

  test.each([['bindings.kafka'], ['pubsub.redis'], ['state.redis'], ['bindings']])('may have the type %s', (type) => {
    expect(output({ name: 'q', type, topic: type.startsWith('pubsub') ? 't' : undefined })).toEqual([]);
  });

  test.each([
    [{ name: 'q', type: 'bindings.redis' }, {}, '"create" or "delete" or "get" or "increment"'],
    [{ name: 'q', type: 'bindings.kafka' }, {}, '"create"'],
    [{ name: 'q', type: 'bindings.existing' }, {}, '"create"'],
    [{ name: 'e' }, { bindings: { e: KAFKA } }, '"create"'],
  ])('to a binding without an operation are a warning, since Dapr refuses each call: %j', (dapr, serving, choice) => {
    const given = { ...serving, outputs: [{ dapr }] };
    expect(problemsOf(v1beta2(given))).toEqual([`warning: serving.outputs[0].dapr.operation: is missing, and Dapr refuses a call without one; give ${choice}`]);
    expect(problemsOf(v1beta2({ ...given, annotations: { 'openfunction.io/enable-dapr': 'false' } }))).toEqual([]);
  });

  test('to a topic or a state need no operation', () => {
    expect(problemsOf(v1beta2({ outputs: [{ dapr: { name: 'e', type: 'pubsub.redis', topic: 't' } }, { dapr: { name: 's', type: 'state.redis' } }] }))).toEqual([]);
  });

  test('have an operation of the binding, in its own case', () => {
    expect(output({ name: 'q', type: 'bindings.redis', operation: 'increment' })).toEqual([]);
    expect(output({ name: 'q', type: 'bindings.redis', operation: 'Get' })).toEqual([
      'serving.outputs[0].dapr.operation: "Get" is not one of "create", "delete", "get", "increment"; did you mean "get"?',
    ]);
  });

  test.each([['kafka'], ['states.redis'], ['Bindings.kafka'], ['bindings.']])('may not have the type %s', (type) => {
    expect(output({ name: 'q', type })).toEqual([`serving.outputs[0].dapr.type: "${type}" must begin with "bindings.", "pubsub." or "state."`]);
  });

  test('to pub/sub need a topic, by their type or by what the function defines', () => {
    const missing = (path: string, name: string) => `${path}.topic: is missing; "${name}" is a pub/sub component, so give a topic of it`;
    expect(output({ name: 'e', type: 'pubsub.kafka' })).toEqual([missing('serving.outputs[0].dapr', 'e')]);
    expect(output({ name: 'e' }, { pubsub: { e: EVENTS } })).toEqual([missing('serving.outputs[0].dapr', 'e')]);
    expect(output({ name: 'e', topic: '' }, { pubsub: { e: EVENTS } })).toEqual([missing('serving.outputs[0].dapr', 'e')]);
    expect(output({ name: 'e', topic: 't' }, { pubsub: { e: EVENTS } })).toEqual([]);
    expect(problemsOf(asyncFunction({ triggers: { dapr: [{ name: 'e' }] }, pubsub: { e: EVENTS } }))).toEqual([missing('serving.triggers.dapr[0]', 'e')]);
  });

  test('whose topic cannot be read are not said to lack it, too', () => {
    expect(output({ name: 'e', type: 'pubsub.kafka', topic: 5 })).toEqual(['serving.outputs[0].dapr.topic: must be a string, got 5; quote it: "5"']);
    expect(problemsOf(v1beta2({ bindings: { q: { ...KAFKA, metadata: [...KAFKA.metadata, { name: 'a', secretKeyRef: { name: 5, key: 'k' } }] } } }))).toEqual([
      'warning: serving.bindings.q.metadata[5].name: "a" is not a setting of bindings.kafka in Dapr 1.18',
      'serving.bindings.q.metadata[5].secretKeyRef.name: must be a string, got 5; quote it: "5"',
    ]);
  });

  test('by a name that two maps define mean bindings first, unless the type says otherwise', () => {
    const both = { bindings: { e: KAFKA }, pubsub: { e: EVENTS } };
    expect(output({ name: 'e' }, both)).toEqual([]);
    expect(output({ name: 'e', type: 'pubsub.kafka' }, both)).toHaveLength(1);
  });

  test('by a name of Object.prototype are not defined by it', () => {
    expect(output({ name: 'valueof' }, { pubsub: {} })).toEqual([]);
  });

  test('to a state with a topic are a warning', () => {
    const warning = (path: string) => `warning: ${path}.topic: has no meaning for a state`;
    expect(output({ name: 's', topic: 't' }, { states: { s: { spec: STORE } } })).toEqual([warning('serving.outputs[0].dapr')]);
    expect(problemsOf(v1beta2({ triggers: { inputs: [{ dapr: { name: 's', type: 'state.redis', topic: 't' } }] } }))).toEqual([warning('serving.triggers.inputs[0].dapr')]);
  });

  test('to a state as a trigger are a warning', () => {
    expect(problemsOf(asyncFunction({ triggers: { dapr: [{ name: 's' }] }, states: { s: null } }))).toEqual([
      'warning: serving.triggers.dapr[0].name: "s" is a state, which sends no events',
    ]);
  });
});
