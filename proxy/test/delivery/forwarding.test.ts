import { Writer } from '../../src/wire/protobuf';
import { answer, BULK_EVENT, frame, JOB_EVENT, startPod, TOPIC_EVENT } from '../support/h2';
import { cleanUp, onCleanup, startProxy, until } from '../support/harness';

afterEach(cleanUp);

async function podAndProxy(options: Parameters<typeof startPod>[0] = {}, env: Record<string, string> = {}) {
  const pod = await startPod(options);
  onCleanup(pod.close);
  return { pod, ...await startProxy({ pods: [pod.host], podPort: pod.port, env }) };
}

const linesOf = (raw: readonly string[], name: string) => raw.filter((_, at) => at % 2 === 1 && raw[at - 1] === name);

describe('an event of a gRPC function', () => {
  test.each([TOPIC_EVENT, BULK_EVENT, JOB_EVENT, '/dapr.proto.runtime.v1.AppCallback/OnSomethingNew'])('%s passes byte for byte in both directions', async (path) => {
    const message = Buffer.from(Array.from({ length: 256 }, (_, byte) => byte));
    const reply = Buffer.from('reply \u0000 \xff', 'latin1');
    const { pod, sidecar } = await podAndProxy({ handle: ({ stream }) => answer(stream, { message: reply }) });
    const answered = await sidecar.call(path, message);
    expect(pod.received.map(({ path: got, body }) => [got, body])).toEqual([[path, frame(message)]]);
    expect([answered.grpcStatus, answered.body]).toEqual(['0', frame(reply)]);
  });

  test('status, message, details and other trailers of a failure come back as the function gave them', async () => {
    const trailers = { 'grpc-status': '12', 'grpc-message': 'not%20this%20one', 'grpc-status-details-bin': 'CAwSAA', 'x-more': ['a', 'b'] };
    const { sidecar } = await podAndProxy({ handle: ({ stream }) => answer(stream, { trailers, headers: { 'x-head': '1' } }) });
    const answered = await sidecar.call(TOPIC_EVENT);
    expect(answered.trailers).toMatchObject({ 'grpc-status': '12', 'grpc-message': 'not%20this%20one', 'grpc-status-details-bin': 'CAwSAA' });
    expect(linesOf(answered.rawTrailers, 'x-more')).toEqual(['a', 'b']);
    expect(answered.headers['x-head']).toBe('1');
  });

  test('an answer of headers alone is passed on as headers alone', async () => {
    const { sidecar } = await podAndProxy({
      handle: ({ stream }) => stream.respond({ ':status': 200, 'content-type': 'application/grpc', 'grpc-status': '5', 'grpc-message': 'gone' }, { endStream: true }),
    });
    const answered = await sidecar.call(TOPIC_EVENT);
    expect(answered.headers).toMatchObject({ 'grpc-status': '5', 'grpc-message': 'gone' });
    expect(answered.trailers).toEqual({});
  });

  test('repeated, binary and non-ASCII metadata reach the pod as the lines they were', async () => {
    const { pod, sidecar } = await podAndProxy();
    await sidecar.call(TOPIC_EVENT, undefined, { 'x-repeated': ['one', 'two,three', 'one'], 'trace-bin': ['AAEC', '/wA'], 'x-latin': '\xe9\xff', 'baggage': 'a=b' });
    const { raw } = pod.received[0]!;
    expect(linesOf(raw, 'x-repeated')).toEqual(['one', 'two,three', 'one']);
    expect(linesOf(raw, 'trace-bin')).toEqual(['AAEC', '/wA']);
    expect(linesOf(raw, 'x-latin')).toEqual(['\xe9\xff']);
    expect(linesOf(raw, 'baggage')).toEqual(['a=b']);
  });

  test('1,000 header lines arrive whole in both directions', async () => {
    const many = Object.fromEntries(Array.from({ length: 1000 }, (_, at) => [`x-line-${at}`, `value ${at}`]));
    const { pod, sidecar } = await podAndProxy({ handle: ({ stream }) => answer(stream, { headers: many }) });
    const answered = await sidecar.call(TOPIC_EVENT, undefined, many);
    expect(pod.received[0]!.headers).toMatchObject(many);
    expect(answered.headers).toMatchObject(many);
  });

  test('more header lines than allowed fail the event alone with RESOURCE_EXHAUSTED', async () => {
    const { pod, sidecar } = await podAndProxy({}, { DAPR_PROXY_MAX_HEADERS: '50' });
    const many = Object.fromEntries(Array.from({ length: 60 }, (_, at) => [`x-line-${at}`, '1']));
    expect((await sidecar.call(TOPIC_EVENT, undefined, many)).grpcStatus).toBe('8');
    expect((await sidecar.call(TOPIC_EVENT)).grpcStatus).toBe('0');
    expect(pod.received).toHaveLength(1);
  });

  test('te and the grpc headers pass, the authority is the function and no header is added', async () => {
    const { pod, sidecar } = await podAndProxy();
    await sidecar.call(TOPIC_EVENT, undefined, { 'grpc-encoding': 'identity', 'grpc-accept-encoding': 'gzip', 'user-agent': 'grpc-go/1' });
    const names = pod.received[0]!.raw.filter((_, at) => at % 2 === 0);
    expect([...names].sort()).toEqual([
      ':authority', ':method', ':path', ':scheme', 'content-type', 'grpc-accept-encoding', 'grpc-encoding', 'te', 'user-agent',
    ]);
    expect(pod.received[0]!.headers[':authority']).toBe(`orders:${pod.port}`);
  });

  test('the authority of an IPv6 address has brackets', async () => {
    const pod = await startPod();
    onCleanup(pod.close);
    const { sidecar, dns } = await startProxy({ podPort: pod.port, env: { DAPR_PROXY_FUNCTION_HOST: 'fd00::7' } });
    dns['fd00::7'] = [pod.host];
    await sidecar.call(TOPIC_EVENT);
    expect(pod.received[0]!.headers[':authority']).toBe(`[fd00::7]:${pod.port}`);
  });

  test('the answer carries no date unless the function gave one', async () => {
    const { sidecar } = await podAndProxy({
      handle: ({ stream }) => {
        stream.respond({ ':status': 200, 'content-type': 'application/grpc', 'grpc-status': '0' }, { endStream: true, sendDate: false } as never);
      },
    });
    expect((await sidecar.call(TOPIC_EVENT)).headers).not.toHaveProperty('date');
  });

  test('the deadline of the caller reaches the pod as it was', async () => {
    const { pod, sidecar } = await podAndProxy();
    await sidecar.call(TOPIC_EVENT);
    await sidecar.call(TOPIC_EVENT, undefined, { 'grpc-timeout': '7S' });
    expect(pod.received[1]!.headers['grpc-timeout']).toBe('7S');
  });

  test('a 5 MiB message and a 5 MiB answer pass whole', async () => {
    const large = Buffer.alloc(5 * 1024 ** 2, 'abc');
    const { pod, sidecar } = await podAndProxy({ handle: ({ stream }) => answer(stream, { message: large }) });
    const answered = await sidecar.call(TOPIC_EVENT, large);
    expect(pod.received[0]!.body.equals(frame(large))).toBe(true);
    expect(answered.body.equals(frame(large))).toBe(true);
    expect(answered.grpcStatus).toBe('0');
  });

  test('a message above the limit is RESOURCE_EXHAUSTED and reaches no pod', async () => {
    const { pod, sidecar } = await podAndProxy({}, { DAPR_PROXY_MAX_MESSAGE: '1MiB' });
    expect((await sidecar.call(TOPIC_EVENT, Buffer.alloc(1024 ** 2 + 1))).grpcStatus).toBe('8');
    expect(pod.received).toHaveLength(0);
  });

  test.each([[1000, '0'], [1001, '8']])('of a limit of 1000 bytes, a message and an answer of %s have status %s: the frame is not included', async (size, status) => {
    const message = Buffer.alloc(size);
    const { sidecar } = await podAndProxy({ handle: ({ stream, body }) => answer(stream, { message: body.length > 100 ? Buffer.alloc(0) : message }) }, { DAPR_PROXY_MAX_MESSAGE: '1000' });
    expect((await sidecar.call(TOPIC_EVENT, message)).grpcStatus).toBe(status);
    expect((await sidecar.call(TOPIC_EVENT)).grpcStatus).toBe(status);
  });

  test('an answer of several MiB above the limit is RESOURCE_EXHAUSTED as well, and nothing of it passes', async () => {
    const { sidecar } = await podAndProxy({ handle: ({ stream }) => answer(stream, { message: Buffer.alloc(3 * 1024 ** 2) }) }, { DAPR_PROXY_MAX_MESSAGE: '2MiB' });
    const { body, grpcStatus } = await sidecar.call(TOPIC_EVENT);
    expect([body.length, grpcStatus]).toEqual([0, '8']);
  });

  test('an answer above the limit is RESOURCE_EXHAUSTED', async () => {
    const { sidecar } = await podAndProxy({ handle: ({ stream }) => answer(stream, { message: Buffer.alloc(40_000) }) }, { DAPR_PROXY_MAX_MESSAGE: '32KiB' });
    expect((await sidecar.call(TOPIC_EVENT)).grpcStatus).toBe('8');
  });

  test.each([
    ['too-many-headers', { DAPR_PROXY_MAX_HEADERS: '10' }, Object.fromEntries(Array.from({ length: 20 }, (_, at) => [`x-${at}`, '1']))],
    ['too-large', { DAPR_PROXY_MAX_MESSAGE: '10' }, {}],
    ['no-token', { APP_API_TOKEN: 'secret', DAPR_PROXY_TOKEN_ON_EVENTS: 'true' }, {}],
  ])('the metrics count what never comes into the line: %s', async (cause, env, headers) => {
    const { metric, sidecar } = await podAndProxy({}, env as unknown as Record<string, string>);
    await sidecar.call(TOPIC_EVENT, Buffer.alloc(100), headers);
    expect(await metric('dapr_proxy_events_total')).toEqual([`dapr_proxy_events_total{kind="topic",component="",outcome="${cause}"} 1`]);
  });

  test('an exception on its way to the line fails it with INTERNAL, and is counted and logged', async () => {
    let broken = false;
    const random = () => {
      if (broken) throw new Error('out of luck');
      return 0;
    };
    const one = await startPod({ host: '127.0.0.2' });
    const two = await startPod({ host: '127.0.0.3', port: one.port });
    onCleanup(one.close);
    onCleanup(two.close);
    const { admin, metric, sidecar, log } = await startProxy({ pods: ['127.0.0.2', '127.0.0.3'], podPort: one.port, deps: { random } });
    await until(async () => {
      await sidecar.call(TOPIC_EVENT);
      return (await (await admin('/metrics')).text()).includes('dapr_proxy_pods_healthy 2');
    });
    broken = true;
    expect((await sidecar.call(TOPIC_EVENT)).grpcStatus).toBe('13');
    broken = false;
    expect((await sidecar.call(TOPIC_EVENT)).grpcStatus).toBe('0');
    expect((await metric('dapr_proxy_events_total')).filter((line) => line.includes('internal'))).toEqual([expect.stringMatching(/kind="topic".* 1$/)]);
    expect(log.filter(({ level }) => level === 'error').map(({ message, why }) => [message, why])).toEqual([['event failed inside the proxy', 'out of luck']]);
  });

  test('the metrics count it under its component, and unknown components as other', async () => {
    const { metric, sidecar } = await podAndProxy();
    await sidecar.call(TOPIC_EVENT, new Writer().string(8, 'events').finish());
    await sidecar.call(TOPIC_EVENT, new Writer().string(8, 'made-up').finish());
    expect(await metric('dapr_proxy_events_total')).toEqual([
      'dapr_proxy_events_total{kind="topic",component="events",outcome="ok"} 1',
      'dapr_proxy_events_total{kind="topic",component="other",outcome="ok"} 1',
    ]);
  });
});
