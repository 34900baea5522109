import { createLogger } from '../../src/observe/log';
import { PodSet } from '../../src/pods/pod-set';
import { FakeClock } from '../support/fake-clock';

const CHANNEL = { limit: 10, send: () => ({ cancel: () => undefined, pause: () => undefined, resume: () => undefined }), close: () => undefined, destroy: () => undefined };

describe('while events wait', () => {
  test('a connected pod that was ejected is offered again when its time is over, although nothing else happens', async () => {
    const clock = new FakeClock();
    const log = createLogger('error', () => undefined, () => new Date(0));
    let changes = 0;
    const pods = new PodSet({ clock, log, connect: () => Promise.resolve(CHANNEL), random: () => 0, maxInFlight: 1, changed: () => changes++ });
    pods.setAddresses(['127.0.0.2', '127.0.0.3'].map((host) => ({ host, port: 1 })));
    pods.wake(true);
    await clock.advance(0);
    const busy = pods.pick()!;
    busy.inFlight++;
    const ejected = pods.pick()!;
    ejected.succeeded();
    ejected.failed('reset');
    expect(pods.pick()).toBeUndefined();
    pods.wake(true);
    changes = 0;
    await clock.advance(999);
    expect(changes).toBe(0);
    await clock.advance(1);
    expect([changes, pods.pick() === ejected]).toEqual([1, true]);
  });
});
