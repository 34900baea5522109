/** What a function can be given beyond the `Function` API, by typed props and platform settings. Durations are in the unit that the name says. */
import type { JsonObject, StringMap } from '../kubernetes/json';

/** How the proxy asks for the events of one trigger. */
export interface DeliveryModel {
  /** Among the inputs as the user gave them, states included. */
  readonly index: number;
  readonly deadLetterTopic?: string;
  readonly bulk?: { readonly maxMessages?: number; readonly maxAwaitMs?: number };
  readonly rules?: { readonly match: string; readonly path: string }[];
  readonly defaultPath?: string;
  /** HTTP route of a binding. */
  readonly route?: string;
  readonly metadata?: StringMap;
  readonly resiliency?: ResiliencyModel;
}

/** Dapr resiliency for one direction of one component. */
export interface ResiliencyModel {
  readonly timeout?: string;
  readonly retry?: JsonObject;
  readonly circuitBreaker?: JsonObject;
}

/** Scaling on events that wait in the proxy or are being handled. */
export interface PendingEventsModel {
  /** Off only when false. */
  readonly enabled?: boolean;
  /** Events per replica; 1 unless given. */
  readonly targetPerReplica?: number;
  /** Active above this many events; 0 unless given. */
  readonly activation?: number;
}

/** How the proxy's container is run. */
export type ProxyImageModel =
  | { readonly kind: 'inline'; readonly nodeImage: string; readonly bundle: BundleModel }
  | { readonly kind: 'image'; readonly reference: string; readonly version?: string };

/** The bundled proxy: one JavaScript file and what names it. */
export interface BundleModel {
  readonly configMapName: string;
  readonly fileName: string;
  /** `<version>-<hash>`, as logs, metrics and a label show it. */
  readonly version: string;
}
