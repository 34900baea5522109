import { readConfig } from '../../src/config/config';
import { CONTEXT } from '../support/harness';

const GOOD = { FUNC_CONTEXT: JSON.stringify(CONTEXT) };

function problems(env: Record<string, string>): readonly string[] {
  const result = readConfig({ ...GOOD, ...env });
  return 'problems' in result ? result.problems : [];
}

function config(env: Record<string, string> = {}) {
  const result = readConfig({ ...GOOD, ...env });
  if ('problems' in result) throw new Error(result.problems.join('\n'));
  return result.config;
}

describe('the configuration', () => {
  test('has the documented defaults', () => {
    expect(config()).toMatchObject({
      name: 'orders',
      namespace: 'default',
      appProtocol: 'grpc',
      functionIsHttp: false,
      tokenOnEvents: false,
      functionHost: 'orders.default.svc.cluster.local',
      functionPort: 8080,
      listenHost: '127.0.0.1',
      listenPort: 8080,
      adminPort: 18081,
      scaler: false,
      scalerPort: 18082,
      discovery: 'dns',
      giveBack: false,
      logLevel: 'info',
      limits: {
        holdMs: 60_000,
        maxWaiting: 1000,
        maxWaitingBytes: 64 * 1024 ** 2,
        maxInFlightPerPod: 100,
        connectMs: 1000,
        functionMs: 0,
        peerMs: 60_000,
        resolveMs: 1000,
        maxMessage: 16 * 1024 ** 2,
        maxHeaders: 2000,
        drainMs: 25_000,
      },
      subscriptions: { bindings: [{ component: 'tick', route: 'tick' }], topics: [{ component: 'events', topic: 'placed' }] },
    });
  });

  test.each([['0', 0], ['250ms', 250], ['60s', 60_000], ['5m', 300_000], ['1.5s', 1500], ['24h', 86_400_000]])('reads the duration %s as %s ms', (text, ms) => {
    expect(config({ DAPR_PROXY_HOLD_TIMEOUT: text }).limits.holdMs).toBe(ms);
  });

  test.each([['1000', 1000], ['512KiB', 512 * 1024], ['16 MiB', 16 * 1024 ** 2]])('reads the size %s as %s bytes', (text, bytes) => {
    expect(config({ DAPR_PROXY_MAX_WAITING_BYTES: text }).limits.maxWaitingBytes).toBe(bytes);
  });

  test('prefers FUNC_CONTEXT_V1BETA2 where both contexts speak', () => {
    const current = {
      name: 'newer',
      triggers: { dapr: [{ name: 'queue', type: 'bindings.kafka' }, { name: 'bus', type: 'pubsub.kafka', topic: 't' }], http: null },
    };
    const read = config({ FUNC_CONTEXT_V1BETA2: JSON.stringify(current) });
    expect(read.name).toBe('newer');
    expect(read.functionPort).toBe(8080);
    expect(read.subscriptions).toMatchObject({ bindings: [{ component: 'queue' }], topics: [{ component: 'bus', topic: 't' }] });
  });

  test.each([
    ['v1beta1', {
      FUNC_CONTEXT: JSON.stringify({
        name: 'f',
        inputs: { b: { componentName: 'queue', componentType: 'bindings' }, p: { componentName: 'bus', componentType: 'pubsub', uri: 't' }, s: { componentName: 'store', componentType: 'state' } },
      }),
    }],
    ['v1beta2', {
      FUNC_CONTEXT_V1BETA2: JSON.stringify({
        name: 'f', triggers: { dapr: [{ name: 'queue', type: 'bindings' }, { name: 'bus', type: 'pubsub', topic: 't' }, { name: 'store', type: 'state' }, { name: 'x', type: 'pubsubs.x' }] },
      }),
    }],
  ])('takes inputs of %s of whose type only the kind is known', (_version, env) => {
    expect(config(env).subscriptions).toMatchObject({ bindings: [{ component: 'queue' }], topics: [{ component: 'bus', topic: 't' }] });
  });

  test.each([
    ['Knative in v1beta1', { FUNC_CONTEXT: '{"name":"f","runtime":"Knative","port":"9000"}' }, 9000],
    ['an HTTP trigger in v1beta2', { FUNC_CONTEXT_V1BETA2: '{"name":"f","triggers":{"http":{"port":9001}}}' }, 9001],
  ])('knows an HTTP function by %s', (_what, env, port) => {
    expect(config(env)).toMatchObject({ functionIsHttp: true, functionPort: port, listenPort: port });
  });

  test('takes null in a context for absent, and any name where the host is given', () => {
    const context = JSON.stringify({ name: 'a b', runtime: null, port: null, inputs: null });
    expect(config({ FUNC_CONTEXT: context, DAPR_PROXY_FUNCTION_HOST: 'pods' })).toMatchObject({ name: 'a b', functionHost: 'pods', functionPort: 8080 });
    expect(config({ FUNC_CONTEXT_V1BETA2: '{"name":"f","triggers":null}' })).toMatchObject({ functionIsHttp: false });
  });

  test('treats empty variables as unset', () => {
    expect(config({ APP_PROTOCOL: '', DAPR_PROXY_ADMIN_PORT: '', APP_API_TOKEN: '' })).toMatchObject({ appProtocol: 'grpc', adminPort: 18081, appToken: undefined });
  });
});

const LONG = JSON.stringify({ name: 'x'.repeat(120_000) });
const V2 = 'FUNC_CONTEXT_V1BETA2';
const SUBSCRIPTIONS = 'DAPR_PROXY_SUBSCRIPTIONS';

describe('a bad value is reported in one line with variable, value and what is allowed', () => {
  test.each([
    ['FUNC_CONTEXT', '{', 'FUNC_CONTEXT: "{" is not a JSON object'],
    ['FUNC_CONTEXT', '[]', 'FUNC_CONTEXT: "[]" is not a JSON object'],
    ['FUNC_CONTEXT', 'null', 'FUNC_CONTEXT: "null" is not a JSON object'],
    ['FUNC_CONTEXT', '', `FUNC_CONTEXT: "" is empty: a JSON object in it or in ${V2} must describe the function`],
    ['FUNC_CONTEXT', '{}', 'FUNC_CONTEXT: "{}" needs "name", a string that is not empty'],
    ['FUNC_CONTEXT', LONG, `FUNC_CONTEXT: ${JSON.stringify(LONG.slice(0, 80) + '…')} has ${LONG.length} bytes; at most 102400 are allowed`],
    ['FUNC_CONTEXT', '{"name":"f","port":"99999"}', 'FUNC_CONTEXT port: "99999" is not a whole number from 1 to 65535'],
    ['FUNC_CONTEXT', '{"name":"f","inputs":[]}', 'FUNC_CONTEXT inputs: "[]" is not an object of inputs by name'],
    ['FUNC_CONTEXT', '{"name":"f","inputs":{"i":7}}', 'FUNC_CONTEXT inputs.i: "{}" needs a component name and a component type, both strings'],
    [
      'FUNC_CONTEXT', '{"name":"f","inputs":{"i":{"componentName":"c","componentType":"pubsub.x"}}}',
      'FUNC_CONTEXT inputs.i: "{\\"component\\":\\"c\\",\\"type\\":\\"pubsub.x\\"}" is a pub/sub input and needs a topic, a string that is not empty',
    ],
    ['FUNC_CONTEXT', '{"name":"f","runtime":7}', 'FUNC_CONTEXT runtime: "7" is not a string such as "Knative" or "Async"'],
    [
      'FUNC_CONTEXT', '{"name":"a b"}',
      'FUNC_CONTEXT name: "a b" cannot be part of a host name, which has letters, digits, "-", "_" and "."; without it DAPR_PROXY_FUNCTION_HOST must say where the pods are',
    ],
    [
      'POD_NAMESPACE', 'x/y',
      'POD_NAMESPACE: "x/y" cannot be part of a host name, which has letters, digits, "-", "_" and "."; without it DAPR_PROXY_FUNCTION_HOST must say where the pods are',
    ],
    [V2, '{"name":"f","triggers":"none"}', `${V2} triggers: "\\"none\\"" is not an object with "http" or "dapr"`],
    [V2, '{"name":"f","triggers":{"http":8080}}', `${V2} triggers.http: "8080" is not an object such as {"port":8080}`],
    [V2, '{"name":"f","triggers":{"dapr":{}}}', `${V2} triggers.dapr: "{}" is not a list of triggers`],
    ['APP_PROTOCOL', 'https', 'APP_PROTOCOL: "https" is not one of "grpc", "http", "h2c"'],
    ['DAPR_PROXY_LISTEN_PORT', '0', 'DAPR_PROXY_LISTEN_PORT: "0" is not a whole number from 1 to 65535'],
    ['DAPR_PROXY_ADMIN_PORT', '70000', 'DAPR_PROXY_ADMIN_PORT: "70000" is not a whole number from 1 to 65535'],
    ['DAPR_PROXY_SCALER_PORT', '1e3', 'DAPR_PROXY_SCALER_PORT: "1e3" is not a whole number from 1 to 65535'],
    ['DAPR_PROXY_ADMIN_PORT', '8080', 'DAPR_PROXY_ADMIN_PORT: "8080" is already DAPR_PROXY_LISTEN_PORT: each port must be different'],
    ['DAPR_PROXY_PROBE_PORT', '18082', 'DAPR_PROXY_PROBE_PORT: "18082" is already DAPR_PROXY_SCALER_PORT: each port must be different'],
    ['DAPR_PROXY_PROBE_PORT', '0', 'DAPR_PROXY_PROBE_PORT: "0" is not a whole number from 1 to 65535'],
    ['DAPR_PROXY_SCALER', 'yes', 'DAPR_PROXY_SCALER: "yes" is not one of "true", "false"'],
    ['DAPR_PROXY_SCALER_PORT', '18081', 'DAPR_PROXY_SCALER_PORT: "18081" is already DAPR_PROXY_ADMIN_PORT: each port must be different'],
    ['DAPR_PROXY_HOLD_TIMEOUT', '60', 'DAPR_PROXY_HOLD_TIMEOUT: "60" is not a duration such as 250ms, 60s or 5m, up to 24h, or 0 for none'],
    ['DAPR_PROXY_HOLD_TIMEOUT', '25h', 'DAPR_PROXY_HOLD_TIMEOUT: "25h" is not a duration such as 250ms, 60s or 5m, up to 24h, or 0 for none'],
    ['DAPR_PROXY_CONNECT_TIMEOUT', '0', 'DAPR_PROXY_CONNECT_TIMEOUT: "0" is not a duration such as 250ms, 60s or 5m, up to 24h above 0'],
    ['DAPR_PROXY_CONNECT_TIMEOUT', '-1s', 'DAPR_PROXY_CONNECT_TIMEOUT: "-1s" is not a duration such as 250ms, 60s or 5m, up to 24h above 0'],
    ['DAPR_PROXY_MAX_WAITING', '0', 'DAPR_PROXY_MAX_WAITING: "0" is not a whole number from 1 to 1000000'],
    ['DAPR_PROXY_MAX_MESSAGE', '16MB', 'DAPR_PROXY_MAX_MESSAGE: "16MB" is not a size such as 65536, 512KiB or 16MiB, from 1 to 1073741824 bytes'],
    ['DAPR_PROXY_TOKEN_ON_EVENTS', 'yes', 'DAPR_PROXY_TOKEN_ON_EVENTS: "yes" is not one of "true", "false"'],
    ['DAPR_PROXY_LOG_LEVEL', 'trace', 'DAPR_PROXY_LOG_LEVEL: "trace" is not one of "debug", "info", "warn", "error"'],
    ['DAPR_PROXY_DISCOVERY', 'magic', 'DAPR_PROXY_DISCOVERY: "magic" is not one of "dns", "endpointslices"'],
    ['DAPR_PROXY_FUNCTION_HOST', 'a b', 'DAPR_PROXY_FUNCTION_HOST: "a b" is not a host name or an IP address'],
    [SUBSCRIPTIONS, '{}', `${SUBSCRIPTIONS}: "{}" is not a list of {component, topic, …} and {component, route}`],
    [SUBSCRIPTIONS, '[{}]', `${SUBSCRIPTIONS}[0]: "{}" needs a component, a string that is not empty`],
    [SUBSCRIPTIONS, '[{"component":"x","topic":"y"}]', `${SUBSCRIPTIONS}[0]: "{\\"component\\":\\"x\\",\\"topic\\":\\"y\\"}" names no component and topic among the inputs of the function`],
    [SUBSCRIPTIONS, '[{"component":"x","route":"y"}]', `${SUBSCRIPTIONS}[0]: "{\\"component\\":\\"x\\",\\"route\\":\\"y\\"}" names no binding among the inputs of the function`],
    ['DAPR_PROXY_SHARED_BINDINGS', 'x', 'DAPR_PROXY_SHARED_BINDINGS: "x" is not an input binding of the function'],
  ])('%s=%s', (variable, value, line) => {
    expect(problems({ [variable]: value })).toEqual([line]);
  });

  test('and all bad values are reported together', () => {
    expect(problems({ APP_PROTOCOL: 'x', DAPR_PROXY_ADMIN_PORT: 'y', DAPR_PROXY_HOLD_TIMEOUT: 'z' })).toHaveLength(3);
  });

  test.each([
    ['deadLetterTopic', 7], ['bulk', { maxMessages: 'many' }], ['bulk', []], ['rules', [{ match: 'x' }]], ['rules', {}], ['metadata', { key: {} }], ['default', 1],
  ])('a subscription with %s %j', (field, value) => {
    const text = JSON.stringify([{ component: 'events', topic: 'placed', [field]: value }]);
    expect(problems({ [SUBSCRIPTIONS]: text })).toEqual([expect.stringContaining(`has ${field === 'bulk' ? 'a bulk' : field === 'rules' || field === 'metadata' ? field : `a ${field}`} that`)]);
  });
});
