/** Addresses of pods and Services, in the suite's own network namespace. */

export const POD_NETWORK = '10.244.0.0/16';

let last = 0;

/** An address that nobody had before: a pod's is never used again, so nothing can be mistaken for its successor. */
export function newAddress(): string {
  last += 1;
  return `10.244.${Math.floor(last / 250)}.${(last % 250) + 1}`;
}
