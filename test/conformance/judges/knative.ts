// Knative Serving's defaulting and webhook validation, asked through its own Go package.
import { knativeBinary } from './binaries';
import { LineJudge } from './line-judge';

export interface KnativeQuestion {
  /** Keys of `config-features` that differ from the release. */
  readonly features: Readonly<Record<string, string>>;
  readonly service: unknown;
  /** The Service that this one replaces. */
  readonly previous?: unknown;
}

export interface KnativeAnswer {
  readonly errors: readonly string[];
  readonly warnings: readonly string[];
  /** The manifest with Knative's defaults; null when it could not be read. */
  readonly defaulted: Record<string, unknown> | null;
}

export type KnativeJudge = LineJudge<KnativeQuestion, KnativeAnswer>;

export async function knativeJudge(): Promise<KnativeJudge> {
  return new LineJudge(await knativeBinary());
}

/** The given flags, switched on. */
export function enabled(flags: Iterable<string>): Record<string, string> {
  return Object.fromEntries([...flags].map((flag) => [flag, 'enabled']));
}
