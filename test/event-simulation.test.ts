import { Chart, Duration } from 'cdk8s';
import { DaprComponent, DaprComponentProps, DaprMode, EventOutcome, EventSimulation, FunctionInput, FunctionOutput, OpenFunctionApp, OpenFunctionAppProps, TopicInputOptions } from '../src';
import { newChart } from './support/synth';

const REDIS = { componentType: 'pubsub.redis', metadata: { redisHost: 'redis:6379' } };

function simulate(options: TopicInputOptions = {}, props: Partial<OpenFunctionAppProps> = {}, topic = 'placed', component: DaprComponentProps = REDIS): EventSimulation {
  const { chart } = newChart('shop');
  const events = new DaprComponent(chart, 'events', component);
  new OpenFunctionApp(chart, 'mails', { image: 'acme/mails:1', inputs: [FunctionInput.fromTopic(events, topic, options)], ...props });
  return EventSimulation.of(chart);
}

const RETRY = { policy: 'constant', duration: '5s', maxRetries: 120, matching: { gRPCStatusCodes: '8,14', httpStatusCodes: '429,503' } };
const MAILS = { functionName: 'mails', namespace: 'shop', appId: 'mails-shop', daprMode: 'standalone', component: 'events', topic: 'placed', retry: RETRY, bulk: false };

describe('an event', () => {
  test('comes to a function with retries of the default and with what the function asks for', () => {
    expect(simulate().publish('events', 'placed')).toEqual([{ ...MAILS, outcome: EventOutcome.DELIVERED, reason: 'every event of placed, without rules' }]);
    const resiliency = { timeout: Duration.minutes(5), retry: { maxRetries: 3 } };
    expect(simulate({ resiliency, bulk: { maxMessages: 10 }, deadLetterTopic: 'failed', defaultPath: '/all' }).publish('events', 'placed')).toEqual([{
      ...MAILS, outcome: EventOutcome.DELIVERED, reason: 'the default path takes every event', path: '/all',
      retry: expect.objectContaining({ maxRetries: 3 }) as object, timeout: '300s', bulk: true, deadLetterTopic: 'failed',
    }]);
  });

  test('goes by the first rule that is true, then by the default', () => {
    const routed = simulate({ rules: [{ match: 'event.type == "a"', path: '/a' }, { match: 'event.data.n > 1', path: '/many' }], defaultPath: '/else' });
    const to = (event: { [attribute: string]: unknown }) => routed.publish('events', 'placed', event).map(({ outcome, path, reason }) => [outcome, path, reason]);
    expect(to({ type: 'a' })).toEqual([['delivered', '/a', 'the rule event.type == "a" is true']]);
    expect(to({ data: { n: 2 } })).toEqual([['delivered', '/many', 'the rule event.data.n > 1 is true']]);
    expect(to({ data: { n: 1 } })).toEqual([['delivered', '/else', 'no rule is true; the default is left']]);
    expect(to({ data: {} })).toEqual([['failed', undefined, 'the rule event.data.n > 1: there is no n']]);
  });

  test('that no rule takes is skipped over gRPC, and goes to the function\'s own route over HTTP', () => {
    const options = { rules: [{ match: 'event.type == "a"', path: '/a' }], deadLetterTopic: 'failed' };
    const [skipped] = simulate(options).publish('events', 'placed');
    expect([skipped.outcome, skipped.reason, skipped.deadLetterTopic]).toEqual(['skipped', 'no rule is true, and there is no default path', 'failed']);
    const [own] = simulate(options, { annotations: { 'dapr.io/app-protocol': 'http' } }).publish('events', 'placed');
    expect([own.outcome, own.reason, own.path]).toEqual(['delivered', 'no rule is true; over HTTP the route of the function itself is left', undefined]);
  });

  test('reaches no function on another topic, of another component, without Dapr or elsewhere in the app', () => {
    expect(simulate().publish('events', 'paid')).toEqual([]);
    expect(simulate().publish('other', 'placed')).toEqual([]);
    expect(simulate({}, { dapr: DaprMode.OFF }).publish('events', 'placed')).toEqual([]);
    const { app, chart } = newChart('shop');
    const events = DaprComponent.fromComponentName(chart, 'events', { componentName: 'events', componentType: 'pubsub.kafka' });
    const other = new Chart(app, 'other', { namespace: 'other' });
    for (const scope of [chart, other]) new OpenFunctionApp(scope, 'fn', { image: 'acme/fn:1', inputs: [FunctionInput.fromTopic(events, 'placed')] });
    const namespaces = (scope: Chart | typeof app) => EventSimulation.of(scope).publish('events', 'placed').map(({ namespace }) => namespace);
    expect([namespaces(app), namespaces(other)]).toEqual([['shop', 'other'], ['other']]);
  });

  test('cannot be published to a topic that is misspelt, unless a function publishes to it', () => {
    expect(() => simulate().publish('events', 'plaecd')).toThrow(new Error('nothing here subscribes to the topic "plaecd" of "events"; did you mean "placed"?'));
    const { chart } = newChart('shop');
    const events = new DaprComponent(chart, 'events', REDIS);
    new OpenFunctionApp(chart, 'mails', { image: 'acme/mails:1', inputs: [FunctionInput.fromTopic(events, 'orders')], outputs: [FunctionOutput.toTopic(events, 'order')] });
    expect(EventSimulation.of(chart).publish('events', 'order')).toEqual([]);
  });

  test('cannot be published to a binding, nor to a component that is misspelt, which would look like an event that nobody gets', () => {
    const { chart } = newChart('shop');
    const tick = new DaprComponent(chart, 'tick', { componentType: 'bindings.cron', metadata: { schedule: '@every 5m' } });
    new OpenFunctionApp(chart, 'clock', { image: 'acme/clock:1', inputs: [FunctionInput.fromBinding(tick)] });
    expect(() => EventSimulation.of(chart).publish('tick', 'placed')).toThrow(new Error('"tick" of function shop/clock is a bindings.cron, which has no topics; only events of pub/sub components are simulated'));
    expect(() => simulate().publish('placed', 'events')).toThrow(new Error('no function here uses the pub/sub component "placed", which is a function or a topic; they use "events"'));
    expect(() => simulate().publish('events', 'placed', { tpye: 'a' })).toThrow(new Error('events have no "tpye"; did you mean "type"?'));
    expect(() => simulate().publish('events', 'placed', 'a' as never)).toThrow(new Error('an event is an object such as { type: "placed", data: {} }, got "a"'));
    expect(() => simulate().publish('evnets', 'placed')).toThrow(new Error('no function here uses the pub/sub component "evnets"; did you mean "events"?'));
  });

  test('comes to a component of a function\'s own by either of its names, in sidecar mode too', () => {
    const { chart } = newChart('shop');
    const fn = new OpenFunctionApp(chart, 'mails', { image: 'acme/mails:1', dapr: DaprMode.SIDECAR, inputs: [] });
    fn.addInput(FunctionInput.fromTopic(fn.addComponent('own', { componentType: 'pubsub.redis', metadata: { redisHost: 'redis:6379' } }), 'placed'));
    const expected = [{ ...MAILS, retry: undefined, daprMode: 'sidecar', component: 'mails-pubsub-own', outcome: EventOutcome.DELIVERED, reason: 'every event of placed, without rules' }];
    expect(EventSimulation.of(fn).publish('own', 'placed')).toEqual(expected);
    expect(EventSimulation.of(fn).publish('mails-pubsub-own', 'placed')).toEqual(expected);
  });

  test.each([
    ['shop/+/placed', 'shop/a/placed', 1], ['shop/+/placed', 'shop/a/b/placed', 0], ['shop/#', 'shop/a/b', 1], ['shop/#', 'shop', 1], ['shop/#', 'mall/a', 0], ['#', 'a/b', 1],
    ['a+b', 'axb', 0],
  ])('a subscription of %s takes %s: %d, with MQTT', (filter, topic, count) => {
    expect(simulate({}, {}, filter, { componentType: 'pubsub.mqtt3', metadata: { url: 'tcp://mqtt:1883' } }).publish('events', topic)).toHaveLength(count);
  });

  test.each([
    ['shop.*.placed', 'shop.a.placed', 1], ['shop.*.placed', 'shop.a.b.placed', 0], ['shop.>', 'shop.a.b', 1], ['shop.>', 'shop', 0], ['shop/+', 'shop/a', 0],
  ])('a subscription of %s takes %s: %d, with JetStream', (filter, topic, count) => {
    expect(simulate({}, {}, filter, { componentType: 'pubsub.jetstream', metadata: { natsURL: 'nats://nats:4222' } }).publish('events', topic)).toHaveLength(count);
  });

  test('a subscription of shop/# takes nothing else with Redis, which has no filters', () => {
    expect(simulate({}, {}, 'shop/#').publish('events', 'shop/a')).toEqual([]);
  });
});

describe('a rule', () => {
  const judged = (match: string, event: { [attribute: string]: unknown } = {}) => {
    const [{ outcome, path, reason }] = simulate({ rules: [{ match, path: '/yes' }], defaultPath: '/no' }).publish('events', 'placed', event);
    return outcome === EventOutcome.DELIVERED ? path : reason.replace(`the rule ${match}`, '');
  };

  test.each<[string, string]>([
    ['event.time > timestamp("2020-01-01T00:00:00Z")', ' cannot be evaluated here: timestamp() is not known here'],
    ['event.type ==', ' cannot be evaluated here: the end is not expected there'],
    ['event.type == "a" "b"', ' cannot be evaluated here: "b" is not expected there'],
    ['event.type = "a"', ' cannot be evaluated here: "= \\"a\\"" cannot be read'],
    ['size(event.id) == 3u', 'the rule "size(event.id) == 3u" is refused by Dapr: "==" cannot take uint'],
    ['1 == 1.0', 'the rule "1 == 1.0" is refused by Dapr: "==" cannot take double'],
    ['event.type.lower() == "a"', 'the rule "event.type.lower() == \\"a\\"" is refused by Dapr: there is no function "lower"'],
    ['9223372036854775807 + 1 > 0', ': a whole number is too large'], ['0.0 / 0.0 > 1.0', ': no number is not in any order'],
    ['{1: 2}[1] == 2', ' cannot be evaluated here: keys other than texts are not known here'],
    ['event.type == "\\d"', ' cannot be evaluated here: the escape \\d is not known here'],
    ['event.type.matches("\\\\pL+")', ' cannot be evaluated here: the expression \\pL+ is not known here'],
    ['has(event)', ' cannot be evaluated here: has() is for fields'],
    ['event.data.exists(1, true)', ' cannot be evaluated here: a macro needs a name'],
    ['"a" < 1', 'the rule "\\"a\\" < 1" is refused by Dapr: "<" cannot take int'], ['event.type < 1', ': "<" cannot compare these'], ['"a" - "b" == "c"', ': "-" cannot take these'], ['1 / 0 == 1', ': a division by zero'], ['-event.type == 1', ': "-" is before no number'],
    ['!event.type', ': a condition is neither true nor false'], ['event.type', ' is neither true nor false'], ['size(1) == 1', ': size() is for texts, lists and maps'],
    ['event.type in event.id', ': "in" is before neither a list nor a map'], ['event.type.exists(t, true)', ': a macro is for lists and maps'], ['event.type.contains(1)', ': contains() is for text'],
    ['event.data[3] == 1', ': there is no element 3'], ['has(event.type.x)', ': there is no x'], ['unknown == 1', 'the rule "unknown == 1" has "unknown", which is none of "event"'],
    ['int("1.0") == 1', ': int() cannot take this'], ['int(10000000000.0 * 10000000000.0) == 1', ': int() cannot take this'], ['double("x") == 1.0', ': double() cannot take this'],
    ['double("inf") > 1.0', ' cannot be evaluated here: double() of such a text is not known here'], ['string(event.data) == ""', ': string() cannot take this'],
    ['string(1.0 / 0.0) == "+Inf"', ' cannot be evaluated here: string() of such a number is not known here'], ['bool("yes")', ': bool() cannot take this'],
    ['[1, 2].exists(i, i.x == 1)', ': there is no x'], ['[1, 2].all(i, i == "a" || i.x)', ': there is no x'], ['[1].filter(i, i) == []', ': a condition is neither true nor false'],
  ])('%s says why it decides nothing', (match, reason) => {
    expect(judged(match, { data: [] })).toBe(reason);
  });

  test.each([
    'true || 1 == 2', '1 + 2 * 3 == 7', '7 / 2 == 3 && 7 % 2 == 1 && 7 - 2 == 5', '1.5 * 2.0 + 1.0 / 2.0 - 0.5 == 3.0', '-1 < 0', '"a" + "b" == "ab"', '[1] + [2] == [1, 2]',
    'true ? true : false', 'null == null', '"it\'s" == \'it\\\'s\'', 'r"\\d" == "\\\\d"', '"a\\n" != "a"', 'size("äö") == 2', 'event.data == event.data', '"id" in event', 'dyn(1) == 1.0', 'matches("aa", "^a+$")', '0x1F == 31', '{"a": [1]}.a[0] == 1 && {"b": 2}["b"] == 2', '.5 < 1e308', '3u == 0x3u',
    '\'\'\'a"\'b\'\'\' == "a\\"\\\'b" && R"\\d" == "\\\\d"', '"\\u00fc\\x41\\101\\U0001F680" == "üAA🚀"',
    'false < true', '"b" >= "a" && "a" <= "b" && 2 > 1', 'size(event) > 3', 'event.data.all(k, k == "x")', '// a comment\n true', '!(1 == 2)',
    '[1, 2, 2].exists_one(i, i == 1) && !([1, 2, 2].exists_one(i, i == 2))', '[1, 2, 3].filter(i, i > 1) == [2, 3]', '[1, 2].map(i, i * 2) == [2, 4]', '[1, 2].map(i, i > 1, i * 2) == [4]',
    '[1, 2].exists(i, i == "a" || i == 2)', 'int(2.9) == 2 && int(-2.9) == -2 && int("-7") == -7 && int(3) == 3', 'double("1e3") == 1000.0 && double(2) == 2.0',
    'string(150.0) == "150" && string(0.0) == "0" && string(1234567.0) == "1.234567e+06" && string(0.00001) == "1e-05" && string(7) == "7" && string(true) == "true"',
    'bool("T") && !bool("0") && bool(true)', 'dyn(1) == 1',
  ])('%s is true', (match) => {
    expect(judged(match, { data: { x: { y: 1 } } })).toBe('/yes');
  });

  test('without text is true for every event', () => {
    expect(judged('')).toBe('/yes');
  });
});
