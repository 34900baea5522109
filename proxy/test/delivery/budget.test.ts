import { once } from 'node:events';
import { request as httpRequest } from 'node:http';
import { connect } from 'node:net';
import { Budget, Reservation } from '../../src/delivery/budget';
import { createLogger } from '../../src/observe/log';
import { Writer } from '../../src/wire/protobuf';
import { callHttp } from '../support/h1';
import { answer, BINDING_EVENT, JOB_EVENT, ON_INVOKE, Received, startPod, TOPIC_EVENT } from '../support/h2';
import { cleanUp, CONTEXT, onCleanup, Running, startProxy, until } from '../support/harness';

afterEach(cleanUp);

const LIMIT = { DAPR_PROXY_MAX_WAITING_BYTES: '1000' };
const PREFIX = 5;

const held = async ({ metric }: Running) => Number((await metric('dapr_proxy_held_bytes'))[0]!.split(' ')[1]);

/** The beginning of a gRPC message of `bytes`, of which nothing more comes. */
function beginMessage({ sidecar }: Running, bytes: number) {
  const stream = sidecar.session.request({ ':method': 'POST', ':path': TOPIC_EVENT, 'content-type': 'application/grpc', 'te': 'trailers' });
  const prefix = Buffer.alloc(PREFIX);
  prefix.writeUInt32BE(bytes, 1);
  stream.on('error', () => undefined).write(prefix);
  return { stream, answered: once(stream, 'response').then(([headers]) => String((headers as Record<string, unknown>)['grpc-status'])) };
}

describe('the memory for events', () => {
  test('is reserved from the first bytes of a gRPC message, and refused before the rest of it comes', async () => {
    const running = await startProxy({ env: LIMIT });
    const { stream } = beginMessage(running, 800);
    await until(async () => await held(running) === PREFIX + 800);
    expect(await beginMessage(running, 300).answered).toBe('8');
    expect(await held(running)).toBe(PREFIX + 800);
    stream.close(8);
    await until(async () => await held(running) === 0);
    expect(await running.metric('dapr_proxy_events_total')).toContain('dapr_proxy_events_total{kind="topic",component="",outcome="refused"} 1');
  });

  test('is reserved from the content-length of an HTTP event, and refused with 429 before its body comes', async () => {
    const running = await startProxy({ sidecar: false, env: { ...LIMIT, APP_PROTOCOL: 'http' } });
    const socket = connect(running.port, '127.0.0.1');
    onCleanup(() => socket.destroy());
    socket.write('POST /tick HTTP/1.1\r\nhost: proxy\r\ncontent-length: 800\r\n\r\n');
    await until(async () => await held(running) === 800);
    const outgoing = httpRequest({ port: running.port, host: '127.0.0.1', method: 'POST', path: '/tick', headers: { 'content-length': 300 } });
    outgoing.flushHeaders();
    const [{ statusCode }] = await once(outgoing, 'response') as [{ statusCode: number }];
    expect(statusCode).toBe(429);
    outgoing.on('error', () => undefined).destroy();
    socket.destroy();
    await until(async () => await held(running) === 0);
  });

  test('grows with a body of unknown length', async () => {
    const running = await startProxy({ sidecar: false, env: { ...LIMIT, APP_PROTOCOL: 'http' } });
    const waits = callHttp(running.port, 'POST', '/tick', { body: Buffer.alloc(800) }).catch(() => undefined);
    await until(async () => await held(running) === 800);
    const outgoing = httpRequest({ port: running.port, host: '127.0.0.1', method: 'POST', path: '/tick', headers: { 'transfer-encoding': 'chunked' } });
    outgoing.on('error', () => undefined).write(Buffer.alloc(150));
    await until(async () => await held(running) === 950);
    outgoing.write(Buffer.alloc(100));
    const [{ statusCode }] = await once(outgoing, 'response') as [{ statusCode: number }];
    expect([statusCode, await held(running)]).toEqual([429, 800]);
    outgoing.destroy();
    await running.proxy.close();
    await waits;
  });

  test('is held while a pod has the event and until its answer has left, answer included', async () => {
    const calls: Received[] = [];
    const pod = await startPod({ handle: (call) => calls.push(call) });
    onCleanup(pod.close);
    const running = await startProxy({ pods: [pod.host], podPort: pod.port, env: LIMIT });
    const answered = running.sidecar.call(TOPIC_EVENT, Buffer.alloc(600));
    await pod.got(1);
    expect((await running.sidecar.call(TOPIC_EVENT, Buffer.alloc(500))).grpcStatus).toBe('8');
    const { stream } = calls[0]!;
    stream.respond({ ':status': 200, 'content-type': 'application/grpc' }, { waitForTrailers: true });
    stream.write(Buffer.alloc(300));
    await until(async () => await held(running) === PREFIX + 900);
    stream.on('wantTrailers', () => stream.sendTrailers({ 'grpc-status': '0' }));
    stream.end();
    expect((await answered).grpcStatus).toBe('0');
    expect(await held(running)).toBe(0);
  });

  test('is free again after an answer, a failure, a join, a cancelled call, and what cannot be converted', async () => {
    const env = { ...LIMIT, DAPR_PROXY_MAX_WAITING_BYTES: '100000', FUNC_CONTEXT: JSON.stringify({ ...CONTEXT, runtime: 'Knative' }) };
    const pod = await startPod({ handle: ({ stream, body }) => body.includes('lost') ? stream.close(2) : answer(stream) });
    onCleanup(pod.close);
    const running = await startProxy({ podPort: pod.port, env });
    const { dns, proxy, sidecar } = running;
    const job = new Writer().string(1, 'nightly').finish();
    const cancel = new AbortController();
    const calls = [
      sidecar.call(JOB_EVENT, job), sidecar.call(JOB_EVENT, job), sidecar.call(BINDING_EVENT, Buffer.from('lost')),
      sidecar.call(BINDING_EVENT, Buffer.from('cancelled'), {}, cancel.signal), sidecar.call(ON_INVOKE, Buffer.from([255])),
    ];
    await until(() => proxy.pending().waiting === 3);
    expect(await held(running)).toBe(2 * PREFIX + job.length + PREFIX + 'lostcancelled'.length);
    cancel.abort();
    await until(() => proxy.pending().waiting === 2);
    dns.orders = [pod.host];
    expect((await Promise.all(calls)).map(({ grpcStatus }) => grpcStatus)).toEqual(['0', '0', '14', undefined, '3']);
    expect(await held(running)).toBe(0);
  });

  test('lets one event pass that is larger than all of it', () => {
    const budget = new Budget(1000, createLogger('error', () => undefined, () => new Date(0)));
    const [large, small] = [new Reservation(budget), new Reservation(budget)];
    expect([large.grow(800), large.grow(800), small.grow(1)]).toEqual([true, true, false]);
    large.release();
    expect([small.grow(1), large.grow(1600), budget.used]).toEqual([true, false, 1]);
  });

  test('is reported once when it is used up, and once when half of it is free', () => {
    const lines: string[] = [];
    const budget = new Budget(1000, createLogger('info', (line) => lines.push((JSON.parse(line) as { message: string }).message), () => new Date(0)));
    const [first, second] = [new Reservation(budget), new Reservation(budget)];
    first.grow(900);
    second.grow(200);
    second.grow(50);
    second.grow(200);
    first.release();
    second.grow(10);
    expect(lines).toEqual(['memory for events used up, refusing events', 'memory for events is free again']);
  });
});
