/**
 * Snapshot serializer for jest: shows the bundled dapr-proxy, which is part of the output in standalone mode, by its
 * version and hash instead of its whole text.
 *
 * Add it to jest's configuration:
 *
 *     "snapshotSerializers": ["cdk8s-openfunction/lib/jest-serializer"]
 */
import { bundledVersion } from './private/image/bundle';

/** Whether a value in a snapshot is the text of the bundled proxy. */
export function test(value: unknown): boolean {
  return typeof value === 'string' && bundledVersion(value) !== undefined;
}

/** The replacement, such as `"<dapr-proxy 0.1.0+0123456789ab>"`. */
export function serialize(value: string): string {
  return JSON.stringify(`<dapr-proxy ${bundledVersion(value)}>`);
}
