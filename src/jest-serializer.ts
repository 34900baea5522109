/**
 * Snapshot serializer for jest: shows the bundled dapr-proxy, which functions in standalone mode bring along in a ConfigMap, by
 * its version and hash instead of its 60 kB of text.
 *
 * Add it to jest's configuration:
 *
 *     "snapshotSerializers": ["cdk8s-openfunction/lib/jest-serializer"]
 */
import { bundledVersion } from './private/image/bundle';

/** Whether a value of a snapshot is the text of the bundled proxy. */
export function test(value: unknown): boolean {
  return typeof value === 'string' && bundledVersion(value) !== undefined;
}

/** What stands in the snapshot instead: `"<dapr-proxy 0.1.0+0123456789ab>"`. */
export function serialize(value: string): string {
  return JSON.stringify(`<dapr-proxy ${bundledVersion(value)}>`);
}
