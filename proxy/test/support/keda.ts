/** KEDA's side of the external scaler protocol, decoded by hand. */
import { ClientHttp2Stream } from 'node:http2';
import { frame, Sidecar } from './h2';
import { fieldsOf, Writer } from '../../src/wire/protobuf';

const SERVICE = '/externalscaler.ExternalScaler/';

export function scaledObjectRef(metadata: Record<string, string> = {}): Buffer {
  return new Writer().string(1, 'orders').string(2, 'default').map(3, metadata).finish();
}

export interface Metric {
  readonly name: string;
  readonly old: number;
  readonly float: number;
}

export async function isActive(keda: Sidecar, metadata?: Record<string, string>): Promise<boolean> {
  const { body } = await keda.call(`${SERVICE}IsActive`, scaledObjectRef(metadata));
  return [...fieldsOf(body.subarray(5))].some(({ number, uint }) => number === 1 && uint === 1);
}

export async function metricSpec(keda: Sidecar, metadata?: Record<string, string>): Promise<Metric[]> {
  return metricsOf((await keda.call(`${SERVICE}GetMetricSpec`, scaledObjectRef(metadata))).body);
}

export async function metrics(keda: Sidecar): Promise<Metric[]> {
  const request = new Writer().bytes(1, scaledObjectRef()).string(2, 'pending-events').finish();
  return metricsOf((await keda.call(`${SERVICE}GetMetrics`, request)).body);
}

function metricsOf(body: Buffer): Metric[] {
  return [...fieldsOf(body.subarray(5))].map(({ bytes }) => {
    const fields = [...fieldsOf(bytes!)];
    // The reader skips fixed fields; the float is the last eight bytes.
    return { name: fields[0]!.bytes!.toString(), old: fields[1]!.uint!, float: bytes!.readDoubleLE(bytes!.length - 8) };
  });
}

export interface ActiveStream {
  readonly stream: ClientHttp2Stream;
  /** What was pushed so far. */
  readonly pushed: boolean[];
  readonly grpcStatus: () => string | undefined;
}

export function streamIsActive(keda: Sidecar, metadata?: Record<string, string>): Promise<ActiveStream> {
  const stream = keda.session.request({ ':method': 'POST', ':path': `${SERVICE}StreamIsActive`, 'content-type': 'application/grpc', 'te': 'trailers' });
  const pushed: boolean[] = [];
  let status: string | undefined;
  stream.on('error', () => undefined);
  stream.on('trailers', (trailers) => status = String(trailers['grpc-status']));
  stream.end(frame(scaledObjectRef(metadata)));
  return new Promise((resolve) => stream.on('response', () => {
    stream.on('data', (chunk: Buffer) => {
      for (let at = 0; at < chunk.length; at += 5 + chunk.readUInt32BE(at + 1)) pushed.push(chunk.readUInt32BE(at + 1) > 0);
    });
    resolve({ stream, pushed, grpcStatus: () => status });
  }));
}
