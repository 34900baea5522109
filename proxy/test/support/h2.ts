/** gRPC peers made of bare HTTP/2 streams, so that a test can misbehave in any way it likes. */
import { once } from 'node:events';
import {
  ClientHttp2Session, connect, createServer, Http2Server, IncomingHttpHeaders, OutgoingHttpHeaders, ServerHttp2Session, ServerHttp2Stream,
} from 'node:http2';
import { AddressInfo } from 'node:net';

export const TOPIC_EVENT = '/dapr.proto.runtime.v1.AppCallback/OnTopicEvent';
export const BINDING_EVENT = '/dapr.proto.runtime.v1.AppCallback/OnBindingEvent';
export const LIST_TOPICS = '/dapr.proto.runtime.v1.AppCallback/ListTopicSubscriptions';
export const LIST_BINDINGS = '/dapr.proto.runtime.v1.AppCallback/ListInputBindings';
export const HEALTH_CHECK = '/dapr.proto.runtime.v1.AppCallbackHealthCheck/HealthCheck';
export const ON_INVOKE = '/dapr.proto.runtime.v1.AppCallback/OnInvoke';
export const JOB_EVENT = '/dapr.proto.runtime.v1.AppCallbackAlpha/OnJobEventAlpha1';
export const BULK_EVENT = '/dapr.proto.runtime.v1.AppCallbackAlpha/OnBulkTopicEventAlpha1';

export interface Received {
  readonly path: string;
  readonly headers: IncomingHttpHeaders;
  readonly raw: readonly string[];
  readonly body: Buffer;
  readonly stream: ServerHttp2Stream;
  readonly session: ServerHttp2Session;
}

export interface Pod {
  readonly host: string;
  readonly port: number;
  readonly server: Http2Server;
  readonly received: Received[];
  readonly sessions: Set<ServerHttp2Session>;
  /** Resolves when `count` calls have been received in all. */
  got(count: number): Promise<void>;
  close(): Promise<void>;
}

/** A function pod that hands each complete call to `handle`; without one it answers OK with an empty message. */
export async function startPod(
  options: { host?: string; port?: number; handle?: (call: Received) => void; settings?: { maxConcurrentStreams?: number }; early?: boolean } = {},
): Promise<Pod> {
  const { host = '127.0.0.1', port = 0, handle = (call: Received) => answer(call.stream), settings = {} } = options;
  const received: Received[] = [];
  const sessions = new Set<ServerHttp2Session>();
  const waiters: (() => void)[] = [];
  const server = createServer({ settings, maxHeaderListPairs: 10_000, maxSendHeaderBlockLength: 4 * 1024 ** 2 });
  server.on('session', (session) => {
    sessions.add(session);
    session.on('error', () => undefined);
    session.on('close', () => sessions.delete(session));
  });
  const take = (stream: ServerHttp2Stream, headers: IncomingHttpHeaders, _flags: number, raw: string[]) => {
    const chunks: Buffer[] = [];
    stream.on('error', () => undefined);
    const done = () => {
      const call = { path: headers[':path'] ?? '', headers, raw, body: Buffer.concat(chunks), stream, session: stream.session as ServerHttp2Session };
      received.push(call);
      waiters.forEach((check) => check());
      handle(call);
    };
    if (options.early) return done();
    stream.on('data', (chunk: Buffer) => chunks.push(chunk));
    stream.on('end', done);
  };
  server.on('stream', take as never);
  server.listen(port, host);
  await once(server, 'listening');
  return {
    host,
    port: (server.address() as AddressInfo).port,
    server,
    received,
    sessions,
    got: (count) => new Promise((resolve) => {
      const check = () => received.length >= count && resolve();
      waiters.push(check);
      check();
    }),
    close: () => new Promise((resolve) => {
      sessions.forEach((session) => session.destroy());
      server.close(() => resolve());
    }),
  };
}

export interface AnswerOptions {
  readonly headers?: OutgoingHttpHeaders;
  readonly message?: Buffer;
  readonly trailers?: OutgoingHttpHeaders;
}

/** A complete gRPC answer: OK unless the trailers say otherwise. */
export function answer(stream: ServerHttp2Stream, { headers = {}, message = Buffer.alloc(0), trailers = { 'grpc-status': '0' } }: AnswerOptions = {}): void {
  stream.respond({ ':status': 200, 'content-type': 'application/grpc', ...headers }, { waitForTrailers: true });
  stream.on('wantTrailers', () => stream.sendTrailers(trailers));
  stream.end(frame(message));
}

export function frame(message: Buffer): Buffer {
  const prefix = Buffer.alloc(5);
  prefix.writeUInt32BE(message.length, 1);
  return Buffer.concat([prefix, message]);
}

export interface Answered {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly rawHeaders: readonly string[];
  readonly trailers: IncomingHttpHeaders;
  readonly rawTrailers: readonly string[];
  readonly body: Buffer;
  readonly rstCode: number;
  /** From the trailers, or from the headers of an answer without a body. */
  readonly grpcStatus: string | undefined;
}

export interface Sidecar {
  readonly session: ClientHttp2Session;
  call(path: string, message?: Buffer, headers?: OutgoingHttpHeaders, signal?: AbortSignal): Promise<Answered>;
  request(method: string, path: string, body?: string, headers?: OutgoingHttpHeaders): Promise<Answered>;
  close(): void;
}

/** What daprd is to the proxy. */
export async function startSidecar(port: number, host = '127.0.0.1'): Promise<Sidecar> {
  const limits = { maxHeaderListPairs: 10_000, maxSendHeaderBlockLength: 4 * 1024 ** 2, settings: { maxHeaderListSize: 4 * 1024 ** 2 } };
  const session = connect(`http://${host}:${port}`, limits);
  session.on('error', () => undefined);
  await once(session, 'remoteSettings');
  const send = (headers: OutgoingHttpHeaders, body: Buffer, signal?: AbortSignal) => new Promise<Answered>((resolve) => {
    const stream = session.request(headers, { endStream: body.length === 0, signal });
    const chunks: Buffer[] = [];
    const got: Pick<{ -readonly [key in keyof Answered]: Answered[key] }, 'status' | 'headers' | 'rawHeaders' | 'trailers' | 'rawTrailers'> = {
      status: 0,
      headers: {},
      rawHeaders: [],
      trailers: {},
      rawTrailers: [],
    };
    stream.on('response', ((answered: IncomingHttpHeaders, _flags: number, raw: string[]) => {
      got.status = Number(answered[':status']);
      got.headers = answered;
      got.rawHeaders = raw;
    }) as never);
    stream.on('trailers', ((trailers: IncomingHttpHeaders, _flags: number, raw: string[]) => {
      got.trailers = trailers;
      got.rawTrailers = raw;
    }) as never);
    stream.on('data', (chunk: Buffer) => chunks.push(chunk));
    stream.on('error', () => undefined);
    stream.on('close', () => resolve({
      ...got,
      body: Buffer.concat(chunks),
      rstCode: stream.rstCode,
      grpcStatus: String(got.trailers['grpc-status'] ?? got.headers['grpc-status'] ?? '') || undefined,
    }));
    if (body.length > 0) stream.end(body);
  });
  return {
    session,
    call: (path, message = Buffer.alloc(0), headers = {}, signal) =>
      send({ ':method': 'POST', ':path': path, 'content-type': 'application/grpc', 'te': 'trailers', ...headers }, frame(message), signal),
    request: (method, path, body = '', headers = {}) => send({ ':method': method, ':path': path, ...headers }, Buffer.from(body)),
    close: () => session.destroy(),
  };
}
