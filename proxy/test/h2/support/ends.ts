/** Our own ends, with handlers that write down what they are told. */
import { connect } from 'node:net';
import { ClientConnection, ClientObserver, H2Server, H2ServerOptions, H2Stream, RawHeaders, StreamHandler } from '../../../src/h2';
import { systemClock } from '../../../src/observe/clock';
import { onCleanup, until } from '../../support/harness';

/** One call as its handler saw it. */
export class Told implements StreamHandler {
  public stream!: H2Stream;
  public list: RawHeaders = [];
  public readonly chunks: Buffer[] = [];
  public trailers: RawHeaders | undefined;
  /** Everything in order, in words. */
  public readonly story: string[] = [];
  /** Gives room back as data come. */
  public reads = true;
  public onEnd: ((told: Told) => void) | undefined;
  public onData: ((told: Told, chunk: Buffer) => void) | undefined;

  public get text(): string {
    return Buffer.concat(this.chunks).toString();
  }

  public head(list: RawHeaders): void {
    this.list = list;
    this.story.push('head');
  }

  public data(chunk: Buffer): void {
    this.chunks.push(Buffer.from(chunk));
    if (this.story.at(-1) !== 'data') this.story.push('data');
    if (this.reads) this.stream.consumed(chunk.length);
    this.onData?.(this, chunk);
  }

  public end(trailers: RawHeaders | undefined): void {
    this.trailers = trailers;
    this.story.push('end');
    this.onEnd?.(this);
  }

  public gone(how: string, code: number): void {
    this.story.push(`${how} ${code}`);
  }

  public drained(): void {
    this.story.push('drained');
  }

  public async over(): Promise<string> {
    await until(() => /^end|\d$/.test(this.story.at(-1) ?? ''));
    return this.story.join(', ');
  }
}

export const OK = [':status', '200', 'content-type', 'text/plain'];

/** Answers when the request is whole. */
export function reply(told: Told): void {
  told.stream.headers(OK, false);
  told.stream.data(Buffer.from(`got ${Buffer.concat(told.chunks).length}`), true);
}

export async function ownServer(
  onCall: (told: Told) => void, options: Partial<H2ServerOptions> = {},
): Promise<{ port: number; h2: H2Server; calls: Told[]; ends: string[] }> {
  const calls: Told[] = [];
  const ends: string[] = [];
  const h2 = new H2Server({
    maxConcurrentStreams: 100,
    timers: systemClock,
    accept: (stream, list) => {
      const told = new Told();
      Object.assign(told, { stream, list });
      stream.handler = told;
      calls.push(told);
      onCall(told);
    },
    refuseLarge: (stream) => stream.headers([':status', '431'], true),
    disconnected: (why) => ends.push(why),
    ...options,
  });
  await new Promise<void>((resolve) => h2.server.listen(0, '127.0.0.1', resolve));
  onCleanup(() => {
    h2.destroy();
    h2.server.close();
  });
  return { port: (h2.server.address() as { port: number }).port, h2, calls, ends };
}

/** The usual server: whole requests, short answers. */
export const replying = (options: Partial<H2ServerOptions> = {}) => ownServer((told) => { told.onEnd = reply; }, options);

export class OwnClient {
  public static async open(port: number, firstId?: number): Promise<OwnClient> {
    const client = new OwnClient(port, firstId);
    await until(() => client.events.includes('ready'));
    return client;
  }

  public readonly events: string[] = [];
  public readonly connection: ClientConnection;

  public constructor(port: number, firstId?: number) {
    const observer: ClientObserver = {
      ready: () => this.events.push('ready'),
      resized: () => this.events.push(`resized ${this.connection.limit}`),
      goingAway: (code) => this.events.push(`going away ${code}`),
      closed: (why) => this.events.push(`closed: ${why}`),
    };
    this.connection = new ClientConnection(connect({ port, host: '127.0.0.1', noDelay: true }), observer, firstId);
    onCleanup(() => this.connection.destroy());
  }

  /** Undefined when the connection takes none. */
  public call(fields: RawHeaders = [], body?: Buffer | 'open', method = 'POST'): Told | undefined {
    const told = new Told();
    const list = [':method', method, ':scheme', 'http', ':path', '/a', ':authority', 'a', ...fields];
    const stream = this.connection.request(list, body === undefined, told);
    if (stream === undefined) return undefined;
    told.stream = stream;
    if (body !== undefined && body !== 'open') stream.data(body, true);
    return told;
  }
}
