import { createLogger } from '../../src/observe/log';
import { connectRouted } from '../../src/pods/routes';
import { FakeClock } from '../support/fake-clock';

describe('the question for the routes of a pod', () => {
  test('that cannot even be sent is a failure to connect, and leaves neither channel nor timer', async () => {
    const clock = new FakeClock();
    let destroyed = 0;
    const channel = {
      limit: 1,
      send: () => {
        throw new Error('invalid header');
      },
      close: () => undefined,
      destroy: () => void destroyed++,
    };
    const log = createLogger('error', () => undefined, () => new Date(0));
    const connect = connectRouted({ connect: () => Promise.resolve(channel), clock, log, answerMs: 5000 });
    const observer = { down: () => undefined, suspended: () => undefined, resized: () => undefined };
    await expect(connect({ host: '127.0.0.1', port: 1 }, observer)).rejects.toThrow('GET /dapr/subscribe: invalid header');
    expect([destroyed, clock.pause]).toEqual([1, undefined]);
  });
});
