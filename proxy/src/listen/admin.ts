/** Small pages for probes, metrics and pending events, on ports that others in the cluster may reach. */
import { createServer, Server } from 'node:http';
import { Socket } from 'node:net';
import { boundConnections } from './connections';
import { Clock } from '../observe/clock';

/** The answer to a GET of one path. */
export type AdminPage = () => { readonly status: number; readonly type: string; readonly body: string };

const TEXT = 'text/plain; charset=utf-8';
/** From the connection to the end of the answer. */
export const PAGE_MS = 10_000;
export const MAX_PAGE_CONNECTIONS = 256;

export function page(status: number, body: string): ReturnType<AdminPage> {
  return { status, type: TEXT, body };
}

export function jsonPage(value: unknown): ReturnType<AdminPage> {
  return { status: 200, type: 'application/json', body: JSON.stringify(value) };
}

export function createAdminServer(pages: Readonly<Record<string, AdminPage>>, clock: Clock): Server {
  const server = createServer((request, response) => {
    const path = request.url?.split('?', 1)[0] ?? '';
    const allowed = request.method === 'GET' || request.method === 'HEAD';
    const found = Object.hasOwn(pages, path) ? pages[path] : undefined;
    const { status, type, body } = allowed ? found?.() ?? page(404, 'not found\n') : page(405, 'GET or HEAD\n');
    // A connection that is kept would hold a place that another caller needs.
    const headers = { 'content-type': type, 'content-length': Buffer.byteLength(body), 'connection': 'close' };
    response.writeHead(status, headers).end(body);
  });
  boundConnections(server, MAX_PAGE_CONNECTIONS);
  server.on('connection', (socket: Socket) => {
    const timer = clock.setTimeout(() => socket.destroy(), PAGE_MS);
    socket.once('close', () => clock.clearTimeout(timer));
  });
  server.on('clientError', (_error, socket) => socket.destroy());
  return server;
}
