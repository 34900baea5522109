/** The parts of gRPC over HTTP/2 that the proxy itself speaks: message frames, status, timeouts. */
import { RawHeaders, valueOf } from './headers';

/** A flag byte and a four-byte length. */
export const FRAME_PREFIX_BYTES = 5;

const TIMEOUT_UNIT_MS: ReadonlyMap<string | undefined, number> = new Map([
  ['H', 3_600_000], ['M', 60_000], ['S', 1000], ['m', 1], ['u', 1e-3], ['n', 1e-6],
]);
const MAX_DIGITS = 8;
const ZERO = 48;
const MAX_TIMEOUT_DIGITS = 99_999_999;

export function frameMessage(message: Buffer): Buffer {
  const out = Buffer.allocUnsafe(FRAME_PREFIX_BYTES + message.length);
  out[0] = 0;
  out.writeUInt32BE(message.length, 1);
  message.copy(out, FRAME_PREFIX_BYTES);
  return out;
}

/** The one message of a unary body, without its frame; undefined if it is cut, compressed or not alone. */
export function unframeMessage(body: Buffer): Buffer | undefined {
  if (body.length < FRAME_PREFIX_BYTES || body[0] !== 0) return undefined;
  return body.readUInt32BE(1) === body.length - FRAME_PREFIX_BYTES ? body.subarray(FRAME_PREFIX_BYTES) : undefined;
}

/** Milliseconds of `grpc-timeout`; undefined if absent or malformed. */
export function parseTimeout(value: string | undefined): number | undefined {
  const digits = (value?.length ?? 0) - 1;
  if (value === undefined || digits < 1 || digits > MAX_DIGITS) return undefined;
  let amount = 0;
  for (let at = 0; at < digits; at++) {
    const digit = value.charCodeAt(at) - ZERO;
    if (digit < 0 || digit > 9) return undefined;
    amount = amount * 10 + digit;
  }
  const unit = TIMEOUT_UNIT_MS.get(value[digits]);
  return unit === undefined ? undefined : amount * unit;
}

export function formatTimeout(ms: number): string {
  const micros = Math.max(1, Math.floor(ms * 1000));
  if (micros <= MAX_TIMEOUT_DIGITS) return `${micros}u`;
  const millis = Math.floor(ms);
  return millis <= MAX_TIMEOUT_DIGITS ? `${millis}m` : `${Math.min(Math.floor(ms / 1000), MAX_TIMEOUT_DIGITS)}S`;
}

/** `grpc-message` is UTF-8, percent-encoded outside printable ASCII and for the percent sign itself. */
export function encodeStatusMessage(message: string): string {
  const printable = /%(2[0-46-9A-F]|3[A-F]|40|5[B-E]|60|7[B-D])/g;
  return encodeURIComponent(message).replace(printable, (escaped) => decodeURIComponent(escaped));
}

export function isGrpcContentType(raw: RawHeaders): boolean {
  return valueOf(raw, 'content-type')?.startsWith('application/grpc') ?? false;
}
