import { once } from 'node:events';
import { createServer, Http2Server } from 'node:http2';
import { AddressInfo, Server } from 'node:net';
import { Rivals } from './support/differential';
import { replying } from './support/ends';
import { data, frame, headers, literals, POST, word } from './support/frames';
import { RawPeer } from './support/raw';
import { Flag, Frame } from '../../src/h2/protocol';
import { cleanUp, onCleanup } from '../support/harness';

afterEach(cleanUp);

test('the same frames, honest, broken and with flipped bits, have the same verdict here and with node:http2', async () => {
  const rivals = new Rivals();
  await rivals.start();
  onCleanup(() => rivals.stop());
  // `npm run soak:h2` does the same for millions of frames.
  expect(await rivals.judgeAll(1, 600, 50)).toEqual([]);
}, 120_000);

describe('where the two differ on purpose', () => {
  async function nodeServer(): Promise<number> {
    const server: Http2Server = createServer();
    server.on('sessionError', () => undefined).on('stream', (stream) => {
      stream.on('error', () => undefined).on('end', () => stream.destroyed || stream.respond({ ':status': 204 }, { endStream: true })).resume();
    });
    const closable = server as unknown as Server;
    await once(closable.listen(0, '127.0.0.1'), 'listening');
    onCleanup(() => closable.close());
    return (closable.address() as AddressInfo).port;
  }

  /** What stream 1 came to, and whether the connection lives. */
  async function verdict(port: number, first: Buffer, second?: Buffer): Promise<string> {
    const peer = await RawPeer.client(port);
    peer.write(first);
    await peer.seen();
    if (second !== undefined) peer.write(second);
    await peer.seen();
    const lives = !peer.closed && !peer.frames.some(({ type }) => type === Frame.GOAWAY);
    peer.socket.destroy();
    return `${peer.outcome(1).split(' ').at(-1)}, ${lives ? 'the connection lives' : 'the connection ends'}`;
  }

  const OPEN = headers(1, POST, Flag.END_HEADERS);

  test.each<[string, Buffer, Buffer | undefined, string, string]>([
    ['RFC 9113 section 6.9: a window update of zero is an error of its stream', OPEN, frame(Frame.WINDOW_UPDATE, 0, 1, word(0)),
      'PROTOCOL_ERROR, the connection lives', ', the connection ends'],
    ['section 6.9.1: so is a window that grows too large', OPEN, frame(Frame.WINDOW_UPDATE, 0, 1, word(2 ** 31 - 1)),
      'FLOW_CONTROL_ERROR, the connection lives', 'FLOW_CONTROL_ERROR, the connection ends'],
    ['section 5.1.1: stream numbers never go down', headers(3, POST, Flag.END_HEADERS), headers(1, POST),
      ', the connection ends', ', the connection lives'],
    ['section 8.2.1: a value with a line end makes its call malformed', headers(1, Buffer.concat([POST, literals(['a', 'x\ny'])])), undefined,
      'PROTOCOL_ERROR, the connection lives', 'HEADERS+END, the connection lives'],
    ['section 5.1: data behind the end of a request that has its answer', headers(1, POST), data(1, 'x'),
      'STREAM_CLOSED, the connection lives', 'HEADERS+END, the connection lives'],
  ])('%s', async (_rule, first, second, here, there) => {
    const { port } = await replying();
    expect([await verdict(port, first, second), await verdict(await nodeServer(), first, second)]).toEqual([here, there]);
  });
});
