// Replicas that share a Lease of an API server that keeps versions as Kubernetes does, on a clock of the test's own.
import { Leader } from '../../src/lease/leader';
import { Lease } from '../../src/lease/lease';
import { FakeClock } from '../support/fake-clock';
import { ApiServer, LEASE_PATH } from '../support/lease-server';

const DURATION_MS = 15_000;
const EPOCH_MS = Date.UTC(2026, 0, 1);

interface Replica {
  readonly leader: Leader;
  readonly seen: string[];
  /** Its sidecar fires the binding. */
  tick(name: string): (() => boolean) | undefined;
  event(name: string): void;
}

let clock: FakeClock;
let server: ApiServer;
let sidecars: Set<string>;
const logged: string[] = [];
beforeEach(() => {
  clock = new FakeClock();
  server = new ApiServer();
  sidecars = new Set(['a', 'b', 'c']);
  logged.length = 0;
});

function replica(identity: string): Replica {
  const wallTime = () => EPOCH_MS + clock.now();
  const lease = new Lease({ name: 'fn-dapr-proxy', namespace: 'ns', durationMs: DURATION_MS, call: server.call, clock, wallTime });
  const note = (message: string) => void logged.push(`${identity}: ${message}`);
  const log = { debug: note, info: note, warn: note, error: note };
  const leader = new Leader({ lease, identity, durationMs: DURATION_MS, clock, wallTime, log, hasSidecar: () => sidecars.has(identity) });
  const seen: string[] = [];
  leader.start();
  const how = (name: string, what: string) => () => void seen.push(`${what} ${name}`);
  return {
    leader,
    seen,
    tick: (name) => leader.decide({ key: 'every-minute', fire: how(name, 'fires'), skip: how(name, 'skips'), giveUp: how(name, 'gives up') }),
    event: (name) => {
      leader.decide({ key: `#${name}`, fire: how(name, 'fires'), skip: how(name, 'skips'), giveUp: how(name, 'gives up'), keep: how(name, 'keeps') });
    },
  };
}

const pass = (ms: number) => clock.advance(ms);

/** What the lease says has been fired. */
const told = () => Object.keys(JSON.parse(String((server.object.metadata!.annotations as Record<string, string>)['openfunction.io/fired'])) as object);

/** The first to come takes the lease. */
async function leading(): Promise<Replica> {
  const first = replica('a');
  await pass(100);
  return first;
}

async function three(): Promise<[Replica, Replica, Replica]> {
  const first = await leading();
  const rest = [replica('b'), replica('c')] as const;
  await pass(6_000);
  return [first, ...rest];
}

test('each event is fired by the one that holds the lease, and skipped by the others after its sign of life', async () => {
  const all = await three();
  for (const name of ['1', '2']) {
    all.forEach((one) => one.tick(name));
    await pass(7_000);
  }
  expect(all.map(({ seen }) => seen)).toEqual([['fires 1', 'fires 2'], ['skips 1', 'skips 2'], ['skips 1', 'skips 2']]);
  expect(all.map(({ leader }) => leader.leads)).toEqual([true, false, false]);
});

test('what the leader left behind when it died is fired once, when its lease is over', async () => {
  const [a, b, c] = await three();
  a.leader.stop();
  await pass(1_000);
  [b, c].forEach((one) => one.tick('1'));
  await pass(10_000);
  expect([b.seen, c.seen]).toEqual([[], []]);
  await pass(10_000);
  expect([...b.seen, ...c.seen].sort()).toEqual(['fires 1', 'skips 1']);
});

test('an event that the leader fired just before it died is not fired again', async () => {
  const [a, b, c] = await three();
  [a, b, c].forEach((one) => one.tick('1'));
  await pass(100);
  a.leader.stop();
  await pass(1_000);
  [b, c].forEach((one) => one.tick('2'));
  await pass(30_000);
  expect(a.seen).toEqual(['fires 1']);
  expect([...b.seen, ...c.seen].sort()).toEqual(['fires 2', 'skips 1', 'skips 1', 'skips 2']);
});

test('one that resigns hands over at once, and is then a follower whose events another one fires', async () => {
  const [a, b, c] = await three();
  void a.leader.resign();
  await pass(100);
  expect(server.holder).toBe('');
  [a, b, c].forEach((one) => one.tick('1'));
  await pass(3_000);
  expect([a.seen, [...b.seen, ...c.seen].sort()]).toEqual([['skips 1'], ['fires 1', 'skips 1']]);
});

test('one that resigns while it renews, and ends as soon as that is done, has told which events it fired', async () => {
  const [a, b] = await three();
  a.event('1');
  await pass(1_500);
  a.event('2');
  await a.leader.resign();
  a.leader.stop();
  expect([server.holder, told()]).toEqual(['', ['#1', '#2']]);
  b.event('2');
  await pass(10_000);
  expect([a.seen, b.seen]).toEqual([['fires 1', 'fires 2'], ['keeps 2', 'skips 2']]);
});

test('a replica whose sidecar is gone hands over, and none without a sidecar takes a free lease', async () => {
  sidecars.delete('b');
  const [a, b, c] = await three();
  sidecars.delete('a');
  await pass(25_000);
  expect([a, b, c].map(({ leader }) => leader.leads)).toEqual([false, false, true]);
});

test('one that was suspended for longer than its lease fires nothing that another one has fired', async () => {
  const a = await leading();
  server.down = true;
  a.tick('1');
  await pass(20_000);
  expect([a.leader.leads, a.seen]).toEqual([false, []]);
  server.down = false;
  server.object.spec!.holderIdentity = 'b';
  server.object.metadata!.annotations = { 'openfunction.io/fired': JSON.stringify({ 'every-minute': EPOCH_MS + 200 }) };
  await pass(2_000);
  expect(a.seen).toEqual(['skips 1']);
});

test('a process that starts again under the same name leads at once', async () => {
  const [a] = await three();
  a.leader.stop();
  const again = replica('a');
  again.tick('1');
  await pass(100);
  expect(again.seen).toEqual(['fires 1']);
});

test('while the API server is away events wait, up to four lengths of the lease; the log says so once', async () => {
  const a = await leading();
  server.down = true;
  a.tick('1');
  await pass(59_000);
  expect(a.seen).toEqual([]);
  await pass(3_000);
  expect(a.seen).toEqual(['gives up 1']);
  server.down = false;
  await pass(2_000);
  a.tick('2');
  await pass(100);
  expect(a.seen).toEqual(['gives up 1', 'fires 2']);
  expect(logged.filter((line) => line.includes('not available'))).toEqual(['a: lease not available, events of its bindings wait']);
});

test('an event that is taken back is neither fired nor skipped', async () => {
  const [, b] = await three();
  const forget = b.tick('1');
  expect([forget!(), forget!()]).toEqual([true, false]);
  await pass(20_000);
  expect(b.seen).toEqual([]);
});

test('a change of the lease by others than its holder does not keep anyone from taking it', async () => {
  const [a, b, c] = await three();
  a.leader.stop();
  await pass(1_000);
  [b, c].forEach((one) => one.tick('1'));
  await pass(2_000);
  await server.call(LEASE_PATH, {
    metadata: { resourceVersion: server.object.metadata!.resourceVersion, labels: { touched: 'true' } },
  });
  await pass(10_000);
  expect([b.seen, c.seen]).toEqual([[], []]);
  await pass(10_000);
  expect([...b.seen, ...c.seen].sort()).toEqual(['fires 1', 'skips 1']);
});

test('of more than 1,000 events that wait the rest is given up at once', async () => {
  const a = await leading();
  server.down = true;
  for (let at = 0; at < 1_001; at++) a.tick(String(at));
  expect(a.seen).toEqual(['gives up 1000']);
});

describe('events of a stream', () => {
  const fired = (replicas: Replica[]) => replicas.flatMap(({ seen }) => seen.filter((line) => line.startsWith('fires '))).map((line) => line.slice(6));
  const names = (from: number, to: number) => Array.from({ length: to - from }, (_, index) => String(from + index));

  async function flow(replicas: Replica[], from: number, to: number): Promise<void> {
    for (const name of names(from, to)) {
      replicas.forEach((one) => one.event(name));
      await pass(100);
    }
  }

  test('are fired by the leader at once, and by the others acknowledged at once and forgotten after its sign of life', async () => {
    const all = await three();
    all.forEach((one) => one.event('1'));
    expect(all.map(({ seen }) => seen)).toEqual([['fires 1'], ['keeps 1'], ['keeps 1']]);
    await pass(3_000);
    expect(all.map(({ seen }) => seen)).toEqual([['fires 1'], ['keeps 1', 'skips 1'], ['keeps 1', 'skips 1']]);
  });

  test('cost each replica two calls of the API server a second, however many they are', async () => {
    const all = await three();
    server.calls = 0;
    await flow(all, 0, 200);
    expect(fired(all)).toEqual(names(0, 200));
    expect(server.calls).toBeLessThanOrEqual(3 * 2 * 21);
  });

  test('are all fired when the leader dies between two of them, and those twice that it fired after its last sign of life', async () => {
    const all = await three();
    const [a, b, c] = all;
    await flow(all, 0, 55);
    a.leader.stop();
    await flow([b, c], 55, 300);
    await pass(20_000);
    const [before, after] = [fired([a]), fired([b, c])];
    expect(before).toEqual(names(0, 55));
    expect(new Set([...before, ...after]).size).toBe(300);
    expect(new Set(after).size).toBe(after.length);
    expect(300 - after.length).toBeGreaterThanOrEqual(45);
  });

  test('are fired once each when the leader resigns, whether they reach it before or after that', async () => {
    const all = await three();
    await flow(all, 0, 25);
    void all[0].leader.resign();
    await flow(all, 25, 60);
    all[0].leader.stop();
    await flow(all.slice(1), 60, 100);
    await pass(20_000);
    expect(fired(all)).toEqual(names(0, 100));
  });

  test('that equal an earlier one are fired as well', async () => {
    const all = await three();
    const [a, b, c] = all;
    all.forEach((one) => one.event('on'));
    await pass(3_000);
    a.leader.stop();
    [b, c].forEach((one) => one.event('on'));
    await pass(20_000);
    expect([fired([a]), fired([b, c])]).toEqual([['on'], ['on']]);
  });

  test('of a leader without a sidecar are fired by the next one, since it gives no sign of life', async () => {
    const all = await three();
    await flow(all, 0, 20);
    sidecars.delete('a');
    await flow(all.slice(1), 20, 200);
    await pass(20_000);
    expect(fired(all).sort()).toEqual(names(0, 200).sort());
    expect(all[0].leader.leads).toBe(false);
  });

  test('stay while the API server is away, and of more than 500 the sidecar waits for its answer', async () => {
    const a = await leading();
    server.down = true;
    await pass(16_000);
    for (const name of names(0, 501)) a.event(name);
    expect(a.seen).toEqual(names(0, 500).map((name) => `keeps ${name}`));
    await pass(70_000);
    expect(a.seen.slice(500)).toEqual(['gives up 500']);
    server.down = false;
    await pass(2_000);
    expect(fired([a])).toEqual(names(0, 500));
  });

  test('are named in the lease, the latest 200 of them', async () => {
    const a = await leading();
    await flow([a], 0, 300);
    await pass(6_000);
    expect(told()).toEqual(names(100, 300).map((name) => `#${name}`));
  });

  test('of a replica that stops are left to the others', async () => {
    const [, b] = await three();
    b.event('1');
    b.leader.stop();
    b.event('2');
    expect(b.seen).toEqual(['keeps 1', 'skips 1', 'gives up 2']);
  });
});
