/** HTTP/2 with prior knowledge to one pod: one connection, many calls. */
import * as net from 'node:net';
import { H2Attempt, H2Way } from './attempt-h2';
import { Address, AnswerSink, Attempt, Channel, ChannelObserver, OutRequest } from './channel';
import { Liveness } from './liveness';
import { ResetAllowance } from './reset-allowance';
import { ClientConnection, Code, H2Stream, HeadersTooLargeError } from '../h2';
import { Clock } from '../observe/clock';
import { NotAFunctionError } from '../wire/failures';
import { RawHeaders, Remembered } from '../wire/headers';

export interface UpstreamSettings {
  /** `:authority` and `Host`. */
  readonly authority: string;
  readonly clock: Clock;
  readonly connectMs: number;
  readonly peerMs: number;
  readonly maxHeaders: number;
}

const TCP_KEEPALIVE_MS = 15_000;

/** The same list for the same fields, as the encoder's cache needs it. */
const lists = new Remembered((fields, path, method, authority) => (
  [':method', method, ':scheme', 'http', ':path', path, ':authority', authority, ...fields]
));

export function connectH2(address: Address, observer: ChannelObserver, settings: UpstreamSettings): Promise<Channel> {
  const { clock, connectMs } = settings;
  const socket = net.connect({ ...address, noDelay: true, keepAlive: true, keepAliveInitialDelay: TCP_KEEPALIVE_MS });
  return new Promise((resolve, reject) => {
    const late = () => giveUp(new Error(`no HTTP/2 settings within ${connectMs} ms`));
    const timer = clock.setTimeout(late, connectMs);
    const giveUp = (error: Error) => {
      clock.clearTimeout(timer);
      reject(error);
      connection.destroy();
    };
    let channel: H2Channel | undefined;
    const connection: ClientConnection = new ClientConnection(socket, {
      // Only a peer that has sent its settings speaks HTTP/2; they also carry the number of streams it takes.
      ready: () => {
        clock.clearTimeout(timer);
        channel = new H2Channel(connection, observer, settings);
        resolve(channel);
      },
      resized: () => observer.resized(),
      goingAway: (code) => channel?.down(code === Code.NO_ERROR, `GOAWAY with code ${code}`),
      closed: (why, code) => {
        if (channel !== undefined) return channel.closed(why);
        giveUp(code === Code.NO_ERROR ? new Error(why) : new NotAFunctionError(`not HTTP/2: ${why}`));
      },
    });
  });
}

class H2Channel implements Channel, H2Way {
  public readonly liveness: Liveness;
  private readonly resets: ResetAllowance;
  private calls = 0;
  /** Some calls are cancelled although the pod was not told. */
  private unresolved = false;
  private isDown = false;

  public constructor(
    private readonly connection: ClientConnection, private readonly observer: ChannelObserver,
    private readonly settings: UpstreamSettings,
  ) {
    this.resets = new ResetAllowance(settings.clock);
    this.liveness = new Liveness(settings.clock, settings.peerMs, {
      ping: (pong) => {
        if (!connection.closed) connection.ping(pong);
        return !connection.closed;
      },
      callsInFlight: () => this.calls,
      suspended: (suspended) => observer.suspended(suspended),
      dead: () => {
        this.down(false, 'no answer to a ping within the peer timeout');
        connection.destroy();
      },
    });
  }

  public get limit(): number {
    return this.connection.limit;
  }

  public send(request: OutRequest, sink: AnswerSink): Attempt {
    const { method, path, headers, body, rest } = request;
    const attempt = new H2Attempt(sink, request, this);
    const list = lists.of(headers, path, method, this.settings.authority);
    let stream: H2Stream | undefined;
    try {
      stream = this.connection.request(list, body.length === 0 && rest === undefined, attempt);
    } catch (error) {
      if (!(error instanceof HeadersTooLargeError)) throw error;
      return new NothingSent(() => sink.lost('too-many-headers'));
    }
    if (stream === undefined) {
      const { draining } = this.connection;
      if (draining) this.retire();
      return new NothingSent(() => sink.lost(draining ? 'unreachable' : 'refused'));
    }
    this.calls++;
    this.liveness.sent();
    attempt.start(stream);
    return attempt;
  }

  public tooManyHeaders(raw: RawHeaders): boolean {
    return raw.length > 2 * this.settings.maxHeaders;
  }

  public callOver(): void {
    this.calls--;
    // Before its event looks for another pod.
    if (this.connection.closed) this.down(false, 'the connection broke');
    this.endUnresolved();
  }

  /** Too many resets might make the pod end the connection: the next calls get another, this one ends with its last. */
  public reset(stream: H2Stream): void {
    if (this.resets.take()) return stream.reset(Code.CANCEL);
    this.unresolved = true;
    this.retire();
    this.endUnresolved();
  }

  public close(): void {
    this.isDown = true;
    this.connection.goAway();
  }

  public destroy(): void {
    this.isDown = true;
    this.connection.destroy();
  }

  public closed(why: string): void {
    this.liveness.stop();
    this.down(this.calls === 0, why);
  }

  public down(clean: boolean, why: string): void {
    if (this.isDown) return;
    this.isDown = true;
    this.observer.down(clean, why);
    // Calls under way end by themselves; a connection without any is closed by this.
    this.connection.goAway();
  }

  private retire(): void {
    if (this.isDown) return;
    this.isDown = true;
    this.observer.retired();
    this.connection.goAway();
  }

  private endUnresolved(): void {
    if (this.unresolved && this.calls === 0) this.connection.destroy();
  }
}

/** Told in a turn of its own: whoever sends does not expect the end of it meanwhile. */
class NothingSent implements Attempt {
  private cancelled = false;

  public constructor(lost: () => void) {
    setImmediate(() => this.cancelled || lost());
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
