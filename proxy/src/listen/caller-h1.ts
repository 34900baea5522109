/** The caller on an HTTP/1.1 connection. */
import { ServerResponse } from 'node:http';
import { Caller } from '../delivery/event';
import { Cause, FAILURES } from '../wire/failures';
import { RawHeaders, valueOf } from '../wire/headers';

export class H1Caller implements Caller {
  private gone: (() => void) | undefined;

  public constructor(private readonly response: ServerResponse) {
    response.sendDate = false;
    response.on('close', () => {
      if (!response.writableFinished) this.gone?.();
    });
    response.on('error', () => undefined);
  }

  public whole(status: number, headers: RawHeaders, body: readonly Buffer[], trailers: RawHeaders | undefined): void {
    if (this.response.destroyed) return;
    const without = status === 204 || status === 304 || this.response.req.method === 'HEAD';
    const known = without || trailers !== undefined || valueOf(headers, 'content-length') !== undefined;
    const size = body.reduce((sum, chunk) => sum + chunk.length, 0);
    this.response.writeHead(status, [...headers, ...(known ? [] : ['content-length', String(size)])]);
    if (trailers !== undefined) this.response.addTrailers(pairs(trailers));
    this.response.end(body.length === 1 ? body[0] : Buffer.concat(body));
  }

  public begin(status: number, headers: RawHeaders): void {
    if (this.response.destroyed) return;
    this.response.writeHead(status, [...headers]);
    this.response.flushHeaders();
  }

  public write(chunk: Buffer): boolean {
    return this.response.destroyed || this.response.write(Buffer.from(chunk));
  }

  public onDrain(callback: () => void): void {
    this.response.once('drain', callback);
  }

  public finish(trailers: RawHeaders | undefined): void {
    if (this.response.destroyed) return;
    if (trailers !== undefined) this.response.addTrailers(pairs(trailers));
    this.response.end();
  }

  public fail(cause: Cause): void {
    if (this.response.destroyed || this.response.writableEnded) return;
    if (this.response.headersSent) return this.cut();
    const { status, message } = FAILURES[cause];
    // The unread rest of the request would be taken for the next one.
    const close = this.response.req.complete ? [] : ['connection', 'close'];
    const length = String(Buffer.byteLength(message));
    this.response.writeHead(status, ['content-type', 'text/plain', 'content-length', length, ...close]);
    this.response.end(message);
  }

  public cut(): void {
    this.response.destroy();
  }

  public onGone(callback: () => void): void {
    this.gone = callback;
    if (this.response.destroyed) callback();
  }
}

function pairs(raw: RawHeaders): [string, string][] {
  const out: [string, string][] = [];
  for (let i = 0; i < raw.length; i += 2) out.push([raw[i]!, raw[i + 1]!]);
  return out;
}
