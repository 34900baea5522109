/**
 * The table of answers: what Dapr makes of each answer of the function must be the same with the proxy in between as
 * without it. Every row runs once direct and once through the proxy, with and without an inbound retry policy, with and
 * without a dead-letter topic.
 */
import { stopAll, waitFor } from '../testbed';
import { inboundPolicy, PUBSUB, Via, World } from './support/world';

afterAll(stopAll);

const POLICIED = 'policied-pubsub';
const RETRIES = 2;
const TOPICS = [
  { component: PUBSUB, topic: 'plain' },
  { component: PUBSUB, topic: 'dead', deadLetterTopic: 'dead-letters' },
  { component: POLICIED, topic: 'policied-plain' },
  { component: POLICIED, topic: 'policied-dead', deadLetterTopic: 'dead-letters' },
];

interface Outcome { readonly deliveries: number; readonly deadLettered: boolean }
type Expected = Readonly<Record<string, Outcome>>;

/** Acknowledged at the first delivery, whatever policy or dead-letter topic there is. */
const acknowledged: Expected = Object.fromEntries(TOPICS.map(({ topic }) => [topic, { deliveries: 1, deadLettered: false }]));
const dropped: Expected = Object.fromEntries(TOPICS.map(({ topic, deadLetterTopic }) => (
  [topic, { deliveries: 1, deadLettered: deadLetterTopic !== undefined }])));
/** The policy's retries, then the dead-letter topic, else the event is lost: since 1.17 Redis is told that it was handled. */
const retried: Expected = {
  'plain': { deliveries: 1, deadLettered: false },
  'dead': { deliveries: 1, deadLettered: true },
  'policied-plain': { deliveries: 1 + RETRIES, deadLettered: false },
  'policied-dead': { deliveries: 1 + RETRIES, deadLettered: true },
};

const ROWS = {
  grpc: [
    ['OK and SUCCESS', 'ok', acknowledged],
    ['OK and DROP', 'drop', dropped],
    ['OK and RETRY', 'retry', retried],
    ['UNIMPLEMENTED', 'code:12', acknowledged],
    ['NOT_FOUND', 'code:5', retried],
    ['RESOURCE_EXHAUSTED', 'code:8', retried],
    ['INTERNAL', 'code:13', retried],
    ['UNAVAILABLE', 'code:14', retried],
  ],
  http: [
    ['200 and an empty body', 'ok', acknowledged],
    ['200 and status SUCCESS', 'success', acknowledged],
    ['200 and status DROP', 'drop', dropped],
    ['200 and status RETRY', 'retry', retried],
    ['204', 'http:204', acknowledged],
    ['404', 'http:404', dropped],
    ['429', 'http:429', retried],
    ['500', 'http:500', retried],
    ['503', 'http:503', retried],
  ],
} as const satisfies Record<string, readonly (readonly [string, string, Expected])[]>;

const name = (topic: string, answer: string) => `${topic} ${answer}`;

async function outcomesOfTopics(via: Via, protocol: 'grpc' | 'http'): Promise<Map<string, Outcome>> {
  const redis = { processingTimeout: '2s', redeliverInterval: '1000', queueDepth: '100', concurrency: '20' };
  const world = await World.start({
    via,
    protocol,
    subscriptions: TOPICS,
    pubsub: redis,
    appId: 'answers',
    components: [{ name: POLICIED, type: 'pubsub.redis', metadata: { redisHost: 'redis', redisPassword: '', consumerID: 'answers', ...redis } }],
    resources: [inboundPolicy('answers', [POLICIED], { duration: '100ms', maxRetries: RETRIES })],
  });
  try {
    for (const { component, topic } of TOPICS) {
      await world.sidecar.publish(component, topic, ROWS[protocol].map(([, answer]) => ({
        id: name(topic, answer),
        do: [answer],
      })));
    }
    for (const { topic } of TOPICS) await world.settled(topic);
    const received = world.ledger.received();
    const dead = new Set(await world.deadLetters('dead-letters'));
    return new Map([...received].map(([id, deliveries]) => [id, { deliveries, deadLettered: dead.has(id) }]));
  } finally {
    await world.stop();
  }
}

describe.each(['grpc', 'http'] as const)('topic events over %s', (protocol) => {
  let outcomes: Record<Via, Map<string, Outcome>>;
  beforeAll(async () => {
    outcomes = { direct: await outcomesOfTopics('direct', protocol), proxy: await outcomesOfTopics('proxy', protocol) };
  });

  it.each<readonly [string, string, Expected]>(ROWS[protocol])('%s', (_title, answer, expected) => {
    const of = (via: Via) => Object.fromEntries(TOPICS.map(({ topic }) => [topic, outcomes[via].get(name(topic, answer))]));
    expect(of('direct')).toEqual(expected);
    expect(of('proxy')).toEqual(expected);
  });
});

const BINDING_ROWS = {
  grpc: [['OK', 'ok', 'done'], ['UNIMPLEMENTED', 'code:12', 'failed'], ['INTERNAL', 'code:13', 'failed'], ['UNAVAILABLE', 'code:14', 'failed']],
  http: [['200', 'ok', 'done'], ['404', 'http:404', 'failed'], ['500', 'http:500', 'failed'], ['503', 'http:503', 'failed']],
} as const;

interface BindingOutcome { readonly verdict: string; readonly deliveriesPerEvent: number }

async function outcomesOfBindings(via: Via, protocol: 'grpc' | 'http'): Promise<Map<string, BindingOutcome>> {
  const bindings = BINDING_ROWS[protocol].flatMap(([, answer], index) => [`plain-${index}`, `policied-${index}`].map((binding) => ({ binding, answer })));
  const world = await World.start({
    via,
    protocol,
    appId: 'answers',
    bindings: bindings.map(({ binding }) => binding),
    components: bindings.map(({ binding }) => ({ name: binding, type: 'bindings.cron', metadata: { schedule: '@every 1s' } })),
    resources: [inboundPolicy('answers', bindings.map(({ binding }) => binding).filter((each) => each.startsWith('policied')), { duration: '100ms', maxRetries: RETRIES })],
  }, { behaviourOf: Object.fromEntries(bindings.map(({ binding, answer }) => [binding, [answer]])) });
  const counted = (component: string, success: string) => world.sidecar.metric('dapr_component_input_binding_count', { component, success });
  try {
    const outcome = async ({ binding }: { binding: string }) => {
      const [done, failed] = [await counted(binding, 'true'), await counted(binding, 'false')];
      const deliveries = world.ledger.lines().filter(({ step, component }) => step === 'in' && component === binding).length;
      if (done + failed < 4) return undefined;
      // The next tick may have begun, so the quotient is rounded down.
      return { verdict: failed === 0 ? 'done' : done === 0 ? 'failed' : 'mixed', deliveriesPerEvent: Math.floor(deliveries / (done + failed)) };
    };
    const entries: [string, BindingOutcome][] = [];
    for (const each of bindings) entries.push([each.binding, await waitFor(() => outcome(each), { what: `four events of ${each.binding}` })]);
    return new Map(entries);
  } finally {
    await world.stop();
  }
}

describe.each(['grpc', 'http'] as const)('binding events over %s', (protocol) => {
  let outcomes: Record<Via, Map<string, BindingOutcome>>;
  beforeAll(async () => {
    outcomes = { direct: await outcomesOfBindings('direct', protocol), proxy: await outcomesOfBindings('proxy', protocol) };
  });

  it.each(BINDING_ROWS[protocol].map(([title, , verdict], index) => [title, index, verdict] as const))('%s', (_title, index, verdict) => {
    const expected = { plain: { verdict, deliveriesPerEvent: 1 }, policied: { verdict, deliveriesPerEvent: verdict === 'done' ? 1 : 1 + RETRIES } };
    const of = (via: Via) => ({ plain: outcomes[via].get(`plain-${index}`), policied: outcomes[via].get(`policied-${index}`) });
    expect(of('direct')).toEqual(expected);
    expect(of('proxy')).toEqual(expected);
  });
});
