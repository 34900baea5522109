/** What the metrics call the answer of a function. Pure. */
import { Outcome } from './metrics';
import { RawHeaders, valueOf } from '../wire/headers';

export function outcomeOf(grpc: boolean, status: number, head: RawHeaders, trailers: RawHeaders | undefined): Outcome {
  if (!grpc) return status < 400 ? 'ok' : 'function_error';
  return valueOf(trailers ?? head, 'grpc-status') === '0' ? 'ok' : 'function_error';
}
