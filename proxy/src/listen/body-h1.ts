/** The body of a request over HTTP/1.1. */
import { IncomingMessage } from 'node:http';
import { Body, BodyReader, discarding } from '../wire/body';

export class H1Body implements Body {
  private reader: BodyReader | undefined;

  public constructor(private readonly request: IncomingMessage) {}

  public readBy(reader: BodyReader): void {
    const { request } = this;
    const first = this.reader === undefined;
    this.reader = reader;
    if (first) {
      request.on('data', (chunk: Buffer) => this.reader!.data(chunk));
      request.on('end', () => this.reader!.end());
      request.on('close', () => request.complete || this.reader!.gone());
    }
    request.resume();
  }

  public pause(): void {
    this.request.pause();
  }

  public resume(): void {
    this.request.resume();
  }

  public discard(complete?: () => void): void {
    this.readBy(discarding(complete));
  }
}
