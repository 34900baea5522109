import { once } from 'node:events';
import * as http2 from 'node:http2';
import { ownServer, OK, replying, reply } from './support/ends';
import { data, frame, framesIn, headers, literals, POST, settings, word } from './support/frames';
import { RawPeer } from './support/raw';
import { Flag, Frame, Setting } from '../../src/h2/protocol';
import { cleanUp, onCleanup, until } from '../support/harness';

afterEach(cleanUp);

function node(port: number, options: http2.ClientSessionOptions = {}): http2.ClientHttp2Session {
  const session = http2.connect(`http://127.0.0.1:${port}`, options);
  session.on('error', () => undefined);
  onCleanup(() => session.destroy());
  return session;
}

async function whole(stream: http2.ClientHttp2Stream): Promise<{ status: number; body: Buffer; trailers: Record<string, unknown> }> {
  const chunks: Buffer[] = [];
  let status = 0;
  let trailers = {};
  stream.on('response', (head) => { status = head[':status']!; }).on('trailers', (fields) => { trailers = { ...fields }; });
  stream.on('data', (chunk: Buffer) => chunks.push(chunk));
  await once(stream, 'close');
  return { status, body: Buffer.concat(chunks), trailers };
}

describe('a caller that is node:http2', () => {
  test('gets head, body and trailers, and is heard whole', async () => {
    const { port, calls } = await ownServer((told) => {
      told.onEnd = () => {
        told.stream.headers([...OK, 'x-twice', 'a', 'x-twice', 'b'], false);
        told.stream.data(Buffer.from(told.text), false);
        told.stream.trailers(['grpc-status', '0']);
      };
    });
    const stream = node(port).request({ ':method': 'POST', ':path': '/x', 'x-bin': 'AAE=', 'x-list': ['1', '2'] });
    stream.end('hello');
    expect(await whole(stream)).toMatchObject({ status: 200, body: Buffer.from('hello'), trailers: { 'grpc-status': '0' } });
    const { list } = calls[0]!;
    const fields = list.flatMap((name, at) => (at % 2 === 0 && !name.startsWith(':authority') ? [[name, list[at + 1]]] : []));
    expect(fields).toEqual([
      [':method', 'POST'], [':path', '/x'], [':scheme', 'http'], ['x-bin', 'AAE='], ['x-list', '1'], ['x-list', '2'],
    ]);
    expect(calls[0]!.story).toEqual(['data', 'end']);
  });

  test('gets 8 MiB back as it sent them, through windows of 64 KiB', async () => {
    const { port } = await ownServer((told) => {
      told.stream.headers(OK, false);
      told.reads = false;
      told.onData = (_, chunk) => void (told.stream.data(Buffer.from(chunk), false) && told.stream.consumed(chunk.length));
      Object.assign(told, { drained: () => told.stream.consumed(Infinity) });
      told.onEnd = () => told.stream.data(Buffer.alloc(0), true);
    });
    const body = Buffer.alloc(8 * 1024 ** 2, 'abcdefghijk');
    const stream = node(port).request({ ':method': 'POST' });
    stream.end(body);
    expect((await whole(stream)).body.equals(body)).toBe(true);
  });

  test('may send trailers, and a request without a body', async () => {
    const { port, calls } = await replying();
    const session = node(port);
    const stream = session.request({ ':method': 'POST' }, { waitForTrailers: true });
    stream.on('wantTrailers', () => stream.sendTrailers({ 'x-sum': '7' }));
    stream.end('a');
    await whole(stream);
    expect(calls[0]!.trailers).toEqual(['x-sum', '7']);
    expect((await whole(session.request({ ':method': 'GET' }))).body.toString()).toBe('got 0');
  });

  test('has its call reset, and its connection kept, when it cancels', async () => {
    const { port, calls } = await ownServer(() => undefined);
    const session = node(port);
    const stream = session.request({ ':method': 'POST' });
    stream.on('error', () => undefined).close(http2.constants.NGHTTP2_CANCEL);
    // node:http2 ends the request on its way out.
    await until(() => calls[0]?.story.join(', ') === 'end, reset 8');
    expect(await new Promise((resolve) => session.ping((error) => resolve(error)))).toBeNull();
  });

  test('is told to stop when its answer is complete before its request, and reads the answer whole', async () => {
    const { port } = await ownServer((told) => reply(told));
    const stream = node(port).request({ ':method': 'POST' });
    stream.write('never ends');
    const { body } = await whole(stream);
    expect([String(body), stream.rstCode]).toEqual(['got 0', http2.constants.NGHTTP2_NO_ERROR]);
  });

  test('with 200 KB of headers is refused for that call alone, and goes on', async () => {
    const { port, calls } = await replying();
    const session = node(port, { maxSendHeaderBlockLength: 4 * 1024 ** 2 });
    const large = Object.fromEntries(Array.from({ length: 25 }, (_, at) => [`x-${at}`, `${at}`.repeat(8192 / `${at}`.length)]));
    const neighbour = session.request({ ':method': 'POST', 'x-kept': 'yes' });
    const refused = await whole(session.request({ ':method': 'GET', ...large }));
    neighbour.end('abc');
    expect([refused.status, String((await whole(neighbour)).body)]).toEqual([431, 'got 3']);
    // What the refused one has put into the table is known.
    const after = await whole(session.request({ ':method': 'GET', 'x-kept': 'yes', 'x-0': large['x-0'] }));
    expect(after.status).toBe(200);
    expect(calls.map(({ list }) => list[list.indexOf('x-0') + 1]?.length)).toEqual([expect.any(Number), 8192]);
  });

  test('with exactly as many bytes of headers as announced is served', async () => {
    const { port, calls } = await replying();
    const session = node(port, { maxSendHeaderBlockLength: 4 * 1024 ** 2 });
    await once(session, 'remoteSettings');
    const announced = session.remoteSettings.maxHeaderListSize!;
    const authority = `127.0.0.1:${port}`;
    const pseudo = { ':method': 'GET', ':path': '/', ':scheme': 'http', ':authority': authority };
    const used = Object.entries(pseudo).reduce((sum, [name, value]) => sum + name.length + value.length + 32, 0);
    const fits = announced - used - 32 - 1;
    expect((await whole(session.request({ ...pseudo, x: 'v'.repeat(fits) }))).status).toBe(200);
    expect((await whole(session.request({ ...pseudo, x: 'v'.repeat(fits + 1) }))).status).toBe(431);
    expect([announced, calls.length]).toEqual([128 * 1024, 1]);
  });
});

describe('goodbye', () => {
  test('comes in two steps: what was on its way is answered, what comes later is refused', async () => {
    const { port, h2, calls, ends } = await ownServer(() => undefined);
    const peer = await RawPeer.client(port);
    peer.write(headers(1, POST));
    await until(() => calls.length === 1);
    h2.goAway();
    const first = await peer.got(Frame.GOAWAY);
    peer.write(headers(3, POST));
    const ping = await peer.got(Frame.PING);
    peer.write(frame(Frame.PING, Flag.ACK, 0, ping.payload), headers(5, POST));
    const second = await peer.got(Frame.GOAWAY, 0, 2);
    await peer.got(Frame.RST_STREAM, 5);
    expect([first, second].map(({ payload }) => payload.readUInt32BE(0))).toEqual([0x7fffffff, 3]);
    calls.forEach(reply);
    await until(() => peer.closed);
    expect([1, 3, 5].map((id) => peer.outcome(id))).toEqual(['HEADERS DATA+END', 'HEADERS DATA+END', 'REFUSED_STREAM']);
    expect(ends).toEqual(['all is answered']);
  });
});

describe('frames of a caller that breaks no rule', () => {
  test('are the same however the reads cut them', async () => {
    const { port, calls } = await replying();
    const peer = await RawPeer.client(port);
    const padded = Buffer.concat([Buffer.from([3]), Buffer.from('padded'), Buffer.alloc(3)]);
    const bytes = Buffer.concat([
      frame(Frame.HEADERS, 0, 1, POST.subarray(0, 2)), frame(Frame.CONTINUATION, Flag.END_HEADERS, 1, POST.subarray(2)),
      data(1, 'plain '), data(1, padded, Flag.PADDED), frame(0xbe as Frame, 0xff, 7, 'abcd'), data(1, '', Flag.END_STREAM),
      frame(Frame.HEADERS, Flag.END_HEADERS | Flag.END_STREAM | Flag.PADDED | Flag.PRIORITY, 3, Buffer.concat([Buffer.from('020000000010', 'hex'), POST, Buffer.alloc(2)])),
    ]);
    for (const byte of bytes) {
      peer.write(Buffer.from([byte]));
      await new Promise(setImmediate);
    }
    await peer.got(Frame.DATA, 3);
    expect(calls.map(({ text, story }) => [text, story])).toEqual([['plain padded', ['data', 'end']], ['', ['end']]]);
    expect([1, 3].map((id) => peer.outcome(id))).toEqual(['HEADERS DATA+END', 'HEADERS DATA+END']);
  });

  test('may use the last stream number there is, and none below it after that', async () => {
    const { port } = await replying();
    const peer = await RawPeer.client(port);
    peer.write(headers(2 ** 31 - 1, POST));
    await peer.got(Frame.DATA, 2 ** 31 - 1);
    peer.write(headers(2 ** 31 - 3, POST));
    expect(await peer.goodbye()).toBe('STREAM_CLOSED');
  });

  test('are answered within windows that shrink below zero and grow again', async () => {
    const { port, calls } = await ownServer((told) => {
      told.onEnd = () => {
        told.stream.headers(OK, false);
        told.stream.data(Buffer.from('0123456789'), false);
        told.stream.trailers(['x', 'y']);
      };
    });
    const peer = await RawPeer.client(port, settings([Setting.INITIAL_WINDOW_SIZE, 4]));
    peer.write(headers(1, POST));
    await peer.got(Frame.DATA, 1);
    peer.write(settings([Setting.INITIAL_WINDOW_SIZE, 1]), frame(Frame.WINDOW_UPDATE, 0, 1, word(3)));
    await peer.seen();
    expect(peer.outcome(1)).toBe('HEADERS DATA');
    peer.write(frame(Frame.WINDOW_UPDATE, 0, 1, word(2)));
    await peer.got(Frame.DATA, 1, 2);
    peer.write(settings([Setting.INITIAL_WINDOW_SIZE, 1000]));
    await peer.got(Frame.HEADERS, 1, 2);
    expect(peer.frames.filter(({ type }) => type === Frame.DATA).map(({ payload }) => String(payload))).toEqual(['0123', '45', '6789']);
    expect([peer.outcome(1), calls[0]!.story]).toEqual(['HEADERS DATA DATA DATA HEADERS+END', ['end']]);
  });

  test('share the connection: a stream whose window is empty does not hold up the others', async () => {
    const { port } = await replying();
    const peer = await RawPeer.client(port, settings([Setting.INITIAL_WINDOW_SIZE, 0]));
    peer.write(headers(1, POST), headers(3, POST), frame(Frame.WINDOW_UPDATE, 0, 3, word(100)));
    await peer.got(Frame.DATA, 3);
    expect([1, 3].map((id) => peer.outcome(id))).toEqual(['HEADERS', 'HEADERS DATA+END']);
  });
});

test('an answer that nobody can send throws at the place that made it, and the call can still be answered', async () => {
  const { port } = await ownServer((told) => {
    told.onEnd = () => {
      expect(() => told.stream.headers([...OK, 'Bad Name', 'x'], false)).toThrow('header name "Bad Name" is not allowed in HTTP/2');
      reply(told);
    };
  });
  const peer = await RawPeer.client(port);
  peer.write(headers(1, Buffer.concat([POST, literals(['a', 'b'])])));
  await peer.got(Frame.DATA, 1);
  expect(peer.outcome(1)).toBe('HEADERS DATA+END');
});

describe('the answer to a ping', () => {
  beforeEach(async () => {
    // Connections share a timer, which a ping of the test before may have set.
    await new Promise((resolve) => setTimeout(resolve, 20));
    jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate', 'performance', 'clearTimeout'] });
  });
  afterEach(() => {
    jest.runOnlyPendingTimers();
    jest.useRealTimers();
  });

  /** Sends that many pings, each with other data, and frames behind them; tells what has come from then on. */
  async function answersTo(port: number, pings: number, ...frames: Buffer[]) {
    const peer = await RawPeer.client(port);
    await peer.got(Frame.SETTINGS, 0, 2);
    const told: string[] = [];
    peer.socket.on('data', (chunk: Buffer) => {
      told.push(...framesIn(chunk).frames.map(({ type, flags, payload }) => `${Frame[type]} ${type === Frame.PING ? `${flags} ${payload[0]}` : ''}`.trim()));
    });
    const all = Array.from({ length: pings }, (_, at) => frame(Frame.PING, 0, 0, Buffer.alloc(8, at + 1)));
    peer.write(...all, ...frames);
    return told;
  }

  test('waits ten milliseconds, whatever is said meanwhile: grpc-go asks again only then', async () => {
    const { port } = await ownServer((told) => { told.onEnd = () => reply(told); });
    const told = await answersTo(port, 1, headers(1, POST));
    await until(() => told.length === 2);
    jest.advanceTimersByTime(9);
    for (let turn = 0; turn < 10; turn++) await new Promise(setImmediate);
    expect(told).toEqual(['HEADERS', 'DATA']);
    jest.advanceTimersByTime(1);
    await until(() => told.length === 3);
    expect(told[2]).toBe('PING 1 1');
  });

  test('says again what each of them said, in their order, and at once when there are many', async () => {
    const { port } = await ownServer(() => undefined);
    const told = await answersTo(port, 9);
    await until(() => told.length === 9);
    expect(told).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9].map((said) => `PING 1 ${said}`));
  });
});
