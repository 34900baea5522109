/** What a reader is; types only. */
import type { Json, JsonObject } from '../kubernetes/json';
import type { Path, Problems } from '../problem/problem';

export type ApiVersion = 'v1beta1' | 'v1beta2';

/** A prefix of paths in the model, and where it was read; `*` is any index and is carried over. */
export type Move = readonly [from: Path, to: Path];

/** Where a reader is, and where its findings go. */
export interface Place {
  readonly path: Path;
  readonly problems: Problems;
  /** API version of the manifest; absent for platform settings. */
  readonly version?: ApiVersion;
  /** What was read elsewhere than where v1beta2 has it. */
  readonly moves?: Move[];
}

export interface Reader<T> {
  (value: Json, at: Place): T | undefined;
  /** `null` is a value, not a field left empty. */
  readonly readsNull?: boolean;
  /** The only API version that has this field. */
  readonly onlyIn?: ApiVersion;
  /** What JSON Schema can say of it; without one, it takes anything. */
  readonly schema?: SchemaMaker;
}
/** Never narrower than the reader: what the schema refuses, the reader refuses. */
export type SchemaMaker = (version?: ApiVersion) => JsonObject;
/** What a field means, and what applies without it; for the JSON Schema and `explain`. */
export type Doc = readonly [meaning: string, standard?: string];
/** The reader of a field, alone or with its documentation. */
export type Field = Reader<unknown> | readonly [Reader<unknown>, ...Doc];
export type ReadBy<R> = R extends Reader<infer T> ? T : R extends readonly [infer F, ...unknown[]] ? ReadBy<F> : never;
