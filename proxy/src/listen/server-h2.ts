/** The app channel over HTTP/2 with prior knowledge (`grpc`, `h2c`). */
import { ServerSettings } from './call';
import { H2Caller } from './caller-h2';
import { H2Server, H2Stream } from '../h2';
import { Clock } from '../observe/clock';
import { RawHeaders, valueOf } from '../wire/headers';

export interface H2ServerSettings extends ServerSettings {
  readonly clock: Clock;
}

/**
 * A connection without free streams fails Dapr's health probe and ends its subscriptions: the limit is a safety net.
 */
const STREAMS_PER_WAITING = 4;

export function createH2Server(settings: H2ServerSettings, grpc: boolean): H2Server {
  const accept = (stream: H2Stream, raw: RawHeaders) => {
    const caller = new H2Caller(stream, grpc);
    const [method, path] = [valueOf(raw, ':method') ?? '', valueOf(raw, ':path') ?? ''];
    settings.serve({ method, path, raw, source: caller, caller });
  };
  return new H2Server({
    maxConcurrentStreams: settings.maxWaiting * STREAMS_PER_WAITING,
    timers: settings.clock,
    accept,
    refuseLarge: (stream) => new H2Caller(stream, grpc).fail('too-many-headers'),
    disconnected: (why) => settings.log.debug('connection ended', { why }),
  });
}
