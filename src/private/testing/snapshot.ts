/** Text for snapshots: what changes with each release of this package is left out. */
import { bundledVersion, imageTag } from '../image/bundle';

const BUNDLE = '<the bundled dapr-proxy>';

/** Without the bundled proxy, its version and the hash in the names of objects. */
export function withoutBundle(text: string): string {
  if (bundledVersion(text) !== undefined) return BUNDLE;
  const version = imageTag();
  const hash = version.slice(version.lastIndexOf('-') + 1);
  return text.replaceAll(version, '<version>').replaceAll(hash, '<hash>');
}

/** The same of every text in a value. */
export function valueWithoutBundle(value: unknown): unknown {
  if (typeof value === 'string') return withoutBundle(value);
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(valueWithoutBundle);
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, valueWithoutBundle(each)]));
}
