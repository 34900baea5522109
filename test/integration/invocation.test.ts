/** Service invocation and foreign gRPC services: a caller with a sidecar of its own reaches the function through the proxy. */
import { once } from 'node:events';
import { ServiceError, status } from '@grpc/grpc-js';
import { stopAll, waitFor } from '../testbed';
import { RawGrpcClient } from './support/grpc-client';
import { DAPR_API, invokeServiceRequest, onInvokeRequest, parseInvokeResponse, APP_CALLBACK } from './support/messages';
import { Sidecar } from './support/sidecar';
import { World, WorldOptions } from './support/world';

afterAll(stopAll);

let world: World;
let caller: Sidecar;
let client: RawGrpcClient;

async function start(options: Omit<WorldOptions, 'via'>) {
  world = await World.start({ via: 'proxy', ...options });
  caller = await Sidecar.start({ appId: 'caller', callee: world.sidecar, components: [] });
  client = new RawGrpcClient(`127.0.0.1:${caller.grpcPort}`);
}

afterEach(async () => {
  client.close();
  await caller.stop(500);
  await world.stop();
});

const failureOf = (call: Promise<unknown>): Promise<ServiceError> => call.then(() => { throw new Error('the call succeeded'); }, (error: ServiceError) => error);
const invokeOverGrpc = async (method: string, data: string) => parseInvokeResponse(
  await client.unary(`${DAPR_API}/InvokeService`, invokeServiceRequest(world.appId, method, data)));
const invokeOverHttp = (method: string, init: RequestInit = {}) => fetch(`${caller.url}/v1.0/invoke/${world.appId}/method/${method}`, init);

describe('invocation gRPC → gRPC', () => {
  beforeEach(() => start({ protocol: 'grpc', appToken: 'token-of-the-app' }));

  it('the answer and the status of the function come back as it gave them', async () => {
    expect((await invokeOverGrpc('greet', 'hello')).data.toString()).toBe('greet:hello');
    const failure = await failureOf(invokeOverGrpc('fail/9', ''));
    expect([failure.code, failure.details]).toEqual([status.FAILED_PRECONDITION, 'asked to fail with 9']);
  });

  it('a 1 MiB answer arrives whole', async () => {
    expect((await invokeOverGrpc('bytes', String(1024 ** 2))).data.length).toBe(1024 ** 2);
  });

  it('a caller with the token of the app reaches the function, and one without it does not', async () => {
    await invokeOverGrpc('greet', 'hello');
    expect(world.ledger.lines().find(({ step }) => step === 'invoke')?.headers?.['dapr-api-token']).toBe('token-of-the-app');
    const stranger = new RawGrpcClient(`127.0.0.1:${world.port}`);
    const refused = await failureOf(stranger.unary(`${APP_CALLBACK}/OnInvoke`, onInvokeRequest('sneak', '')));
    stranger.close();
    expect(refused.code).toBe(status.UNAUTHENTICATED);
    expect(world.ledger.lines().some(({ id }) => id === 'sneak')).toBe(false);
  });
});

describe('a foreign gRPC service', () => {
  beforeEach(() => start({ protocol: 'grpc' }));
  const metadata = () => ({ 'dapr-app-id': world.appId });

  it('a conversation goes back and forth message by message', async () => {
    const chat = client.bidi('/test.Foreign/Chat', metadata());
    const heard: string[] = [];
    for (let turn = 0; turn < 50; turn++) {
      // The next message is sent only after the answer to the last: a proxy that waited for the end would stand still.
      const answer = once(chat, 'data') as Promise<[Buffer]>;
      chat.write(Buffer.from(`turn ${turn}`));
      heard.push((await answer)[0].toString());
    }
    const ended = once(chat, 'end');
    chat.end();
    await ended;
    expect(heard).toEqual(Array.from({ length: 50 }, (_, turn) => `re:turn ${turn}`));
  });

  it('10,000 streamed messages arrive in order, in both directions', async () => {
    const counted: number[] = [];
    for await (const message of client.serverStream('/test.Foreign/Count', Buffer.from('10000'), metadata())) counted.push(Number((message as Buffer).toString()));
    expect(counted).toEqual(Array.from({ length: 10_000 }, (_, index) => index));
    const sum = await client.clientStream('/test.Foreign/Sum', counted.map((value) => Buffer.from(String(value))), metadata());
    expect(sum.toString()).toBe(String(9999 * 10_000 / 2));
  });
});

describe('invocation HTTP → HTTP', () => {
  beforeEach(() => start({ protocol: 'http', podKind: 'http', httpFunction: true, appToken: 'token-of-the-app' }));

  it('verb, path, query, headers and body arrive, status, headers and body come back', async () => {
    const answer = await invokeOverHttp('items/7?colour=red&x=%20y', { method: 'PUT', headers: { 'x-custom': 'kept', 'content-type': 'text/plain' }, body: 'a body' });
    const seen = await answer.json() as { method: string; url: string; body: string; headers: Record<string, string> };
    expect([answer.status, seen.method, seen.url, seen.body]).toEqual([200, 'PUT', '/items/7?colour=red&x=%20y', 'a body']);
    expect([seen.headers['x-custom'], seen.headers['dapr-api-token']]).toEqual(['kept', 'token-of-the-app']);
    for (const code of [201, 404, 418, 503]) {
      const other = await invokeOverHttp(`status/${code}`);
      expect([other.status, other.headers.get('x-function'), await other.text()]).toEqual([code, 'yes', 'as asked']);
    }
  });

  it('an event stream is passed on as it comes', async () => {
    // Dapr streams only to callers of the function's own sidecar, and only when they ask for it.
    const ticks = await fetch(`${world.sidecar.url}/v1.0/invoke/${world.appId}/method/ticks`, { headers: { accept: 'text/event-stream' } });
    const stream = ticks.body!.getReader();
    const text = async () => Buffer.from((await stream.read()).value ?? []).toString();
    // The second event is caused by a request made after the first was seen.
    expect(await text()).toBe('data: 0\n\n');
    expect((await invokeOverHttp('tick')).status).toBe(204);
    expect(await text()).toBe('data: 1\n\n');
    expect((await stream.read()).done).toBe(true);
  });

  it('without the token of the app only the health path answers', async () => {
    const app = `http://127.0.0.1:${world.port}`;
    expect((await fetch(`${app}/items`)).status).toBe(401);
    expect((await fetch(`${app}/dapr-proxy/healthz`)).status).toBe(200);
  });
});

describe('an HTTP invocation to the path of a job', () => {
  it('is not a job: three equal ones that wait for a pod are three calls of the function', async () => {
    world = await World.create({ via: 'proxy', protocol: 'http' });
    await world.startProxy();
    await (await world.startSidecar()).ready();
    caller = await Sidecar.start({ appId: 'caller', callee: world.sidecar, components: [] });
    client = new RawGrpcClient(`127.0.0.1:${caller.grpcPort}`);
    const calls = [1, 2, 3].map(() => invokeOverHttp('job/nightly', { method: 'POST', body: '{}' }));
    await waitFor(async () => (await world.proxy.pending()).waiting === 3, { what: 'three calls that wait' });
    await world.startPod();
    expect((await Promise.all(calls)).map(({ status: code }) => code)).toEqual([200, 200, 200]);
    expect(world.ledger.received().get('nightly')).toBe(3);
  });
});

describe('invocation of an HTTP-only function behind a gRPC app channel', () => {
  beforeEach(() => start({ protocol: 'grpc', podKind: 'http', httpFunction: true }));

  it('OnInvoke becomes the HTTP request, and its answer the message that a gRPC function would give', async () => {
    const answer = await invokeOverGrpc('items/7', 'a body');
    const seen = JSON.parse(answer.data.toString()) as { method: string; url: string; body: string };
    expect([seen.method, seen.url, seen.body]).toEqual(['POST', '/items/7', 'a body']);
    expect(answer.contentType).toBe('application/json');
  });

  it.each([[404, status.NOT_FOUND], [403, status.PERMISSION_DENIED], [503, status.UNAVAILABLE], [500, status.UNKNOWN]])(
    'HTTP status %i becomes gRPC code %i', async (http, code) => {
      expect((await failureOf(invokeOverGrpc(`status/${http}`, ''))).code).toBe(code);
    });
});
