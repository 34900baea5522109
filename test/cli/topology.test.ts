// The command topology: formats, one function, and what it says of input that is wrong.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Parser } from '@asyncapi/parser';
import { command } from '../support/command-line';

const BUS = 'pubsub: {bus: {type: pubsub.kafka, version: v1, metadata: [{name: brokers, value: "kafka:9092"}, {name: authType, value: none}]}}';
const fn = (name: string, serving: string) => `apiVersion: core.openfunction.io/v1beta2\nkind: Function\nmetadata: {name: ${name}, namespace: shop}\nspec:\n  image: acme/${name}:1\n  serving: ${serving}\n`;
const SHOP = [fn('orders', `{outputs: [{dapr: {name: bus, topic: placed}}], ${BUS}}`), fn('mails', `{triggers: {dapr: [{name: bus, topic: placed}, {name: bus, topic: late}]}, ${BUS}}`), fn('pages', '{}')].join('---\n');

let root: string;
const topology = async (text: string, ...argv: string[]) => {
  writeFileSync(join(root, 'a.yaml'), text);
  const { code, out, err } = await command('topology', '-f', join(root, 'a.yaml'), ...argv);
  return { code, out: out.replaceAll(`${root}/`, ''), err: err.replaceAll(`${root}/`, '') };
};

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'topology-'));
});
afterEach(() => {
  rmSync(root, { recursive: true });
});

test('topology prints functions, how they are wired, and what is worth a look', async () => {
  expect(await topology(SHOP)).toEqual({ code: 0, err: '', out: [
    'shop/mails: event function, mails:1, 1 replica, Dapr: shared proxy',
    'shop/orders: HTTP function, orders:1, 0 or more replicas, Dapr: shared proxy',
    'shop/pages: HTTP function, pages:1, 0 or more replicas, without Dapr',
    '',
    'wiring:',
    '  shop/orders publishes to the topic shop/bus/placed',
    '  the topic shop/bus/late triggers shop/mails',
    '  the topic shop/bus/placed triggers shop/mails',
    '',
    'worth a look:',
    '  a.yaml:13:71 nothing here publishes to the topic "late" of "bus"',
    '',
  ].join('\n') });
});

test('topology of one function has what it is wired with, as Mermaid and as JSON', async () => {
  const { out } = await topology(SHOP, '--format', 'mermaid', '--function', 'orders');
  expect(out).toBe([
    'flowchart LR',
    '  n0["<b>mails</b><br/>event function<br/>mails:1<br/>1 replica<br/>Dapr: shared proxy"]:::faint',
    '  n1["<b>orders</b><br/>HTTP function<br/>orders:1<br/>0 or more replicas<br/>Dapr: shared proxy"]:::fn',
    '  n2(["<b>placed</b><br/>topic on kafka #40;bus#41;"]):::topic',
    '  n2 -->|"triggers"| n0',
    '  n1 -->|"publishes to"| n2',
    '  classDef fn fill:#dbeafe,stroke:#2563eb,color:#172554',
    '  classDef topic fill:#fef3c7,stroke:#d97706,color:#451a03',
    '  classDef faint fill:#f8fafc,stroke:#64748b,color:#334155,stroke-dasharray:4 3',
    '',
  ].join('\n'));
  const json = JSON.parse((await topology(SHOP, '--format', 'json', '--function', 'shop/pages')).out) as { nodes: { id: string }[] };
  expect(json.nodes.map(({ id }) => id)).toEqual(['function shop/pages']);
});

test('topology makes an event catalogue of the topics, valid for the parser of AsyncAPI', async () => {
  const { code, out, err } = await topology(SHOP, '--format', 'asyncapi');
  expect([code, err]).toEqual([0, '']);
  const { document, diagnostics } = await new Parser().parse(out);
  expect(diagnostics.filter(({ severity }) => severity < 2)).toEqual([]);
  expect(document?.channels().all().map((channel) => channel.address()).sort()).toEqual(['late', 'placed']);
}, 60_000);

test('topology draws an SVG, also of nothing', async () => {
  const { out } = await topology(SHOP, '--format', 'svg');
  expect([...out.matchAll(/<text class="name"[^>]*>([^<]*)</g)].map(([, name]) => name)).toEqual(['mails', 'orders', 'pages', 'late', 'placed']);
  expect((await topology('kind: ConfigMap\napiVersion: v1\nmetadata: {name: a}\n', '--format', 'svg')).out).toMatch(/^<svg .* width="48" height="48"/);
});

test('topology of a function that is not there, or of invalid ones, says so', async () => {
  expect(await topology(SHOP, '--function', 'order')).toEqual({ code: 2, out: '', err: 'error: --function order: there is no such function; did you mean "orders"?\n' });
  expect(await topology(fn('a', '{workloadTyp: Job}'))).toEqual({
    code: 1, out: '', err: 'a.yaml:6:13 serving.workloadTyp: unknown field; did you mean "workloadType"?\n1 problem in 1 of 1 function; no topology was made\n',
  });
});
