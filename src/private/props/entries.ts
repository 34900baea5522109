/** Inputs and outputs as the typed props hold them, whatever their kind. */
import type { IDaprComponent } from '../../i-dapr-component';
import type { Resiliency } from '../../resiliency';
import type { BulkSubscribe, SubscriptionRule } from '../../subscription';

export interface InputEntry {
  readonly component: IDaprComponent;
  readonly topic?: string;
  readonly name?: string;
  readonly deadLetterTopic?: string;
  readonly bulk?: BulkSubscribe;
  readonly rules?: SubscriptionRule[];
  readonly defaultPath?: string;
  readonly route?: string;
  readonly metadata?: { [name: string]: string };
  readonly resiliency?: Resiliency;
}

export interface OutputEntry {
  readonly component: IDaprComponent;
  readonly topic?: string;
  readonly name?: string;
  readonly operation?: string;
  readonly metadata?: { [name: string]: string };
  readonly resiliency?: Resiliency;
}
