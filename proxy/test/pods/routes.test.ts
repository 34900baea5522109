import { createLogger } from '../../src/observe/log';
import { AnswerSink, OutRequest } from '../../src/pods/channel';
import { connectRouted } from '../../src/pods/routes';
import { NotAFunctionError } from '../../src/wire/failures';
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
    const observer = { down: () => undefined, retired: () => undefined, suspended: () => undefined, resized: () => undefined };
    await expect(connect({ host: '127.0.0.1', port: 1 }, observer)).rejects.toThrow('GET /dapr/subscribe: invalid header');
    expect([destroyed, clock.pause]).toEqual([1, undefined]);
  });
});

describe('an answer to the question for routes', () => {
  async function answering(body: string) {
    const channel = {
      limit: 1,
      send: (_request: OutRequest, sink: AnswerSink) => {
        setImmediate(() => {
          sink.head(200, []);
          sink.data(Buffer.from(body));
          sink.end(undefined);
        });
        return { cancel: () => undefined, pause: () => undefined, resume: () => undefined };
      },
      close: () => undefined,
      destroy: () => undefined,
    };
    const log = createLogger('error', () => undefined, () => new Date(0));
    const connect = connectRouted({ connect: () => Promise.resolve(channel), clock: new FakeClock(), log, answerMs: 5000 });
    return connect({ host: '127.0.0.1', port: 1 }, { down: () => undefined, retired: () => undefined, suspended: () => undefined, resized: () => undefined });
  }

  test.each(['[]', 'null', '[{"pubsubname":"events","topic":"placed","route":"/placed"}]'])(
    'of 200 with the list %s is that of a function', async (body) => {
      expect((await answering(body)).limit).toBe(1);
    });

  test.each(['', 'ok', '{}', '"placed"'])('of 200 with the body %j is that of a stranger', async (body) => {
    const error = new NotAFunctionError('GET /dapr/subscribe: the answer is not a list of subscriptions');
    await expect(answering(body)).rejects.toEqual(error);
  });
});
