import { PassThrough } from 'node:stream';
import { Budget } from '../../src/delivery/budget';
import { Caller } from '../../src/delivery/event';
import { Intake } from '../../src/listen/intake';
import { createLogger } from '../../src/observe/log';

beforeEach(() => void jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate'] }));
afterEach(() => void jest.useRealTimers());

const turn = () => new Promise((resolve) => setImmediate(resolve));

test('a sender that is silent in the middle of a message is given up after 30 s', async () => {
  const log = createLogger('error', () => undefined, () => new Date(0));
  const budget = new Budget(1000, log);
  const intake = new Intake({ grpc: false, maxMessage: 1000, budget });
  const source = new PassThrough();
  const failures: string[] = [];
  intake.receive({ method: 'POST', path: '/tick', raw: [], source, caller: {} as Caller }, true, () => undefined, (cause) => failures.push(cause));
  source.write('half');
  await turn();
  jest.advanceTimersByTime(20_000);
  source.write(' of it');
  await turn();
  expect(budget.used).toBe(10);
  jest.advanceTimersByTime(30_000);
  expect(failures).toEqual([]);
  jest.advanceTimersByTime(5000);
  expect([failures, budget.used]).toEqual([['timeout'], 0]);
  intake.stop();
});
