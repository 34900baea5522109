/** The app token of Dapr: who does not carry it is not the sidecar. */
import { createHash, timingSafeEqual } from 'node:crypto';
import { RawHeaders, valuesOf } from '../wire/headers';

export interface Gate {
  /** True without a token set, or when any of the lines `dapr-api-token` carries it. */
  admits(raw: RawHeaders): boolean;
}

export function createGate(token: string | undefined): Gate {
  if (token === undefined) return { admits: () => true };
  const expected = digest(token);
  // Digests have one length, so that the comparison tells nothing about the token's.
  return { admits: (raw) => valuesOf(raw, 'dapr-api-token').filter((value) => timingSafeEqual(digest(value), expected)).length > 0 };
}

function digest(value: string): Buffer {
  return createHash('sha256').update(value).digest();
}
