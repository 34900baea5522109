import { once } from 'node:events';
import { connect, createServer, ServerHttp2Stream } from 'node:http2';
import { AddressInfo } from 'node:net';
import * as trailers from '../../src/listen/trailers';
import { cleanUp, onCleanup } from '../support/harness';

afterEach(cleanUp);

const TRAILERS = ['grpc-status', '0', 'x-twice', '1', 'x-twice', '2', 'x-byte', '\xe9'];

/** Answers of these sizes with trailers, how often Node's own way was gone, and of how many the body had not left when trailers were asked for. */
async function answers(way: typeof trailers, sizes: readonly number[], sent = TRAILERS) {
  let publicWay = 0;
  let withBody = 0;
  const server = createServer();
  server.on('stream', (stream: ServerHttp2Stream, headers) => {
    const own = stream.sendTrailers.bind(stream);
    stream.sendTrailers = (given) => {
      publicWay++;
      own(given);
    };
    stream.on('wantTrailers', () => {
      if (stream.writableLength > 0) withBody++;
      way.sendTrailers(stream, sent);
    });
    stream.respond({ ':status': 200 }, { waitForTrailers: true });
    way.endComesWithBody(stream);
    stream.end(Buffer.alloc(Number(headers['x-size']), 7));
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const session = connect(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  onCleanup(() => new Promise<void>((resolve) => session.close(() => server.close(() => resolve()))));
  const got = await Promise.all(sizes.map(async (size) => {
    const stream = session.request({ 'x-size': String(size) });
    const came = once(stream, 'trailers');
    let bytes = 0;
    stream.on('data', (chunk: Buffer) => bytes += chunk.length);
    const closed = once(stream, 'close');
    const raw = (await Promise.race([came, closed]))[2] as string[] | undefined;
    await closed;
    return { bytes, raw: raw ?? [] };
  }));
  return { got, publicWay, withBody };
}

describe('trailers', () => {
  // More than a frame, and more than the window of a stream.
  const sizes = [0, 1, 5, 1000, 16_384, 16_385, 65_535, 65_536, 3_000_000];
  const whole = sizes.map((bytes) => ({ bytes, raw: TRAILERS }));

  test('come whole behind a body of any size, on this version of Node by the short way', async () => {
    expect(await answers(trailers, sizes)).toEqual({ got: whole, publicWay: 0, withBody: sizes.length - 1 });
  });

  test('come whole by the public way where a stream looks different inside', async () => {
    const symbols = jest.spyOn(Object, 'getOwnPropertySymbols').mockReturnValue([]);
    let fresh: typeof trailers | undefined;
    jest.isolateModules(() => fresh = jest.requireActual<typeof trailers>('../../src/listen/trailers'));
    const answered = await answers(fresh!, sizes);
    symbols.mockRestore();
    expect(answered).toEqual({ got: whole, publicWay: sizes.length, withBody: 0 });
  });

  test('are left out when there are none', async () => {
    expect((await answers(trailers, [5], [])).got).toEqual([{ bytes: 5, raw: [] }]);
  });
});
