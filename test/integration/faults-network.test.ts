/** A pod whose node disappears from the network, in a namespace of its own: no reset, no answer, not even from its kernel. */
import { stopAll } from '../testbed';
import { faultOptions, handledReaches, nothingLost, publish, repeated, startFaultWorld } from './support/fault-world';
import { TestHost } from './support/netns';
import { World } from './support/world';

afterAll(stopAll);

let world: World;
let node: TestHost;
afterEach(async () => {
  await world.stop();
  await node.remove();
});

it('the node of a pod disappears with events in flight: none is lost', async () => {
  node = await TestHost.create();
  // Given up 5 s after the unanswered ping; 60 s is the default.
  world = await startFaultWorld(faultOptions('grpc', { settings: { PEER_TIMEOUT: '5s' } }));
  await world.startPod({ address: node.address, netns: node.name, delayMs: 5 });
  await world.startPod({ delayMs: 5 });
  const ids = await publish(world, 2_000);
  await handledReaches(world, 500);
  await node.vanish();
  await nothingLost(world, ids, 120_000);
  // What was in flight to it, answered or not, was sent once more.
  expect(repeated(world).length).toBeLessThanOrEqual(20);
});
