import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { command } from '../../support/command-line';

const fn = (name: string, spec: string) => `apiVersion: core.openfunction.io/v1beta2\nkind: Function\nmetadata: {name: ${name}, namespace: shop}\nspec: {${spec}}\n`;
const EVENTS = '{dapr: [{name: events, topic: placed, type: pubsub.kafka}]}';

let root: string;
const file = (name: string, ...documents: string[]) => {
  mkdirSync(join(root, name, '..'), { recursive: true });
  writeFileSync(join(root, name), documents.join('---\n'));
  return join(root, name);
};
/** Lines about functions alone. */
const brief = async (before: string | string[], after: string | string[], ...more: string[]) => {
  const { code, out, err } = await command('diff', file('old.yaml', ...[before].flat()), file('new.yaml', ...[after].flat()), '--brief', ...more);
  expect([code, err]).toEqual([out === '' ? 0 : 1, '']);
  return out.split('\n').slice(0, -1);
};

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'diff-'));
});
afterEach(() => rmSync(root, { recursive: true }));

describe('in the terms of a function', () => {
  const serving = (rest: string, image = 'acme/orders:1') => fn('orders', `image: "${image}", serving: {${rest}}`);

  test('nothing changes where nothing does', async () => {
    expect(await brief(serving(''), serving('triggers: {http: {port: 8080}}'))).toEqual([]);
  });

  test.each([
    ['the tag of an image', serving('', 'acme/orders:2'), 'image acme/orders:1 → 2; pods restart'],
    ['the repository of an image', serving('', 'acme/new/orders:2'), 'image acme/orders:1 → acme/new/orders:2; pods restart'],
    ['the digest of an image', serving('', 'acme/orders@sha256:0123456789012345678901234567890123456789012345678901234567890123'),
      'image acme/orders:1 → acme/orders@sha256:0123456789012345678901234567890123456789012345678901234567890123; pods restart'],
    ['bounds of a Knative Service', serving('scaleOptions: {minReplicas: 1, maxReplicas: 5}'), 'minReplicas unset → 1; maxReplicas unset → 5; pods restart'],
    ['an output, which turns Dapr on', serving('outputs: [{dapr: {name: events, type: pubsub.kafka, topic: placed}}]'),
      'output topic placed of events added; Dapr off → standalone, since openfunction.io/enable-dapr is not set, and the function defines outputs; '
      + 'openfunction.io/dapr-service-mode is not set; pods restart; '
      + 'added: NetworkPolicy orders-dapr-proxy, Deployment orders-dapr-proxy'],
    ['labels of the pods', serving('labels: {team: checkout}'), 'pods restart'],
  ])('%s', async (_, after, words) => {
    expect(await brief(serving(''), after)).toEqual([`orders        ${words}`]);
  });

  test('bounds of a Deployment restart no pod', async () => {
    const scaled = (max: number) => serving(`triggers: ${EVENTS}, scaleOptions: {maxReplicas: ${max}}`);
    expect(await brief(scaled(50), scaled(80))).toEqual(['orders        maxReplicas 50 → 80']);
  });

  test('what only the proxy sees restarts the proxy alone', async () => {
    const standalone = serving(`triggers: ${EVENTS}`);
    const platform = file('platform.yaml', 'proxy: {logLevel: debug}\n');
    expect(await brief(standalone, standalone, '--platform', platform, '--old-platform', file('before.yaml', '{}\n'))).toEqual(['orders        the proxy restarts']);
  });

  test('an input of another topic, and an app-id, which moves the consumer group of the topics that stay', async () => {
    const app = (id: string, ...topics: string[]) => serving(
      `annotations: {dapr.io/app-id: ${id}, openfunction.io/dapr-service-mode: sidecar}, triggers: {dapr: [${topics.map((topic) => `{name: events, topic: ${topic}, type: pubsub.kafka}`).join(', ')}]}`,
    );
    expect(await brief(app('a', 'placed', 'billed'), app('b', 'placed', 'shipped'))).toEqual([
      'orders        input topic shipped of events added; input topic billed of events removed; app-id a → b; '
      + 'the consumer group of topic placed of events moves, a → b: the broker starts it anew; pods restart',
    ]);
  });

  test('a consumer group that a component of its own or one beside it names', async () => {
    const setting = (group: string) => `metadata: [{name: brokers, value: 'k:9092'}, {name: authType, value: none}, {name: consumerGroup, value: ${group}}]`;
    const own = (group: string) => serving(`triggers: ${EVENTS}, pubsub: {events: {type: pubsub.kafka, version: v1, ${setting(group)}}}`);
    const beside = (group: string) => `apiVersion: dapr.io/v1alpha1\nkind: Component\nmetadata: {name: events, namespace: shop}\nspec: {type: pubsub.kafka, version: v1, ${setting(group)}}\n`;
    const words = 'orders        the consumer group of topic placed of events moves, g1 → g2: the broker starts it anew';
    expect(await brief(own('g1'), own('g2'))).toEqual([words]);
    const plain = serving(`triggers: ${EVENTS}`);
    expect(await brief([plain, beside('g1')], [plain, beside('g2')])).toEqual([words]);
  });

  test('another kind of workload replaces the old one, and what has no use any more is removed', async () => {
    const kind = (workload: string) => serving(`triggers: ${EVENTS}, annotations: {openfunction.io/dapr-service-mode: sidecar}, workloadType: ${workload}, scaleOptions: {keda: {triggers: [{type: cron, metadata: {timezone: UTC, start: 0 6 * * *, end: 0 8 * * *, desiredReplicas: "2"}}]}}`);
    expect(await brief(kind('Deployment'), kind('StatefulSet'))).toEqual([
      'orders        pods restart; Deployment orders is replaced by StatefulSet orders',
    ]);
    expect(await brief(kind('Deployment'), kind('Deployment').replace(/, scaleOptions.*/, '}}\n'))).toEqual(['orders        removed: ScaledObject orders']);
  });

  test('functions that come and go, by namespace where there are several', async () => {
    const other = fn('invoices', 'image: x, serving: {}').replace('shop', 'billing');
    expect(await brief(serving(''), other)).toEqual(['billing/invoices  added', 'shop/orders       removed']);
  });
});

describe('formats', () => {
  const before = [fn('orders', 'image: "acme/orders:2.0.1", serving: {}'), 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: "a|b"}\nimmutable: true\ndata: {x: "1"}\n'];
  const after = [fn('orders', 'image: "acme/orders:2.1.0", serving: {}'), before[1].replace('"1"', '"2"'), fn('hello', 'image: x, serving: {}')];
  const run = (...more: string[]) => command('diff', file('old.yaml', ...before), file('new.yaml', ...after), ...more);

  test('text: functions, then objects and fields', async () => {
    expect(await run()).toEqual({
      code: 1, err: '', out: [
        'hello         added',
        'orders        image acme/orders:2.0.1 → 2.1.0; pods restart',
        '',
        '~ Service shop/orders (serving.knative.dev/v1)',
        '    spec.template.spec.containers[function].image: "acme/orders:2.0.1" → "acme/orders:2.1.0"',
        '~ ConfigMap a|b (v1), to be replaced',
        '    data.x: "1" → "2"',
        '+ Service shop/hello (serving.knative.dev/v1)',
        '',
      ].join('\n'),
    });
  });

  test('Markdown: a table, and the objects folded', async () => {
    expect((await run('--format', 'markdown')).out).toBe([
      '| function | changes |',
      '|---|---|',
      '| `hello` | added |',
      '| `orders` | image acme/orders:2.0.1 → 2.1.0<br>pods restart |',
      '',
      '<details>',
      '<summary>3 objects</summary>',
      '',
      '```diff',
      '! Service shop/orders (serving.knative.dev/v1)',
      '    spec.template.spec.containers[function].image: "acme/orders:2.0.1" → "acme/orders:2.1.0"',
      '! ConfigMap a|b (v1), to be replaced',
      '    data.x: "1" → "2"',
      '+ Service shop/hello (serving.knative.dev/v1)',
      '```',
      '',
      '</details>',
      '',
    ].join('\n'));
    const same = file('same.yaml', ...before);
    expect(await command('diff', same, same, '--format', 'markdown')).toEqual({ code: 0, out: 'No function and no object changes.\n', err: '' });
  });

  test('a name with line ends or controls of a terminal is one line of text', async () => {
    const odd = file('odd.yaml', 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: "a\\n```\\e[31m"}\n');
    expect((await command('diff', file('old.yaml', before[1]), odd)).out).toBe('+ ConfigMap a\\n```\\u001b[31m (v1)\n- ConfigMap a|b (v1)\n');
  });

  test('JSON: the same for programs', async () => {
    expect(JSON.parse((await run('--format', 'json')).out)).toEqual({
      functions: [
        { namespace: 'shop', name: 'hello', change: 'added', consumerGroups: [], podsRestart: false, proxyRestarts: false, replaced: [], added: [], removed: [] },
        {
          namespace: 'shop', name: 'orders', change: 'changed', image: { old: 'acme/orders:2.0.1', new: 'acme/orders:2.1.0' },
          consumerGroups: [], podsRestart: true, proxyRestarts: false, replaced: [], added: [], removed: [],
        },
      ],
      objects: [
        {
          change: 'changed', apiVersion: 'serving.knative.dev/v1', kind: 'Service', namespace: 'shop', name: 'orders', function: 'shop/orders',
          fields: [{ path: 'spec.template.spec.containers[function].image', old: 'acme/orders:2.0.1', new: 'acme/orders:2.1.0' }],
        },
        { change: 'changed', apiVersion: 'v1', kind: 'ConfigMap', name: 'a|b', replaced: 'data.x cannot change', fields: [{ path: 'data.x', old: '1', new: '2' }] },
        { change: 'added', apiVersion: 'serving.knative.dev/v1', kind: 'Service', namespace: 'shop', name: 'hello', function: 'shop/hello', fields: [] },
      ],
    });
    expect(Object.keys(JSON.parse((await run('--format', 'json', '--brief')).out) as object)).toEqual(['functions']);
  });
});

describe('usage', () => {
  test.each([
    [['a'], 'give OLD and NEW, or --against and paths'], [['a', 'b', 'c'], 'give OLD and NEW, or --against and paths'],
    [['-', '-'], 'standard input can be only one of two'], [['--against', 'main', '-'], '--against: standard input has no revisions'],
  ])('%j', async (paths, message) => {
    expect(await command('diff', ...paths)).toEqual({ code: 2, out: '', err: `error: ${message}\n` });
  });
});
