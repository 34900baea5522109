// What every judge is asked about: objects, from a Function manifest or a program, as it is and with one thing changed.
import type { FunctionReport } from '../../../src';
import type { KubeObject } from '../../testbed';
import type { Source } from '../support/tally';

/** What people change about a running function. */
export const CHANGES = ['image', 'version', 'label', 'scale bound', 'input', 'Dapr mode'] as const;
export type Change = typeof CHANGES[number];

export interface Rendered {
  /** Of all functions and charts of the case, in the order in which they are emitted. */
  readonly objects: readonly KubeObject[];
  readonly reports: readonly FunctionReport[];
}

export interface Case {
  readonly source: Source;
  readonly name: string;
  /** With the changes made, one after the other; as it is without. */
  render(changes?: readonly Change[]): Rendered;
}
