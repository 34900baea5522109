import { fieldsOf } from '../../src/wire/protobuf';
import { BINDING_EVENT, HEALTH_CHECK, LIST_BINDINGS, LIST_TOPICS, TOPIC_EVENT } from '../support/h2';
import { cleanUp, startProxy, until } from '../support/harness';

afterEach(cleanUp);

/** A message as nested lists of [field, value], strings where they are printable. */
function shape(message: Buffer): unknown[] {
  return [...fieldsOf(message)].map(({ number, bytes, uint }) => [number, bytes?.toString() ?? uint]);
}

const nested = (message: Buffer, number: number) => [...fieldsOf(message)].filter((field) => field.number === number).map(({ bytes }) => bytes!);

describe('without any pod the proxy answers itself', () => {
  test('ListInputBindings with the inputs of the context and nothing else', async () => {
    const { sidecar } = await startProxy();
    const { body, grpcStatus } = await sidecar.call(LIST_BINDINGS);
    expect([grpcStatus, shape(body.subarray(5))]).toEqual(['0', [[1, 'tick']]]);
  });

  test('ListTopicSubscriptions with component and topic, and no route, bulk or dead letter topic unless given', async () => {
    const { sidecar } = await startProxy();
    const [topic] = nested((await sidecar.call(LIST_TOPICS)).body.subarray(5), 1);
    expect(shape(topic!)).toEqual([[1, 'events'], [2, 'placed']]);
  });

  test('ListTopicSubscriptions with what the subscriptions say', async () => {
    const given = {
      component: 'events',
      topic: 'placed',
      deadLetterTopic: 'dead',
      bulk: { maxMessages: 300, maxAwaitMs: 40 },
      rules: [{ match: 'event.type == "a"', path: '/a' }],
      default: '/else',
      metadata: { rawPayload: true },
    };
    const { sidecar } = await startProxy({ env: { DAPR_PROXY_SUBSCRIPTIONS: JSON.stringify([given]) } });
    const topic = nested((await sidecar.call(LIST_TOPICS)).body.subarray(5), 1)[0]!;
    expect(shape(nested(topic, 3)[0]!)).toEqual([[1, 'rawPayload'], [2, 'true']]);
    expect(shape(nested(nested(topic, 5)[0]!, 1)[0]!)).toEqual([[1, 'event.type == "a"'], [2, '/a']]);
    expect(shape(nested(topic, 5)[0]!)[1]).toEqual([2, '/else']);
    expect(nested(topic, 6).map(String)).toEqual(['dead']);
    expect(shape(nested(topic, 7)[0]!)).toEqual([[1, 1], [2, 300], [3, 40]]);
  });

  test('HealthCheck: healthy at once, and when the waiting line is full', async () => {
    const { proxy, sidecar } = await startProxy({ env: { DAPR_PROXY_MAX_WAITING: '1' } });
    expect((await sidecar.call(HEALTH_CHECK)).grpcStatus).toBe('0');
    void sidecar.call(TOPIC_EVENT);
    await until(() => proxy.pending().waiting === 1);
    expect((await sidecar.call(BINDING_EVENT)).grpcStatus).toBe('8');
    expect((await sidecar.call(HEALTH_CHECK)).grpcStatus).toBe('0');
  });
});
