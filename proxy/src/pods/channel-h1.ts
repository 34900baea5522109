/** HTTP/1.1 to one pod: a pool of kept-alive connections. */
import { Agent, ClientRequest, IncomingMessage, request as httpRequest, RequestOptions } from 'node:http';
import * as net from 'node:net';
import { Address, AnswerSink, Attempt, Channel, ChannelObserver, OutRequest } from './channel';
import { UpstreamSettings } from './channel-h2';
import { Clock } from '../observe/clock';
import { Body } from '../wire/body';
import { forwardable, valueOf } from '../wire/headers';

/** Node servers close after 5 s of idleness; a request sent in that moment would be lost. */
const IDLE_MS = 4000;
/** Behind a virtual address new pods get their share only through new connections. */
const SHARED_LIFE_MS = 60_000;
const TCP_KEEPALIVE_MS = 15_000;
const MAX_HEADER_BYTES = 1024 ** 2;

export async function connectH1(
  address: Address, observer: ChannelObserver, settings: UpstreamSettings,
): Promise<Channel> {
  const socket = await openSocket(address, settings.connectMs);
  return new H1Channel(address, observer, settings, socket);
}

function openSocket(address: Address, connectMs: number): Promise<net.Socket> {
  return new Promise((resolve, reject) => {
    const socket = dial(address, connectMs);
    socket.once('error', reject);
    socket.once('connect', () => {
      socket.removeListener('error', reject);
      resolve(socket);
    });
  });
}

/** A socket that fails when it is not connected in time. */
function dial({ host, port }: Address, connectMs: number): net.Socket {
  const socket = net.connect({ host, port, noDelay: true, keepAlive: true, keepAliveInitialDelay: TCP_KEEPALIVE_MS });
  const late = () => socket.destroy(new Error(`no connection within ${connectMs} ms`));
  socket.setTimeout(connectMs);
  socket.once('timeout', late);
  socket.once('connect', () => {
    socket.removeListener('timeout', late);
    socket.setTimeout(0);
  });
  return socket;
}

/** An agent with two limits on the life of a connection; a pod may announce a shorter one. */
class PodAgent extends Agent {
  public constructor(private readonly shared: boolean, private readonly clock: Clock) {
    super({ keepAlive: true, keepAliveMsecs: TCP_KEEPALIVE_MS, noDelay: true, scheduling: 'lifo', timeout: IDLE_MS });
  }

  /** Called by Node when an answer is complete: false closes the connection. */
  public keepSocketAlive(socket: net.Socket & { openedAt?: number }): boolean {
    if (this.shared && this.clock.now() - (socket.openedAt ?? 0) > SHARED_LIFE_MS) return false;
    // Typed as void, it returns false for a connection that is not worth keeping.
    return super.keepSocketAlive(socket) as unknown as boolean;
  }
}

class H1Channel implements Channel {
  public readonly limit = Infinity;
  public readonly maxHeaders: number;
  private readonly agent: PodAgent;
  private open = 0;
  private calls = 0;
  private isDown = false;

  public constructor(
    private readonly address: Address, private readonly observer: ChannelObserver,
    private readonly settings: UpstreamSettings, first: net.Socket,
  ) {
    this.maxHeaders = settings.maxHeaders;
    this.agent = new PodAgent(address.shared !== undefined, settings.clock);
    let ready: net.Socket | undefined = first;
    this.agent.createConnection = () => {
      const socket = ready ?? dial(address, settings.connectMs);
      ready = undefined;
      return this.watch(socket);
    };
    // The first connection may be closed before it is used.
    first.once('close', () => ready = undefined);
    first.on('error', () => ready = undefined);
    first.setTimeout(IDLE_MS, () => ready === undefined || first.destroy());
    this.watch(first);
  }

  public send(request: OutRequest, sink: AnswerSink): Attempt {
    const { method, path, body, rest } = request;
    const headers = ['host', this.settings.authority, ...request.headers];
    if (rest !== undefined) {
      if (valueOf(headers, 'content-length') === undefined) headers.push('transfer-encoding', 'chunked');
    } else if (body.length > 0 && valueOf(headers, 'content-length') === undefined) {
      headers.push('content-length', String(body.length));
    }
    const options: RequestOptions & { maxHeaderSize: number; setDefaultHeaders: boolean } = {
      agent: this.agent,
      host: this.address.host,
      port: this.address.port,
      method,
      path,
      headers,
      setDefaultHeaders: false,
      maxHeaderSize: MAX_HEADER_BYTES,
    };
    const outgoing = httpRequest(options);
    this.calls++;
    outgoing.maxHeadersCount = 0;
    const attempt = new H1Attempt(outgoing, sink, this, rest);
    if (rest === undefined) {
      outgoing.end(body);
    } else {
      if (body.length > 0) outgoing.write(body);
      outgoing.on('drain', () => rest.resume());
      rest.readBy({
        data: (chunk) => outgoing.write(Buffer.from(chunk)) || rest.pause(),
        end: () => outgoing.end(),
        // The exchange is told by the caller.
        gone: () => undefined,
      });
    }
    return attempt;
  }

  public callOver(): void {
    this.calls--;
    if (this.isDown && this.calls === 0) this.agent.destroy();
  }

  public close(): void {
    this.isDown = true;
    if (this.calls === 0) this.agent.destroy();
  }

  public destroy(): void {
    this.isDown = true;
    this.agent.destroy();
  }

  /** The pod may be dead, and with it the connections that are kept: the next call needs one that is new. */
  public retire(): void {
    if (this.isDown) return;
    this.isDown = true;
    if (this.calls === 0) this.agent.destroy();
    this.observer.retired();
  }

  /** The pod cannot be reached any more. */
  public failed(why: string): void {
    if (this.isDown) return;
    this.isDown = true;
    this.observer.down(false, why);
  }

  private watch(socket: net.Socket & { openedAt?: number }): net.Socket {
    if (socket.openedAt !== undefined) return socket;
    socket.openedAt = this.settings.clock.now();
    this.open++;
    socket.once('close', () => {
      if (--this.open > 0 || this.isDown) return;
      // Without any connection left the next one may meet another process: its routes are asked for again.
      this.isDown = true;
      this.agent.destroy();
      this.observer.down(true, 'idle');
    });
    return socket;
  }
}

class H1Attempt implements Attempt {
  private settled = false;
  private response: IncomingMessage | undefined;
  private sent = false;

  public constructor(
    private readonly outgoing: ClientRequest, private readonly sink: AnswerSink, private readonly channel: H1Channel,
    private readonly rest: Body | undefined,
  ) {
    outgoing.on('socket', (socket) => {
      if (!socket.connecting) this.sent = true;
      else socket.once('connect', () => this.sent = true);
    });
    outgoing.on('response', (response) => this.onResponse(response));
    outgoing.on('error', (error: NodeJS.ErrnoException) => this.onError(error));
    outgoing.on('close', () => {
      this.channel.callOver();
      this.lost();
    });
  }

  public cancel(): void {
    this.settled = true;
    this.outgoing.destroy();
  }

  public pause(): void {
    this.response?.pause();
  }

  public resume(): void {
    this.response?.resume();
  }

  private onResponse(response: IncomingMessage): void {
    this.response = response;
    if (this.settled) return;
    if (response.rawHeaders.length > 2 * this.channel.maxHeaders) {
      this.cancel();
      return this.sink.lost('too-many-headers');
    }
    this.sink.head(response.statusCode ?? 0, forwardable(response.rawHeaders));
    response.on('data', (chunk: Buffer) => this.settled || this.sink.data(chunk));
    response.on('end', () => {
      if (this.settled || !response.complete) return;
      this.settled = true;
      this.stopSending();
      const trailers = response.rawTrailers;
      this.sink.end(trailers.length > 0 ? forwardable(trailers) : undefined);
    });
    response.on('error', () => undefined);
  }

  /** The answer may be complete before the request, whose rest then no longer matters and may never come. */
  private stopSending(): void {
    if (this.rest === undefined || this.outgoing.writableEnded) return;
    this.rest.discard();
    this.outgoing.destroy();
  }

  private onError(error: NodeJS.ErrnoException): void {
    if (this.settled) return;
    if (error.code?.startsWith('HPE_')) {
      this.settled = true;
      if (error.code === 'HPE_HEADER_OVERFLOW') return this.sink.lost('too-many-headers');
      // After a proper head it is a broken answer to an event that was handled.
      return this.sink.lost(this.response === undefined ? 'not-a-function' : 'lost');
    }
    if (!this.sent) this.channel.failed(error.message);
    this.lost();
  }

  private lost(): void {
    if (this.settled) return;
    this.settled = true;
    if (this.sent) this.channel.retire();
    this.sink.lost(this.sent ? 'lost' : 'unreachable');
  }
}
