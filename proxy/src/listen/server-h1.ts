/** The app channel over HTTP/1.1 (`http`). */
import { createServer, Server } from 'node:http';
import { Socket } from 'node:net';
import { H1Body } from './body-h1';
import { ServerSettings } from './call';
import { H1Caller } from './caller-h1';

/** Longer than the 90 s for which Dapr's side keeps an idle connection. */
const KEEP_ALIVE_MS = 120_000;
const HEADERS_MS = 10_000;
const MAX_HEADER_BYTES = 1024 ** 2;
const GOODBYE_MS = 1000;

export function createH1Server(settings: ServerSettings): Server {
  const server = createServer({
    maxHeaderSize: MAX_HEADER_BYTES,
    keepAliveTimeout: KEEP_ALIVE_MS,
    headersTimeout: HEADERS_MS,
    // Streamed bodies may last; the intake limits messages that must be whole.
    requestTimeout: 0,
    noDelay: true,
  });
  // Node would drop the lines above its own limit without a word; the services check it and refuse.
  server.maxHeadersCount = 0;
  server.on('request', (request, response) => {
    const { method = '', url: path = '', rawHeaders: raw } = request;
    settings.serve({ method, path, raw, source: new H1Body(request), caller: new H1Caller(response) });
  });
  server.on('clientError', (error: NodeJS.ErrnoException, socket) => {
    settings.log.debug('connection failed', { why: error.message });
    if (!socket.writable) {
      socket.destroy();
      return;
    }
    const overflow = error.code === 'HPE_HEADER_OVERFLOW';
    const status = overflow ? '431 Request Header Fields Too Large' : '400 Bad Request';
    socket.end(`HTTP/1.1 ${status}\r\nConnection: close\r\n\r\n`);
    // Such a peer may never close its side.
    (socket as Socket).setTimeout(GOODBYE_MS, () => socket.destroy());
  });
  return server;
}
