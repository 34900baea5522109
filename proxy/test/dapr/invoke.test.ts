import { fieldsOf, stringField, Writer } from '../../src/wire/protobuf';
import { HttpHandle, startHttpPod } from '../support/h1';
import { ON_INVOKE, startPod } from '../support/h2';
import { cleanUp, CONTEXT, onCleanup, startProxy, until } from '../support/harness';

afterEach(cleanUp);

const GET = 1;
const POST = 3;

interface Invocation {
  readonly method?: string;
  readonly verb?: number;
  readonly query?: string;
  readonly contentType?: string;
  readonly data?: string;
}

function invokeRequest({ method = 'orders/7', verb = POST, query = '', contentType = '', data = '' }: Invocation): Buffer {
  const out = new Writer().string(1, method).bytes(2, new Writer().bytes(2, Buffer.from(data)).finish());
  if (contentType !== '') out.string(3, contentType);
  return out.bytes(4, new Writer().uint(1, verb).string(2, query).finish()).finish();
}

async function httpFunction(handle?: HttpHandle) {
  const pod = await startHttpPod({ handle });
  onCleanup(pod.close);
  const env = { FUNC_CONTEXT: JSON.stringify({ ...CONTEXT, runtime: 'Knative', inputs: {} }) };
  return { pod, ...await startProxy({ pods: [pod.host], podPort: pod.port, env }) };
}

const data = (message: Buffer) => [...fieldsOf(message)].find(({ number }) => number === 1)!.bytes!;

describe('OnInvoke in front of an HTTP function', () => {
  test('becomes the request that Dapr would send to an HTTP app', async () => {
    const { pod, sidecar } = await httpFunction();
    await sidecar.call(ON_INVOKE, invokeRequest({ verb: POST, query: 'a=1&b=x%20y', contentType: 'text/plain', data: 'hello' }), {
      'x-custom': ['1', '2'],
      'grpc-accept-encoding': 'gzip',
      'some-bin': 'AAEC',
      'dapr-content-length': '5',
      'dapr-caller-app-id': 'shop',
    });
    const { method, path, body, raw } = pod.received[0]!;
    expect([method, path, body.toString()]).toEqual(['POST', '/orders/7?a=1&b=x%20y', 'hello']);
    expect(raw.filter((_, at) => raw[at - 1] === 'x-custom')).toEqual(['1', '2']);
    // Node 20 adds a `Connection: keep-alive`, later ones do not.
    const names = raw.filter((name, at) => at % 2 === 0 && name !== 'Connection');
    expect([...names].sort()).toEqual(['content-length', 'content-type', 'dapr-caller-app-id', 'host', 'x-custom', 'x-custom']);
    expect(raw[raw.indexOf('content-type') + 1]).toBe('text/plain');
  });

  test('escapes what cannot be in a request line', async () => {
    const { pod, sidecar } = await httpFunction();
    expect((await sidecar.call(ON_INVOKE, invokeRequest({ method: 'a b/é\n%20', query: 'q=ü' }))).grpcStatus).toBe('0');
    expect(pod.received[0]!.path).toBe('/a%20b/%C3%A9%0A%20?q=%C3%BC');
  });

  test('carries no grpc header, also when it waited and its deadline is nearer', async () => {
    const { pod, sidecar, dns, proxy } = await httpFunction();
    dns.orders = [];
    await pod.close();
    const answered = sidecar.call(ON_INVOKE, invokeRequest({}), { 'grpc-timeout': '9S' });
    await until(() => proxy.pending().waiting === 1);
    const since = performance.now();
    await until(() => performance.now() - since > 10);
    const again = await startHttpPod({ port: pod.port });
    onCleanup(again.close);
    dns.orders = [again.host];
    expect((await answered).grpcStatus).toBe('0');
    expect(again.received[0]!.raw.filter((text) => text.toLowerCase().startsWith('grpc-'))).toEqual([]);
  });

  test('carries the binary trace context as traceparent', async () => {
    const { pod, sidecar } = await httpFunction();
    const binary = Buffer.from('0000' + '0af7651916cd43dd8448eb211c80319c' + '01' + 'b7ad6b7169203331' + '0201', 'hex').toString('base64');
    await sidecar.call(ON_INVOKE, invokeRequest({}), { 'grpc-trace-bin': binary });
    const { raw } = pod.received[0]!;
    expect(raw[raw.indexOf('traceparent') + 1]).toBe('00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01');
  });

  test('is answered with body and content type in the message and the headers as metadata', async () => {
    const { sidecar } = await httpFunction((_call, response) => void response.writeHead(201, { 'content-type': 'application/json', 'X-Answer': 'yes' }).end('{"ok":1}'));
    const { body, grpcStatus, headers } = await sidecar.call(ON_INVOKE, invokeRequest({}));
    const message = body.subarray(5);
    expect([grpcStatus, headers['x-answer'], stringField(message, 2), stringField(data(message), 2)]).toEqual(['0', 'yes', 'application/json', '{"ok":1}']);
  });

  test('passes an answer of 1 MiB', async () => {
    const { sidecar } = await httpFunction((_call, response) => void response.end('x'.repeat(1024 ** 2)));
    const { body } = await sidecar.call(ON_INVOKE, invokeRequest({ verb: GET }));
    expect(stringField(data(body.subarray(5)), 2)).toHaveLength(1024 ** 2);
  });

  test.each([
    [400, '13'], [401, '16'], [403, '7'], [404, '5'], [408, '1'], [409, '6'], [418, '2'], [429, '8'], [500, '2'], [501, '12'], [503, '14'], [504, '4'],
  ])('with HTTP status %s is answered with the code %s of Dapr\'s table', async (status, code) => {
    const { sidecar, pod } = await httpFunction((_call, response) => void response.writeHead(status).end('why'));
    const { grpcStatus, trailers } = await sidecar.call(ON_INVOKE, invokeRequest({}));
    expect(grpcStatus).toBe(code);
    const details = Buffer.from(String(trailers['grpc-status-details-bin']), 'base64');
    const info = [...fieldsOf([...fieldsOf(details)][2]!.bytes!)][1]!.bytes!;
    const metadata = [...fieldsOf(info)].slice(2).map(({ bytes }) => [stringField(bytes!, 1), stringField(bytes!, 2)]);
    expect([stringField(details, 2), stringField(info, 2)]).toEqual([trailers['grpc-message'], 'dapr.io']);
    expect(metadata).toEqual([['http.code', String(status)], ['http.error_message', 'why']]);
    expect(pod.received).toHaveLength(1);
  });

  test.each([[404, 'Not Found'], [413, 'Request Entity Too Large'], [418, 'I\'m a teapot']])('with HTTP status %s has the message %s, as Go names it', async (status, text) => {
    const { sidecar } = await httpFunction((_call, response) => void response.writeHead(status).end());
    expect((await sidecar.call(ON_INVOKE, invokeRequest({}))).trailers['grpc-message']).toBe(text);
  });

  test.each([
    ['no verb', invokeRequest({ verb: 0 })],
    ['the verb CONNECT', invokeRequest({ verb: 6 })],
    ['bytes that are not a message', Buffer.from([255, 255, 255, 255])],
    ['data that is not a message', Buffer.concat([new Writer().bytes(2, Buffer.from([255])).finish(), invokeRequest({})].reverse())],
  ])('with %s is INVALID_ARGUMENT, and shows in the metrics', async (_what, message) => {
    const { sidecar, pod, metric } = await httpFunction();
    expect((await sidecar.call(ON_INVOKE, message)).grpcStatus).toBe('3');
    expect(await metric('dapr_proxy_events_total')).toEqual([
      'dapr_proxy_events_total{kind="invoke",component="",outcome="bad-request"} 1',
    ]);
    expect(pod.received).toHaveLength(0);
  });

  test('that reaches no pod is UNAVAILABLE after the hold', async () => {
    const env = { FUNC_CONTEXT: JSON.stringify({ ...CONTEXT, runtime: 'Knative' }), DAPR_PROXY_HOLD_TIMEOUT: '30ms' };
    const { sidecar } = await startProxy({ env });
    expect((await sidecar.call(ON_INVOKE, invokeRequest({}))).grpcStatus).toBe('14');
  });
});

describe('OnInvoke in front of a gRPC function', () => {
  test('passes byte for byte', async () => {
    const pod = await startPod();
    onCleanup(pod.close);
    const { sidecar } = await startProxy({ pods: [pod.host], podPort: pod.port });
    const message = invokeRequest({ data: 'x' });
    await sidecar.call(ON_INVOKE, message);
    expect(pod.received[0]!.body.subarray(5)).toEqual(message);
  });
});
