// What a Knative Service takes of a pod template, and which feature flags it needs (docs/spec M47, M48).
import { asyncFunction, v1beta2 } from '../../support/functions';
import { problemsOf, synthManifest } from '../../support/synth';

const withContainer = (fields: object, pod: object = {}) => ({ containers: [{ name: 'function', ...fields }], ...pod });
const features = (template: object, settings = {}) => synthManifest(v1beta2({ template }), { settings }).fn.report.knativeFeatures;
const problems = (template: object) => problemsOf(() => synthManifest(v1beta2({ template })));
const volume = (source: object, mount: object = {}) => (
  withContainer({ volumeMounts: [{ name: 'v', mountPath: '/v', ...mount }] }, { volumes: [{ name: 'v', ...source }] })
);

test('a template with names of Object.prototype, or with values where words belong, has the problems of its shape alone', () => {
  const unknown = ['serving.template.containers[0].valueOf: unknown field', 'serving.template.toString: unknown field'];
  expect(problems(withContainer({ valueOf: 1 }, { toString: 2 }))).toEqual(unknown);
  expect(problems({ containers: [{ name: 'function', env: [{ name: { toString: 1 } }], ports: [{ containerPort: { valueOf: 1 } }] }, { name: { toString: 1 }, image: 'o' }] })).toEqual([
    'serving.template.containers[0].env[0].name: must be a string, got {"toString":1}',
    'serving.template.containers[0].ports[0].containerPort: must be an integer, got {"valueOf":1}',
    'serving.template.containers[1].name: must be a string, got {"toString":1}',
  ]);
});

describe('a feature flag of Knative', () => {
  test.each<[string, object]>([
    ['kubernetes.podspec-affinity', { affinity: {} }],
    ['kubernetes.podspec-nodeselector', { nodeSelector: { a: 'b' } }],
    ['kubernetes.podspec-tolerations', { tolerations: [] }],
    ['kubernetes.podspec-topologyspreadconstraints', { topologySpreadConstraints: [] }],
    ['kubernetes.podspec-runtimeclassname', { runtimeClassName: 'x' }],
    ['kubernetes.podspec-priorityclassname', { priorityClassName: 'x' }],
    ['kubernetes.podspec-schedulername', { schedulerName: 'x' }],
    ['kubernetes.podspec-securitycontext', { securityContext: { runAsUser: 1 } }],
    ['kubernetes.podspec-init-containers', { initContainers: [{ name: 'i', image: 'i' }] }],
    ['kubernetes.podspec-dnspolicy', { dnsPolicy: 'Default' }],
    ['kubernetes.podspec-dnsconfig', { dnsConfig: {} }],
    ['kubernetes.podspec-hostaliases', { hostAliases: [] }],
    ['kubernetes.podspec-shareprocessnamespace', { shareProcessNamespace: true }],
    ['kubernetes.podspec-hostnetwork', { hostNetwork: true }],
    ['kubernetes.podspec-hostpid', { hostPID: true }],
    ['kubernetes.podspec-hostipc', { hostIPC: true }],
    ['kubernetes.containerspec-addcapabilities', withContainer({ securityContext: { capabilities: { add: ['NET_ADMIN'] } } })],
    ['kubernetes.podspec-fieldref', withContainer({ env: [{ name: 'A', valueFrom: { fieldRef: { fieldPath: 'metadata.uid' } } }] })],
    ['multi-container-probing', { containers: [{ name: 'helper', image: 'h', readinessProbe: { exec: { command: ['x'] } } }] }],
    ['kubernetes.podspec-volumes-hostpath', volume({ hostPath: { path: '/x' } })],
    ['kubernetes.podspec-volumes-csi', volume({ csi: { driver: 'x', readOnly: true } })],
    ['kubernetes.podspec-persistent-volume-claim', volume({ persistentVolumeClaim: { claimName: 'c', readOnly: true } }, { readOnly: true })],
  ])('is reported: %s', (flag, template) => {
    expect(features(template)).toEqual([flag]);
  });

  test('is not needed for a field that false leaves unset', () => {
    expect(features({ hostNetwork: false, hostPID: false, hostIPC: false, containers: [{ name: 'function', stdin: false, stdinOnce: false, tty: false }] })).toEqual([]);
    expect(features({ shareProcessNamespace: false })).toEqual(['kubernetes.podspec-shareprocessnamespace']);
    expect(problems(withContainer({ tty: true }))).toEqual(['serving.template.containers[0].tty: is not taken by a Knative Service']);
  });

  test('is reported twice where a claim is written to', () => {
    expect(features(volume({ persistentVolumeClaim: { claimName: 'c' } }))).toEqual([
      'kubernetes.podspec-persistent-volume-claim', 'kubernetes.podspec-persistent-volume-write',
    ]);
  });

  test('is reported for what the library itself needs', () => {
    expect(synthManifest(v1beta2({}, { workloadRuntime: 'WasmEdge' })).fn.report.knativeFeatures).toEqual(['kubernetes.podspec-runtimeclassname']);
    expect(features({}, { knativeFeatures: ['kubernetes.podspec-fieldref', 'kubernetes.podspec-affinity'] })).toEqual(['kubernetes.podspec-fieldref']);
  });

  test('is not needed for what Knative always takes, and for other workloads', () => {
    const always = withContainer({
      args: ['a'],
      command: ['c'],
      workingDir: '/w',
      env: [{ name: 'A', valueFrom: { secretKeyRef: { name: 's', key: 'k' } } }],
      envFrom: [{ secretRef: { name: 's' } }],
      resources: { limits: { memory: '1Gi' } },
      livenessProbe: { httpGet: { path: '/' } },
      readinessProbe: { httpGet: { path: '/' } },
      startupProbe: { exec: { command: ['x'] } },
      securityContext: { runAsUser: 1, capabilities: { drop: ['ALL'] } },
      terminationMessagePath: '/t',
      volumeMounts: [{ name: 'v', mountPath: '/v', readOnly: true }],
    }, { volumes: [{ name: 'v', secret: { secretName: 's' } }], serviceAccountName: 'a', imagePullSecrets: [], automountServiceAccountToken: false, enableServiceLinks: false });
    expect(features(always)).toEqual([]);
    expect(synthManifest(asyncFunction({ template: { nodeSelector: { a: 'b' } } })).fn.report.knativeFeatures).toEqual([]);
  });
});

describe('a template of a Knative Service is refused for', () => {
  const refused = (field: string) => `serving.template.${field}: is not taken by a Knative Service`;

  test.each<[string, object, string[]]>([
    ['pod fields outside the mask', { terminationGracePeriodSeconds: 5, hostname: 'h', nodeName: 'n', restartPolicy: 'Always', subdomain: 's' },
      ['hostname', 'nodeName', 'restartPolicy', 'subdomain', 'terminationGracePeriodSeconds'].map(refused)],
    ['container fields outside the mask', withContainer({ lifecycle: {}, stdin: true, tty: true, volumeDevices: [] }),
      ['lifecycle', 'stdin', 'tty', 'volumeDevices'].map((field) => refused(`containers[0].${field}`))],
    ['a token mounted', { automountServiceAccountToken: true }, ['serving.template.automountServiceAccountToken: may only be false in a Knative Service']],
    ['a privileged container', withContainer({ securityContext: { privileged: true } }),
      ['serving.template.containers[0].securityContext.privileged: may only be false in a Knative Service']],
    ['Knative\'s own container', { containers: [{ name: 'queue-proxy', image: 'q' }] }, ['serving.template.containers[0].name: "queue-proxy" is Knative\'s own container']],
    ['a second port', withContainer({ ports: [{ containerPort: 8080 }, { containerPort: 9000 }] }),
      ['serving.template.containers[0].ports[1].containerPort: 9000: a Knative Service has one port, the function\'s 8080']],
    ['a port of another container', { containers: [{ name: 'helper', image: 'h', ports: [{ containerPort: 8080 }] }] },
      ['serving.template.containers[0].ports[0].containerPort: 8080: a Knative Service has one port, the function\'s 8080']],
    ['a port name and a protocol that say nothing', withContainer({ ports: [{ containerPort: 8080, name: 'web', protocol: 'UDP' }] }), [
      'serving.template.containers[0].ports[0].name: "web" is not one of "h2c", "http1"',
      'serving.template.containers[0].ports[0].protocol: must be "TCP", got "UDP"',
    ]],
    ['a variable of Knative in another container', { containers: [{ name: 'helper', image: 'h', env: [{ name: 'K_SERVICE', value: 'x' }, { name: 'PORT', value: '1' }] }] },
      ['serving.template.containers[0].env[0].name: "K_SERVICE" is set by Knative; choose another name']],
    ['a probe of an init container', { initContainers: [{ name: 'i', image: 'i', readinessProbe: {} }] },
      ['serving.template.initContainers[0].readinessProbe: is not taken for an init container by a Knative Service']],
    ['a reserved path', withContainer({ volumeMounts: [{ name: 'v', mountPath: '/dev' }] }, { volumes: [{ name: 'v', emptyDir: {} }] }),
      ['serving.template.containers[0].volumeMounts[0].mountPath: "/dev" is reserved by Knative']],
    ['a path that is not absolute', withContainer({ volumeMounts: [{ name: 'v', mountPath: 'data' }] }, { volumes: [{ name: 'v', emptyDir: {} }] }),
      ['serving.template.containers[0].volumeMounts[0].mountPath: "data" must begin with "/"']],
    ['a volume without a source', withContainer({ volumeMounts: [{ name: 'v', mountPath: '/data' }] }, { volumes: [{ name: 'v' }] }),
      ['serving.template.volumes[0]: has no source, which Knative refuses; give one such as "configMap"']],
    ['a volume of an unknown medium', withContainer({ volumeMounts: [{ name: 'v', mountPath: '/data' }] }, { volumes: [{ name: 'v', emptyDir: { medium: 'HugePages' } }] }),
      ['serving.template.volumes[0].emptyDir.medium: must be "Memory", got "HugePages"']],
    ['numbers beside its own pace of probing', withContainer({ readinessProbe: { periodSeconds: 0, timeoutSeconds: 1, failureThreshold: 3 } }),
      ['serving.template.containers[0].readinessProbe.failureThreshold: does not go with "periodSeconds": 0, Knative\'s own pace',
        'serving.template.containers[0].readinessProbe.timeoutSeconds: does not go with "periodSeconds": 0, Knative\'s own pace']],
    ['a volume that nobody mounts', { volumes: [{ name: 'v', emptyDir: {} }] },
      ['serving.template.volumes[0].name: "v" is mounted by no container, which Knative refuses']],
  ])('%s', (_what, template, expected) => {
    expect(problems(template)).toEqual(expected);
  });

  test.each([8008, 8012, 8013, 8022, 9090, 9091])('the port %d, which Knative has itself', (port) => {
    expect(problemsOf(() => synthManifest(v1beta2({ triggers: { http: { port } } })))).toEqual([
      `serving.triggers.http.port: ${port} belongs to Knative's own container in the same pod`,
    ]);
  });

  test('a host port', () => {
    expect(problems(withContainer({ ports: [{ containerPort: 8080, hostPort: 80 }] })).length).toBeGreaterThan(0);
    expect(problems(withContainer({ ports: [{ containerPort: 8080, hostPort: 80 }] }))[0]).toMatch(/^serving\.template\.containers\[0\]\.ports\[0\]\.hostPort: is not taken by a Knative Service$/);
  });
});

test('a volume that Knative mounts read-only would be fought over', () => {
  const template = volume({ secret: { secretName: 's' } }, { readOnly: false });
  expect(synthManifest(v1beta2({ template })).fn.report.warnings).toEqual([
    'warning: serving.template.volumes[0]: Knative mounts secret volumes read-only, so a sync would fight over "readOnly: false"',
  ]);
});

test('another container keeps its own environment: names of the library are the function\'s alone', () => {
  const template = { containers: [{ name: 'helper', image: 'h', env: [{ name: 'FUNC_CONTEXT', value: 'x' }] }] };
  expect(synthManifest(v1beta2({ template })).objects).toHaveLength(1);
});
