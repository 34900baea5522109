/** A function as an HTTP/1.1 or h2c server, as Knative and HTTP frameworks are. */
import * as http from 'node:http';
import * as http2 from 'node:http2';
import { EventHandler, EventSource, Verdict } from './handler';
import { PodConfig } from './pod-config';

type Request = http.IncomingMessage | http2.Http2ServerRequest;
type Response = http.ServerResponse | http2.Http2ServerResponse;

async function readBody(request: Request): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

function send(response: Response, status: number, body: string | Buffer = '', headers: http.OutgoingHttpHeaders = {}) {
  // Both classes have these methods, with signatures that a union cannot call.
  const plain = response as http.ServerResponse;
  plain.writeHead(status, headers);
  plain.end(body);
}

const json = (response: Response, value: unknown) => send(response, 200, JSON.stringify(value), { 'content-type': 'application/json' });

function answer(response: Response, source: EventSource, verdict: Verdict, answerTo: readonly string[] = []) {
  if (verdict.kind === 'http') return send(response, verdict.code, `asked for ${verdict.code}`);
  if (verdict.kind === 'code') throw new Error('a gRPC code was asked of an HTTP function');
  if (source.via === 'binding') return json(response, { to: answerTo, data: { from: source.component }, concurrency: 'sequential' });
  if (source.via === 'job') return send(response, 200);
  return verdict.kind === 'ok' ? send(response, 200) : json(response, { status: verdict.kind.toUpperCase() });
}

interface BulkBody {
  readonly pubsubname: string;
  readonly topic: string;
  readonly entries: readonly { readonly entryId: string; readonly event: { readonly data: unknown } }[];
}

async function bulk(events: EventHandler, body: BulkBody) {
  const source = { via: 'bulk', component: body.pubsubname, topic: body.topic } as const;
  events.write({ step: 'bulk', size: body.entries.length, ...source });
  return {
    statuses: await Promise.all(body.entries.map(async ({ entryId, event }) => {
      const verdict = await events.handle(source, Buffer.from(JSON.stringify(event.data)));
      return { entryId, status: { ok: 'SUCCESS', success: 'SUCCESS', retry: 'RETRY', drop: 'DROP', code: 'RETRY', http: 'RETRY' }[verdict.kind] };
    })),
  };
}

/** Requests that are no events: what service invocation reaches. */
function api(events: EventHandler, request: Request, response: Response, path: string, body: Buffer) {
  events.write({ step: 'invoke', id: path, headers: request.headers });
  if (path.startsWith('/status/')) return send(response, Number(path.slice('/status/'.length)), 'as asked', { 'x-function': 'yes' });
  if (path === '/ticks') {
    // One event at a time: the next is only sent when the caller's answer to `/tick` shows that the last one arrived.
    const plain = response as http.ServerResponse;
    plain.writeHead(200, { 'content-type': 'text/event-stream' });
    plain.write('data: 0\n\n');
    ticking.push(plain);
    return undefined;
  }
  if (path === '/tick') {
    for (const stream of ticking.splice(0)) stream.end('data: 1\n\n');
    return send(response, 204);
  }
  return json(response, { method: request.method, url: request.url, headers: request.headers, body: body.toString() });
}
const ticking: http.ServerResponse[] = [];

export async function startHttpFunction(config: PodConfig): Promise<void> {
  const events = new EventHandler(config);
  const routeOf = (topic: string, route?: string) => route ?? `/${topic}`;
  const routes = new Map(config.subscriptions.map((subscription) => [routeOf(subscription.topic, subscription.route), subscription]));
  const announced = config.subscriptions.map(({ component, topic, route, deadLetterTopic, bulk: settings }) => ({
    pubsubname: component,
    topic,
    route: routeOf(topic, route),
    deadLetterTopic,
    ...(settings && { bulkSubscribe: { enabled: true, maxMessagesCount: settings.maxMessages, maxAwaitDurationMs: settings.maxAwaitMs } }),
  }));

  const serve = async (request: Request, response: Response) => {
    const path = (request.url ?? '/').split('?')[0]!;
    const name = path.slice(1);
    if (request.method === 'GET' && path === '/dapr/subscribe') return json(response, announced);
    if (request.method === 'GET' && (path === '/dapr/config' || path === '/healthz')) return json(response, {});
    if (request.method === 'OPTIONS') return send(response, config.bindings.includes(name) ? 200 : 404);
    const body = await readBody(request);
    const headers = request.headers as Record<string, string>;
    const subscription = routes.get(path);
    if (subscription?.bulk) return json(response, await bulk(events, JSON.parse(body.toString()) as BulkBody));
    if (subscription) {
      const event = JSON.parse(body.toString()) as { readonly data: unknown };
      const source = { via: 'topic', component: subscription.component, topic: subscription.topic, path, headers } as const;
      return answer(response, source, await events.handle(source, Buffer.from(JSON.stringify(event.data))));
    }
    if (config.bindings.includes(name)) {
      const source = { via: 'binding', component: name, headers } as const;
      return answer(response, source, await events.handle(source, body), config.answerTo);
    }
    if (path.startsWith('/job/')) {
      const job = path.slice('/job/'.length);
      return answer(response, { via: 'job', component: job }, await events.job(job));
    }
    return api(events, request, response, path, body);
  };

  const onRequest = (request: Request, response: Response) => {
    serve(request, response).catch((error: unknown) => send(response, 500, String(error)));
  };
  const server = config.kind === 'h2c' ? http2.createServer(onRequest) : http.createServer(onRequest);
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(config.port, config.address, resolve));
  process.once('SIGTERM', () => {
    server.close(() => process.exit(0));
    if (server instanceof http.Server) server.closeIdleConnections();
  });
}
