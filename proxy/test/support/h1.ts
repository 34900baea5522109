/** HTTP functions and HTTP callers on bare HTTP/1.1. */
import { once } from 'node:events';
import { Agent, createServer, IncomingMessage, request as httpRequest, Server, ServerResponse } from 'node:http';
import { AddressInfo, Socket } from 'node:net';

export interface HttpReceived {
  readonly method: string;
  readonly path: string;
  readonly raw: readonly string[];
  readonly body: Buffer;
}

export interface HttpPod {
  readonly host: string;
  readonly port: number;
  readonly server: Server;
  /** Without the questions for `/dapr/subscribe`. */
  readonly received: HttpReceived[];
  readonly subscribeAsked: HttpReceived[];
  got(count: number): Promise<void>;
  close(): Promise<void>;
}

export type HttpHandle = (call: HttpReceived, response: ServerResponse, request: IncomingMessage) => void;

export interface HttpPodOptions {
  readonly host?: string;
  readonly port?: number;
  /** What `GET /dapr/subscribe` gives: a status, or a list of routes. */
  readonly subscribe?: number | (() => number) | object[];
  readonly handle?: HttpHandle;
  /** Calls `handle` with the headers, before the body came. */
  readonly early?: boolean;
}

export async function startHttpPod(options: HttpPodOptions = {}): Promise<HttpPod> {
  const { host = '127.0.0.1', port = 0, subscribe = [], handle = (_call, response) => void response.end('ok'), early } = options;
  const received: HttpReceived[] = [];
  const subscribeAsked: HttpReceived[] = [];
  const sockets = new Set<Socket>();
  const waiters: (() => void)[] = [];
  const server = createServer({ maxHeaderSize: 1024 ** 2 }, (request, response) => {
    const chunks: Buffer[] = [];
    const done = () => {
      const call = { method: request.method ?? '', path: request.url ?? '', raw: request.rawHeaders, body: Buffer.concat(chunks) };
      if (call.path === '/dapr/subscribe') {
        subscribeAsked.push(call);
        const answer = typeof subscribe === 'function' ? subscribe() : subscribe;
        response.writeHead(typeof answer === 'number' ? answer : 200, { 'content-type': 'application/json' });
        response.end(typeof answer === 'number' ? '[]' : JSON.stringify(answer));
      } else {
        received.push(call);
        handle(call, response, request);
      }
      waiters.forEach((check) => check());
    };
    if (early && request.url !== '/dapr/subscribe') return done();
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', done);
  });
  server.maxHeadersCount = 0;
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  server.listen(port, host);
  await once(server, 'listening');
  return {
    host,
    server,
    received,
    subscribeAsked,
    port: (server.address() as AddressInfo).port,
    got: (count) => new Promise((resolve) => {
      const check = () => received.length >= count && resolve();
      waiters.push(check);
      check();
    }),
    close: () => new Promise((resolve) => {
      sockets.forEach((socket) => socket.destroy());
      server.close(() => resolve());
    }),
  };
}

export interface HttpAnswered {
  readonly status: number;
  readonly raw: readonly string[];
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
  readonly bytes: Buffer;
}

export interface HttpCall {
  readonly headers?: readonly string[];
  readonly body?: string | Buffer;
  readonly agent?: Agent;
  readonly signal?: AbortSignal;
}

export async function callHttp(port: number, method: string, path: string, call: HttpCall = {}): Promise<HttpAnswered> {
  const { headers = [], body, agent, signal } = call;
  const outgoing = httpRequest({
    port,
    method,
    path,
    agent,
    signal,
    host: '127.0.0.1',
    maxHeaderSize: 1024 ** 2,
    headers: ['host', 'proxy', ...headers, ...(body === undefined ? [] : ['content-length', String(Buffer.byteLength(body))])],
  });
  outgoing.maxHeadersCount = 0;
  outgoing.end(body);
  const [response] = await once(outgoing, 'response') as [IncomingMessage];
  const chunks: Buffer[] = [];
  for await (const chunk of response) chunks.push(chunk as Buffer);
  const bytes = Buffer.concat(chunks);
  return { status: response.statusCode ?? 0, raw: response.rawHeaders, headers: response.headers, body: bytes.toString(), bytes };
}
