/** What a test tells a pod (a function process) by its environment variable `POD`. */
import { Subscription } from '../support/messages';

export interface PodConfig {
  /** Its name in the ledger. */
  readonly name: string;
  readonly address: string;
  readonly port: number;
  /** `go-grpc` is a default Go gRPC server, the others are programs of this folder. */
  readonly kind: 'grpc' | 'http' | 'h2c' | 'raw-grpc' | 'garbage' | 'plain-404' | 'plain-404-http1' | 'reset';
  /** File to which every handled event is written. */
  readonly ledger: string;
  /** What a framework announces to the sidecar (direct) or the proxy (HTTP routes). */
  readonly subscriptions: readonly Subscription[];
  readonly bindings: readonly string[];
  /** What it does with an event that says nothing itself, one entry per attempt, the last one repeated. */
  readonly behaviour: readonly string[];
  /** The same for the events of single components: those of cron carry no body that could say it. */
  readonly behaviourOf?: Readonly<Record<string, readonly string[]>>;
  readonly delayMs: number;
  /** The sidecar's HTTP API, for functions that publish, bind and store. */
  readonly daprHttp?: string;
  /** Output bindings named in the answer to a binding event. */
  readonly answerTo?: readonly string[];
}

/** The body of a test event. */
export interface EventBody {
  readonly id: string;
  /** As `behaviour`: `ok`, `retry`, `drop`, `success` (HTTP: said in the body), `code:N` (gRPC), `http:N`, `die`. */
  readonly do?: readonly string[];
  readonly delayMs?: number;
  /** Requests to the sidecar's HTTP API that the function makes before it answers. */
  readonly calls?: readonly { readonly path: string; readonly body: unknown }[];
  readonly padding?: string;
}
