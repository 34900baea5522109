// What Kubernetes says of pod templates, said at synthesis: one row for each rule, in a Deployment and where it differs in Knative.
import { Chart, Testing } from 'cdk8s';
import { OpenFunctionApp } from '../../../src';
import { asyncFunction, v1beta2 } from '../../support/functions';
import { problemsOf } from '../../support/problems';
import { thrownBy } from '../../support/synth';

const T = 'serving.template';
const said = (template: object, serving: object = {}) => problemsOf(asyncFunction({ template, ...serving })).map((line) => line.replace(`${T}.`, ''));
const container = (fields: object, pod: object = {}) => said({ ...pod, containers: [{ name: 'function', ...fields }] }).map((line) => line.replace('containers[0].', ''));
const volume = (source: object) => said({ volumes: [{ name: 'v', ...source }] }).map((line) => line.replace('volumes[0].', ''));

describe('the containers', () => {
  test('without an image are an error, but for the function\'s own', () => {
    expect(said({ containers: [{ name: 'my-app', imagePullPolicy: 'Always' }, { name: 'function' }], initContainers: [{ name: 'i' }] })).toEqual([
      'containers[0].image: is missing; the function\'s own container is named "function"',
      'initContainers[0].image: is missing; give the image of the container',
    ]);
    expect(said({ containers: [{ name: 'function' }] })).toEqual([]);
  });

  test('are the same for a Knative Service and for typed props', () => {
    const template = { containers: [{ name: 'my-app' }, { name: 'function', volumeMounts: [{ name: 'nope', mountPath: '/x' }] }] };
    const expected = [
      `${T}.containers[0].image: is missing; the function's own container is named "function"`,
      `${T}.containers[1].volumeMounts[0].name: "nope" is the name of no volume of the template; give it under volumes`,
    ];
    expect(problemsOf(v1beta2({ template }))).toEqual(expected);
    const typed = () => new OpenFunctionApp(new Chart(Testing.app(), 'c'), 'fn', { image: 'acme/fn:1', http: {}, pod: template });
    expect(thrownBy(typed)).toBe(['c/fn: 2 problems', ...expected.map((line) => line.replace(T, 'pod'))].join('\n  '));
  });

  test.each<[object, string]>([
    [{ imagePullPolicy: 'always' }, 'imagePullPolicy: "always" is not one of "Always", "IfNotPresent", "Never"; did you mean "Always"?'],
    [{ terminationMessagePolicy: 'Log' }, 'terminationMessagePolicy: "Log" is not one of "File", "FallbackToLogsOnError"'],
    [{ restartPolicy: 'always' }, 'restartPolicy: "always" is not one of "Always", "OnFailure", "Never"; did you mean "Always"?'],
    [{ restartPolicyRules: [{ action: 'Restart', exitCodes: { operator: 'In', values: [42] } }] }, 'restartPolicy: is missing; "restartPolicyRules" needs what applies otherwise'],
    [{ ports: [{ containerPort: 1, name: 'a' }, { containerPort: 2, name: 'a' }] }, 'ports[1].name: "a" is the name of another port'],
    [{ env: [{ name: 'A', valueFrom: { fileKeyRef: { volumeName: 'nope', path: 'a', key: 'A' } } }] }, 'env[0].valueFrom.fileKeyRef.volumeName: must be the name of an emptyDir of the template'],
    [{ lifecycle: { stopSignal: 'SIGTERM' } }, 'lifecycle.stopSignal: needs the system of the pod: give "os" with its name'],
    [{ ports: [{ containerPort: 1, name: 'Web' }] }, 'ports[0].name: "Web" is not a valid name of a port: up to 15 lower-case letters, digits and "-", at least one letter'],
    [{ ports: [{ containerPort: 1, protocol: 'tcp' }] }, 'ports[0].protocol: "tcp" is not one of "TCP", "UDP", "SCTP"; did you mean "TCP"?'],
    [{ ports: [{ containerPort: 1 }, { containerPort: 1, protocol: 'TCP' }] }, 'ports[1].containerPort: 1 and "TCP" are there already; give each once'],
    [{ env: [{ name: 'A', valueFrom: {} }] }, 'env[0].valueFrom: has none of "configMapKeyRef", "fieldRef", "fileKeyRef", "resourceFieldRef", "secretKeyRef"; give one of them'],
    [{ env: [{ name: 'A', valueFrom: { secretKeyRef: { name: 'a' } } }] }, 'env[0].valueFrom.secretKeyRef.key: is missing; give the key in it'],
    [{ env: [{ name: 'A', valueFrom: { secretKeyRef: { name: 'a', key: 'b' }, configMapKeyRef: { name: 'a', key: 'b' } } }] }, 'env[0].valueFrom.secretKeyRef: cannot be combined with "configMapKeyRef"; give one of them'],
    [{ env: [{ name: 'A', valueFrom: { fieldRef: { fieldPath: 'metadata.nam' } } }] }, 'env[0].valueFrom.fieldRef.fieldPath: "metadata.nam" is not a field that can be read here; did you mean "metadata.name"?'],
    [{ env: [{ name: 'A', valueFrom: { fieldRef: { fieldPath: "metadata.labels['-']" } } }] }, 'env[0].valueFrom.fieldRef.fieldPath: "-" is not a valid key: a name of letters, digits, "-", "_" and "." with 63 characters at most, optionally after a DNS name and "/"'],
    [{ env: [{ name: 'A', valueFrom: { resourceFieldRef: { resource: 'limits.gpu' } } }] }, 'env[0].valueFrom.resourceFieldRef.resource: "limits.gpu" is not a resource that can be read here; did you mean "limits.cpu"?'],
    [{ env: [{ name: 'A', valueFrom: { resourceFieldRef: { resource: 'limits.memory', divisor: '1m' } } }] }, 'env[0].valueFrom.resourceFieldRef.divisor: "1m" is not "1", "1k", "1Ki", "1M", "1Mi" or larger'],
    [{ envFrom: [{ prefix: 'A_' }] }, 'envFrom[0]: has none of "configMapRef", "secretRef"; give one of them'],
    [{ envFrom: [{ secretRef: {} }] }, 'envFrom[0].secretRef.name: is missing; give the name of the Secret'],
    [{ livenessProbe: { periodSeconds: 5 } }, 'livenessProbe: has none of "exec", "grpc", "httpGet", "tcpSocket"; give one of them'],
    [{ livenessProbe: { exec: { command: ['a'] }, tcpSocket: { port: 8080 } } }, 'livenessProbe.tcpSocket: cannot be combined with "exec"; give one of them'],
    [{ livenessProbe: { exec: { command: ['a'] }, successThreshold: 2 } }, 'livenessProbe.successThreshold: must be 1 here, got 2'],
    [{ livenessProbe: { exec: {} } }, 'livenessProbe.exec.command: is missing; give the command and its arguments'],
    [{ readinessProbe: { httpGet: {} } }, 'readinessProbe.httpGet.port: is missing; give the number or the name of a port'],
    [{ readinessProbe: { httpGet: { port: '8080' } } }, 'readinessProbe.httpGet.port: "8080" is a string; remove the quotes'],
    [{ readinessProbe: { tcpSocket: { port: 'http' } } }, 'readinessProbe.tcpSocket.port: "http" is the name of no port of the container; there is "function-port"'],
    [{ readinessProbe: { exec: { command: ['a'] }, periodSeconds: -1 } }, 'readinessProbe.periodSeconds: -1 is outside 0..2147483647'],
    [{ readinessProbe: { exec: { command: ['a'] }, terminationGracePeriodSeconds: 3 } }, 'readinessProbe.terminationGracePeriodSeconds: has no meaning here: this probe ends no container'],
    [{ lifecycle: { preStop: {} } }, 'lifecycle.preStop: has none of "exec", "httpGet", "sleep", "tcpSocket"; give one of them'],
    [{ lifecycle: { preStop: { sleep: { seconds: 60 } } } }, 'lifecycle.preStop.sleep.seconds: 60 is outside 0..30, the grace period'],
    [{ resources: { requests: { cpu: '2' }, limits: { cpu: '500m' } } }, 'resources.requests.cpu: "2" is above the limit of "500m"'],
    [{ resources: { limits: { memroy: '1Gi' } } }, 'resources.limits.memroy: "memroy" is not a resource of a container; did you mean "memory"?'],
    [{ resources: { requests: { 'example.com/gpu': 1 } } }, 'resources.requests["example.com/gpu"]: has no limit; give limits the same amount, since it cannot be shared'],
    [{ resources: { limits: { cpu: -1 } } }, 'resources.limits.cpu: -1 is negative'],
    [{ securityContext: { runAsUser: -1 } }, 'securityContext.runAsUser: -1 is outside 0..2147483647'],
    [{ securityContext: { privileged: true, allowPrivilegeEscalation: false } }, 'securityContext.allowPrivilegeEscalation: cannot be false beside "privileged": true'],
    [{ securityContext: { seccompProfile: { type: 'Localhost' } } }, 'securityContext.seccompProfile.localhostProfile: is missing; "Localhost" needs it'],
    [{ securityContext: { procMount: 'Unmasked' } }, 'securityContext.procMount: "Unmasked" needs "hostUsers": false'],
  ])('with %j are refused', (fields, expected) => {
    expect(container(fields)).toEqual([expected]);
  });

  test('have mounts of their own, each once', () => {
    const volumes = [{ name: 'config', configMap: { name: 'c' } }];
    const mounts = (...volumeMounts: object[]) => container({ volumeMounts }, { volumes });
    expect(mounts({ name: 'config', mountPath: '/c' })).toEqual([]);
    expect(mounts({ name: 'confg', mountPath: '/c' })).toEqual(['volumeMounts[0].name: "confg" is the name of no volume of the template; did you mean "config"?']);
    expect(mounts({ name: 'config', mountPath: '/c' }, { name: 'config', mountPath: '/c', subPath: 'a' })).toEqual(['volumeMounts[1].mountPath: "/c" is there already; give each once']);
    expect(mounts({ name: 'config' })).toEqual(['volumeMounts[0].mountPath: is missing; give where the container sees it']);
    expect(mounts({ name: 'config', mountPath: '/c', subPath: '/a' })).toEqual(['volumeMounts[0].subPath: "/a" must not begin with "/": it is relative']);
  });

  test('give a port of the node once, and their own in its network', () => {
    const ports = (a: object, b: object, pod: object = {}) => said({ ...pod, containers: [{ name: 'function', ports: [a] }, { name: 'b', image: 'b', ports: [b] }] });
    expect(ports({ containerPort: 1, hostPort: 9 }, { containerPort: 2, hostPort: 9 })).toEqual(['containers[1].ports[0].hostPort: 9 is the port of another container']);
    expect(ports({ containerPort: 1, hostPort: 1 }, { containerPort: 2 }, { hostNetwork: true })).toEqual([]);
    expect(ports({ containerPort: 1, hostPort: 9 }, { containerPort: 2 }, { hostNetwork: true })).toEqual(['containers[0].ports[0].hostPort: 9 must be the containerPort with "hostNetwork": true; leave it out']);
  });

  test('have each variable once', () => {
    const env = [{ name: 'A', value: '1' }, { name: 'A', value: '1' }];
    expect(said({ containers: [{ name: 'b', image: 'b', env }] })).toEqual(['containers[0].env[1].name: "A" is there already; give each name once']);
    expect(container({ env })).toEqual([]);
  });

  test('of the init kind are probed when they go on alone', () => {
    const probe = { readinessProbe: { exec: { command: ['a'] } } };
    expect(said({ initContainers: [{ name: 'i', image: 'i', restartPolicy: 'Always', ...probe }] })).toEqual([]);
    expect(said({ initContainers: [{ name: 'i', image: 'i', ...probe }] })).toEqual(['initContainers[0].readinessProbe: goes with "restartPolicy": "Always" alone in an init container']);
  });

  test('of a Knative Service may leave to Knative what it fills in', () => {
    const probes = { readinessProbe: { httpGet: { path: '/ready' } }, livenessProbe: { tcpSocket: {} } };
    expect(problemsOf(v1beta2({ template: { containers: [{ name: 'function', ...probes }] } }))).toEqual([]);
    expect(problemsOf(v1beta2({ template: { containers: [{ name: 'function', readinessProbe: { initialDelaySeconds: 1 } }] } }))).toEqual([]);
  });
});

describe('the volumes', () => {
  test.each<[object, string]>([
    [{ name: 'V' }, 'name: "V" is not a valid DNS-1123 label: lower-case letters, digits and "-", beginning and ending with a letter or digit'],
    [{ emptyDir: {}, secret: { secretName: 'a' } }, 'secret: cannot be combined with "emptyDir"; give one of them'],
    [{ secret: {} }, 'secret.secretName: is missing; give the name of the Secret'],
    [{ secret: { secretName: 'a', defaultMode: 644 } }, 'secret.defaultMode: 644 is outside 0..511; write an octal number: 0644'],
    [{ configMap: { name: 'a', items: [{ key: 'a', path: '/a' }] } }, 'configMap.items[0].path: "/a" must not begin with "/": it is relative'],
    [{ configMap: { name: 'a', items: [{ key: 'a', path: 'a', mode: 512 }] } }, 'configMap.items[0].mode: 512 is outside 0..511; write an octal number: 0512'],
    [{ hostPath: { path: '/a/../b' } }, 'hostPath.path: "/a/../b" must not contain ".."'],
    [{ hostPath: { path: '/a', type: 'Folder' } }, 'hostPath.type: "Folder" is not one of "DirectoryOrCreate", "Directory", "FileOrCreate", "File", "Socket", "CharDevice", "BlockDevice"'],
    [{ persistentVolumeClaim: {} }, 'persistentVolumeClaim.claimName: is missing; give the name of the claim'],
    [{ nfs: { server: 'a', path: 'b' } }, 'nfs.path: "b" must begin with "/"'],
    [{ projected: { sources: [{ secret: { name: 'a' }, configMap: { name: 'b' } }] } }, 'projected.sources[0].secret: cannot be combined with "configMap"; give one of them'],
    [{ downwardAPI: { items: [{ path: 'a' }] } }, 'downwardAPI.items[0]: has none of "fieldRef", "resourceFieldRef"; give one of them'],
    [{ ephemeral: { volumeClaimTemplate: { spec: { accessModes: ['ReadWriteOnce'] } } } }, 'ephemeral.volumeClaimTemplate.spec.resources.requests.storage: is missing; give the size of the volume'],
  ])('with %j are refused', (source, expected) => {
    expect(volume(source)).toEqual([expected]);
  });

  test('have names of their own', () => {
    expect(said({ volumes: [{ name: 'v', emptyDir: {} }, { name: 'v', emptyDir: {} }] })).toEqual(['volumes[1].name: "v" is there already; give each once']);
  });
});

describe('the pod', () => {
  test.each<[object, string]>([
    [{ activeDeadlineSeconds: 5 }, 'activeDeadlineSeconds: is not possible in a Deployment; leave it out'],
    [{ dnsPolicy: 'clusterFirst' }, 'dnsPolicy: "clusterFirst" is not one of "ClusterFirstWithHostNet", "ClusterFirst", "Default", "None"; did you mean "ClusterFirst"?'],
    [{ dnsPolicy: 'None' }, 'dnsConfig.nameservers: is missing; "dnsPolicy": "None" leaves the pod without one'],
    [{ dnsConfig: { nameservers: ['dns'] } }, 'dnsConfig.nameservers[0]: "dns" is not an IP address'],
    [{ ephemeralContainers: [{ name: 'a', image: 'a' }] }, 'ephemeralContainers: is for running pods: "kubectl debug" adds them'],
    [{ hostAliases: [{ ip: 'a' }] }, 'hostAliases[0].ip: "a" is not an IP address'],
    [{ hostUsers: false, hostPID: true }, 'hostPID: does not go with "hostUsers": false'],
    [{ imagePullSecrets: [{ name: 'a' }, { name: 'a' }] }, 'imagePullSecrets[1].name: "a" is there already; give each once'],
    [{ nodeSelector: { 'a b': 'c' } }, 'nodeSelector["a b"]: "a b" is not a valid key: a name of letters, digits, "-", "_" and "." with 63 characters at most, optionally after a DNS name and "/"'],
    [{ serviceAccountName: 'A' }, 'serviceAccountName: "A" is not a valid DNS-1123 name: lower-case letters, digits, "-" and ".", each part beginning and ending with a letter or digit'],
    [{ securityContext: { fsGroup: -1 } }, 'securityContext.fsGroup: -1 is outside 0..2147483647'],
    [{ securityContext: { supplementalGroups: [1, -1] } }, 'securityContext.supplementalGroups[1]: -1 is outside 0..2147483647'],
    [{ tolerations: [{ key: 'a', operator: 'Exists', value: 'b' }] }, 'tolerations[0].value: does not go with the operator "Exists"'],
    [{ tolerations: [{ value: 'a' }] }, 'tolerations[0].operator: must be "Exists" without a key, which tolerates every taint'],
    [{ tolerations: [{ key: 'a', effect: 'NoRun' }] }, 'tolerations[0].effect: "NoRun" is not one of "NoSchedule", "PreferNoSchedule", "NoExecute"'],
    [{ tolerations: [{ key: 'a', tolerationSeconds: 3 }] }, 'tolerations[0].tolerationSeconds: goes with the effect "NoExecute" alone'],
    [{ topologySpreadConstraints: [{ topologyKey: 'zone', whenUnsatisfiable: 'DoNotSchedule' }] }, 'topologySpreadConstraints[0].maxSkew: is missing; give 1 or more'],
    [{ topologySpreadConstraints: [{ maxSkew: 1, minDomains: 2, topologyKey: 'zone', whenUnsatisfiable: 'ScheduleAnyway' }] }, 'topologySpreadConstraints[0].minDomains: goes with "whenUnsatisfiable": "DoNotSchedule" alone'],
    [{ affinity: { podAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [{}] } } }, 'affinity.podAffinity.requiredDuringSchedulingIgnoredDuringExecution[0].topologyKey: is missing; give the label of the nodes'],
    [{ affinity: { nodeAffinity: { preferredDuringSchedulingIgnoredDuringExecution: [{ weight: 101, preference: {} }] } } }, 'affinity.nodeAffinity.preferredDuringSchedulingIgnoredDuringExecution[0].weight: 101 is outside 1..100'],
    [{ affinity: { nodeAffinity: { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [{ matchExpressions: [{ key: 'a', operator: 'In' }] }] } } } },
      'affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms[0].matchExpressions[0].values: is missing; "In" needs some'],
  ])('with %j is refused', (template, expected) => {
    expect(said(template)).toEqual([expected]);
  });

  test('of a Job may have a deadline', () => {
    expect(said({ activeDeadlineSeconds: 5 }, { workloadType: 'Job' })).toEqual([]);
  });
});

describe('a pod for Windows', () => {
  const windows = (more: object) => problemsOf(asyncFunction({ template: { os: { name: 'windows' }, ...more } })).filter((line) => !line.startsWith('warning'));
  const context = (securityContext: object) => windows({ containers: [{ name: 'function', securityContext }] });
  const at = 'serving.template';

  test('takes nothing that Linux alone knows', () => {
    expect(windows({ securityContext: { runAsUser: 1, sysctls: [], runAsNonRoot: true }, hostPID: false, shareProcessNamespace: false })).toEqual([
      `${at}.securityContext.runAsUser: is not for a pod of "os": "windows"`,
      `${at}.shareProcessNamespace: is not for a pod of "os": "windows"`,
    ]);
    expect(context({ capabilities: { drop: ['ALL'] }, windowsOptions: { runAsUserName: 'ContainerUser' } })).toEqual([
      `${at}.containers[0].securityContext.capabilities: is not for a pod of "os": "windows"`,
    ]);
  });

  test('has users of Windows, and processes of the node in all containers or in none', () => {
    expect(context({ windowsOptions: { runAsUserName: 'SHOP\\worker' } })).toEqual([]);
    expect(context({ windowsOptions: { runAsUserName: 'a\\b\\c' } })).toEqual([
      `${at}.containers[0].securityContext.windowsOptions.runAsUserName: "a\\\\b\\\\c" is not a user of Windows, such as "ContainerUser" or "DOMAIN\\\\user"`,
    ]);
    expect(windows({ securityContext: { windowsOptions: { hostProcess: true } } })).toContain(`${at}.securityContext.windowsOptions.hostProcess: needs "hostNetwork": true`);
  });

  test('alone has options of Windows where a pod says its system', () => {
    expect(windows({ os: { name: 'linux' }, securityContext: { windowsOptions: { runAsUserName: 'ContainerUser' } } })).toEqual([
      `${at}.securityContext.windowsOptions: is not for a pod of "os": "linux"`,
    ]);
  });
});
