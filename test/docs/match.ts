// Compares objects as a page shows them with what the library made.
import type { KubeObject } from './snippet';
import { bundledVersion } from '../../src/private/image/bundle';

/** Each object shown is emitted, whole; in an excerpt, with at least the fields and list items that are shown. */
export function expectShown(shown: KubeObject[], emitted: KubeObject[], excerpt: boolean): void {
  for (const object of shown) {
    const actual = emitted.find(({ kind, metadata }) => kind === object.kind && isNamed(metadata, object.metadata));
    if (actual === undefined) throw new Error(`${object.kind} ${object.metadata.name} is not among ${emitted.map(nameOf).join(', ')}`);
    const shortened = withoutBundle(actual) as KubeObject;
    expect(excerpt ? partOf(shortened, object) : shortened).toEqual(object);
  }
}

function nameOf({ kind, metadata }: KubeObject): string {
  return `${kind} ${metadata.namespace}/${metadata.name}`;
}

function isNamed(actual: KubeObject['metadata'], shown: KubeObject['metadata']): boolean {
  return shown.name === actual.name && (shown.namespace === undefined || shown.namespace === actual.namespace);
}

/** Only what is shown, so that a difference is easy to read. List items are found by `name`, else by their own shape. */
function partOf(actual: unknown, shown: unknown): unknown {
  if (Array.isArray(shown) && Array.isArray(actual)) {
    const rest: unknown[] = [...actual];
    return shown.map((item) => {
      const index = rest.findIndex((candidate) => looksLike(candidate, item));
      return index < 0 ? '(no such item)' : partOf(rest.splice(0, index + 1)[index], item);
    });
  }
  if (isMap(shown) && isMap(actual)) {
    return Object.fromEntries(Object.keys(shown).filter((key) => key in actual).map((key) => [key, partOf(actual[key], shown[key])]));
  }
  return actual;
}

function looksLike(candidate: unknown, shown: unknown): boolean {
  if (isMap(shown) && isMap(candidate) && 'name' in shown) return candidate.name === shown.name;
  return JSON.stringify(partOf(candidate, shown)) === JSON.stringify(shown);
}

function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function withoutBundle(value: unknown): unknown {
  if (typeof value === 'string' && bundledVersion(value) !== undefined) return '(the bundled dapr-proxy)';
  if (Array.isArray(value)) return value.map(withoutBundle);
  return isMap(value) ? Object.fromEntries(Object.entries(value).map(([key, item]) => [key, withoutBundle(item)])) : value;
}
