/** Functions that are slow, are none, die of an event, get or give too much, or lose their caller. */
import { ServiceError, status } from '@grpc/grpc-js';
import { stopAll, waitFor } from '../testbed';
import { DEAD, faultOptions, handledReaches, nothingLost, publish, repeated, startFaultWorld, TOPIC } from './support/fault-world';
import { RawGrpcClient } from './support/grpc-client';
import { APP_CALLBACK, topicEventRequest } from './support/messages';
import { residentMiB } from './support/process-stats';
import { superviseRestarts } from './support/supervisor';
import { Protocol, PUBSUB, World } from './support/world';

afterAll(stopAll);

let world: World;
afterEach(() => world.stop());

const MIB = 1024 ** 2;
const topicEvent = (id: string, padding = 0, extra: object = {}) => topicEventRequest({
  id, component: PUBSUB, topic: TOPIC, data: JSON.stringify({ id, padding: 'x'.repeat(padding), ...extra }),
});
const onTopicEvent = `${APP_CALLBACK}/OnTopicEvent`;
const failureOf = (call: Promise<unknown>): Promise<ServiceError> => call.then(() => { throw new Error('the call succeeded'); }, (error: ServiceError) => error);

it('a default Go gRPC server that takes 60 s per event is not disturbed: each is handled once, none cancelled', async () => {
  world = await startFaultWorld(faultOptions('grpc'));
  await world.startPod({ kind: 'go-grpc', delayMs: 60_000 });
  const ids = await publish(world, 5);
  await nothingLost(world, ids, 150_000);
  expect(repeated(world)).toEqual([]);
  expect(world.ledger.lines().filter(({ step }) => step === 'cancelled')).toEqual([]);
});

describe.each([
  ['grpc', 'garbage'], ['grpc', 'reset'], ['grpc', 'plain-404'], ['http', 'garbage'], ['http', 'reset'], ['http', 'plain-404-http1'],
] as const)('over %s a pod that answers with %s', (protocol, kind) => {
  it('loses nothing: its events reach the function once it is there', async () => {
    world = await startFaultWorld(faultOptions(protocol));
    const odd = await world.startPod({ kind });
    const ids = await publish(world, 100);
    await waitFor(async () => (await world.proxy.pending()).pending > 0, { what: 'events at the proxy' });
    await waitFor(() => world.proxy.process.log().includes(odd.address), { what: 'the proxy naming the pod that is none' });
    await world.startPod();
    await waitFor(() => world.ledger.handled().size > 0, { what: 'the function handling events beside the pod that is none', timeoutMs: 60_000 });
    world.unlist(odd);
    await nothingLost(world, ids);
    expect(repeated(world)).toEqual([]);
  });
});

describe.each<Protocol>(['grpc', 'http'])('over %s', (protocol) => {
  it('an event that kills its pod ends in the dead letters after three pods, however often Dapr would repeat it, and takes no other with it', async () => {
    world = await startFaultWorld(faultOptions(protocol));
    const pods = [await world.startPod({ delayMs: 5 }), await world.startPod({ delayMs: 5 })];
    const supervisors = pods.map((pod) => superviseRestarts(pod, () => world.startPod({ address: pod.address, listed: false, delayMs: 5 })));
    try {
      await world.sidecar.publish(PUBSUB, TOPIC, [{ id: 'killer', ...{ do: ['die'], delayMs: 200 } }]);
      const ids = await publish(world, 3_000);
      await waitFor(() => world.ledger.missing(ids).length === 0, { what: 'every other event handled', timeoutMs: 90_000 });
      await waitFor(async () => (await world.deadLetters(DEAD)).includes('killer'), { what: 'the killer in the dead letters', timeoutMs: 60_000 });
      await world.settled(TOPIC);
      expect(world.ledger.received().get('killer')).toBe(3);
      expect((await world.deadLetters(DEAD)).filter((id) => id !== 'killer')).toEqual([]);
    } finally {
      supervisors.forEach((each) => each.stop());
    }
  });
});

describe('messages and callers', () => {
  let client: RawGrpcClient;
  beforeEach(async () => {
    world = await World.create(faultOptions('grpc', { settings: { MAX_MESSAGE: String(2 * MIB) } }));
    await world.startProxy();
    client = new RawGrpcClient(`127.0.0.1:${world.port}`);
  });
  afterEach(() => client.close());

  it('a message above the limit is RESOURCE_EXHAUSTED, one below it arrives, and memory comes back', async () => {
    await world.startPod();
    await client.unary(onTopicEvent, topicEvent('first'));
    const base = residentMiB(world.proxy.process.pid);
    for (let round = 0; round < 20; round++) {
      expect((await failureOf(client.unary(onTopicEvent, topicEvent(`large-${round}`, 3 * MIB)))).code).toBe(status.RESOURCE_EXHAUSTED);
      await client.unary(onTopicEvent, topicEvent(`fits-${round}`, 1.5 * MIB));
    }
    expect([...world.ledger.handled().keys()].filter((id) => id.startsWith('fits-'))).toHaveLength(20);
    expect([...world.ledger.received().keys()].some((id) => id.startsWith('large-'))).toBe(false);
    expect(residentMiB(world.proxy.process.pid)).toBeLessThan(base + 80);
  });

  it('a caller that cancels ends the call at the function, and nothing stays pending', async () => {
    await world.startPod({ kind: 'go-grpc', delayMs: 60_000 });
    const cancel = new AbortController();
    const abandoned = failureOf(client.unary(onTopicEvent, topicEvent('abandoned'), {}, 60_000, cancel.signal));
    await waitFor(() => world.ledger.received().has('abandoned'), { what: 'the event at the function' });
    cancel.abort();
    expect((await abandoned).code).toBe(status.CANCELLED);
    await waitFor(() => world.ledger.lines().some(({ step, id }) => step === 'cancelled' && id === 'abandoned'), { what: 'the function seeing the end of the call' });
    await waitFor(async () => (await world.proxy.pending()).pending === 0, { what: 'nothing pending' });
  });

  it('past the waiting limit events are RESOURCE_EXHAUSTED, memory stays bounded, and what was taken is delivered', async () => {
    await client.unary(`${APP_CALLBACK}/ListTopicSubscriptions`, Buffer.alloc(0));
    const base = residentMiB(world.proxy.process.pid);
    const events = 2_000;
    const answers = Array.from({ length: events }, (_, index) => client.unary(onTopicEvent, topicEvent(`event-${index}`, 10_000), {}, 60_000)
      .then(() => 'delivered', (error: ServiceError) => status[error.code]));
    await waitFor(async () => (await world.proxy.pending()).waiting === 1_000, { what: 'a full waiting line' });
    expect(residentMiB(world.proxy.process.pid)).toBeLessThan(base + 120);
    await world.startPod();
    await handledReaches(world, 1_000);
    const counts = new Map<string, number>();
    for (const answer of await Promise.all(answers)) counts.set(answer, (counts.get(answer) ?? 0) + 1);
    expect(counts).toEqual(new Map([['RESOURCE_EXHAUSTED', events - 1_000], ['delivered', 1_000]]));
    expect(repeated(world)).toEqual([]);
  });
});
