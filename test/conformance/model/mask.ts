// Both tables of the library, typed.
import { readFileSync } from 'node:fs';
import { KNATIVE_MASK_FILE, POD_SCHEMA_FILE } from './files';
import type { Schema } from './keda-schema';

export interface KnativeMask {
  /** Structure → field → always taken, or the key in `config-features` that it needs; others are refused. */
  readonly fields: Readonly<Record<string, Readonly<Record<string, true | string>>>>;
  readonly absentWhenFalse: Readonly<Record<string, readonly string[]>>;
  readonly onlyFalse: Readonly<Record<string, readonly string[]>>;
  readonly writablePersistentVolumeClaim: string;
  readonly sidecarProbes: Readonly<Record<string, string>>;
  readonly initContainerRefused: readonly string[];
  readonly reservedContainerNames: readonly string[];
  readonly reservedEnv: readonly string[];
  readonly reservedEnvOfOtherContainers: readonly string[];
  readonly reservedMountPaths: readonly string[];
  readonly reservedPorts: readonly number[];
  readonly portNames: readonly string[];
  readonly portProtocols: readonly string[];
  readonly readOnlyVolumes: readonly string[];
  readonly mountPropagations: readonly string[];
}

export const knativeMask = JSON.parse(readFileSync(KNATIVE_MASK_FILE, 'utf8')) as KnativeMask;
export const podSchema = JSON.parse(readFileSync(POD_SCHEMA_FILE, 'utf8')) as Schema;

/** Every flag that any part of the mask names. */
export const allFlags: readonly string[] = [...new Set([
  ...Object.values(knativeMask.fields).flatMap((fields) => Object.values(fields)).filter((need) => need !== true),
  ...Object.values(knativeMask.sidecarProbes),
  knativeMask.writablePersistentVolumeClaim,
])].sort();
