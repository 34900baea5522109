import { Budget, Reservation, shrinkSpareRooms } from '../../src/delivery/budget';
import { createLogger } from '../../src/observe/log';
import { answer, BINDING_EVENT, frame, Received, startPod } from '../support/h2';
import { cleanUp, onCleanup, startProxy } from '../support/harness';

afterEach(cleanUp);

const EVENTS = 120;

/** Its first four bytes say which one it is, and all others follow from them. */
function messageOf(id: number): Buffer {
  const message = Buffer.alloc(10_000 + (id * 7919) % 90_000, `${id} is written all over the event, `);
  message.writeUInt32BE(id, 0);
  return message;
}

const idOf = (body: Buffer) => body.readUInt32BE(5);

/** Which of two pods gets an event is a matter of time, so what each must see is asked of one alone. */
test.each([
  ['lost and sent again, refused or cancelled', false],
  ['lost and sent again, refused, answered early or cancelled', true],
])('large events reach the function as they were, while others are %s', async (_, withEarly) => {
  const seen = new Map<number, number>();
  const broken: number[] = [];
  const handle = ({ body, stream }: Received) => {
    // Node.js tells the end of a cancelled one, too.
    if (stream.aborted) return;
    const id = idOf(body);
    const times = (seen.get(id) ?? 0) + 1;
    seen.set(id, times);
    if (!body.equals(frame(messageOf(id)))) broken.push(id);
    if (times === 1 && id % 5 === 0) stream.close(2);
    else if (times === 1 && id % 7 === 0) stream.close(7);
    else setTimeout(() => stream.destroyed || answer(stream), id % 3);
  };
  const pod = await startPod({ handle, settings: { maxConcurrentStreams: 20 } });
  onCleanup(pod.close);
  const early = await startPod({ host: '127.0.0.2', port: pod.port, early: true, handle: ({ stream }) => answer(stream) });
  onCleanup(early.close);
  const { sidecar } = await startProxy({ pods: withEarly ? [pod.host, early.host] : [pod.host], podPort: pod.port });
  const statuses = new Map<string | undefined, number>();
  const send = async (id: number) => {
    const cancel = new AbortController();
    if (id % 11 === 0) setTimeout(() => cancel.abort(), id % 4);
    const { grpcStatus } = await sidecar.call(BINDING_EVENT, messageOf(id), {}, cancel.signal);
    if (id % 11 !== 0) statuses.set(grpcStatus, (statuses.get(grpcStatus) ?? 0) + 1);
  };
  for (let first = 0; first < EVENTS; first += EVENTS / 4) {
    await Promise.all([...Array(EVENTS / 4).keys()].map((at) => send(first + at)));
  }
  const cancelled = Math.ceil(EVENTS / 11);
  expect(broken).toEqual([]);
  expect([...statuses]).toEqual([['0', EVENTS - cancelled]]);
  if (withEarly) expect([seen.size > 0, early.received.length > EVENTS / 10]).toEqual([true, true]);
  else expect(seen.size).toBeGreaterThanOrEqual(EVENTS - cancelled);
});

describe('the memory of a large body', () => {
  const budget = new Budget(2 ** 30, createLogger('error', () => undefined, () => new Date(0)));
  const roomOf = (bytes: number) => {
    const reservation = new Reservation(budget);
    return { reservation, memory: reservation.allocate(bytes) };
  };

  beforeEach(() => {
    for (let times = 0; times < 20; times++) shrinkSpareRooms();
  });

  test('goes to the next event of about that size once the body has left, and to no other before', () => {
    const first = roomOf(40_000);
    const second = roomOf(40_000);
    first.reservation.recycle();
    const third = roomOf(35_000);
    const fourth = roomOf(40_000);
    expect([first.memory.length, third.memory.length]).toEqual([40_000, 35_000]);
    expect(third.memory.buffer).toBe(first.memory.buffer);
    expect(new Set([first, second, fourth].map(({ memory }) => memory.buffer)).size).toBe(3);
  });

  test('is given back once, however often that is said', () => {
    const first = roomOf(40_000);
    first.reservation.recycle();
    first.reservation.recycle();
    expect(roomOf(40_000).memory.buffer).toBe(first.memory.buffer);
    expect(roomOf(40_000).memory.buffer).not.toBe(first.memory.buffer);
  });

  test('is kept up to 8 MiB, and let go of when it is not used', () => {
    const rooms = Array.from({ length: 12 }, () => roomOf(2 ** 20));
    for (const { reservation } of rooms) reservation.recycle();
    const old = new Set(rooms.map(({ memory }) => memory.buffer));
    const again = Array.from({ length: 12 }, () => roomOf(2 ** 20));
    expect(again.filter(({ memory }) => old.has(memory.buffer))).toHaveLength(8);
    for (const { reservation } of again) reservation.recycle();
    for (let times = 0; times < 4; times++) shrinkSpareRooms();
    const last = Array.from({ length: 12 }, () => roomOf(2 ** 20));
    expect(last.filter(({ memory }) => again.some((one) => one.memory.buffer === memory.buffer))).toHaveLength(0);
  });
});
