/** `EventSimulation` and the real sidecar send each event the same way: one function, one topic for each set of rules. */
import { Chart, Testing } from 'cdk8s';
import { World } from './support/world';
import { DaprComponent, EventSimulation, FunctionInput, Manifests, OpenFunctionApp, TopicInputOptions } from '../../src';
import { stopAll, waitFor } from '../testbed';

afterAll(stopAll);

const COMPONENT = 'events';
const DEAD = 'dead';

interface Event {
  readonly type?: string;
  readonly source?: string;
  readonly subject?: string;
  readonly data?: unknown;
}

const rule = (match: string, path = '/match'): TopicInputOptions => ({ rules: [{ match, path }], defaultPath: '/else', deadLetterTopic: DEAD });
const ORDER = { data: { kind: 'order', amount: 150, tags: ['new', 'big'], customer: { name: 'Ann', vip: true } } };

/** By topic: what the subscription says, and the events that are published to it. */
const CASES: readonly (readonly [options: TopicInputOptions, ...events: Event[]])[] = [
  [rule('event.type == "placed"'), { type: 'placed' }, { type: 'paid' }, {}],
  [rule("event.type != 'placed'"), { type: 'placed' }, { type: 'paid' }],
  [rule('event.type.startsWith("shop.order.")'), { type: 'shop.order.placed' }, { type: 'shop.mail' }],
  [rule('event.type.endsWith(".v2") || event.source.contains("desk")'), { type: 'a.v2' }, { type: 'a.v1', source: 'front-desk' }, { type: 'a.v1', source: 'web' }],
  [rule('event.type.matches("^order\\\\.(placed|paid)$")'), { type: 'order.paid' }, { type: 'order.paid.late' }],
  [rule('event.type.matches("(?i)PLACED")'), { type: 'order.placed' }, { type: 'order.paid' }],
  [rule('event.data.amount > 100'), ORDER, { data: { amount: 100 } }, { data: { amount: 100.5 } }, { data: {} }, { data: { amount: '101' } }],
  [rule('event.data.amount >= 100.5 && event.data.kind == "order"'), ORDER, { data: { amount: 200, kind: 'mail' } }],
  [rule('event.data.amount == 150'), ORDER, { data: { amount: 150.5 } }, { data: { amount: '150' } }],
  [rule('event.data.amount + 1 > 100'), ORDER],
  [rule('event.data.amount * 2.0 - 50.0 == 250.0'), ORDER, { data: { amount: 1 } }],
  [rule('has(event.data.amount) && event.data.amount > 100'), ORDER, { data: {} }],
  [rule('has(event.subject)'), { subject: 'a' }, {}],
  [rule('event.data.missing == 1 || event.data.kind == "order"'), ORDER, { data: { kind: 'mail' } }],
  [rule('event.data.kind == "order" || event.data.missing == 1'), ORDER, { data: { kind: 'mail' } }],
  [rule('event.data.missing == 1 && event.data.kind == "order"'), ORDER, { data: { kind: 'mail' } }],
  [rule('!(event.data.customer.vip)'), ORDER, { data: { customer: { vip: false } } }, { data: { customer: {} } }],
  [rule('event.data.customer["name"] == "Ann"'), ORDER, { data: { customer: { name: 'Bob' } } }],
  [rule('"big" in event.data.tags'), ORDER, { data: { tags: ['small'] } }, { data: { tags: 'big' } }],
  [rule('event.data.kind in ["order", "offer"]'), ORDER, { data: { kind: 'offer' } }, { data: { kind: 'mail' } }],
  [rule('"amount" in event.data'), ORDER, { data: {} }],
  [rule('event.data.tags[0] == "new"'), ORDER, { data: { tags: [] } }],
  [rule('size(event.data.tags) == 2'), ORDER, { data: { tags: [1] } }],
  [rule('event.data.tags.exists(t, t.startsWith("b"))'), ORDER, { data: { tags: ['a'] } }],
  [rule('event.data.tags.all(t, size(t) == 3)'), ORDER, { data: { tags: ['abc', 'abcd'] } }],
  [rule('event.data.customer.vip ? event.data.amount > 100 : event.data.amount > 1000'), ORDER, { data: { customer: { vip: false }, amount: 500 } }],
  [rule('event.data.amount'), ORDER],
  [rule('event.data == null'), ORDER],
  [rule('event.data.customer == {"name": "Ann"}'.replace('{"name": "Ann"}', 'event.data.customer')), ORDER],
  [rule('event.data.tags.exists_one(t, t == "big")'), ORDER, { data: { tags: ['big', 'big'] } }],
  [rule('event.data.tags.filter(t, t != "new").size() == 1'), ORDER, { data: { tags: ['new'] } }],
  [rule('event.data.tags.map(t, t + "!")[1] == "big!"'), ORDER],
  [rule('int(event.data.amount) % 2 == 0'), ORDER, { data: { amount: 151 } }, { data: { amount: 'many' } }],
  [rule('string(event.data.amount) == "150"'), ORDER, { data: { amount: 150.5 } }],
  [rule('string(event.data.amount) == "1.5e+06"'), { data: { amount: 1500000 } }, { data: { amount: 0.00001 } }],
  [rule('bool(event.data.text) && string(event.data.customer.vip) == "true"'), { data: { text: 'T', customer: { vip: true } } }, { data: { text: 'yes', customer: { vip: true } } }],
  [rule('int(event.data.text) == 12 && int(-1.9) == -1'), { data: { text: '+12' } }, { data: { text: '12.0' } }],
  [rule('event.data.items.exists(i, i.price > 10)'), { data: { items: [{}, { price: 11 }] } }, { data: { items: [{}, { price: 1 }] } }],
  [rule('event.data.items.all(i, i.price > 10)'), { data: { items: [{}, { price: 1 }] } }, { data: { items: [{}, { price: 11 }] } }],
  [rule('event.data.items.map(i, has(i.price), i.price * 2.0) == [22.0]'), { data: { items: [{}, { price: 11 }] } }, { data: { items: [] } }],
  [rule('double(event.data.text) > 1.5'), { data: { text: '1.75' } }, { data: { text: 'x' } }],
  [rule('has(event.data.customer.name) && event.data.customer.name.size() == 3'), ORDER, { data: { customer: {} } }, { data: {} }],
  [rule('event.data["kind"] == event.data.kind && event.pubsubname == "events"'), ORDER],
  [rule('event.topic != "" && event.specversion == "1.0"'), ORDER],
  [rule('event.data.tags.exists(t, t in ["big", "huge"]) && !event.data.tags.exists(t, t == "old")'), ORDER, { data: { tags: ['big', 'old'] } }],
  [rule('event.data.items.exists(i, i.parts.all(p, p.size() > 1))'), { data: { items: [{ parts: ['ab', 'c'] }, { parts: [] }] } }, { data: { items: [{ parts: ['c'] }] } }],
  [rule('event.data.customer.exists(key, key == "vip")'), ORDER, { data: { customer: { name: 'x' } } }],
  [rule('matches(event.type, "^a+$")'), { type: 'aa' }, { type: 'ab' }],
  [rule('event.type == r"a\\.b"'), { type: 'a\\.b' }, { type: 'a.b' }],
  [rule('event.subject == """x\'"y"""'), { subject: 'x\'"y' }, { subject: 'x' }],
  [rule('event.subject == "\\u00fc\\x41\\101"'), { subject: 'üAA' }, { subject: 'u' }],
  [rule('size(event.subject) == 2'), { subject: 'ü🚀' }, { subject: 'abc' }],
  [rule('event.data.amount == 0x96'), ORDER, { data: { amount: 96 } }],
  [rule('event.data.amount == 150u'), ORDER, { data: { amount: 151 } }],
  [rule('event.data.amount == 1.5e2'), ORDER, { data: { amount: 15 } }],
  [rule('event.data.amount / 0.0 > 1.0'), ORDER, { data: { amount: -1 } }, { data: { amount: 0 } }],
  [rule('int(event.data.amount) / 0 == 1'), ORDER],
  [rule('-int(event.data.amount) % 7 == -3'), ORDER],
  [rule('9223372036854775807 + int(event.data.amount) > 0'), ORDER],
  [rule('event.data.tags + ["x"] == ["new", "big", "x"]'), ORDER],
  [rule('event.data.customer == {"name": "Ann", "vip": true}'), ORDER, { data: { customer: { name: 'Ann' } } }],
  [rule('{"a": 1}.a == 1 && {"a": 1}["a"] == 1'), ORDER],
  [rule('event.data.missing == null'), ORDER, { data: { missing: null } }],
  [rule('has(event.data.missing) ? event.data.missing == null : true'), ORDER, { data: { missing: null } }, { data: { missing: 1 } }],
  [rule('event.data.tags[1.0] == "big"'), ORDER],
  [rule('event.data.tags[event.data.at] == "big"'), { data: { tags: ['a', 'big'], at: 1 } }, { data: { tags: ['a', 'big'], at: 0.5 } }],
  [rule('event.data.text < "b" && event.data.text.contains("")'), { data: { text: 'a' } }, { data: { text: 'c' } }, { data: { text: '' } }],
  [rule('event.data.flag < true'), { data: { flag: false } }, { data: { flag: true } }],
  [rule('event.data.flag || event.data.kind'), { data: { flag: true, kind: 'x' } }, { data: { flag: false, kind: 'x' } }],
  [rule('event.data.text.matches("^\\\\d{2,3}$")'), { data: { text: '123' } }, { data: { text: '1234' } }],
  [rule('event.data.text.matches("(a|b)*c\\\\b")'), { data: { text: 'abac' } }, { data: { text: 'abacd' } }],
  [rule('event.type == "a" // a comment'), { type: 'a' }, { type: 'b' }],
  [rule(' event . type == "a" \n && true '), { type: 'a' }, { type: 'b' }],
  [rule('event.datacontenttype.startsWith("application/")'), {}],
  [rule('event.custom == "x"'), { custom: 'x' } as Event, {}],
  [rule('event.id != "" && event.time != ""'), {}],
  [rule('event.data'), { data: {} }],
  [rule('event.data.items.map(i, i.price).exists_one(p, p > 10.0)'), { data: { items: [{ price: 11 }, { price: 1 }] } }, { data: { items: [{ price: 11 }, { price: 12 }] } }, { data: { items: [{}] } }],
  [rule('event.data.items.filter(i, has(i.price)).all(i, i.price > 1)'), { data: { items: [{}, { price: 2 }] } }, { data: { items: [{ price: 1 }] } }],
  [rule('event.data.n == -0.0 || event.data.n > 1e308'), { data: { n: 0 } }, { data: { n: 1 } }],
  [rule('string(event.data.flag) == "true" && string(1) == "1"'), { data: { flag: true } }],
  [rule('int("0x10") == 16 || int(event.data.text) == 10'), { data: { text: '10' } }, { data: { text: '010' } }],
  [rule('event.data.a.b.c == 1'), { data: { a: { b: { c: 1 } } } }, { data: { a: {} } }, { data: { a: null } }],
  [rule('"a.b" in event.data && event.data["a.b"] == 1'), { data: { 'a.b': 1 } }, { data: { a: { b: 1 } } }],
  [{ bulk: { maxMessages: 5 }, rules: [{ match: 'event.data.x == 1', path: '/match' }], defaultPath: '/else', deadLetterTopic: DEAD }, { data: { x: 1 } }, { type: 'b' }],
  [{ rules: [{ match: '', path: '/all' }, { match: 'event.type == "a"', path: '/never' }], defaultPath: '/else' }, { type: 'a' }],
  [{ rules: [{ match: 'event.type == "a"', path: '/one' }, { match: 'event.type == "a"', path: '/two' }], defaultPath: '/else' }, { type: 'a' }],
  [{ rules: [{ match: 'false', path: '/never' }, { match: 'true', path: '/always' }] }, { type: 'a' }],
  [{ defaultPath: '/all', bulk: {} }, { type: 'a' }],
  [{ bulk: { maxMessages: 5 }, rules: [{ match: 'event.type == "a"', path: '/match' }], defaultPath: '/else', deadLetterTopic: DEAD }, { type: 'a' }, { type: 'b' }],
  [{ rules: [{ match: 'event.type == "a"', path: '/first' }, { match: 'event.type.startsWith("a")', path: '/second' }], deadLetterTopic: DEAD },
    { type: 'a' }, { type: 'ab' }, { type: 'b' }],
  [{ rules: [{ match: 'event.data.amount > 100', path: '/first' }, { match: 'event.type == "a"', path: '/second' }], defaultPath: '/else', deadLetterTopic: DEAD },
    { type: 'a', data: { amount: 1 } }, { type: 'a', data: {} }, { type: 'b', data: { amount: 1 } }],
  [{ defaultPath: '/all' }, { type: 'a' }],
  [{ deadLetterTopic: DEAD }, { type: 'a' }],
];

const EVENTS = CASES.flatMap(([options, ...events], index) => events.map((event, at) => ({ id: `e${index}-${at}`, topic: `t${index}`, options, event })));

function render(redis: string): { chart: Chart; subscriptions: string } {
  const chart = new Chart(Testing.app(), 'chart', { namespace: 'default' });
  const events = new DaprComponent(chart, COMPONENT, { componentType: 'pubsub.redis', metadata: { redisHost: redis } });
  new OpenFunctionApp(chart, 'orders', {
    image: 'acme/orders:1.0.0',
    inputs: [...CASES.map(([options], index) => FunctionInput.fromTopic(events, `t${index}`, { ...options, name: `t${index}` })), FunctionInput.fromTopic(events, DEAD, { name: DEAD })],
  });
  const [proxy] = Manifests.of(chart).find('Deployment', { metadata: { name: 'orders-dapr-proxy' } });
  const env = proxy.spec.template.spec.containers[0].env as { name: string; value: string }[];
  return { chart, subscriptions: env.find(({ name }) => name === 'DAPR_PROXY_SUBSCRIPTIONS')!.value.replaceAll('$$', '$') };
}

/** As Dapr gets it: a CloudEvent of the publisher's own. */
const published = (id: string, { type = 'com.dapr.event.sent', source = 'test', data = {}, ...rest }: Event) => (
  { specversion: '1.0', id, type, source, datacontenttype: 'application/json', data: { id, ...data as object }, ...rest });

test(`${EVENTS.length} events go where the simulation says`, async () => {
  const topics = [...CASES.map((_, index) => `t${index}`), DEAD].map((topic) => ({ component: COMPONENT, topic }));
  const world = await World.create({ via: 'proxy', protocol: 'grpc', subscriptions: topics });
  const { chart, subscriptions } = render(world.redis.address);
  await world.startPod();
  await world.startProxy({ settings: { SUBSCRIPTIONS: subscriptions } });
  const metadata = { redisHost: world.redis.address, redisPassword: '', queueDepth: '10', concurrency: '4', poolSize: '100' };
  const sidecar = await world.startSidecar({ components: [{ name: COMPONENT, type: 'pubsub.redis', metadata }] });
  await sidecar.ready();
  for (const { id, topic, event } of EVENTS) {
    const answer = await fetch(`${sidecar.url}/v1.0/publish/${COMPONENT}/${topic}`, {
      method: 'POST', headers: { 'content-type': 'application/cloudevents+json' }, body: JSON.stringify(published(id, event)),
    });
    expect(answer.status).toBe(204);
  }
  const arrivals = () => new Map(world.ledger.lines().filter(({ step }) => step === 'in').map(({ id, topic, path = '' }) => [id, topic === DEAD ? 'dead letter' : path]));
  await waitFor(() => arrivals().size === EVENTS.length, { what: `${EVENTS.length} events arrived, of which ${arrivals().size} have` });
  const simulation = EventSimulation.of(chart);
  const said = EVENTS.map(({ id, topic, event }): [string, string] => {
    const [{ outcome, path = '', deadLetterTopic }, ...others] = simulation.publish(COMPONENT, topic, published(id, event));
    expect(others).toEqual([]);
    return [id, outcome === 'delivered' ? path : deadLetterTopic === undefined || outcome === 'unknown' ? `${outcome}` : 'dead letter'];
  });
  const words = (id: string) => { const { options, event } = EVENTS.find((each) => each.id === id)!; return `${JSON.stringify(options.rules)} ${JSON.stringify(event)}`; };
  const told = ([id, way]: [string, string]) => `${words(id)}: ${way}`;
  expect([...arrivals()].sort().map(told)).toEqual([...said].sort().map(told));
  await world.stop();
});
