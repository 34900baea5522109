// Arbitrary functions: valid ones of both API versions, and values that only look like one.
import * as fc from 'fast-check';
import { functions, type Manifest } from '../conformance/generate';

/** Valid by docs/spec: nothing but warnings may come of it. */
export function arbitraryFunction(): fc.Arbitrary<Manifest> {
  return functions.map(({ manifest }) => manifest);
}

/** Values that people write by mistake, and those that nobody does. */
const wrong: fc.Arbitrary<unknown> = fc.oneof(
  fc.constantFrom<unknown>(null, '', 0, -1, 1.5, true, [], {}, [null], 'yes', '$', 'a b', 'A', '1', 70_000, Number.NaN, undefined, '\u0000', '💥'.repeat(300), 'x'.repeat(70)),
  fc.anything({ maxDepth: 2, withBigInt: true, withDate: true, withMap: true, withNullPrototype: true }),
);

/** A valid function with some of its values replaced, its keys misspelt, or its parts left out. */
export function arbitraryMistake(): fc.Arbitrary<unknown> {
  const change = fc.record({ at: fc.nat(), kind: fc.constantFrom('replace', 'remove', 'misspell', 'move'), value: wrong });
  return fc.tuple(arbitraryFunction(), fc.array(change, { minLength: 1, maxLength: 4 }), fc.boolean()).map(([manifest, changes, trapped]) => {
    const copy = structuredClone(manifest);
    for (const { at, kind, value } of changes) spoil(copy, at, kind, value);
    if (trapped) setTrap(copy, changes[0].at);
    return copy;
  });
}

function spoil(manifest: Manifest, at: number, kind: string, value: unknown): void {
  const places = placesIn(manifest);
  if (places.length === 0) return;
  const [parent, key] = places[at % places.length];
  if (kind === 'replace') parent[key] = value;
  if (kind === 'remove' || kind === 'misspell') {
    if (kind === 'misspell') parent[`${key}s`] = parent[key];
    delete parent[key];
  }
  if (kind === 'move') {
    const [other, otherKey] = places[(at * 7 + 3) % places.length];
    [parent[key], other[otherKey]] = [structuredClone(other[otherKey]), structuredClone(parent[key])];
  }
}

/** A getter that throws: JavaScript can hand over anything. */
function setTrap(manifest: Manifest, at: number): void {
  const places = placesIn(manifest);
  if (places.length === 0) return;
  const [parent] = places[at % places.length];
  Object.defineProperty(parent, 'trap', { enumerable: true, get: () => { throw new Error('sprung'); } });
}

function placesIn(value: unknown): [Manifest, string][] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, item]): [Manifest, string][] => [[value as Manifest, key], ...placesIn(item)]);
}
