/** HTTP/2 with prior knowledge to one pod: one session, many calls. */
import { ClientHttp2Session, connect, constants } from 'node:http2';
import * as net from 'node:net';
import { H2Attempt, H2Way } from './attempt-h2';
import { Address, AnswerSink, Attempt, Channel, ChannelObserver, OutRequest } from './channel';
import { Liveness } from './liveness';
import { Clock } from '../observe/clock';
import { NotAFunctionError } from '../wire/failures';
import { RawHeaders, toH2Headers } from '../wire/headers';

export interface UpstreamSettings {
  /** `:authority` and `Host`. */
  readonly authority: string;
  readonly clock: Clock;
  readonly connectMs: number;
  readonly peerMs: number;
  readonly maxHeaders: number;
}

const TCP_KEEPALIVE_MS = 15_000;
const STREAM_WINDOW_BYTES = 1024 ** 2;
const SESSION_WINDOW_BYTES = 16 * 1024 ** 2;
/** node:http2 counts buffered answers here and breaks the session above it; memory is bounded by the windows already. */
const SESSION_MEMORY_MB = 1024;
const HEADER_BLOCK_BYTES = 4 * 1024 ** 2;

/** All options, so that node:http2 need not add those of its own; the priorities are its defaults (RFC 9113 has none any more). */
const WITH_BODY = { endStream: false };
const WITHOUT_BODY = { endStream: true };

export function connectH2(address: Address, observer: ChannelObserver, settings: UpstreamSettings): Promise<Channel> {
  const socket = net.connect({ ...address, noDelay: true, keepAlive: true, keepAliveInitialDelay: TCP_KEEPALIVE_MS });
  const session = connect('http://pod', {
    createConnection: () => socket,
    maxSessionMemory: SESSION_MEMORY_MB,
    // Lines above the limit are our own verdict (see H2Attempt), not a broken session.
    maxHeaderListPairs: settings.maxHeaders * 4,
    maxSendHeaderBlockLength: HEADER_BLOCK_BYTES,
    settings: { enablePush: false, initialWindowSize: STREAM_WINDOW_BYTES, maxHeaderListSize: HEADER_BLOCK_BYTES },
  });
  return new Promise((resolve, reject) => {
    const timer = settings.clock.setTimeout(() => giveUp(new Error(`no HTTP/2 settings within ${settings.connectMs} ms`)), settings.connectMs);
    const giveUp = (error: Error) => {
      settings.clock.clearTimeout(timer);
      session.destroy();
      socket.destroy();
      reject(error);
    };
    session.on('error', (error: NodeJS.ErrnoException) => {
      giveUp(error.code?.startsWith('ERR_HTTP2') ? new NotAFunctionError(`not HTTP/2: ${error.message}`) : error);
    });
    session.on('close', () => giveUp(new Error('the connection was closed at once')));
    // Only a peer that has sent its settings speaks HTTP/2; they also carry the number of streams it takes.
    session.once('remoteSettings', () => {
      settings.clock.clearTimeout(timer);
      session.removeAllListeners('error').removeAllListeners('close');
      session.setLocalWindowSize(SESSION_WINDOW_BYTES);
      resolve(new H2Channel(session, socket, observer, settings));
    });
  });
}

class H2Channel implements Channel, H2Way {
  public limit: number;
  /** Streams above it were never looked at by the pod. */
  public lastProcessedId = Infinity;
  public readonly liveness: Liveness;
  private calls = 0;
  private isDown = false;

  public constructor(
    private readonly session: ClientHttp2Session, private readonly socket: net.Socket,
    private readonly observer: ChannelObserver, private readonly settings: UpstreamSettings,
  ) {
    this.limit = session.remoteSettings.maxConcurrentStreams ?? Infinity;
    this.liveness = new Liveness(settings.clock, settings.peerMs, {
      ping: (pong) => !session.destroyed && session.ping((error) => error ?? pong()),
      callsInFlight: () => this.calls,
      suspended: (suspended) => observer.suspended(suspended),
      dead: () => this.die('no answer to a ping within the peer timeout'),
    });
    session.on('remoteSettings', (remote) => {
      this.limit = remote.maxConcurrentStreams ?? Infinity;
      observer.resized();
    });
    session.on('goaway', (code, lastStreamId) => {
      this.lastProcessedId = lastStreamId;
      this.down(code === constants.NGHTTP2_NO_ERROR, `GOAWAY with code ${code}`);
    });
    session.on('error', (error) => this.down(this.calls === 0, error.message));
    session.on('close', () => {
      this.liveness.stop();
      this.down(this.calls === 0, 'the connection was closed');
    });
  }

  public send(request: OutRequest, sink: AnswerSink): Attempt {
    const { method, path, headers, body, rest } = request;
    const pseudo = { ':method': method, ':scheme': 'http', ':authority': this.settings.authority, ':path': path };
    const h2Headers = toH2Headers(pseudo, headers);
    if (this.session.closed || this.session.destroyed) {
      this.down(false, 'the connection is closing');
      return new NothingSent(sink);
    }
    const endStream = body.length === 0 && rest === undefined;
    const stream = this.session.request(h2Headers, endStream ? WITHOUT_BODY : WITH_BODY);
    this.calls++;
    this.liveness.sent();
    const attempt = new H2Attempt(stream, sink, request, this);
    if (rest !== undefined) {
      if (body.length > 0) stream.write(body);
      rest.pipe(stream);
    } else if (!endStream) {
      stream.end(body);
    }
    return attempt;
  }

  public tooManyHeaders(raw: RawHeaders): boolean {
    return raw.length > 2 * this.settings.maxHeaders;
  }

  /** No stream could be opened: the numbers of one connection come to an end. */
  public exhausted(): void {
    this.down(true, 'no more streams');
  }

  public callOver(): void {
    this.calls--;
    // The session tells of its end only when the socket has closed, and a broken peer may never do that.
    if (this.session.destroyed) this.down(false, 'the connection broke');
  }

  public close(): void {
    this.isDown = true;
    if (!this.session.destroyed) this.session.close();
  }

  public destroy(): void {
    this.isDown = true;
    // Never inside an event of this session: Node 20 still reads the frames behind it, from memory that it has freed.
    setImmediate(() => {
      this.session.destroy();
      this.socket.destroy();
    });
  }

  private die(why: string): void {
    this.session.destroy();
    this.down(false, why);
  }

  private down(clean: boolean, why: string): void {
    if (this.isDown) return;
    this.isDown = true;
    this.observer.down(clean, why);
    // Calls under way end by themselves; a session without any is closed by this.
    if (this.session.destroyed) this.socket.destroy();
    else if (!this.session.closed) this.session.close();
  }
}

/** The session ended between the choice of the pod and this call. */
class NothingSent implements Attempt {
  private cancelled = false;

  public constructor(sink: AnswerSink) {
    setImmediate(() => this.cancelled || sink.lost('unreachable'));
  }

  public cancel(): void {
    this.cancelled = true;
  }

  public pause(): void {
    // Nothing flows.
  }

  public resume(): void {
    // Nothing flows.
  }
}
