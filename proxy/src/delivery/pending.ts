/** How much there is to do: the figure that wakes and scales the function. */
export interface Counts {
  readonly waiting: number;
  readonly inFlight: number;
  /** Events wait and no pod is known: nobody but the scaler can help them. */
  readonly stranded: boolean;
}

export const NOTHING: Counts = { waiting: 0, inFlight: 0, stranded: false };

/** Waiting and in flight: waiting alone would scale a busy function away. */
export function pendingOf({ waiting, inFlight }: Counts): number {
  return waiting + inFlight;
}

export function sum(counts: readonly Counts[]): Counts {
  return counts.reduce((all, one) => ({
    waiting: all.waiting + one.waiting,
    inFlight: all.inFlight + one.inFlight,
    stranded: all.stranded || one.stranded,
  }), NOTHING);
}
