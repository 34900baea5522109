/** What the fault tests share: a topic with a dead-letter topic, the construct's policy, and the one law, that nothing is lost. */
import { PROXY_FAILURES, Protocol, PUBSUB, World, WorldOptions, inboundPolicy, numbered } from './world';
import { waitFor } from '../../testbed';

export const TOPIC = 'orders';
export const DEAD = 'orders-dead';
const APP_ID = 'orders-test';

/** Redelivery well after the longest hold, as the construct derives it, so that a second delivery has a fault as its cause. Dapr
 * 1.16 reads `redeliverInterval` only as a number of milliseconds: a duration is silently ignored, and it is 15 s. */
const REDELIVERY = { processingTimeout: '180s', redeliverInterval: '5000' };

export const faultOptions = (protocol: Protocol, options: Partial<WorldOptions> = {}): WorldOptions => ({
  via: 'proxy',
  protocol,
  appId: APP_ID,
  subscriptions: [{ component: PUBSUB, topic: TOPIC, deadLetterTopic: DEAD }],
  resources: [inboundPolicy(APP_ID, [PUBSUB], { duration: '1s', maxRetries: 600, matching: PROXY_FAILURES })],
  ...options,
  pubsub: { ...REDELIVERY, concurrency: '20', queueDepth: '20', ...options.pubsub },
});

/** Proxy and sidecar running; pods are the test's. */
export async function startFaultWorld(options: WorldOptions): Promise<World> {
  const world = await World.create(options);
  await world.startProxy();
  await (await world.startSidecar()).ready();
  return world;
}

export async function publish(world: World, count: number, body: object = {}): Promise<string[]> {
  const events = numbered('event', count).map((event) => ({ ...event, ...body }));
  await world.sidecar.publish(PUBSUB, TOPIC, events);
  return events.map(({ id }) => id);
}

export const handledReaches = (world: World, count: number) => waitFor(
  () => world.ledger.handled().size >= count, { what: `${count} events handled`, timeoutMs: 90_000 });

/** Every id was handled, the broker has nothing left, and no event went to the dead letters. */
export async function nothingLost(world: World, ids: readonly string[], timeoutMs = 90_000): Promise<void> {
  await waitFor(() => world.ledger.missing(ids).length === 0, { what: `${ids.length} events handled`, timeoutMs }).catch((error: unknown) => {
    throw new Error(`${world.ledger.missing(ids).length} of ${ids.length} events were not handled, first ${world.ledger.missing(ids)[0]}`, { cause: error });
  });
  await world.settled(TOPIC, timeoutMs);
  expect(await world.deadLetters(DEAD)).toEqual([]);
}

/** Ids that a pod was given more than once. */
export const repeated = (world: World): string[] => [...world.ledger.received()].filter(([, times]) => times > 1).map(([id]) => id);
