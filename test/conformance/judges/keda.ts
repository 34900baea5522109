// KEDA's own scalers, asked to read triggers through their Go package.
import { kedaBinary } from './binaries';
import { LineJudge } from './line-judge';
import type { KubeObject } from '../../testbed';

export interface Trigger {
  readonly type: string;
  readonly metadata: Readonly<Record<string, string>>;
  readonly metricType?: string;
}

export interface TriggerQuestion {
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  readonly trigger: Trigger;
  /** What a TriggerAuthentication gives. */
  readonly parameters?: Readonly<Record<string, string>>;
}

export type KedaJudge = LineJudge<TriggerQuestion, { readonly error: string }>;

/** Scalers that connect to nothing while they read a trigger; the first two are those that the library writes itself. */
export const READABLE: readonly string[] = ['external-push', 'metrics-api', 'cron', 'prometheus'];

/** Some scalers connect before they say anything else: a server that is not here is no mistake of the trigger. */
const CONNECTING = /dial|no answer|out of available brokers|deadline exceeded/;
/** Made-up keys of Google, which are read only when all else is right. */
const CREDENTIALS = /could not parse key|email must be provided/;

/** What a scaler has against a trigger; empty when it reads it. */
export const objection = ({ error }: { readonly error: string }): string => (CONNECTING.test(error) || CREDENTIALS.test(error) ? '' : error);

export async function kedaJudge(): Promise<KedaJudge> {
  return new LineJudge(await kedaBinary());
}

export function triggersOf(objects: readonly KubeObject[]): TriggerQuestion[] {
  return objects.filter(({ kind }) => kind === 'ScaledObject' || kind === 'ScaledJob').flatMap(({ kind, metadata, spec }) =>
    (spec as { triggers: Trigger[] }).triggers
      .filter(({ type }) => READABLE.includes(type))
      .map((trigger) => ({ kind, namespace: metadata.namespace!, name: metadata.name, trigger })));
}
