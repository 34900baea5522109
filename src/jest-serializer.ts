/**
 * Snapshot serializer for jest: leaves out what changes with each release of this package, which is the bundled
 * dapr-proxy, its version and the hash in the names of objects.
 *
 * Add it to jest's configuration:
 *
 *     "snapshotSerializers": ["cdk8s-openfunction/lib/jest-serializer"]
 */
import { withoutBundle } from './private/testing/snapshot';

/** Whether a value in a snapshot is a text with something of it. */
export function test(value: unknown): boolean {
  return typeof value === 'string' && withoutBundle(value) !== value;
}

/** The replacement, such as `"<the bundled dapr-proxy>"` or `"dapr-proxy-<hash>"`. */
export function serialize(value: string): string {
  return JSON.stringify(withoutBundle(value));
}
