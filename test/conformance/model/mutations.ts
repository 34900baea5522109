// Pods with one thing changed: right or wrong as the API server says.
import { NEW_POD, RICH_POD, Template, WINDOWS_POD } from './rich-pod';
import type { Json } from '../../../src/private/kubernetes/json';

export interface Mutation {
  readonly name: string;
  readonly template: Template;
}

const WORDS = ['', 'Upper', 'with space', 'under_score', 'a.b', '/absolute', '../up', 'a/../b', '..a', 'x'.repeat(64), 'x'.repeat(254), '-dash', '8080', 'a'];
const NUMBERS = [-1, 0, 1, 256, 512, 65536, 2 ** 31 - 1];
const QUANTITIES = ['-1', '0', '1Gi', 1000];

type Change = (parent: { [key: string]: Json }, key: string) => void;

function parentIn(template: Template, path: readonly (string | number)[]): Template {
  return path.slice(0, -1).reduce((value, key) => value[key] as Template, template);
}

/** Every leaf replaced, everything removed once, every list item doubled. */
export function mutations(base: Template, words: readonly string[] = WORDS): Mutation[] {
  const found: Mutation[] = [];
  const put = (path: readonly (string | number)[], what: string, change: Change): void => {
    const template = structuredClone(base);
    change(parentIn(template, path), path.at(-1) as string);
    found.push({ name: `${path.join('.')} ${what}`, template });
  };
  const visit = (value: Json, path: readonly (string | number)[]): void => {
    if (path.length > 0 && value !== null) {
      put(path, 'removed', (parent, key) => (Array.isArray(parent) ? parent.splice(Number(key), 1) : delete parent[key]));
    }
    if (typeof value === 'string') {words.forEach((word) => put(path, `= ${word.slice(0, 20)} (${word.length})`, (parent, key) => { parent[key] = word; }));} else if (typeof value === 'number') {NUMBERS.forEach((number) => put(path, `= ${number}`, (parent, key) => { parent[key] = number; }));} else if (typeof value === 'boolean') {put(path, 'turned', (parent, key) => { parent[key] = !value; });} else if (Array.isArray(value)) {
      put(path, 'empty', (parent, key) => { parent[key] = []; });
      value.forEach((item, index) => {
        put([...path, index], 'doubled', (parent, key) => { (parent as unknown as Json[]).splice(Number(key), 0, structuredClone(item)); });
        visit(item, [...path, index]);
      });
    } else if (value !== null) {
      for (const [key, item] of Object.entries(value)) visit(item, [...path, key]);
    }
    if (path.includes('requests') || path.includes('limits') || path.at(-1) === 'sizeLimit') {
      if (typeof value !== 'object') QUANTITIES.forEach((amount) => put(path, `= ${amount}`, (parent, key) => { parent[key] = amount; }));
    }
  };
  visit(base, []);
  return found;
}

export const into = (path: string, value: Json, base = RICH_POD): Mutation => {
  const template = structuredClone(base);
  const keys = path.split('.');
  parentIn(template, keys)[keys.at(-1)!] = value;
  return { name: `${path} = ${JSON.stringify(value)}`, template };
};

/** What a mutation of one leaf cannot say. */
export const ADDED: readonly Mutation[] = [
  into('activeDeadlineSeconds', 5),
  into('ephemeralContainers', [{ name: 'debug', image: 'a' }]),
  into('hostNetwork', true),
  into('hostUsers', false),
  into('shareProcessNamespace', true),
  into('restartPolicy', 'Never'),
  into('restartPolicy', 'Sometimes'),
  into('restartPolicy', 'Always'),
  into('terminationGracePeriodSeconds', 2),
  into('containers.0.securityContext.procMount', 'Unmasked'),
  into('containers.0.securityContext.capabilities.add.0', 'CAP_SYS_ADMIN'),
  into('containers.0.readinessProbe.terminationGracePeriodSeconds', 5),
  into('containers.0.startupProbe.successThreshold', 2),
  into('containers.0.livenessProbe.exec', { command: ['a'] }),
  into('containers.0.livenessProbe', {}),
  into('containers.0.livenessProbe', { periodSeconds: 1 }),
  into('containers.0.lifecycle.preStop', {}),
  into('containers.0.lifecycle.preStop.httpGet', { port: 80 }),
  into('containers.0.lifecycle.preStop', { httpGet: { path: '/' } }),
  into('containers.0.env.0.valueFrom', { fieldRef: { fieldPath: 'metadata.name' } }),
  into('containers.0.env.1.valueFrom', {}),
  into('containers.0.env.1.valueFrom.secretKeyRef', { name: 'a', key: 'b' }),
  into('containers.0.env.1.valueFrom.fieldRef.fieldPath', 'metadata.nam'),
  into('containers.0.env.1.valueFrom.fieldRef.fieldPath', 'status.podIP'),
  into('containers.0.env.1.valueFrom.fieldRef.fieldPath', 'metadata.labels'),
  into('containers.0.env.3.valueFrom.resourceFieldRef.divisor', '1Mi'),
  into('containers.0.env.3.valueFrom.resourceFieldRef.resource', 'limits.hugepages-2Mi'),
  into('containers.0.envFrom.0', { prefix: 'A_' }),
  into('containers.0.envFrom.0.configMapRef', { name: 'a' }),
  into('containers.0.ports.1', { containerPort: 8080 }),
  into('containers.0.ports.1.hostPort', 9000),
  into('containers.1.ports.0.hostPort', 9000),
  into('containers.0.ports.1.protocol', 'SCTP'),
  into('containers.0.resources.requests.cpu', '2'),
  into('containers.0.resources.requests.memory', '129Mi'),
  into('containers.0.resources.requests.gpu', 1),
  into('containers.0.resources.requests.ephemeral-storage', '1Gi'),
  into('containers.0.resources.requests', { 'example.com/other': 1 }),
  into('containers.0.resources.limits', { 'example.com/gpu': 2, 'cpu': 1 }),
  into('containers.0.volumeMounts.0.name', 'nope'),
  into('containers.0.volumeMounts.0.mountPath', '/login'),
  into('containers.0.volumeMounts.0.recursiveReadOnly', 'Enabled'),
  into('containers.0.volumeMounts.1.recursiveReadOnly', 'Enabled'),
  into('containers.0.volumeMounts.1.subPathExpr', 'a'),
  into('containers.0.volumeMounts.2.mountPropagation', 'Bidirectional'),
  into('containers.0.volumeDevices.0.name', 'scratch'),
  into('containers.0.volumeMounts.3.name', 'data'),
  into('containers.0.restartPolicy', 'Always'),
  into('containers.1.name', 'function'),
  into('containers.1.name', 'prepare'),
  into('initContainers.0.restartPolicy', 'Never'),
  into('initContainers.0.livenessProbe', { exec: { command: ['a'] } }),
  into('initContainers.0.lifecycle', { preStop: { exec: { command: ['a'] } } }),
  into('dnsConfig', null),
  into('dnsConfig.nameservers', ['10.0.0.1', '10.0.0.2', '10.0.0.3', '10.0.0.4']),
  into('hostAliases.1', { ip: 'here', hostnames: [] }),
  into('securityContext.sysctls.1', { name: 'kernel.shm_rmid_forced', value: '1' }),
  into('securityContext.supplementalGroups.0', -1),
  into('securityContext.seccompProfile.localhostProfile', 'a'),
  into('containers.0.securityContext.appArmorProfile', { type: 'Localhost' }),
  into('tolerations.0.operator', 'Exists'),
  into('tolerations.0.effect', 'NoSchedule'),
  into('tolerations.1', { operator: 'Equal', value: 'a' }),
  into('tolerations.1', { key: 'a', operator: 'Gone' }),
  into('topologySpreadConstraints.0.whenUnsatisfiable', 'ScheduleAnyway'),
  into('topologySpreadConstraints.0.matchLabelKeys', ['app']),
  into('topologySpreadConstraints.0.labelSelector', null),
  into('affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms.0.matchExpressions.1.values', ['1', '2']),
  into('affinity.nodeAffinity.requiredDuringSchedulingIgnoredDuringExecution.nodeSelectorTerms.0.matchExpressions.0.operator', 'Exists'),
  into('affinity.podAffinity.requiredDuringSchedulingIgnoredDuringExecution.0.mismatchLabelKeys', ['hash']),
  into('volumes.0.secret', { secretName: 'a' }),
  into('volumes.0', { name: 'settings' }),
  into('volumes.1.name', 'settings'),
  into('volumes.1.secret.items.0.mode', 644),
  into('volumes.7.ephemeral.volumeClaimTemplate.spec.accessModes', ['ReadWriteOnce', 'ReadWriteOncePod']),
  into('volumes.8.downwardAPI.items.0.fieldRef.fieldPath', 'status.podIP'),
  into('volumes.9.projected.sources.0.secret', { name: 'a' }),
  into('volumes.9.projected.sources.1.secret.items', [{ key: 'a', path: 'b' }]),
  into('volumes.9.projected.sources.2.serviceAccountToken.expirationSeconds', 599),
];

const LINUX = { runAsUser: 1, runAsGroup: 1, seccompProfile: { type: 'RuntimeDefault' }, appArmorProfile: { type: 'RuntimeDefault' }, seLinuxOptions: { level: 's0' } };

export const WINDOWS: readonly Mutation[] = [
  ...Object.entries({ ...LINUX, fsGroup: 1, fsGroupChangePolicy: 'Always', supplementalGroups: [1], supplementalGroupsPolicy: 'Merge', seLinuxChangePolicy: 'Recursive', sysctls: [{ name: 'kernel.shm_rmid_forced', value: '0' }] })
    .map(([field, value]) => into(`securityContext.${field}`, value, WINDOWS_POD)),
  ...Object.entries({ ...LINUX, allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] }, privileged: false, procMount: 'Default', readOnlyRootFilesystem: true })
    .map(([field, value]) => into(`containers.0.securityContext.${field}`, value, WINDOWS_POD)),
  ...['hostUsers', 'hostPID', 'hostIPC', 'shareProcessNamespace'].flatMap((field) => [true, false].map((value) => into(field, value, WINDOWS_POD))),
  into('os.name', 'linux', WINDOWS_POD),
  into('os', null, WINDOWS_POD),
  into('securityContext.windowsOptions.hostProcess', true, WINDOWS_POD),
  into('containers.0.securityContext.windowsOptions.hostProcess', true, WINDOWS_POD),
  into('hostNetwork', true, into('securityContext.windowsOptions.hostProcess', true, WINDOWS_POD).template),
  into('hostNetwork', true, WINDOWS_POD),
  ...['a\\b\\c', '', '.', 'a:b', 'user@shop', 'x'.repeat(105), 'a.b\\c', '\\c', 'a b'].map((user) => into('containers.0.securityContext.windowsOptions.runAsUserName', user, WINDOWS_POD)),
  into('containers.0.securityContext.windowsOptions.gmsaCredentialSpecName', 'Bad Name', WINDOWS_POD),
  into('securityContext.windowsOptions.gmsaCredentialSpec', '', WINDOWS_POD),
  into('initContainers', [{ name: 'prepare', image: 'example.com/prepare:v1', securityContext: { privileged: true } }], WINDOWS_POD),
];

const EXIT_CODES = { operator: 'In', values: [42] };

/** What the newest fields do not go with. */
export const NEWER: readonly Mutation[] = [
  ...mutations(NEW_POD, ['', 'Upper Case', '../x']),
  into('containers.0.ports', [{ name: 'a', containerPort: 8080 }, { name: 'a', containerPort: 9090 }], NEW_POD),
  into('containers.0.restartPolicyRules.0.action', 'RestartAllContainers', NEW_POD),
  into('containers.0.lifecycle.preStop.sleep', {}, NEW_POD),
  into('containers.0.env.1.valueFrom.fileKeyRef.volumeName', 'model', NEW_POD),
  into('containers.0.volumeMounts.0.subPathExpr', '$(A)', NEW_POD),
  into('initContainers.1.restartPolicyRules', [{ action: 'Restart', exitCodes: EXIT_CODES }], NEW_POD),
  into('resources.requests', { 'nvidia.com/gpu': 1 }, NEW_POD),
  into('resources.requests', {}, NEW_POD),
  into('resources.requests.ephemeral-storage', '1Gi', NEW_POD),
  into('resources.requests.cpu', '50m', NEW_POD),
  into('resources.requests.memory', '3Gi', NEW_POD),
  into('resources.limits.cpu', '500m', NEW_POD),
  into('resources.claims', [{ name: 'device' }], NEW_POD),
  into('hostNetwork', true, into('hostUsers', true, NEW_POD).template),
  into('setHostnameAsFQDN', true, NEW_POD),
  into('topologySpreadConstraints.0.matchLabelKeys', ['app'], NEW_POD),
  into('tolerations', [{ key: 'a', operator: 'Gt', value: '5' }], NEW_POD),
  into('volumes.3.projected.sources.1.podCertificate.keyPath', 'ca.pem', NEW_POD),
];
