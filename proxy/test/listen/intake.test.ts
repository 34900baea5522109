import { PassThrough } from 'node:stream';
import { Intake } from '../../src/listen/intake';

beforeEach(() => void jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate'] }));
afterEach(() => void jest.useRealTimers());

const turn = () => new Promise((resolve) => setImmediate(resolve));

test('a sender that is silent in the middle of a message is given up after 30 s', async () => {
  const intake = new Intake(1000);
  const source = new PassThrough();
  const failures: string[] = [];
  intake.receive(source, true, () => undefined, (cause) => failures.push(cause));
  source.write('half');
  await turn();
  jest.advanceTimersByTime(20_000);
  source.write(' of it');
  await turn();
  expect(intake.bytes).toBe(10);
  jest.advanceTimersByTime(30_000);
  expect(failures).toEqual([]);
  jest.advanceTimersByTime(5000);
  expect([failures, intake.bytes]).toEqual([['timeout'], 0]);
  intake.stop();
});
