/** Dapr's app token: a caller without it is not the sidecar. */
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
  const matches = (value: string) => timingSafeEqual(digest(value), expected);
  return { admits: (raw) => valuesOf(raw, 'dapr-api-token').filter(matches).length > 0 };
}

function digest(value: string): Buffer {
  return createHash('sha256').update(value).digest();
}
