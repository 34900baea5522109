/** Fields that Kubernetes does not let anyone change in an object that is there. */
import type { KubernetesObject } from './facts';
import { changedFields } from './fields';
import { isObject, JsonObject } from '../../private/kubernetes/json';

const STATEFUL_SET_CHANGES = [
  'replicas', 'ordinals', 'template', 'updateStrategy', 'revisionHistoryLimit', 'persistentVolumeClaimRetentionPolicy',
  'minReadySeconds',
];
const JOB_FIXED = ['template', 'selector', 'completionMode', 'podFailurePolicy', 'successPolicy', 'managedBy'];

const CLAIM_CHANGES = ['resources', 'volumeAttributesClassName'];
const CLASS_FIXED = ['provisioner', 'parameters', 'reclaimPolicy', 'volumeBindingMode'];

const objectAt = (object: KubernetesObject, field: string): JsonObject => {
  const value = object[field];
  return isObject(value) ? value : {};
};
const only = (object: JsonObject, keeps: (key: string) => boolean): JsonObject => (
  Object.fromEntries(Object.entries(object).filter(([key]) => keeps(key))));
const spec = (keeps: (key: string) => boolean) => (object: KubernetesObject): JsonObject => (
  { spec: only(objectAt(object, 'spec'), keeps) });
const LOCKED = ['data', 'binaryData', 'stringData', 'immutable'];
const locked = (object: KubernetesObject): JsonObject => only(object, (key) => LOCKED.includes(key));
const role = (object: KubernetesObject): JsonObject => only(object, (key) => key === 'roleRef');

/** The part of an object that cannot change. */
const FIXED: Readonly<Record<string, (object: KubernetesObject) => JsonObject>> = {
  Deployment: spec((key) => key === 'selector'),
  DaemonSet: spec((key) => key === 'selector'),
  ReplicaSet: spec((key) => key === 'selector'),
  PersistentVolumeClaim: spec((key) => !CLAIM_CHANGES.includes(key)),
  StorageClass: (object) => only(object, (key) => CLASS_FIXED.includes(key)),
  StatefulSet: spec((key) => !STATEFUL_SET_CHANGES.includes(key)),
  Job: spec((key) => JOB_FIXED.includes(key)),
  Service: spec((key) => key === 'clusterIP'),
  Secret: (object) => only(object, (key) => key === 'type'),
  RoleBinding: role,
  ClusterRoleBinding: role,
};

export function whyReplaced(before: KubernetesObject, after: KubernetesObject): string | undefined {
  const parts = [FIXED[before.kind], before.immutable === true ? locked : undefined];
  const [change] = parts.flatMap((part) => (part === undefined ? [] : changedFields(part(before), part(after))));
  return change === undefined ? undefined : `${change.path} cannot change`;
}
