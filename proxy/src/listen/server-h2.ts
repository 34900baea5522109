/** The app channel over HTTP/2 with prior knowledge (`grpc`, `h2c`). */
import { createServer, Http2Server, IncomingHttpHeaders, ServerHttp2Stream } from 'node:http2';
import { ServerSettings } from './call';
import { H2Caller } from './caller-h2';
import { SessionKeeper } from './session-keeper';
import { messageOf } from '../observe/log';

export interface H2ServerSettings extends ServerSettings {
  readonly keeper: SessionKeeper;
}

/** A connection without free streams fails Dapr's health probe and ends its subscriptions: the limit is a safety net. */
const STREAMS_PER_WAITING = 4;
const STREAM_WINDOW_BYTES = 1024 ** 2;
const SESSION_WINDOW_BYTES = 16 * 1024 ** 2;
const SESSION_MEMORY_MB = 1024;
const HEADER_BLOCK_BYTES = 4 * 1024 ** 2;
const MAX_REJECTED = 2 ** 31;

export function createH2Server(settings: H2ServerSettings, grpc: boolean): Http2Server {
  const server = createServer({
    maxSessionMemory: SESSION_MEMORY_MB,
    maxHeaderListPairs: settings.maxHeaders * 4,
    maxSendHeaderBlockLength: HEADER_BLOCK_BYTES,
    maxSessionRejectedStreams: MAX_REJECTED,
    settings: {
      maxConcurrentStreams: settings.maxWaiting * STREAMS_PER_WAITING,
      initialWindowSize: STREAM_WINDOW_BYTES,
      maxHeaderListSize: HEADER_BLOCK_BYTES,
    },
  });
  settings.keeper.watch(server);
  server.on('session', (session) => session.setLocalWindowSize(SESSION_WINDOW_BYTES));
  // The fourth argument holds the lines as they came; the types do not know it.
  (server as unknown as RawStreams).on('stream', (stream, headers, _flags, raw) => take(stream, headers, raw, settings, grpc));
  // A peer that breaks the protocol loses its connection; that is the whole of it.
  server.on('sessionError', (error) => settings.log.debug('connection failed', { why: messageOf(error) }));
  return server;
}

interface RawStreams {
  on(event: 'stream', listener: (stream: ServerHttp2Stream, headers: IncomingHttpHeaders, flags: number, raw: string[]) => void): void;
}

function take(stream: ServerHttp2Stream, headers: IncomingHttpHeaders, raw: string[], settings: ServerSettings, grpc: boolean): void {
  const caller = new H2Caller(stream, grpc);
  settings.serve({ method: headers[':method'] ?? '', path: headers[':path'] ?? '', raw, source: stream, caller });
}
