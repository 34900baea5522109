/**
 * Trailers that leave together with the end of the body.
 *
 * node:http2 asks for them when the body has left, and sends them a turn of the event loop later: one packet, one system call
 * and one wake-up of the caller more for each event. nghttp2 itself takes them while it reads the last bytes. No public way
 * leads there, so two inner fields of a stream are used where they look as they do in Node 20, 22 and 24, and else the public way.
 */
import { ServerHttp2Stream } from 'node:http2';
import { checkName, RawHeaders, toH2Headers } from '../wire/headers';

/** A bit in the state of a stream: its end is held back until the body has left. */
const HAS_TRAILERS = 0x20;

interface Handle {
  trailers?(list: [lines: string, count: number]): number;
}
type Inner = ServerHttp2Stream & Record<symbol, unknown>;
/** The symbols are the same for all streams. */
let keys: { readonly state?: symbol; readonly handle?: symbol } | undefined;

/** Throws when they cannot be sent; later there is nobody who could answer for it. */
export function checkTrailers(trailers: RawHeaders): RawHeaders {
  for (let at = 0; at < trailers.length; at += 2) checkName(trailers[at]!);
  return trailers;
}

/** Before the body is given to `end` in one piece: its end is known together with it. */
export function endComesWithBody(stream: ServerHttp2Stream): void {
  const { state: key } = keysOf(stream);
  const state = key && (stream as Inner)[key] as { flags?: unknown } | undefined;
  if (typeof state?.flags === 'number' && Math.floor(state.flags / HAS_TRAILERS) % 2 === 1) state.flags -= HAS_TRAILERS;
}

/** To be called from `wantTrailers`. */
export function sendTrailers(stream: ServerHttp2Stream, trailers: RawHeaders): void {
  const { handle: key } = keysOf(stream);
  const handle = key && (stream as Inner)[key] as Handle | undefined;
  if (trailers.length === 0 || typeof handle?.trailers !== 'function') return stream.sendTrailers(toH2Headers({}, trailers));
  let lines = '';
  // Name, value and flags, each ended by a zero byte; no flag is set.
  for (let at = 0; at < trailers.length; at += 2) lines += `${trailers[at]}\0${trailers[at + 1]}\0\0`;
  if (handle.trailers([lines, trailers.length / 2]) < 0) stream.destroy();
}

function keysOf(stream: ServerHttp2Stream): NonNullable<typeof keys> {
  if (keys === undefined) {
    const symbols = Object.getOwnPropertySymbols(stream);
    const named = (name: string) => symbols.find(({ description }) => description === name);
    keys = { state: named('state'), handle: named('kHandle') };
  }
  return keys;
}
