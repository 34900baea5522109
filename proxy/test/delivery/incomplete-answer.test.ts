import { once } from 'node:events';
import { Code, Flag, Frame } from '../../src/h2/protocol';
import { data, frame, headers, literals, RawFrame, settings, word } from '../h2/support/frames';
import { rawServer, RawPeer } from '../h2/support/raw';
import { FakeClock } from '../support/fake-clock';
import { startPod } from '../support/h2';
import { cleanUp, CONTEXT, onCleanup, startProxy, until } from '../support/harness';

afterEach(cleanUp);

type Reply = (peer: RawPeer, id: number) => void;
const H2C = { APP_PROTOCOL: 'h2c', FUNC_CONTEXT: JSON.stringify({ ...CONTEXT, inputs: { tick: CONTEXT.inputs.binding } }) };
const HEAD = literals([':status', '200']);

const whole: Reply = (peer, id) => peer.write(headers(id, HEAD, Flag.END_HEADERS), data(id, 'whole', Flag.END_STREAM));
const begun = (id: number) => [headers(id, HEAD, Flag.END_HEADERS), data(id, 'half')];
const reset = (id: number, code: Code) => frame(Frame.RST_STREAM, 0, id, word(code));
const goaway = (id: number) => frame(Frame.GOAWAY, 0, 0, Buffer.concat([word(id), word(Code.NO_ERROR)]));

/** Gives the calls of the proxy one reply after the other, on whatever connection they come. */
async function replyInTurn({ peers }: { peers: readonly RawPeer[] }, replies: readonly Reply[], pause = () => Promise.resolve()): Promise<void> {
  const greeted = new Set<RawPeer>();
  const answered = new Set<RawFrame>();
  const open = () => peers.flatMap((peer) => peer.frames.filter((one) => one.type === Frame.HEADERS && !answered.has(one)).map((call) => ({ peer, call })));
  for (const reply of replies) {
    await until(async () => {
      await pause();
      peers.filter((peer) => !greeted.has(peer)).forEach((peer) => greeted.add(peer) && peer.write(settings()));
      return open().length > 0;
    });
    const { peer, call } = open()[0]!;
    answered.add(call);
    reply(peer, call.id);
  }
}

describe('an h2c answer that ends without END_STREAM', () => {
  test.each<[string, Reply]>([
    ['by a reset with NO_ERROR', (peer, id) => peer.write(...begun(id), reset(id, Code.NO_ERROR))],
    ['by a reset with CANCEL', (peer, id) => peer.write(...begun(id), reset(id, Code.CANCEL))],
    ['by a reset after its head alone', (peer, id) => peer.write(begun(id)[0]!, reset(id, Code.NO_ERROR))],
    ['by the end of the connection', (peer, id) => {
      peer.write(...begun(id));
      peer.socket.end();
    }],
    ['by GOAWAY and the end of the connection', (peer, id) => {
      peer.write(...begun(id), goaway(id));
      peer.socket.end();
    }],
  ])('%s is lost, so that the event is sent once more', async (_how, broken) => {
    const server = await rawServer();
    const { sidecar, metric } = await startProxy({ pods: ['127.0.0.1'], podPort: server.port, env: H2C });
    const answered = sidecar.request('POST', '/tick', 'x');
    await replyInTurn(server, [broken, whole]);
    const { status, body } = await answered;
    expect([status, body.toString()]).toEqual([200, 'whole']);
    expect(await metric('dapr_proxy_retries_total')).toEqual(['dapr_proxy_retries_total{cause="lost"} 1']);
  });

  test('both times is 503, never the 200 of its head', async () => {
    const server = await rawServer();
    const { sidecar } = await startProxy({ pods: ['127.0.0.1'], podPort: server.port, env: H2C });
    const answered = sidecar.request('POST', '/tick', 'x');
    const broken: Reply = (peer, id) => peer.write(...begun(id), reset(id, Code.NO_ERROR));
    await replyInTurn(server, [broken, broken]);
    expect((await answered).status).toBe(503);
  });
});

describe('an h2c answer that is complete', () => {
  test('reaches a slow reader whole, although the pod has gone meanwhile', async () => {
    const bytes = 5 * 1024 ** 2;
    const pod = await startPod({
      handle: ({ stream, session }) => {
        stream.respond({ ':status': 200 });
        stream.end(Buffer.alloc(bytes, 'x'));
        stream.on('close', () => session.close());
      },
    });
    onCleanup(pod.close);
    const { sidecar } = await startProxy({ pods: [pod.host], podPort: pod.port, env: H2C });
    const stream = sidecar.session.request({ ':method': 'GET', ':path': '/large' });
    await once(stream, 'response');
    let size = 0;
    stream.on('data', (chunk: Buffer) => {
      size += chunk.length;
      stream.pause();
      setImmediate(() => stream.resume());
    });
    await once(stream, 'end');
    expect([size, stream.rstCode]).toEqual([bytes, 0]);
  });
});

describe('a pod that breaks HTTP/2 and keeps its connection', () => {
  test('loses its event at once, and not after the peer timeout', async () => {
    const server = await rawServer();
    const clock = new FakeClock();
    const { sidecar, log } = await startProxy({ pods: ['127.0.0.1'], podPort: server.port, env: H2C, deps: { clock } });
    const answered = sidecar.request('POST', '/tick', 'x');
    const onNoStream: Reply = (peer) => peer.write(data(0, 'x'));
    await replyInTurn(server, [onNoStream, whole], () => clock.advance(10));
    expect((await answered).status).toBe(200);
    expect(log.filter(({ level }) => level === 'warn').map(({ message }) => message)).toEqual(['pod not reachable']);
    expect(clock.now()).toBeLessThan(30_000);
  });
});
