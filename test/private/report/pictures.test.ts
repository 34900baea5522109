// Pictures of a wiring: how they are split, what they say, and names that are no plain words (docs/spec M127k).
import { mermaidPicture } from '../../../src/private/report/picture/mermaid';
import { picturesOf } from '../../../src/private/report/picture/picture';
import { svgOf } from '../../../src/private/report/picture/svg';
import type { Edge, Node } from '../../../src/private/wiring/graph';

const details = { image: 'registry.acme.example:5000/team/orders:1.2@sha256:0123', workload: 'Deployment', port: 8080, daprMode: 'sidecar', minReplicas: 0, maxReplicas: 5, externalUrls: [] };
const fn = (name: string, namespace = 'shop', chart = 'app'): Node => ({ id: `function ${namespace}/${name}`, kind: 'function', name, namespace, chart, details });
const topic = (name: string, namespace = 'shop'): Node => ({ id: `topic ${namespace}/bus/${name}`, kind: 'topic', name, namespace, components: ['pubsub shop/bus'] });
const bus: Node = { id: 'pubsub shop/bus', kind: 'pubsub', name: 'bus', namespace: 'shop', componentType: 'pubsub.kafka' };
const edge = (kind: Edge['kind'], from: Node, to: Node): Edge => ({ kind, from: from.id, to: to.id });

test('pictures are split by functions and arrows, and have each arrow once', () => {
  const events = topic('events');
  const readers = Array.from({ length: 90 }, (_, index) => fn(`reader-${index}`));
  const writer = fn('writer');
  const many = Array.from({ length: 400 }, (_, index) => topic(`topic-${index}`));
  const edges = [...readers.map((reader) => edge('subscribes', events, reader)), ...many.map((each) => edge('publishes', writer, each))];
  const pictures = picturesOf({ nodes: [bus, events, ...readers, writer, ...many], edges });
  expect(pictures.map(({ boxes, arrows }) => [boxes.filter(({ kind }) => kind === 'function').length, arrows.length])).toEqual([[40, 40], [40, 40], [10, 10], [1, 150], [1, 150], [1, 100]]);
  expect(pictures.flatMap(({ arrows }) => arrows.map(({ from, to }) => `${from} ${to}`)).sort()).toEqual(edges.map(({ from, to }) => `${from} ${to}`).sort());
});

test('pictures of long names stay below the length that Mermaid takes', () => {
  const long = (index: number) => `${index}-${'x'.repeat(240)}`;
  const functions = Array.from({ length: 60 }, (_, index) => fn(long(index)));
  const edges = functions.flatMap((each, index) => [edge('publishes', each, topic(long(index))), edge('subscribes', topic(long(index + 1)), each)]);
  const texts = picturesOf({ nodes: [bus, ...functions, ...Array.from({ length: 61 }, (_, index) => topic(long(index)))], edges }).map(mermaidPicture);
  expect(texts.length).toBeGreaterThan(1);
  expect(texts.filter((text) => text.length >= 50_000)).toEqual([]);
});

test('names with any characters are safe in Mermaid and in SVG', () => {
  const odd = topic('a"<b>&`#;\u0001');
  const pictures = picturesOf({ nodes: [bus, fn('orders'), odd], edges: [edge('publishes', fn('orders'), odd)] });
  expect(mermaidPicture(pictures[0]).split('\n')[2]).toBe('  n1(["<b>a#34;#60;b#62;#38;#96;#35;#59;#1;</b><br/>topic on kafka #40;bus#41;"]):::topic');
  expect(/>(a&[^<]*)</.exec(svgOf(pictures))?.[1]).toBe('a&#34;&#60;b&#62;&#38;`#;');
});

test('groups are namespaces, else charts; what one group alone has to do with is in it', () => {
  const named = (nodes: Node[], edges: Edge[]) => picturesOf({ nodes: [bus, ...nodes], edges })[0].groups.map(({ name, boxes }) => [name, boxes.map(({ lines: [title] }) => title)]);
  const [a, b, c] = [fn('a', 'shop', 'one'), fn('b', 'mail', 'one'), fn('c', 'shop', 'two')];
  const [own, between] = [topic('own'), topic('between')];
  expect(named([a, b, own, between], [edge('publishes', a, own), edge('publishes', a, between), edge('subscribes', between, b)])).toEqual([['namespace mail', ['b']], ['namespace shop', ['a', 'own']]]);
  expect(named([a, c], [])).toEqual([['chart one', ['a']], ['chart two', ['c']]]);
  expect(named([a], [])).toEqual([]);
});

test('a function says its image without registry and digest, its replicas and its Dapr mode; boxes of other kinds what they are', () => {
  const nodes: Node[] = [
    fn('orders'), { ...fn('one'), id: 'function shop/one', details: { ...details, minReplicas: 1, maxReplicas: 1, httpEngine: 'knative', daprMode: 'off' } }, topic('t'), bus,
    { id: 'binding shop/jobs', kind: 'binding', name: 'jobs', namespace: 'shop', componentType: 'bindings.rabbitmq' },
    { id: 'topic shop/jobs/jobs', kind: 'topic', name: 'jobs', namespace: 'shop', components: ['binding shop/jobs'] },
    { id: 'binding shop/tick', kind: 'binding', name: 'tick', namespace: 'shop', componentType: 'bindings.cron', schedule: '@every 5m' },
    { id: 'binding shop/any', kind: 'binding', name: 'any', namespace: 'shop', componentType: 'bindings.existing' },
    { id: 'state shop/s', kind: 'state', name: 's', namespace: 'shop', componentType: 'state.redis' },
    { id: 'appId shop/*', kind: 'appId', name: '*', namespace: 'shop' }, { id: 'workload shop/web', kind: 'workload', name: 'web', namespace: 'shop', workload: 'Deployment', image: 'registry.acme.example/web:5.3' },
    { id: 'workload shop/old', kind: 'workload', name: 'old', namespace: 'shop' },
    { id: 'host a.example', kind: 'host', name: 'a.example' }, { id: 'outside', kind: 'outside', name: 'outside' },
  ];
  const edges = nodes.slice(2).map((node) => edge('binds', nodes[0], node));
  expect(picturesOf({ nodes, edges }).flatMap(({ boxes }) => boxes.map(({ lines }) => lines))).toEqual([
    ['orders', 'event function', 'orders:1.2', '0 to 5 replicas', 'Dapr: sidecar in each pod'], ['one', 'HTTP function', 'orders:1.2', '1 replica', 'without Dapr'],
    ['t', 'topic on kafka (bus)'], ['bus', 'pub/sub kafka'], ['jobs', 'binding rabbitmq'], ['jobs', 'queue on rabbitmq (jobs)'], ['tick', 'cron: @every 5m'], ['any', 'binding'], ['s', 'state redis'],
    ['any app', 'Dapr app, not part of this'], ['web', 'Deployment, not a function', 'web:5.3'], ['old', 'not a function'], ['a.example'], ['Outside world'],
  ]);
});
