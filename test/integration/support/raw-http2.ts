/** One gRPC call whose header lines are exactly those given: with node:http2, since gRPC clients join and drop some. */
import * as http2 from 'node:http2';
import { grpcFrame } from './messages';

export interface RawAnswer {
  readonly headers: http2.IncomingHttpHeaders;
  readonly trailers: http2.IncomingHttpHeaders;
  readonly body: Buffer;
}

const TIMEOUT_MS = 30_000;

export function rawGrpcCall(port: number, path: string, lines: readonly (readonly [string, string])[], message: Buffer): Promise<RawAnswer> {
  const session = http2.connect(`http://127.0.0.1:${port}`, { maxSessionMemory: 64, maxHeaderListPairs: 8192, settings: { maxHeaderListSize: 4 * 1024 * 1024 } });
  const headers: http2.OutgoingHttpHeaders = { ':method': 'POST', ':path': path, 'te': 'trailers', 'content-type': 'application/grpc' };
  for (const [name, value] of lines) headers[name] = [...[headers[name] ?? []].flat() as string[], value];
  return new Promise<RawAnswer>((resolve, reject) => {
    session.once('error', reject);
    const stream = session.request(headers);
    const chunks: Buffer[] = [];
    let answered: http2.IncomingHttpHeaders = {};
    let trailers: http2.IncomingHttpHeaders = {};
    stream.setTimeout(TIMEOUT_MS, () => stream.destroy(new Error(`no answer in ${TIMEOUT_MS} ms`)));
    stream.on('response', (received) => { answered = received; });
    stream.on('trailers', (received) => { trailers = received; });
    stream.on('data', (chunk: Buffer) => chunks.push(chunk));
    stream.once('error', reject);
    stream.once('end', () => resolve({ headers: answered, trailers, body: Buffer.concat(chunks).subarray(5) }));
    stream.end(grpcFrame(message));
  }).finally(() => session.destroy());
}
