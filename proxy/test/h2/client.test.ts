import { once } from 'node:events';
import * as http2 from 'node:http2';
import { OwnClient } from './support/ends';
import { data, frame, headers, literals, settings, word } from './support/frames';
import { rawServer } from './support/raw';
import { HeadersTooLargeError } from '../../src/h2';
import { Flag, Frame, Setting } from '../../src/h2/protocol';
import { cleanUp, onCleanup, until } from '../support/harness';

afterEach(cleanUp);

async function nodeServer(onStream: (stream: http2.ServerHttp2Stream) => void, options: http2.ServerOptions = {}): Promise<number> {
  const server = http2.createServer(options);
  const sessions: http2.ServerHttp2Session[] = [];
  server.on('session', (session) => sessions.push(session)).on('stream', (stream) => {
    stream.on('error', () => undefined);
    onStream(stream);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onCleanup(() => {
    sessions.forEach((session) => session.destroy());
    server.close();
  });
  return (server.address() as { port: number }).port;
}

/** A raw server that has greeted, and the client that it greeted. */
async function pair(first = settings(), firstId?: number) {
  const server = await rawServer();
  const client = new OwnClient(server.port, firstId);
  const peer = await server.next();
  peer.write(first);
  await until(() => client.events.includes('ready'));
  return { client, peer };
}

const STATUS_200 = '88';
const FIN = Flag.END_HEADERS | Flag.END_STREAM;

describe('a server that is node:http2', () => {
  test('is asked and answers with head, body and trailers', async () => {
    const port = await nodeServer((stream) => {
      stream.respond({ ':status': 200, 'x-a': ['1', '2'] }, { waitForTrailers: true, sendDate: false } as never);
      stream.on('wantTrailers', () => stream.sendTrailers({ 'grpc-status': '0' }));
      stream.pipe(stream);
    });
    const client = await OwnClient.open(port);
    const call = client.call(['te', 'trailers'], Buffer.alloc(300_000, 'ab'))!;
    expect(await call.over()).toBe('head, data, end');
    expect(call.list).toEqual([':status', '200', 'x-a', '1', 'x-a', '2']);
    expect([call.text, call.trailers]).toEqual(['ab'.repeat(150_000), ['grpc-status', '0']]);
  });

  test('has an answer without a body to HEAD, although it names a length', async () => {
    const port = await nodeServer((stream) => stream.respond({ ':status': 200, 'content-length': '7' }, { endStream: true }));
    const client = await OwnClient.open(port);
    expect(await client.call([], undefined, 'HEAD')!.over()).toBe('head, end');
  });

  test('announces how many streams it takes, and is given no more', async () => {
    const waiting: http2.ServerHttp2Stream[] = [];
    const port = await nodeServer((stream) => waiting.push(stream), { settings: { maxConcurrentStreams: 2 } });
    const client = await OwnClient.open(port);
    const calls = [client.call(), client.call(), client.call()];
    expect([client.connection.limit, calls.map((call) => call !== undefined)]).toEqual([2, [true, true, false]]);
    await until(() => waiting.length === 2);
    waiting[0]!.respond({ ':status': 204 }, { endStream: true });
    await calls[0]!.over();
    expect(client.call()).toBeDefined();
  });

  test('is not sent what is larger than the headers that it takes', async () => {
    const port = await nodeServer((stream) => stream.respond({ ':status': 204 }, { endStream: true }), { settings: { maxHeaderListSize: 1000 } });
    const client = await OwnClient.open(port);
    expect(() => client.call(['x', 'y'.repeat(1000)])).toThrow(HeadersTooLargeError);
    expect(await client.call(['x', 'y'.repeat(100)])!.over()).toBe('head, end');
  });

  test('sees a cancelled call reset, and the connection goes on', async () => {
    let closed: http2.ServerHttp2Stream | undefined;
    const port = await nodeServer((stream) => stream.on('close', () => { closed ??= stream; }));
    const client = await OwnClient.open(port);
    const call = client.call([], 'open')!;
    call.stream.reset(8);
    await until(() => closed !== undefined);
    expect([closed!.rstCode, call.story, client.connection.streams.size]).toEqual([8, [], 0]);
    await new Promise<void>((resolve) => client.connection.ping(resolve));
  });
});

describe('how a call ends that has no whole answer', () => {
  test.each([
    ['REFUSED_STREAM', 7, 'refused 7'], ['CANCEL', 8, 'reset 8'], ['NO_ERROR', 0, 'reset 0'], ['INTERNAL_ERROR', 2, 'reset 2'],
  ])('by a reset with %s', async (_name, code, story) => {
    const { client, peer } = await pair();
    const call = client.call([], Buffer.from('x'))!;
    await peer.got(Frame.DATA, 1);
    peer.write(frame(Frame.RST_STREAM, 0, 1, word(code)));
    expect(await call.over()).toBe(story);
    expect(client.connection.draining).toBe(false);
  });

  test('by a reset in the middle of the answer', async () => {
    const { client, peer } = await pair();
    const call = client.call([], Buffer.from('x'))!;
    await peer.got(Frame.DATA, 1);
    peer.write(headers(1, STATUS_200, Flag.END_HEADERS), data(1, 'half'), frame(Frame.RST_STREAM, 0, 1, word(0)));
    expect(await call.over()).toBe('head, data, reset 0');
  });

  test('by GOAWAY: those behind the last stream were refused, the others go on', async () => {
    const { client, peer } = await pair();
    const [first, second] = [client.call()!, client.call()!];
    await peer.got(Frame.HEADERS, 3);
    peer.write(frame(Frame.GOAWAY, 0, 0, Buffer.concat([word(1), word(0)])));
    expect(await second.over()).toBe('refused 0');
    expect([client.call(), client.events]).toEqual([undefined, ['ready', 'going away 0']]);
    peer.write(headers(1, STATUS_200, FIN));
    expect(await first.over()).toBe('head, end');
    await until(() => client.events.includes('closed: all calls have ended'));
  });

  test('by the end of the connection', async () => {
    const { client, peer } = await pair();
    const call = client.call()!;
    await peer.got(Frame.HEADERS, 1);
    peer.write(headers(1, STATUS_200, Flag.END_HEADERS), data(1, 'half'));
    await until(() => call.story.includes('data'));
    peer.socket.end();
    expect(await call.over()).toBe('head, data, lost 0');
    expect(client.events).toEqual(['ready', 'closed: the peer closed the connection']);
  });

  test('by the end of the connection before a byte of it has left: it was never sent', async () => {
    const { client, peer } = await pair();
    const sent = client.call()!;
    await peer.got(Frame.HEADERS, 1);
    const unsent = client.call()!;
    client.connection.destroy();
    expect([await sent.over(), await unsent.over()]).toEqual(['lost 0', 'refused 0']);
  });

  test.each([
    ['no status', literals(['x', 'y'])], ['a pseudo field of requests', literals([':status', '200'], [':path', '/'])],
    ['two statuses', literals([':status', '200'], [':status', '200'])], ['a status that is not a number', literals([':status', 'abc'])],
    ['a connection header', literals([':status', '200'], ['connection', 'close'])], ['an upper-case name', literals([':status', '200'], ['A', 'b'])],
    ['a length that is not a number', literals([':status', '200'], ['content-length', 'x'])], ['1xx and the end', literals([':status', '103'])],
    ['a length that nothing follows', literals([':status', '200'], ['content-length', '3'])],
  ])('by an answer with %s', async (_what, block) => {
    const { client, peer } = await pair();
    const call = client.call()!;
    await peer.got(Frame.HEADERS, 1);
    peer.write(headers(1, block, FIN));
    expect(await call.over()).toMatch(/malformed 1$/);
    expect([call.story.includes('end'), client.connection.closed]).toEqual([false, false]);
  });

  test('by an answer whose headers are larger than announced', async () => {
    const { client, peer } = await pair();
    const [large, small] = [client.call()!, client.call()!];
    await peer.got(Frame.HEADERS, 3);
    const block = Buffer.concat([literals([':status', '200'], ...Array.from({ length: 20 }, (_, at): [string, string] => [`x-${at}`, 'y'.repeat(8000)]))]);
    const parts = Array.from({ length: Math.ceil(block.length / 16384) }, (_, at) => block.subarray(at * 16384, (at + 1) * 16384));
    peer.write(...parts.map((part, at) => frame(at === 0 ? Frame.HEADERS : Frame.CONTINUATION, at === parts.length - 1 ? Flag.END_HEADERS : 0, 1, part)));
    peer.write(headers(3, STATUS_200, FIN));
    expect([await large.over(), await small.over()]).toEqual(['too-large 8', 'head, end']);
  });
});

describe('what an honest server may do', () => {
  test('informational answers in front of the answer are passed over', async () => {
    const { client, peer } = await pair();
    const call = client.call()!;
    await peer.got(Frame.HEADERS, 1);
    peer.write(headers(1, literals([':status', '103'], ['link', 'x']), Flag.END_HEADERS), headers(1, STATUS_200, FIN));
    expect([await call.over(), call.list]).toEqual(['head, end', [':status', '200']]);
  });

  test('an answer that is complete before its request ends the request', async () => {
    const { client, peer } = await pair();
    const call = client.call([], 'open')!;
    await peer.got(Frame.HEADERS, 1);
    peer.write(headers(1, STATUS_200, FIN));
    expect(await call.over()).toBe('head, end');
    await peer.got(Frame.RST_STREAM, 1);
    expect(peer.outcome(1)).toBe('HEADERS CANCEL');
  });

  test('frames of a call that was cancelled are passed over, and its headers still update the table for those that follow', async () => {
    const { client, peer } = await pair();
    client.call()!.stream.reset(8);
    const call = client.call()!;
    await peer.got(Frame.HEADERS, 3);
    peer.write(headers(1, Buffer.concat([Buffer.from('88', 'hex'), Buffer.from('4001610162', 'hex')]), Flag.END_HEADERS), data(1, 'late'));
    peer.write(headers(1, literals(['x', 'y']), FIN), headers(3, '88be', FIN));
    expect([await call.over(), call.list]).toEqual(['head, end', [':status', '200', 'a', 'b']]);
  });

  test('the number of streams may change, and is told', async () => {
    const { client, peer } = await pair(settings([Setting.MAX_CONCURRENT_STREAMS, 1]));
    peer.write(settings([Setting.MAX_CONCURRENT_STREAMS, 5]));
    await until(() => client.events.length === 2);
    expect(client.events).toEqual(['ready', 'resized 5']);
  });

  test('a connection whose stream numbers are used up takes no more calls and closes behind the last', async () => {
    const { client, peer } = await pair(settings(), 2 ** 31 - 1);
    const last = client.call()!;
    expect(client.call()).toBeUndefined();
    await peer.got(Frame.HEADERS, 2 ** 31 - 1);
    peer.write(headers(2 ** 31 - 1, STATUS_200, FIN));
    expect(await last.over()).toBe('head, end');
    expect(await peer.goodbye()).toBe('NO_ERROR');
  });
});

describe('a server that breaks the connection', () => {
  test.each([
    ['says nothing of HTTP/2', Buffer.from('HTTP/1.1 400 Bad Request\r\n\r\n'), /^closed: (a frame is larger than allowed|the first frame is not SETTINGS)$/],
    ['pushes', Buffer.concat([settings(), frame(Frame.PUSH_PROMISE, Flag.END_HEADERS, 1, '0000000288')]), 'closed: nobody asked for a push'],
    ['answers what nobody asked', Buffer.concat([settings(), headers(1, '88')]), 'closed: an answer that nobody asked for'],
    ['sends data on a stream that is idle', Buffer.concat([settings(), data(3, 'x')]), 'closed: DATA on an idle stream'],
    ['allows push', settings([Setting.ENABLE_PUSH, 1]), 'closed: ENABLE_PUSH is out of range'],
  ])('that %s is left', async (_what, bytes, event) => {
    const server = await rawServer();
    const client = new OwnClient(server.port);
    (await server.next()).write(bytes);
    await until(() => client.events.some((one) => one.startsWith('closed')));
    const ended = client.events.at(-1);
    if (typeof event === 'string') expect(ended).toBe(event);
    else expect(ended).toMatch(event);
  });
});

test('a request has left once the system has taken all of it, and not while it waits for the turn, for a window or for the peer to read', async () => {
  const { client, peer } = await pair(settings([Setting.INITIAL_WINDOW_SIZE, 50_000]));
  peer.write(frame(Frame.WINDOW_UPDATE, 0, 0, word(50_000_000)));
  const whole = client.call([], Buffer.alloc(50_000))!.stream;
  expect([whole.localDone, whole.flushed]).toEqual([true, false]);
  await until(() => whole.flushed);
  const held = client.call([], Buffer.alloc(50_001))!.stream;
  await until(() => peer.frames.filter(({ type }) => type === Frame.DATA).length === 8);
  expect([held.localDone, held.flushed]).toEqual([false, false]);
  peer.socket.pause();
  peer.write(settings([Setting.INITIAL_WINDOW_SIZE, 20_000_000]));
  await until(() => held.flushed);
  const slow = Array.from({ length: 40 }, () => client.call([], Buffer.alloc(500_000))!.stream);
  await until(() => slow.at(-1)!.queuedBytes > 0 && client.connection.queuedBytes > 10_000_000);
  expect(slow.filter(({ localDone }) => localDone).length).toBeGreaterThan(0);
  expect(slow.filter(({ flushed }) => flushed)).toEqual([]);
  peer.socket.resume();
  await until(() => slow.every(({ flushed }) => flushed));
});

test('a server that does not read stops the sender, and nothing is lost when it goes on', async () => {
  let reader: http2.ServerHttp2Stream | undefined;
  const port = await nodeServer((stream) => { reader = stream; });
  const client = await OwnClient.open(port);
  const call = client.call([], 'open')!;
  const piece = Buffer.alloc(32 * 1024, 'z');
  let sent = 0;
  while (call.stream.data(piece, false)) sent += piece.length;
  sent += piece.length;
  await until(() => reader !== undefined);
  expect(call.stream.queuedBytes).toBeGreaterThan(0);
  call.stream.data(Buffer.alloc(0), true);
  let got = 0;
  reader!.on('data', (chunk: Buffer) => { got += chunk.length; });
  await once(reader!, 'end');
  expect(got).toBe(sent);
});
