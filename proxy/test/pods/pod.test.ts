import { createLogger } from '../../src/observe/log';
import { Pod } from '../../src/pods/pod';
import { FakeClock } from '../support/fake-clock';

async function workingPod() {
  const clock = new FakeClock();
  await clock.advance(10);
  const log = createLogger('error', () => undefined, () => new Date(0));
  const connect = () => new Promise<never>(() => undefined);
  const pod = new Pod({ host: '127.0.0.2', port: 1 }, { connect, clock, log, random: () => 1, maxInFlight: 100, changed: () => undefined });
  pod.succeeded();
  return { clock, pod, ejectedMs: () => pod.ejectedUntil - clock.now() };
}

describe('a pod that worked and fails', () => {
  test('is ejected for 1 s, however many calls its connection takes along', async () => {
    const { pod, ejectedMs } = await workingPod();
    for (let call = 0; call < 100; call++) pod.failed('lost');
    expect(ejectedMs()).toBe(1000);
  });

  test('is ejected for twice as long each time it fails again, up to 30 s', async () => {
    const { clock, pod, ejectedMs } = await workingPod();
    const times: number[] = [];
    for (let failure = 0; failure < 7; failure++) {
      pod.failed('lost');
      times.push(ejectedMs());
      await clock.advance(500);
    }
    expect(times).toEqual([1000, 2000, 4000, 8000, 16_000, 30_000, 30_000]);
  });

  test('begins with 1 s again after it has answered', async () => {
    const { clock, pod, ejectedMs } = await workingPod();
    pod.failed('lost');
    await clock.advance(500);
    pod.failed('lost');
    pod.succeeded();
    pod.failed('lost');
    expect(ejectedMs()).toBe(1000);
  });
});
