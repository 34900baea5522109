// `serving.template`: pod specs that Kubernetes takes, and those of them that Knative takes with the right flags.
import * as fc from 'fast-check';
import { given, labelValue, maybe, some, stringMap, subset, text, word, type Manifest } from './words';

const quantity = { cpu: fc.constantFrom('100m', '1', '2'), memory: fc.constantFrom('64Mi', '1Gi') };
const resources = fc.record({ requests: some({ cpu: fc.constant('10m'), memory: fc.constant('16Mi') }), limits: some(quantity) });

const volume = fc.constantFrom<Manifest>(
  { configMap: { name: 'settings' } },
  { secret: { secretName: 'login', optional: true } },
  { emptyDir: {} },
  { emptyDir: { medium: 'Memory', sizeLimit: '64Mi' } },
  { persistentVolumeClaim: { claimName: 'data' } },
  { persistentVolumeClaim: { claimName: 'data', readOnly: true } },
  { projected: { sources: [{ configMap: { name: 'settings' } }, { secret: { name: 'login' } }] } },
  { hostPath: { path: '/var/lib/data' } },
  { csi: { driver: 'secrets.example.com', readOnly: true } },
);

const env = subset<Manifest>([
  { name: 'TEMPLATE_TEXT', value: 'a' },
  { name: 'TEMPLATE_REFERENCE', value: '$(TEMPLATE_TEXT)/b' },
  { name: 'TEMPLATE_SECRET', valueFrom: { secretKeyRef: { name: 'login', key: 'password' } } },
  { name: 'TEMPLATE_SETTING', valueFrom: { configMapKeyRef: { name: 'settings', key: 'x', optional: true } } },
  { name: 'TEMPLATE_NODE', valueFrom: { fieldRef: { fieldPath: 'spec.nodeName' } } },
]);

const securityContext = some({
  runAsNonRoot: fc.boolean(),
  runAsUser: fc.integer({ min: 1, max: 65535 }),
  readOnlyRootFilesystem: fc.boolean(),
  allowPrivilegeEscalation: fc.constant(false),
  capabilities: some({ drop: fc.constant(['ALL']), add: fc.constant(['NET_BIND_SERVICE']) }),
});

const functionContainer = (port: number): fc.Arbitrary<Manifest> => some({
  args: fc.array(text, { maxLength: 2 }),
  env,
  envFrom: fc.constant([{ configMapRef: { name: 'settings' } }, { prefix: 'S_', secretRef: { name: 'login', optional: true } }]),
  imagePullPolicy: fc.constantFrom('Always', 'IfNotPresent'),
  livenessProbe: fc.constant({ httpGet: { path: '/live', port }, periodSeconds: 5 }),
  readinessProbe: fc.constantFrom({ httpGet: { path: '/ready', port }, periodSeconds: 5 }, { tcpSocket: { port }, periodSeconds: 1, timeoutSeconds: 1, failureThreshold: 3 }),
  resources,
  securityContext,
  workingDir: fc.constant('/app'),
  terminationMessagePolicy: fc.constant('FallbackToLogsOnError'),
});

/** Pod fields that a Knative Service may have, most of them behind a flag. */
const POD = {
  affinity: fc.constant({ nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [{ matchExpressions: [{ key: 'disk', operator: 'In', values: ['ssd'] }] }] } } }),
  automountServiceAccountToken: fc.constant(false),
  dnsConfig: fc.constant({ options: [{ name: 'ndots', value: '2' }] }),
  dnsPolicy: fc.constantFrom('ClusterFirst', 'Default'),
  enableServiceLinks: fc.boolean(),
  hostAliases: fc.constant([{ ip: '10.0.0.1', hostnames: ['legacy'] }]),
  imagePullSecrets: fc.constant([{ name: 'registry' }]),
  nodeSelector: stringMap(word, labelValue),
  priorityClassName: fc.constant('high'),
  runtimeClassName: fc.constant('sandboxed'),
  schedulerName: fc.constant('packer'),
  securityContext: some({ runAsNonRoot: fc.constant(true), fsGroup: fc.constant(1000), supplementalGroups: fc.constant([1, 2]) }),
  serviceAccountName: word,
  shareProcessNamespace: fc.boolean(),
  tolerations: fc.constant([{ key: 'dedicated', operator: 'Equal', value: 'functions', effect: 'NoSchedule' }]),
  topologySpreadConstraints: fc.constant([{ maxSkew: 1, topologyKey: 'zone', whenUnsatisfiable: 'ScheduleAnyway', labelSelector: { matchLabels: { a: 'b' } } }]),
};

/** Pod fields that a Knative Service may not have. */
const PLAIN_POD = { terminationGracePeriodSeconds: fc.integer({ min: 0, max: 600 }), hostname: word, subdomain: word };
const PLAIN_CONTAINER = { lifecycle: fc.constant({ preStop: { exec: { command: ['sleep', '5'] } } }), stdin: fc.boolean(), tty: fc.boolean() };

const sidecar = fc.constant<Manifest>({ name: 'logs', image: 'example.com/logs:v1' });
const init = fc.constant<Manifest>({ name: 'prepare', image: 'example.com/prepare:v1', command: ['true'] });

export function template(port: number, knative: boolean): fc.Arbitrary<Manifest> {
  return fc.record({
    pod: some(knative ? POD : { ...POD, ...PLAIN_POD }),
    container: maybe(knative ? functionContainer(port) : fc.tuple(functionContainer(port), some(PLAIN_CONTAINER)).map(([a, b]) => ({ ...a, ...b }))),
    volumes: fc.array(volume, { maxLength: 2 }),
    sidecars: fc.array(sidecar, { maxLength: 1 }),
    inits: maybe(fc.array(init, { minLength: 1, maxLength: 1 })),
  }).map(({ pod, container, volumes, sidecars, inits }) => {
    // Knative refuses a volume that no container mounts.
    const mounts = container ? volumes.map((_, index) => ({ name: `volume-${index}`, mountPath: `/data/${index}`, readOnly: !('emptyDir' in volumes[index]) })) : [];
    const own = container && given({ name: 'function', ...container, volumeMounts: mounts.length > 0 ? mounts : undefined });
    const containers = [...(own ? [own] : []), ...sidecars];
    return given({
      ...pod,
      containers: containers.length > 0 ? containers : undefined,
      initContainers: inits,
      volumes: mounts.length > 0 ? volumes.map((source, index) => ({ name: `volume-${index}`, ...source })) : undefined,
    });
  });
}
