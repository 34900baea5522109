// A value for every field of the structures that Knative masks, and a place in a Knative Service for each structure.
import { podSchema } from './mask';

export type Fields = Record<string, unknown>;

// Fields that Knative or Go read further than "something is there".
const VALUES: Record<string, unknown> = {
  'Capabilities.add': ['NET_ADMIN'],
  'Container.env': [{ name: 'A', value: 'b' }],
  'Container.envFrom': [{ configMapRef: { name: 'c' } }],
  'Container.image': 'example.com/function:v1',
  'Container.livenessProbe': { httpGet: { path: '/' } },
  'Container.ports': [{ containerPort: 8080 }],
  'Container.readinessProbe': { httpGet: { path: '/' } },
  'Container.resources': { limits: { cpu: '1' } },
  'Container.startupProbe': { httpGet: { path: '/' } },
  'Container.terminationMessagePolicy': 'File',
  'Container.volumeMounts': [{ name: 'v', mountPath: '/v', readOnly: true }],
  'ContainerPort.name': 'h2c',
  'ContainerPort.protocol': 'TCP',
  'EnvVar.valueFrom': { secretKeyRef: { name: 's', key: 'k' } },
  'PodSpec.automountServiceAccountToken': false,
  'PodSpec.containers': [{ image: 'example.com/function:v1' }],
  'PodSpec.initContainers': [{ name: 'i', image: 'example.com/init:v1' }],
  'PodSpec.securityContext': { runAsNonRoot: true },
  'PodSpec.volumes': [{ name: 'v', emptyDir: {} }],
  'SecurityContext.capabilities': { drop: ['ALL'] },
  'SecurityContext.privileged': false,
  'SecurityContext.seccompProfile': { type: 'RuntimeDefault' },
  'Volume.configMap': { name: 'c' },
  'Volume.image': { reference: 'example.com/data:v1' },
  'Volume.name': 'v',
  'Volume.persistentVolumeClaim': { claimName: 'p', readOnly: true },
  'Volume.projected': { sources: [{ secret: { name: 's' } }] },
  'VolumeMount.mountPath': '/v',
  'VolumeMount.mountPropagation': 'None',
  'VolumeMount.name': 'v',
  'VolumeProjection.configMap': { name: 'c' },
  'VolumeProjection.downwardAPI': { items: [{ path: 'labels', fieldRef: { fieldPath: 'metadata.labels' } }] },
  'VolumeProjection.secret': { name: 's' },
  'VolumeProjection.serviceAccountToken': { path: 'token' },
};

const CONTAINER: Fields = { name: 'function', image: 'example.com/function:v1' };
const MOUNT: Fields = { name: 'v', mountPath: '/v', readOnly: true };
const HANDLERS = ['exec', 'grpc', 'httpGet', 'tcpSocket'];
const SOURCES = ['configMapRef', 'secretRef'];

interface Place {
  /** Pod spec in which the structure has these fields. */
  readonly pod: (fields: Fields) => Fields;
  /** Flags that the place itself needs. */
  readonly flags?: readonly string[];
}

const inContainer = (place: (fields: Fields) => Fields): Place => ({
  pod: (fields) => ({ containers: [{ ...CONTAINER, ...place(fields) }] }),
});

const withVolume = (volume: Fields, mount: Fields = MOUNT): Fields => ({
  containers: [{ ...CONTAINER, volumeMounts: [mount] }],
  volumes: [volume],
});

export const PLACES: Record<string, Place> = {
  Capabilities: inContainer((capabilities) => ({ securityContext: { capabilities } })),
  // Mounts and volumes need each other.
  Container: { pod: (fields) => ({ containers: [{ ...CONTAINER, ...fields }], ...(fields.volumeMounts ? { volumes: [{ name: 'v', emptyDir: {} }] } : {}) }) },
  ContainerPort: inContainer((port) => ({ ports: [{ containerPort: 8080, ...port }] })),
  EnvFromSource: inContainer((source) => ({ envFrom: [{ ...(one(source, SOURCES) ? {} : { configMapRef: { name: 'c' } }), ...source }] })),
  EnvVar: inContainer((variable) => ({ env: [{ name: 'A', ...variable }] })),
  EnvVarSource: inContainer((valueFrom) => ({ env: [{ name: 'A', valueFrom }] })),
  PodSecurityContext: {
    pod: (securityContext) => ({ containers: [CONTAINER], securityContext }),
    flags: ['kubernetes.podspec-securitycontext'],
  },
  PodSpec: { pod: (fields) => ({ containers: [fields.volumes ? { ...CONTAINER, volumeMounts: [MOUNT] } : CONTAINER], ...fields, ...(fields.volumes ? withVolume({ name: 'v', emptyDir: {} }) : {}) }) },
  Probe: inContainer((probe) => ({ livenessProbe: { ...(one(probe, HANDLERS) ? {} : { httpGet: { path: '/' } }), ...probe } })),
  ResourceRequirements: inContainer((resources) => ({ resources })),
  SecurityContext: inContainer((securityContext) => ({ securityContext })),
  Volume: { pod: (fields) => withVolume({ name: 'v', ...(fields.name ? { configMap: { name: 'c' } } : {}), ...fields }) },
  VolumeMount: { pod: (fields) => withVolume({ name: 'v', configMap: { name: 'c' } }, { ...MOUNT, ...fields }) },
  VolumeProjection: { pod: (fields) => withVolume({ name: 'v', projected: { sources: [fields] } }) },
};

function one(fields: Fields, names: readonly string[]): boolean {
  return names.some((name) => name in fields);
}

/** A pod spec that uses one field. */
export function podWith(structure: string, field: string): Fields {
  return PLACES[structure].pod({ [field]: sample(structure, field) });
}

/** A Knative Service around a pod spec. */
export function knativeService(pod: Fields): Fields {
  return {
    apiVersion: 'serving.knative.dev/v1',
    kind: 'Service',
    metadata: { name: 'sample', namespace: 'default' },
    spec: { template: { spec: pod } },
  };
}

function sample(structure: string, field: string): unknown {
  return VALUES[`${structure}.${field}`] ?? ofWord(podSchema[structure][field]);
}

function ofWord(word: string): unknown {
  if (word.startsWith('[]')) return [ofWord(word.slice(2))];
  if (word.startsWith('map[string]')) return { cpu: ofWord(word.slice('map[string]'.length)) };
  const scalars: Record<string, unknown> = { string: 'x', int: 1, bool: true, quantity: '1', intOrString: 8080 };
  return scalars[word] ?? {};
}
