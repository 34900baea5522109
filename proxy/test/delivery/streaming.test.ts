import { once } from 'node:events';
import { answer, startPod, TOPIC_EVENT } from '../support/h2';
import { cleanUp, onCleanup, startProxy, until } from '../support/harness';

afterEach(cleanUp);

const FOREIGN = '/acme.Orders/Chat';
/** Far longer than a caller has to wait that is not stopped. */
const STALL_MS = 300;
const HEADERS = { ':method': 'POST', ':path': FOREIGN, 'content-type': 'application/grpc', 'te': 'trailers' };

async function podAndProxy(options: Parameters<typeof startPod>[0]) {
  const pod = await startPod({ early: true, ...options });
  onCleanup(pod.close);
  return { pod, ...await startProxy({ pods: [pod.host], podPort: pod.port }) };
}

describe('a streaming call of a foreign gRPC service', () => {
  test('goes to and fro message by message while both sides are open', async () => {
    const { sidecar } = await podAndProxy({
      handle: ({ stream }) => {
        stream.respond({ ':status': 200, 'content-type': 'application/grpc' }, { waitForTrailers: true });
        stream.on('wantTrailers', () => stream.sendTrailers({ 'grpc-status': '0', 'x-end': 'yes' }));
        stream.on('data', (chunk: Buffer) => stream.write(Buffer.concat([Buffer.from('echo '), chunk])));
        stream.on('end', () => stream.end());
      },
    });
    const call = sidecar.session.request(HEADERS);
    const said = [];
    for (const word of ['one', 'two', 'three']) {
      call.write(word);
      said.push(String((await once(call, 'data'))[0]));
    }
    call.end();
    const [trailers] = await once(call, 'trailers') as [Record<string, string>];
    expect(said).toEqual(['echo one', 'echo two', 'echo three']);
    expect(trailers).toMatchObject({ 'grpc-status': '0', 'x-end': 'yes' });
    await once(call, 'close');
  });

  test('shows the head of the answer before the caller has sent anything', async () => {
    const { sidecar } = await podAndProxy({ handle: ({ stream }) => stream.respond({ ':status': 200, 'content-type': 'application/grpc', 'x-first': '1' }) });
    const call = sidecar.session.request(HEADERS);
    const [headers] = await once(call, 'response') as [Record<string, string>];
    expect(headers['x-first']).toBe('1');
    call.close();
    await once(call, 'close');
  });

  test('is over at the pod when the pod has answered, although the caller could go on', async () => {
    const { pod, sidecar, proxy } = await podAndProxy({ handle: ({ stream }) => answer(stream, { trailers: { 'grpc-status': '9' } }) });
    const call = sidecar.session.request(HEADERS);
    call.write('first');
    const [trailers] = await once(call.resume(), 'trailers') as [Record<string, string>];
    expect(trailers['grpc-status']).toBe('9');
    await until(() => pod.received[0]!.stream.destroyed && proxy.pending().pending === 0);
    call.close();
  });

  test('passes backpressure on: a pod that does not read stops the caller, and memory stays flat', async () => {
    const { pod, sidecar } = await podAndProxy({ handle: () => undefined });
    const call = sidecar.session.request(HEADERS);
    call.on('error', () => undefined);
    const piece = Buffer.alloc(256 * 1024);
    let written = 0;
    // Windows and buffers on the way hold a few MiB; a caller that is never stopped would go far beyond.
    while (written < 64 && call.write(piece)) written++;
    await pod.got(1);
    let stalled = false;
    for (let at = 0; at < 64 && !stalled; at++) {
      stalled = await Promise.race([once(call, 'drain').then(() => false), new Promise<boolean>((resolve) => setTimeout(resolve, STALL_MS, true))]);
      if (!stalled) while (call.write(piece)) written++;
    }
    expect(stalled).toBe(true);
    expect(written * piece.length).toBeLessThan(32 * 1024 ** 2);
    call.close();
    await once(call, 'close');
  }, 10_000);

  test('is reset for the caller when the pod is lost in the middle of the answer', async () => {
    const { sidecar } = await podAndProxy({
      handle: ({ stream, session }) => {
        stream.respond({ ':status': 200, 'content-type': 'application/grpc' });
        stream.write('part', () => setImmediate(() => session.destroy()));
      },
    });
    const call = sidecar.session.request(HEADERS);
    call.on('error', () => undefined);
    await new Promise((resolve) => call.on('close', resolve).resume());
    expect(call.rstCode).toBe(2);
  });

  test('is cancelled at the pod when the caller cancels', async () => {
    const { pod, sidecar } = await podAndProxy({ handle: ({ stream }) => stream.respond({ ':status': 200, 'content-type': 'application/grpc' }) });
    const call = sidecar.session.request(HEADERS);
    await once(call, 'response');
    call.close(8);
    await until(() => pod.received[0]!.stream.destroyed);
    expect(pod.received[0]!.stream.rstCode).toBe(8);
  });
});

describe('a unary event whose sender stops in the middle', () => {
  test('holds no pod', async () => {
    const { pod, proxy, sidecar } = await podAndProxy({ early: false });
    const call = sidecar.session.request({ ...HEADERS, ':path': TOPIC_EVENT });
    call.write(Buffer.from([0, 0, 0, 0, 9]));
    expect((await sidecar.call(TOPIC_EVENT)).grpcStatus).toBe('0');
    expect(proxy.pending().pending).toBe(0);
    expect(pod.received).toHaveLength(1);
    call.close();
    await once(call, 'close');
  });

  test.each([['without an error code', 0], ['with CANCEL', 8]])('is not delivered in part when it is reset %s', async (_how, code) => {
    const { pod, proxy, sidecar } = await podAndProxy({ early: false });
    const call = sidecar.session.request({ ...HEADERS, ':path': TOPIC_EVENT });
    call.write(Buffer.from([0, 0, 0, 0, 9]));
    call.close(code);
    await once(call, 'close');
    expect((await sidecar.call(TOPIC_EVENT)).grpcStatus).toBe('0');
    expect(pod.received).toHaveLength(1);
    expect(proxy.pending().pending).toBe(0);
  });

  test('is forgotten when it is reset without an error code while it waits', async () => {
    const { proxy, sidecar } = await startProxy();
    const call = sidecar.session.request({ ...HEADERS, ':path': TOPIC_EVENT });
    call.end(Buffer.alloc(5));
    await until(() => proxy.pending().waiting === 1);
    call.close();
    await until(() => proxy.pending().waiting === 0);
  });
});
