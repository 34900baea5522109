// Generated Functions: valid by docs/spec, so whatever the library says about one is a fault of one of the two.
import * as fc from 'fast-check';
import { platforms } from './platform';
import { v1beta1 } from './v1beta1';
import { v1beta2 } from './v1beta2';
import type { Manifest } from './words';
import type { PlatformSettingsProps } from '../../../src';

export { type Manifest } from './words';

export interface Generated {
  readonly manifest: Manifest;
  readonly platform: PlatformSettingsProps;
}

export const functions: fc.Arbitrary<Generated> = fc.record({
  manifest: fc.oneof({ arbitrary: v1beta2, weight: 3 }, { arbitrary: v1beta1, weight: 1 }),
  platform: platforms,
});

/** The same functions in every run unless the environment asks for others. */
export const RUN: { readonly seed: number; readonly numRuns: number } = {
  seed: Number(process.env.CONFORMANCE_SEED ?? 20240501),
  numRuns: Number(process.env.CONFORMANCE_RUNS ?? 500),
};
