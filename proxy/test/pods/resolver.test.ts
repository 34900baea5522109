import { createLogger } from '../../src/observe/log';
import { LookupAddress, Resolver, Urgency } from '../../src/pods/resolver';
import { FakeClock } from '../support/fake-clock';

const four = (...addresses: string[]) => addresses.map((address) => ({ address, family: 4 }));
const failing = (code: string) => Object.assign(new Error(code), { code });

function start(answers: (readonly LookupAddress[] | Error)[], urgency: { now: Urgency } = { now: 'busy' }) {
  const clock = new FakeClock();
  const found: string[][] = [];
  const log: string[] = [];
  let asked = 0;
  const resolver = new Resolver({
    clock,
    host: 'orders',
    port: 8080,
    intervalMs: 1000,
    urgency: () => urgency.now,
    found: (addresses) => found.push(addresses.map(({ host, port }) => `${host}:${port}`)),
    log: createLogger('debug', (line) => log.push(line), () => new Date(0)),
    lookup: async () => {
      const answer = answers[Math.min(asked++, answers.length - 1)]!;
      if (answer instanceof Error) throw answer;
      return answer;
    },
  });
  resolver.start();
  return { clock, found, log, resolver, asked: () => asked };
}

describe('the resolver', () => {
  test('reports addresses when they change, and not when only their order does', async () => {
    const { clock, found } = start([four('10.0.0.1', '10.0.0.2'), four('10.0.0.2', '10.0.0.1'), four('10.0.0.3')]);
    await clock.advance(3000);
    expect(found).toEqual([['10.0.0.1:8080', '10.0.0.2:8080'], ['10.0.0.3:8080']]);
  });

  test('keeps to the family of the first address', async () => {
    const { clock, found } = start([[{ address: 'fd00::1', family: 6 }, { address: '10.0.0.1', family: 4 }, { address: 'fd00::2', family: 6 }]]);
    await clock.advance(0);
    expect(found).toEqual([['fd00::1:8080', 'fd00::2:8080']]);
  });

  test.each(['ENOTFOUND', 'ENODATA'])('takes %s for an empty list', async (code) => {
    const { clock, found } = start([four('10.0.0.1'), failing(code)]);
    await clock.advance(2000);
    expect(found).toEqual([['10.0.0.1:8080'], []]);
  });

  test.each(['EAI_AGAIN', 'ETIMEOUT', 'ESERVFAIL'])('keeps the last list after %s, and says so once', async (code) => {
    const { clock, found, log } = start([four('10.0.0.1'), failing(code)]);
    await clock.advance(5000);
    expect(found).toEqual([['10.0.0.1:8080']]);
    expect(log.filter((line) => line.includes('resolver failed'))).toHaveLength(1);
  });

  test.each([['events wait', 200], ['busy', 1000], ['idle', 10_000]] as const)('when %s asks again after %s ms', async (now, ms) => {
    const { clock, asked } = start([[]], { now });
    await clock.advance(0);
    await clock.advance(ms - 1);
    expect(asked()).toBe(1);
    await clock.advance(1);
    expect(asked()).toBe(2);
  });

  test('leaves its idle pause when an event waits', async () => {
    const urgency: { now: Urgency } = { now: 'idle' };
    const { clock, asked, resolver } = start([[]], urgency);
    await clock.advance(5000);
    urgency.now = 'events wait';
    resolver.refresh();
    await clock.advance(0);
    expect(asked()).toBe(2);
  });

  test('asks no more once it is stopped', async () => {
    const { clock, asked, resolver } = start([[]]);
    await clock.advance(0);
    resolver.stop();
    resolver.refresh();
    await clock.advance(60_000);
    expect(asked()).toBe(1);
  });
});
