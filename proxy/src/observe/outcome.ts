/** The closed sets by which events are labelled in the metrics. Pure. */
import { Cause } from '../wire/failures';
import { RawHeaders, valueOf } from '../wire/headers';

export type Kind = 'topic' | 'bulk' | 'binding' | 'job' | 'invoke' | 'other';

export type Outcome = 'ok' | 'function_error' | 'refused' | 'cut' | 'elsewhere' | Exclude<Cause, 'full'>;

/** How the function's own answer is labelled. */
export function outcomeOf(grpc: boolean, status: number, head: RawHeaders, trailers: RawHeaders | undefined): Outcome {
  if (!grpc) return status < 400 ? 'ok' : 'function_error';
  return valueOf(trailers ?? head, 'grpc-status') === '0' ? 'ok' : 'function_error';
}

/** How a failure of the proxy's own is labelled. */
export function outcomeOfFailure(cause: Cause): Outcome {
  return cause === 'full' ? 'refused' : cause;
}
