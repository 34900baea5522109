// Small vocabularies: a failing case reads like a manifest that somebody wrote.
import * as fc from 'fast-check';

export type Manifest = Record<string, unknown>;

export const word = fc.stringMatching(/^[a-z][a-z0-9]{0,8}$/);
/** Text that needs care in YAML, JSON, labels, Kubernetes' `$(…)` expansion. */
export const text = fc.oneof(word, fc.constantFrom('', 'a b', '$(POD_NAME)', '$$HOME', '100%', 'true', '007', 'ä→ü', '"quoted"', "it's", 'a: b', '{{ .Name }}', 'line\nbreak'));
export const labelValue = fc.stringMatching(/^[a-z0-9]([a-z0-9._-]{0,20}[a-z0-9])?$/);
export const count = (max: number): fc.Arbitrary<number> => fc.integer({ min: 0, max });

/** An object with some of the fields. */
export function some(fields: Record<string, fc.Arbitrary<unknown>>, always: string[] = []): fc.Arbitrary<Manifest> {
  return fc.record(fields, { requiredKeys: always, noNullPrototype: true });
}

/** Present or not. */
export function maybe<T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> {
  return fc.option(value, { nil: undefined });
}

/** Without the keys whose value is undefined: a manifest has none. */
export function given(fields: Manifest): Manifest {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined));
}

export function stringMap(keys: fc.Arbitrary<string>, values: fc.Arbitrary<string> = text): fc.Arbitrary<Record<string, string>> {
  // No prototype-less objects: a manifest read from YAML has none.
  return fc.dictionary(keys, values, { maxKeys: 3, noNullPrototype: true });
}

/** Some of the given values, each once, in their order. */
export function subset<T>(values: readonly T[], limits: fc.SubarrayConstraints = {}): fc.Arbitrary<T[]> {
  return fc.subarray([...values], limits);
}
