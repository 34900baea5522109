// The table of proxy settings against the proxy's own reader: the same ranges, words and defaults on both sides.
import { Config, readConfig } from '../../../proxy/src/config/config';
import { PROXY_SETTINGS, ProxyField, ProxySetting } from '../../../src/private/function/proxy-settings';
import { checkProxy, proxyVariable } from '../../../src/private/settings/proxy';

const LINES = Object.entries(PROXY_SETTINGS) as [ProxyField, ProxySetting][];
const CARRIED = LINES.filter(([, { variable }]) => variable !== undefined);
const CONTEXT = { FUNC_CONTEXT: '{"name":"fn"}' };

/** What the proxy makes of a setting that has this value; `undefined` when it refuses to start. */
function proxyWith(field: ProxyField, given: unknown): Config | undefined {
  const variables = proxyVariable(field, given as never).map(({ name, value }) => [name, value] as const);
  const result = readConfig({ ...CONTEXT, ...Object.fromEntries(variables) });
  return 'config' in result ? result.config : undefined;
}

/** Whether synthesis takes the value, and whether the proxy does. */
const taken = (field: ProxyField, value: unknown) => [checkProxy({ [field]: value }, []).length === 0, proxyWith(field, value) !== undefined];

describe('a setting that the proxy reads', () => {
  test.each(CARRIED)('has the same default there: %s', (field, { kind, range, words, default: standard }) => {
    const unset = proxyWith(field, undefined);
    expect(unset).toBeDefined();
    expect(proxyWith(field, standard)).toEqual(unset);
    const others = [...range ?? [], ...words ?? [], ...kind === 'flag' ? [true, false] : []].filter((value) => value !== standard);
    expect(others).not.toEqual([]);
    for (const other of others) expect(proxyWith(field, other)).not.toEqual(unset);
  });

  const ranges = CARRIED.flatMap(([field, { range }]) => (range === undefined ? [] : [[field, ...range] as const]));
  test.each(ranges)('has the same range there: %s, from %d to %d', (field, low, high) => {
    expect([low - 1, low, high, high + 1].map((value) => taken(field, value))).toEqual([[false, false], [true, true], [true, true], [false, false]]);
  });

  const choices = CARRIED.flatMap(([field, { words }]) => (words === undefined ? [] : [[field, words] as const]));
  test.each(choices)('has the same words there: %s', (field, words) => {
    expect(words.map((word) => taken(field, word))).toEqual(words.map(() => [true, true]));
    expect(taken(field, `${words[0]}x`)).toEqual([false, false]);
  });

  test('has a variable that the proxy knows, which reads no others but those that a function decides', () => {
    const read = new Set<string>();
    const env: Record<string, string> = { ...CONTEXT, DAPR_PROXY_DISCOVERY: 'endpointslices' };
    readConfig(new Proxy(env, { get: (target, name) => (read.add(String(name)), Reflect.get(target, name)) }));
    const decided = [
      'FUNCTION_HOST', 'FUNCTION_PORT', 'FALLBACK_HOST', 'PEERS_HOST', 'LISTEN_HOST', 'LISTEN_PORT', 'ADMIN_HOST', 'PROBE_PORT', 'SCALER', 'SUBSCRIPTIONS',
      'TOKEN_FILE', 'CA_FILE', 'GIVE_BACK', 'SHARED_BINDINGS', 'SHARED_STREAMS', 'LEASE', 'LEASE_DURATION',
    ];
    const known = [...decided, ...CARRIED.map(([, { variable }]) => String(variable))].map((name) => `DAPR_PROXY_${name}`);
    expect([...read].filter((name) => name.startsWith('DAPR_PROXY_')).sort()).toEqual(known.sort());
  });
});

test.each(LINES.flatMap(([field, { range, variable }]) => (range === undefined || variable !== undefined ? [] : [[field, ...range] as const])))(
  'a setting that only synthesis reads has its range: %s, from %d to %d', (field, low, high) => {
    expect([low - 1, low, high, high + 1].map((value) => checkProxy({ [field]: value }, []).length)).toEqual([1, 0, 0, 1]);
  },
);
