/**
 * The same bytes to node:http2 and to our server, and what each makes of them. Frames are drawn from a seeded generator:
 * mostly what an honest caller sends, some of them broken on purpose, some of them broken byte by byte.
 */
import { createServer, Http2Server } from 'node:http2';
import { AddressInfo, connect, Server } from 'node:net';
import { data, frame, framesIn, headers, literals, POST, settings, word } from './frames';
import { H2Server, H2Stream } from '../../../src/h2';
import { Flag, Frame, PREFACE, Setting } from '../../../src/h2/protocol';

export interface Verdict {
  /** The connection outlived the bytes. */
  readonly alive: boolean;
  /** By stream: what was said on it. */
  readonly streams: Readonly<Record<number, string>>;
}

export interface Case {
  readonly bytes: Buffer;
  readonly frames: number;
  readonly words: readonly string[];
}

/** mulberry32: small, seeded, good enough to pick frames. */
export function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4294967296;
  };
}

export const END = frame(Frame.PING, 0, 0, 'feedfacefeedface');

/** Draws one connection's bytes. */
export function draw(random: () => number, frames: number): Case {
  const below = (limit: number) => Math.floor(random() * limit);
  const pick = <T>(list: readonly T[]): T => list[below(list.length)]!;
  const words: string[] = [];
  const open: number[] = [];
  let next = 1;
  const oldStream = () => 1 + 2 * below(Math.max(1, (next - 1) / 2));
  const some = (bytes: number) => Buffer.from(Array.from({ length: bytes }, () => below(256)));

  const request = (block: Buffer): Buffer => {
    const id = next;
    next += 2;
    const ends = random() < 0.5;
    if (!ends) open.push(id);
    return headers(id, block, Flag.END_HEADERS | (ends ? Flag.END_STREAM : 0));
  };
  const body = (): Buffer => {
    const at = below(Math.max(1, open.length));
    const id = open[at];
    if (id === undefined) return request(POST);
    const ends = random() < 0.6;
    if (ends) open.splice(at, 1);
    return data(id, some(below(40)), ends ? Flag.END_STREAM : 0);
  };
  const literalField = (): [string, string] => [pick(['a', 'x-long', 'te', 'accept']), pick(['trailers', '', 'v', 'w'.repeat(below(300))])];
  const honest: [string, () => Buffer][] = [
    ['request', () => request(POST)],
    ['request with fields', () => request(Buffer.concat([POST, literals(['x-a', 'b'], ['x-b', 'c'.repeat(below(200))])]))],
    ['request that is indexed', () => request(Buffer.concat([POST, Buffer.from(pick(['4001610162', '400178027979', '5f01']).padEnd(4, '61'), 'hex')]))],
    ['request from the table', () => request(Buffer.concat([POST, Buffer.from([0xbe])]))],
    ['request in parts', () => {
      const whole = request(POST);
      whole[4]! &= ~Flag.END_HEADERS;
      return Buffer.concat([whole, frame(Frame.CONTINUATION, Flag.END_HEADERS, next - 2, literals(['x-part', '2']))]);
    }],
    ['data', body], ['data', body], ['data', body],
    ['padded data', () => (open[0] === undefined ? body() : data(open[0], Buffer.concat([Buffer.from([2]), some(3), Buffer.alloc(2)]), Flag.PADDED))],
    ['trailers', () => {
      const id = open.pop();
      return id === undefined ? request(POST) : headers(id, literals(['x-end', 'y']));
    }],
    ['ping', () => frame(Frame.PING, 0, 0, some(8))],
    ['settings', () => settings([pick([Setting.MAX_CONCURRENT_STREAMS, Setting.MAX_HEADER_LIST_SIZE]), 1000 + below(1000)])],
    ['table size', () => settings([Setting.HEADER_TABLE_SIZE, below(5000)])],
    ['window', () => frame(Frame.WINDOW_UPDATE, 0, pick([0, open[0] ?? 0]), word(1 + below(1000)))],
    ['priority', () => frame(Frame.PRIORITY, 0, next + 2, '0000000010')],
    ['unknown', () => frame((0x20 + below(100)) as Frame, below(256), below(100), some(below(20)))],
    ['reset', () => {
      const id = open.shift();
      return id === undefined ? request(POST) : frame(Frame.RST_STREAM, 0, id, word(pick([0, 8, 2])));
    }],
  ];
  const broken: [string, () => Buffer][] = [
    ['malformed request', () => request(pick([
      Buffer.from('8384', 'hex'), Buffer.from('838684', 'hex').subarray(0, 2), Buffer.concat([POST, literals(['connection', 'close'])]),
      Buffer.concat([POST, literals(['te', 'gzip'])]), Buffer.concat([POST, literals(['Upper', 'x'])]), Buffer.concat([POST, literals([':status', '200'])]),
      Buffer.concat([literals(['a', 'b']), POST]), Buffer.concat([POST, literals([':path', '/'])]),
      Buffer.concat([POST, literals(['content-length', 'x'])]), Buffer.concat([POST, literals(['content-length', '7'])]),
    ]))],
    ['fields of any kind', () => request(Buffer.concat([POST, literals(literalField(), literalField())]))],
    ['even stream', () => headers(next + 1, POST)],
    ['old stream', () => headers(oldStream(), POST)],
    ['data on an idle stream', () => data(next + 10, 'x')],
    ['data on no stream', () => data(0, 'x')],
    ['window of nothing', () => frame(Frame.WINDOW_UPDATE, 0, 0, word(0))],
    ['window too large', () => frame(Frame.WINDOW_UPDATE, 0, 0, word(0x7fffffff))],
    ['reset of an idle stream', () => frame(Frame.RST_STREAM, 0, next + 4, word(8))],
    ['wrong size', () => frame(pick([Frame.PING, Frame.WINDOW_UPDATE, Frame.SETTINGS, Frame.GOAWAY]), 0, 0, some(below(4)))],
    ['settings out of range', () => settings([pick([Setting.ENABLE_PUSH, Setting.INITIAL_WINDOW_SIZE, Setting.MAX_FRAME_SIZE]), pick([2, 0xffffffff, 100])])],
    ['continuation of nothing', () => frame(Frame.CONTINUATION, Flag.END_HEADERS, next, POST)],
    ['cut block', () => frame(Frame.HEADERS, 0, next, POST)],
    ['push', () => frame(Frame.PUSH_PROMISE, Flag.END_HEADERS, oldStream(), '0000000288')],
    ['padding too long', () => data(open[0] ?? next, Buffer.from([200, 1, 2]), Flag.PADDED)],
    ['broken block', () => request(some(1 + below(12)))],
    ['any bytes', () => some(9 + below(30))],
  ];

  const parts: Buffer[] = [];
  const faulty = random() < 0.7;
  for (let at = 0; at < frames; at++) {
    // One or two faults in a case: what follows a fault that ends the connection is never looked at.
    const [name, make] = faulty && random() * frames < 1.2 ? pick(broken) : pick(honest);
    const bytes = make();
    const flipped = faulty && random() * frames < 0.4;
    // The length stays, mostly: beyond it all is noise.
    if (flipped) bytes[random() < 0.1 ? below(3) : 3 + below(bytes.length - 3)]! ^= 1 << below(8);
    words.push(flipped ? `${name} with a flipped bit` : name);
    parts.push(bytes);
  }
  return { bytes: Buffer.concat([PREFACE, settings(), ...parts, END]), frames, words };
}

/** Both servers, doing the same with a request: a short answer once it is whole. */
export class Rivals {
  private readonly own = new H2Server({
    maxConcurrentStreams: 1000,
    timers: { setTimeout: (callback, ms) => setTimeout(callback, ms).unref(), clearTimeout: (timer) => clearTimeout(timer) },
    accept: (stream) => answer(stream),
    refuseLarge: (stream) => stream.headers([':status', '431'], true),
  });
  private readonly node: Http2Server = createServer({ settings: { maxConcurrentStreams: 1000, initialWindowSize: 256 * 1024 } });

  public async start(): Promise<void> {
    this.node.on('sessionError', () => undefined).on('stream', (stream) => {
      let aborted = false;
      stream.on('error', () => undefined).on('aborted', () => { aborted = true; });
      stream.on('end', () => {
        // node:http2 ends a stream that was reset without an error code like a complete one.
        if (aborted || stream.destroyed) return;
        stream.respond({ ':status': 200 }, { sendDate: false } as never);
        stream.end('ok');
      }).resume();
    });
    await Promise.all([this.own.server, this.node as unknown as Server].map((server) => (
      new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    )));
  }

  public stop(): void {
    this.own.destroy();
    this.own.server.close();
    this.node.close();
  }

  /** Undefined when both agree. */
  public async judge(one: Case): Promise<string | undefined> {
    const port = (server: { address(): unknown }) => (server.address() as AddressInfo).port;
    const [own, node] = await Promise.all([verdict(port(this.own.server), one.bytes), verdict(port(this.node), one.bytes)]);
    return disagreement(one, own, node);
  }

  /** Several cases at a time; the seeds of those that nobody can explain. */
  public async judgeAll(firstSeed: number, cases: number, frames: number, told?: (done: number) => void): Promise<string[]> {
    const found: string[] = [];
    let next = 0;
    const work = async () => {
      while (next < cases) {
        const seed = firstSeed + next++;
        const one = draw(randomOf(seed), frames);
        // Once more where it was a matter of time.
        const why = await this.judge(one) && await this.judge(one);
        if (why !== undefined) found.push(`seed ${seed}, ${frames} frames: ${why}`);
        told?.(next);
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, work));
    return found;
  }
}

/**
 * Where the verdicts differ without a reason, in words. There are two reasons: RFC 9113 section 5.1.1 ends a connection
 * whose stream numbers go down, which nghttp2 lets pass; and section 8.2.1 makes a call malformed by any byte that a name or
 * value may not have, where nghttp2 leaves that field out and goes on.
 */
export function disagreement({ bytes, words }: Case, own: Verdict, node: Verdict): string | undefined {
  if (own.alive !== node.alive) {
    return node.alive && goesDown(bytes) ? undefined : `the connection ${own.alive ? 'lives' : 'ended'} here, with node:http2 not so`;
  }
  // On its way down either may have answered a little more than the other.
  if (!own.alive) return undefined;
  const noisy = words.some((name) => name === 'broken block' || name.includes('flipped'));
  const different = Object.keys({ ...own.streams, ...node.streams }).map(Number).filter((id) => own.streams[id] !== node.streams[id]);
  const unexplained = different.filter((id) => !(noisy && own.streams[id] === 'reset'));
  return unexplained.length === 0 ? undefined : `stream ${unexplained[0]} is ${own.streams[unexplained[0]!]} here and ${node.streams[unexplained[0]!]} there`;
}

function goesDown(bytes: Buffer): boolean {
  let highest = 0;
  const [known, over] = [new Set<number>(), new Set<number>()];
  for (const { type, id, flags } of framesIn(bytes.subarray(PREFACE.length)).frames) {
    if (type === Frame.HEADERS) {
      if (id < highest && (over.has(id) || !known.has(id))) return true;
      known.add(id);
      highest = Math.max(highest, id);
    }
    if (type === Frame.RST_STREAM || (type <= Frame.HEADERS && (flags & Flag.END_STREAM) !== 0)) over.add(id);
  }
  return false;
}

function answer(stream: H2Stream): void {
  stream.handler = {
    data: (chunk) => stream.consumed(chunk.length),
    end: () => {
      stream.headers([':status', '200'], false);
      stream.data(Buffer.from('ok'), true);
    },
    gone: () => undefined,
    drained: () => undefined,
  };
}

const AT_ONCE = 12;

/** After the last bytes a server has that long to say something. */
const SILENCE_MS = 60;

async function verdict(port: number, bytes: Buffer): Promise<Verdict> {
  const socket = connect({ port, host: '127.0.0.1', noDelay: true });
  const chunks: Buffer[] = [];
  const alive = await new Promise<boolean>((resolve) => {
    let timer = setTimeout(() => resolve(false), 20 * SILENCE_MS);
    socket.on('data', (chunk) => {
      chunks.push(chunk);
      clearTimeout(timer);
      const { frames } = framesIn(Buffer.concat(chunks));
      const [bye, pong] = [frames.some(({ type }) => type === Frame.GOAWAY), frames.some(({ type, payload }) => type === Frame.PING && payload.equals(END.subarray(9)))];
      if (bye || pong) return resolve(pong && !bye);
      timer = setTimeout(() => resolve(false), SILENCE_MS);
    });
    socket.on('error', () => undefined).on('close', () => {
      clearTimeout(timer);
      resolve(false);
    });
    socket.write(bytes);
  });
  // Answers that were on their way when the ping came back.
  if (alive) await new Promise((resolve) => setTimeout(resolve, 2));
  socket.destroy();
  return { alive, streams: outcomes(Buffer.concat(chunks)) };
}

function outcomes(bytes: Buffer): Record<number, string> {
  const out: Record<number, string> = {};
  for (const { type, id, flags } of framesIn(bytes).frames) {
    if (id === 0 || (type > Frame.RST_STREAM) || type === Frame.PRIORITY) continue;
    const came = type === Frame.RST_STREAM ? 'reset' : (flags & Flag.END_STREAM) ? 'answered' : '';
    // What follows an answer is a courtesy.
    if (came !== '' && out[id] === undefined) out[id] = came;
  }
  return out;
}
