/** Probes, metrics and pending counts on the pod's address. */
import { createServer, Server } from 'node:http';

/** The answer to a GET of one path. */
export type AdminPage = () => { readonly status: number; readonly type: string; readonly body: string };

const TEXT = 'text/plain; charset=utf-8';
const REQUEST_MS = 10_000;
const MAX_CONNECTIONS = 256;

export function page(status: number, body: string): ReturnType<AdminPage> {
  return { status, type: TEXT, body };
}

export function jsonPage(value: unknown): ReturnType<AdminPage> {
  return { status: 200, type: 'application/json', body: JSON.stringify(value) };
}

export function createAdminServer(pages: Readonly<Record<string, AdminPage>>): Server {
  const server = createServer({ headersTimeout: REQUEST_MS, requestTimeout: REQUEST_MS }, (request, response) => {
    const path = request.url?.split('?', 1)[0] ?? '';
    const allowed = request.method === 'GET' || request.method === 'HEAD';
    const found = Object.hasOwn(pages, path) ? pages[path] : undefined;
    const { status, type, body } = allowed ? found?.() ?? page(404, 'not found\n') : page(405, 'GET or HEAD\n');
    response.writeHead(status, { 'content-type': type, 'content-length': Buffer.byteLength(body) });
    response.end(body);
  });
  server.maxConnections = MAX_CONNECTIONS;
  server.on('clientError', (_error, socket) => socket.destroy());
  return server;
}
