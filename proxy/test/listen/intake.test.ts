import { Budget } from '../../src/delivery/budget';
import { Caller } from '../../src/delivery/event';
import { Intake } from '../../src/listen/intake';
import { createLogger } from '../../src/observe/log';
import { Body, BodyReader } from '../../src/wire/body';

beforeEach(() => void jest.useFakeTimers());
afterEach(() => void jest.useRealTimers());

test('a sender that is silent in the middle of a message is given up after 30 s', () => {
  const log = createLogger('error', () => undefined, () => new Date(0));
  const budget = new Budget(1000, log);
  const intake = new Intake({ grpc: false, maxMessage: 1000, budget });
  let sender!: BodyReader;
  const ignore = () => undefined;
  const source: Body = { readBy: (reader) => { sender = reader; }, pause: ignore, resume: ignore, discard: ignore };
  const failures: string[] = [];
  intake.receive({ method: 'POST', path: '/tick', raw: [], source, caller: {} as Caller }, true, ignore, (cause) => failures.push(cause));
  sender.data(Buffer.from('half'));
  jest.advanceTimersByTime(20_000);
  sender.data(Buffer.from(' of it'));
  expect(budget.used).toBe(10);
  jest.advanceTimersByTime(30_000);
  expect(failures).toEqual([]);
  jest.advanceTimersByTime(5000);
  expect([failures, budget.used]).toEqual([['timeout'], 0]);
  intake.stop();
});
