/** The body of a request while it arrives, whatever the protocol. */
export interface BodyReader {
  /** The chunk is good only during the call. */
  data(chunk: Buffer): void;
  /** It is complete. */
  end(): void;
  /** It will never be. */
  gone(): void;
}

export interface Body {
  /** Whom to tell from now on, beginning with what has arrived since the reader before. */
  readBy(reader: BodyReader): void;
  /** What arrives is kept until `resume` or another reader, and the sender is held up by that. */
  pause(): void;
  resume(): void;
  /** Nobody wants the rest. */
  discard(complete?: () => void): void;
}

const NOTHING = () => undefined;

/** Reads to the end and keeps nothing. */
export function discarding(complete: () => void = NOTHING): BodyReader {
  return { data: NOTHING, end: complete, gone: NOTHING };
}
