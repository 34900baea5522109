// Valid pod templates with something at every place that Kubernetes has rules for.
import type { Json } from '../../../src/private/kubernetes/json';

export type Template = { [key: string]: Json };

const selector: Json = {
  matchLabels: { app: 'a' },
  matchExpressions: [{ key: 'tier', operator: 'In', values: ['back'] }, { key: 'old', operator: 'DoesNotExist' }],
};
const podTerm: Json = { labelSelector: selector, topologyKey: 'zone', namespaces: ['shop'], matchLabelKeys: ['hash'] };
const files: Json = [{ key: 'a', path: 'dir/a', mode: 0o400 }];

export const RICH_POD: Template = {
  activeDeadlineSeconds: null,
  affinity: {
    nodeAffinity: {
      requiredDuringSchedulingIgnoredDuringExecution: {
        nodeSelectorTerms: [{
          matchExpressions: [{ key: 'disk', operator: 'In', values: ['ssd'] }, { key: 'cores', operator: 'Gt', values: ['4'] }],
          matchFields: [{ key: 'metadata.name', operator: 'NotIn', values: ['node-1'] }],
        }],
      },
      preferredDuringSchedulingIgnoredDuringExecution: [{ weight: 5, preference: { matchExpressions: [{ key: 'x.io/y', operator: 'Exists' }] } }],
    },
    podAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [podTerm] },
    podAntiAffinity: { preferredDuringSchedulingIgnoredDuringExecution: [{ weight: 100, podAffinityTerm: podTerm }] },
  },
  containers: [
    {
      name: 'function',
      image: 'example.com/function:v1',
      imagePullPolicy: 'Always',
      command: ['a'],
      args: ['b'],
      workingDir: '/app',
      terminationMessagePolicy: 'File',
      env: [
        { name: 'TEXT', value: 'a' },
        { name: 'FIELD', valueFrom: { fieldRef: { apiVersion: 'v1', fieldPath: 'metadata.name' } } },
        { name: 'LABEL', valueFrom: { fieldRef: { fieldPath: "metadata.labels['app']" } } },
        { name: 'CPU', valueFrom: { resourceFieldRef: { resource: 'limits.cpu', divisor: '1m' } } },
        { name: 'SECRET', valueFrom: { secretKeyRef: { name: 'login', key: 'password' } } },
        { name: 'SETTING', valueFrom: { configMapKeyRef: { name: 'settings', key: 'x.y', optional: true } } },
      ],
      envFrom: [{ prefix: 'S_', secretRef: { name: 'login' } }, { configMapRef: { name: 'settings' } }],
      ports: [{ name: 'web', containerPort: 8080, protocol: 'TCP', hostPort: 9000 }, { name: 'dns', containerPort: 53, protocol: 'UDP' }],
      livenessProbe: { httpGet: { path: '/live', port: 'web', scheme: 'HTTP', httpHeaders: [{ name: 'X-A', value: 'b' }] }, periodSeconds: 5, failureThreshold: 2, successThreshold: 1, terminationGracePeriodSeconds: 5 },
      readinessProbe: { grpc: { port: 8080 }, initialDelaySeconds: 1, timeoutSeconds: 2, successThreshold: 2 },
      startupProbe: { tcpSocket: { port: 8080 } },
      lifecycle: { postStart: { exec: { command: ['x'] } }, preStop: { sleep: { seconds: 5 } } },
      resources: { requests: { 'cpu': '100m', 'memory': '64Mi', 'example.com/gpu': 1 }, limits: { 'cpu': 1, 'memory': '128Mi', 'example.com/gpu': 1 }, claims: [{ name: 'device' }] },
      resizePolicy: [{ resourceName: 'cpu', restartPolicy: 'NotRequired' }],
      securityContext: {
        runAsUser: 1000,
        runAsGroup: 1000,
        procMount: 'Default',
        allowPrivilegeEscalation: false,
        capabilities: { add: ['NET_BIND_SERVICE'], drop: ['ALL'] },
        seccompProfile: { type: 'Localhost', localhostProfile: 'profiles/a.json' },
        appArmorProfile: { type: 'RuntimeDefault' },
      },
      volumeMounts: [
        { name: 'settings', mountPath: '/settings', readOnly: true, recursiveReadOnly: 'Disabled' },
        { name: 'login', mountPath: '/login', subPath: 'a/b' },
        { name: 'scratch', mountPath: '/scratch', subPathExpr: '$(TEXT)', mountPropagation: 'HostToContainer' },
        { name: 'all', mountPath: '/all' },
      ],
      volumeDevices: [{ name: 'data', devicePath: '/dev/xda' }],
    },
    { name: 'helper', image: 'example.com/helper:v1', ports: [{ containerPort: 9090 }] },
  ],
  initContainers: [
    { name: 'prepare', image: 'example.com/prepare:v1', command: ['true'] },
    { name: 'beside', image: 'example.com/beside:v1', restartPolicy: 'Always', readinessProbe: { exec: { command: ['true'] } } },
  ],
  dnsConfig: { nameservers: ['10.0.0.10'], searches: ['svc.cluster.local'], options: [{ name: 'ndots', value: '2' }] },
  dnsPolicy: 'None',
  enableServiceLinks: false,
  hostAliases: [{ ip: '10.0.0.1', hostnames: ['legacy', 'old.example'] }],
  hostname: 'host',
  subdomain: 'domain',
  imagePullSecrets: [{ name: 'registry' }],
  nodeName: 'node-1',
  nodeSelector: { 'disk': 'ssd', 'x.io/zone': 'a' },
  os: { name: 'linux' },
  preemptionPolicy: 'Never',
  priorityClassName: 'high',
  readinessGates: [{ conditionType: 'example.com/ready' }],
  resourceClaims: [{ name: 'device', resourceClaimName: 'device' }],
  runtimeClassName: 'sandboxed',
  schedulerName: 'packer',
  schedulingGates: [{ name: 'example.com/gate' }],
  securityContext: {
    runAsUser: 1,
    runAsGroup: 1,
    fsGroup: 1000,
    supplementalGroups: [1, 2],
    fsGroupChangePolicy: 'OnRootMismatch',
    sysctls: [{ name: 'kernel.shm_rmid_forced', value: '0' }],
    seccompProfile: { type: 'RuntimeDefault' },
  },
  serviceAccountName: 'worker',
  terminationGracePeriodSeconds: 30,
  tolerations: [{ key: 'a', operator: 'Equal', value: 'b', effect: 'NoExecute', tolerationSeconds: 5 }, { operator: 'Exists' }],
  topologySpreadConstraints: [{ maxSkew: 1, minDomains: 2, topologyKey: 'zone', whenUnsatisfiable: 'DoNotSchedule', labelSelector: selector, nodeAffinityPolicy: 'Honor', matchLabelKeys: ['hash'] }],
  volumes: [
    { name: 'settings', configMap: { name: 'settings', defaultMode: 0o644, items: files } },
    { name: 'login', secret: { secretName: 'login', items: files } },
    { name: 'scratch', emptyDir: { medium: 'Memory', sizeLimit: '64Mi' } },
    { name: 'host', hostPath: { path: '/var/lib/data', type: 'Directory' } },
    { name: 'data', persistentVolumeClaim: { claimName: 'data' } },
    { name: 'share', nfs: { server: 'nfs.example.com', path: '/export' } },
    { name: 'secrets', csi: { driver: 'secrets.example.com', nodePublishSecretRef: { name: 'login' } } },
    { name: 'own', ephemeral: { volumeClaimTemplate: { spec: { accessModes: ['ReadWriteOnce'], storageClassName: 'fast', volumeMode: 'Filesystem', resources: { requests: { storage: '1Gi' } } } } } },
    { name: 'about', downwardAPI: { items: [{ path: 'labels', fieldRef: { fieldPath: 'metadata.labels' } }] } },
    {
      name: 'all',
      projected: {
        sources: [
          { configMap: { name: 'settings', items: [{ key: 'a', path: 'b' }] } },
          { secret: { name: 'login' } },
          { serviceAccountToken: { path: 'token', expirationSeconds: 3600 } },
          { downwardAPI: { items: [{ path: 'cpu', resourceFieldRef: { containerName: 'function', resource: 'limits.cpu' } }] } },
        ],
      },
    },
  ],
};

/** What the newest releases of Kubernetes added. */
export const NEW_POD: Template = {
  containers: [{
    name: 'function',
    image: 'example.com/function:v1',
    env: [
      { name: '1 odd/name', value: 'a' },
      { name: 'FILE', valueFrom: { fileKeyRef: { volumeName: 'scratch', path: 'settings.env', key: 'A', optional: true } } },
    ],
    envFrom: [{ prefix: '1-', secretRef: { name: 'login' } }],
    restartPolicy: 'Never',
    restartPolicyRules: [{ action: 'Restart', exitCodes: { operator: 'In', values: [42] } }],
    resizePolicy: [{ resourceName: 'memory', restartPolicy: 'RestartContainer' }],
    resources: { requests: { cpu: '100m', memory: '64Mi' }, limits: { cpu: 1, memory: '128Mi' } },
    lifecycle: { stopSignal: 'SIGUSR1', preStop: { sleep: { seconds: 0 } } },
    securityContext: { procMount: 'Unmasked' },
    volumeMounts: [{ name: 'model', mountPath: '/model', subPath: 'weights' }, { name: 'trust', mountPath: '/trust', readOnly: true, recursiveReadOnly: 'IfPossible' }],
  }],
  initContainers: [
    { name: 'prepare', image: 'example.com/prepare:v1', restartPolicy: 'OnFailure', restartPolicyRules: [{ action: 'Restart', exitCodes: { operator: 'NotIn', values: [1] } }] },
    { name: 'beside', image: 'example.com/beside:v1', restartPolicy: 'Always', ports: [{ containerPort: 9090 }], livenessProbe: { grpc: { port: 9090, service: 'health' } } },
  ],
  hostUsers: false,
  hostnameOverride: 'host.example',
  os: { name: 'linux' },
  resources: { requests: { cpu: 1, memory: '1Gi' }, limits: { cpu: 2, memory: '2Gi' } },
  resourceClaims: [{ name: 'device', resourceClaimTemplateName: 'device' }],
  dnsConfig: { searches: ['_tcp.example.com', '.'] },
  securityContext: { supplementalGroupsPolicy: 'Strict', seLinuxChangePolicy: 'MountOption' },
  workloadRef: { name: 'gang', podGroup: 'workers', podGroupReplicaKey: 'first' },
  topologySpreadConstraints: [{ maxSkew: 1, topologyKey: 'zone', whenUnsatisfiable: 'ScheduleAnyway', labelSelector: { matchLabels: { app: 'a' } }, nodeTaintsPolicy: 'Ignore', matchLabelKeys: ['pod-template-hash'] }],
  volumes: [
    { name: 'model', image: { reference: 'example.com/model:v1', pullPolicy: 'IfNotPresent' } },
    { name: 'scratch', emptyDir: {} },
    { name: 'fast', ephemeral: { volumeClaimTemplate: { spec: { accessModes: ['ReadWriteOnce'], volumeAttributesClassName: 'gold', resources: { requests: { storage: '1Gi' } } } } } },
    {
      name: 'trust',
      projected: {
        sources: [
          { clusterTrustBundle: { signerName: 'example.com/signer', labelSelector: { matchLabels: { a: 'b' } }, path: 'ca.pem', optional: true } },
          { podCertificate: { signerName: 'example.com/signer', keyType: 'ED25519', maxExpirationSeconds: 3600, credentialBundlePath: 'bundle.pem' } },
        ],
      },
    },
  ],
};

/** The same for Windows, of which nobody else is. */
export const WINDOWS_POD: Template = {
  os: { name: 'windows' },
  nodeSelector: { 'kubernetes.io/os': 'windows' },
  containers: [{ name: 'function', image: 'example.com/function:v1', securityContext: { windowsOptions: { runAsUserName: 'ContainerUser', gmsaCredentialSpecName: 'web' } } }],
  securityContext: { windowsOptions: { runAsUserName: 'SHOP\\worker', gmsaCredentialSpec: '{}', hostProcess: false }, runAsNonRoot: true },
};
