import { replying, ownServer, OK } from './support/ends';
import { data, frame, headers, literals, POST, settings, word } from './support/frames';
import { RawPeer } from './support/raw';
import { H2ServerOptions } from '../../src/h2';
import { Flag, Frame, Setting } from '../../src/h2/protocol';
import { cleanUp, until } from '../support/harness';

afterEach(cleanUp);

const LITTLE = Flag.END_HEADERS;

/** A neighbour on a connection of its own is served while all of this goes on. */
async function neighbourIsServed(port: number): Promise<void> {
  const peer = await RawPeer.client(port);
  peer.write(headers(1, POST));
  await peer.got(Frame.DATA, 1);
  expect(peer.outcome(1)).toBe('HEADERS DATA+END');
}

const many = (count: number, one: Buffer | ((at: number) => Buffer)) => (
  Buffer.concat(Array.from({ length: count }, (_, at) => (typeof one === 'function' ? one(at) : one)))
);
const id = (at: number) => 2 * at + 1;

describe('a flood ends its connection with ENHANCE_YOUR_CALM and nothing else', () => {
  test.each<[string, Buffer]>([
    ['SETTINGS', many(11_000, settings())],
    ['PING', many(11_000, frame(Frame.PING, 0, 0, Buffer.alloc(8)))],
    ['answers to pings that nobody sent', many(11_000, frame(Frame.PING, Flag.ACK, 0, Buffer.alloc(8)))],
    ['PRIORITY', many(11_000, frame(Frame.PRIORITY, 0, 1, '0000000010'))],
    ['frames of unknown types', many(11_000, frame(0xbe as Frame, 0, 0, 'ff'))],
    ['empty DATA', Buffer.concat([headers(1, POST, LITTLE), many(11_000, data(1, ''))])],
    ['WINDOW_UPDATE of one byte', many(11_000, frame(Frame.WINDOW_UPDATE, 0, 0, word(1)))],
    ['GOAWAY', many(11_000, frame(Frame.GOAWAY, 0, 0, Buffer.alloc(8)))],
    ['RST_STREAM of streams that are gone', Buffer.concat([headers(1, POST), many(11_000, frame(Frame.RST_STREAM, 0, 1, word(8)))])],
    ['streams that are reset at once', many(1500, (at) => Buffer.concat([headers(id(at), POST, LITTLE), frame(Frame.RST_STREAM, 0, id(at), word(8))]))],
    ['streams that make the server reset them', many(1500, (at) => Buffer.concat([headers(id(at), POST, LITTLE), frame(Frame.WINDOW_UPDATE, 0, id(at), word(0))]))],
    ['malformed requests', many(1500, (at) => headers(id(at), '83'))],
    ['streams above the limit', Buffer.concat([many(100, (at) => headers(id(at), POST, LITTLE)), many(11_000, (at) => headers(id(at + 100), POST, LITTLE))])],
    ['CONTINUATION without an end', Buffer.concat([frame(Frame.HEADERS, 0, 1, POST), many(200, frame(Frame.CONTINUATION, 0, 1))])],
    ['a header block without an end', Buffer.concat([frame(Frame.HEADERS, 0, 1, POST), many(80, frame(Frame.CONTINUATION, 0, 1, Buffer.alloc(16_384)))])],
  ])('of %s', async (_what, bytes) => {
    const { port, calls } = await replying();
    const peer = await RawPeer.client(port);
    peer.write(bytes);
    expect(await peer.goodbye()).toBe('ENHANCE_YOUR_CALM');
    await until(() => peer.closed && calls.every(({ stream }) => stream.closed));
    await neighbourIsServed(port);
  });
});

describe('many honest callers are not taken for a flood', () => {
  test('twenty thousand calls, each with a ping and a window update', async () => {
    const { port, calls } = await replying();
    const peer = await RawPeer.client(port);
    for (let round = 0; round < 200; round++) {
      peer.write(many(100, (at) => Buffer.concat([
        headers(id(round * 100 + at), POST, LITTLE), data(id(round * 100 + at), 'x', Flag.END_STREAM),
        frame(Frame.PING, 0, 0, Buffer.alloc(8)), frame(Frame.WINDOW_UPDATE, 0, 0, word(5)),
      ])));
      await peer.got(Frame.DATA, id(round * 100 + 99));
      peer.frames.length = 0;
    }
    expect(calls).toHaveLength(20_000);
    expect(peer.closed).toBe(false);
  }, 60_000);

  test('all calls of a caller cancelled at once, twice the limit', async () => {
    const { port, calls } = await ownServer(() => undefined, { maxConcurrentStreams: 4000 });
    const peer = await RawPeer.client(port);
    for (let round = 0; round < 2; round++) {
      peer.write(many(4000, (at) => headers(id(round * 4000 + at), POST, LITTLE)));
      await until(() => calls.length === (round + 1) * 4000);
      peer.write(many(4000, (at) => frame(Frame.RST_STREAM, 0, id(round * 4000 + at), word(8))));
    }
    await peer.seen();
    expect([peer.closed, calls.every(({ stream }) => stream.closed)]).toEqual([false, true]);
  });
});

describe('memory stays bounded', () => {
  const heap = () => {
    (globalThis as { gc?: () => void }).gc?.();
    const { heapUsed, external } = process.memoryUsage();
    return heapUsed + external;
  };

  test('when one byte of a header block stands for four thousand: the call is refused, the next one served', async () => {
    const { port, calls } = await replying();
    const peer = await RawPeer.client(port);
    const planted = Buffer.concat([POST, Buffer.from('4001617fd11e', 'hex'), Buffer.alloc(4048, 'x')]);
    peer.write(headers(1, planted), headers(3, Buffer.concat([POST, Buffer.alloc(16_000, 0xbe)])), headers(5, Buffer.concat([POST, Buffer.from([0xbe])])));
    await peer.got(Frame.DATA, 5);
    expect([1, 3, 5].map((one) => peer.outcome(one))).toEqual(['HEADERS DATA+END', 'HEADERS+END', 'HEADERS DATA+END']);
    expect(calls).toHaveLength(2);
  });

  test('when a caller opens streams for large answers and never opens a window', async () => {
    const answer = Buffer.alloc(2 * 1024 ** 2);
    const { port, h2, calls } = await ownServer((told) => {
      told.onEnd = () => {
        told.stream.headers(OK, false);
        told.stream.data(answer, true);
      };
    });
    const peer = await RawPeer.client(port, settings([Setting.INITIAL_WINDOW_SIZE, 0]));
    peer.write(many(100, (at) => headers(id(at), POST)));
    await peer.seen();
    const [connection] = [...h2.connections];
    expect(connection!.queuedBytes).toBeLessThanOrEqual(64 * 1024 ** 2);
    const outcomes = calls.map(({ stream }) => peer.outcome(stream.id));
    // A little less than 64 MiB: what has not left the process is part of it.
    expect(outcomes).toEqual([...new Array(31).fill('HEADERS'), ...new Array(69).fill('HEADERS ENHANCE_YOUR_CALM')]);
  });

  test('when a caller asks and does not read: what is queued for the system stays small, and neighbours are served', async () => {
    const answer = Buffer.alloc(256 * 1024);
    const { port, h2 } = await ownServer((told) => {
      told.onEnd = () => {
        told.stream.headers(OK, false);
        told.stream.data(told.list.includes('/small') ? Buffer.from('x') : answer, true);
      };
    });
    const peer = await RawPeer.client(port, Buffer.concat([settings([Setting.INITIAL_WINDOW_SIZE, 2 ** 31 - 1]), frame(Frame.WINDOW_UPDATE, 0, 0, word(2 ** 30))]));
    peer.socket.pause();
    peer.write(many(100, (at) => headers(id(at), POST)));
    await until(() => [...h2.connections].some(({ socket }) => socket.writableLength > 0));
    const [connection] = [...h2.connections];
    expect(connection!.socket.writableLength).toBeLessThan(1024 ** 2);
    const other = await RawPeer.client(port);
    other.write(headers(1, Buffer.concat([Buffer.from('83860101610406', 'hex'), Buffer.from('/small')])));
    await other.got(Frame.DATA, 1);
    // The slow reader's answers arrive whole, all the same.
    peer.socket.resume();
    await peer.got(Frame.DATA, id(99), 16);
    const got = peer.frames.filter(({ type }) => type === Frame.DATA).reduce((sum, { payload }) => sum + payload.length, 0);
    expect(got).toBe(100 * answer.length);
  }, 30_000);

  test('when a caller pings without reading the answers', async () => {
    const { port, h2, ends } = await replying();
    const peer = await RawPeer.client(port);
    peer.socket.pause();
    // Useful frames in between, so that it is no flood by their number.
    let call = 0;
    const burst = () => many(2000, () => Buffer.concat([frame(Frame.PING, 0, 0, Buffer.alloc(8)), headers(id(call++), POST)]));
    const started = process.memoryUsage().rss;
    while (h2.connections.size > 0 && call < 400_000) {
      if (!peer.socket.write(burst())) await new Promise((resolve) => setTimeout(resolve, 5));
      await new Promise(setImmediate);
    }
    // Calls above the limit are frames of no use, too.
    expect(ends[0]).toMatch(/^(the peer asks and does not read|too many frames of no use)$/);
    expect(process.memoryUsage().rss - started).toBeLessThan(200 * 1024 ** 2);
  }, 30_000);

  test('when a body comes byte by byte and nobody has read it yet', async () => {
    const { port, calls } = await ownServer((told) => { told.reads = false; });
    const peer = await RawPeer.client(port);
    peer.write(headers(1, POST, LITTLE));
    await until(() => calls.length === 1);
    const bytes = 256 * 1024;
    const { stream } = calls[0]!;
    const before = heap();
    // It goes back to a caller whose window is closed, so it waits in the stream.
    stream.sendWindow = 0;
    stream.headers(OK, false);
    calls[0]!.onData = (_, chunk) => void stream.data(Buffer.from(chunk), false);
    calls[0]!.chunks.push = () => 0;
    for (let sent = 0; sent < bytes; sent += 4096) peer.write(many(4096, data(1, 'x')));
    await until(() => stream.queuedBytes === bytes);
    expect(heap() - before).toBeLessThan(16 * 1024 ** 2);
  }, 30_000);

  test('when a caller sends more than there is room for: the stream pays, or the connection', async () => {
    const { port } = await ownServer((told) => { told.reads = false; });
    const peer = await RawPeer.client(port);
    peer.write(headers(1, POST, LITTLE), many(17, data(1, Buffer.alloc(16_384))));
    await peer.got(Frame.RST_STREAM, 1);
    expect(peer.outcome(1)).toBe('FLOW_CONTROL_ERROR');
    peer.write(...Array.from({ length: 70 }, (_, at) => Buffer.concat([headers(id(at + 1), POST, LITTLE), many(16, data(id(at + 1), Buffer.alloc(16_384)))])));
    expect(await peer.goodbye()).toBe('FLOW_CONTROL_ERROR');
  });
});

describe('a connection that is stuck is closed', () => {
  const QUICK = { handshakeMs: 100, pingMs: 30, pongMs: 100, stalledMs: 90 };
  const start = (times: Partial<typeof QUICK>, options: Partial<H2ServerOptions> = {}) => replying({ times: { ...QUICK, ...times }, ...options });

  test('when its first settings do not come', async () => {
    const { port, ends } = await start({});
    const peer = await RawPeer.client(port, Buffer.alloc(0));
    await until(() => peer.closed);
    expect(ends).toEqual(['the connection was given up']);
  });

  test('when pings are not answered, and not before', async () => {
    const { port } = await start({});
    const peer = await RawPeer.client(port);
    for (let round = 1; round <= 3; round++) {
      const ping = await peer.got(Frame.PING, 0, round);
      peer.write(frame(Frame.PING, Flag.ACK, 0, ping.payload));
    }
    expect(peer.closed).toBe(false);
    await until(() => peer.closed);
  });

  test('when an answer waits and nothing of it is read, although pings are answered', async () => {
    const { port } = await start({ pongMs: 5000 });
    const peer = await RawPeer.client(port, settings([Setting.INITIAL_WINDOW_SIZE, 0]));
    let answered = 0;
    const timer = setInterval(() => {
      const pings = peer.frames.filter(({ type, flags }) => type === Frame.PING && flags === 0);
      for (; answered < pings.length; answered++) peer.write(frame(Frame.PING, Flag.ACK, 0, pings[answered]!.payload));
    }, 5);
    peer.write(headers(1, POST));
    await until(() => peer.closed);
    clearInterval(timer);
    expect([answered > 0, peer.outcome(1)]).toEqual([true, 'HEADERS']);
  });

  test('when it broke the protocol and does not close its side', async () => {
    const { port, ends } = await start({ handshakeMs: 60_000 });
    const peer = await RawPeer.client(port, headers(1, literals([':method', 'GET'])));
    expect(await peer.goodbye()).toBe('PROTOCOL_ERROR');
    await until(() => peer.closed);
    expect(ends).toEqual(['the first frame is not SETTINGS']);
  });
});
