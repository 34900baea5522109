/**
 * Kubernetes' Pod Security Standards, as far as the spec of a pod tells: what keeps it from a level, and what the
 * restricted level wants that most pods lack.
 *
 * https://kubernetes.io/docs/concepts/security/pod-security-standards/
 */
import { isObject, Json, JsonObject, objectAt, objectsIn } from './json';
import type { Path } from '../problem/problem';

export const SECURITY_LEVELS = ['privileged', 'baseline', 'restricted'] as const;
export type SecurityLevel = (typeof SECURITY_LEVELS)[number];

export interface SecurityBreach {
  /** The lowest level that does not allow it. */
  readonly level: 'baseline' | 'restricted';
  /** Below the spec of the pod. */
  readonly path: Path;
  readonly message: string;
}

/** What to add to a pod. */
export interface SecurityDefaults {
  readonly automountServiceAccountToken?: boolean;
  /** Of the pod. */
  readonly pod: JsonObject;
  /** Of each container. */
  readonly container: JsonObject;
}

/** What a pod says itself wins, field by field; capabilities that it adds do not undo what is dropped. */
export function withSecurity(spec: JsonObject, defaults: SecurityDefaults): JsonObject {
  const { automountServiceAccountToken, pod, container } = defaults;
  const secured = (list: Json | undefined): Json => objectsIn(list).map(([each]) => {
    const given = objectAt(each, 'securityContext');
    const { capabilities } = container;
    const both = isObject(capabilities) && { capabilities: { ...capabilities, ...objectAt(given, 'capabilities') } };
    return { ...each, securityContext: { ...container, ...given, ...both } };
  });
  const podContext = { ...pod, ...objectAt(spec, 'securityContext') };
  return {
    ...(automountServiceAccountToken !== undefined && { automountServiceAccountToken }),
    ...spec,
    ...(Object.keys(podContext).length > 0 && { securityContext: podContext }),
    containers: secured(spec.containers),
    ...(spec.initContainers !== undefined && { initContainers: secured(spec.initContainers) }),
  };
}

/** The highest level that allows all of it. */
export function levelOf(breaches: readonly SecurityBreach[]): SecurityLevel {
  if (breaches.length === 0) return 'restricted';
  return breaches.some(({ level }) => level === 'baseline') ? 'privileged' : 'baseline';
}

export function securityBreaches(spec: JsonObject): SecurityBreach[] {
  const found = new Breaches();
  for (const field of ['hostNetwork', 'hostPID', 'hostIPC']) {
    if (spec[field] === true) found.baseline([field], 'shares a namespace of the node');
  }
  checkVolumes(spec, found);
  const pod = objectAt(spec, 'securityContext');
  const windows = objectAt(spec, 'os').name === 'windows';
  checkContext(pod, ['securityContext'], found);
  checkSysctls(pod, found);
  if (pod.runAsNonRoot === false) found.restricted(['securityContext', 'runAsNonRoot'], 'is not true');
  for (const list of ['initContainers', 'containers']) {
    for (const [container, index] of objectsIn(spec[list])) {
      checkContainer(container, [list, index], found);
      checkRestricted(container, { pod, windows }, [list, index], found);
    }
  }
  return found.all;
}

class Breaches {
  public readonly all: SecurityBreach[] = [];

  public baseline(path: Path, message: string): void {
    this.all.push({ level: 'baseline', path, message });
  }

  public restricted(path: Path, message: string): void {
    this.all.push({ level: 'restricted', path, message });
  }
}

const RESTRICTED_VOLUMES = [
  'configMap', 'csi', 'downwardAPI', 'emptyDir', 'ephemeral', 'persistentVolumeClaim', 'projected', 'secret',
];

function checkVolumes(spec: JsonObject, found: Breaches): void {
  for (const [volume, index] of objectsIn(spec.volumes)) {
    const [source] = Object.keys(volume).filter((key) => key !== 'name' && volume[key] !== null);
    if (source === 'hostPath') {
      found.baseline(['volumes', index, source], 'mounts a folder of the node');
    } else if (source !== undefined && !RESTRICTED_VOLUMES.includes(source)) {
      found.restricted(['volumes', index, source], 'is a type of volume that is not allowed');
    }
  }
}

const SELINUX_TYPES = ['', 'container_t', 'container_init_t', 'container_kvm_t', 'container_engine_t'];

/** Fields that pods and containers have in common. */
function checkContext(context: JsonObject, path: Path, found: Breaches): void {
  const at = (...fields: string[]) => [...path, ...fields];
  if (objectAt(context, 'windowsOptions').hostProcess === true) {
    found.baseline(at('windowsOptions', 'hostProcess'), 'runs as a process of the node');
  }
  const { type = '', user = '', role = '' } = objectAt(context, 'seLinuxOptions');
  if (!SELINUX_TYPES.includes(String(type))) found.baseline(at('seLinuxOptions', 'type'), 'is not for containers');
  if (user !== '') found.baseline(at('seLinuxOptions', 'user'), 'may not be set');
  if (role !== '') found.baseline(at('seLinuxOptions', 'role'), 'may not be set');
  for (const profile of ['seccompProfile', 'appArmorProfile']) {
    if (objectAt(context, profile).type === 'Unconfined') found.baseline(at(profile, 'type'), 'turns a protection off');
  }
  if (context.runAsUser === 0) found.restricted(at('runAsUser'), '0 is root');
}

const SAFE_SYSCTLS = [
  'kernel.shm_rmid_forced', 'net.ipv4.ip_local_port_range', 'net.ipv4.ip_unprivileged_port_start',
  'net.ipv4.tcp_syncookies', 'net.ipv4.ping_group_range', 'net.ipv4.ip_local_reserved_ports',
  'net.ipv4.tcp_keepalive_time', 'net.ipv4.tcp_fin_timeout', 'net.ipv4.tcp_keepalive_intvl',
  'net.ipv4.tcp_keepalive_probes', 'net.ipv4.tcp_rmem', 'net.ipv4.tcp_wmem',
];

function checkSysctls(pod: JsonObject, found: Breaches): void {
  for (const [{ name }, index] of objectsIn(pod.sysctls)) {
    const path = ['securityContext', 'sysctls', index, 'name'];
    if (!SAFE_SYSCTLS.includes(String(name))) found.baseline(path, 'is not safe');
  }
}

const BASELINE_CAPABILITIES = [
  'AUDIT_WRITE', 'CHOWN', 'DAC_OVERRIDE', 'FOWNER', 'FSETID', 'KILL', 'MKNOD', 'NET_BIND_SERVICE', 'SETFCAP', 'SETGID',
  'SETPCAP', 'SETUID', 'SYS_CHROOT',
];

function checkContainer(container: JsonObject, path: Path, found: Breaches): void {
  const context = objectAt(container, 'securityContext');
  const at = (...fields: Array<string | number>) => [...path, 'securityContext', ...fields];
  checkContext(context, at(), found);
  if (context.privileged === true) found.baseline(at('privileged'), 'has all rights on the node');
  if (![undefined, null, '', 'Default'].includes(context.procMount as string)) {
    found.baseline(at('procMount'), 'shows more of /proc than containers may see');
  }
  for (const [{ hostPort }, index] of objectsIn(container.ports)) {
    if (typeof hostPort !== 'number' || hostPort === 0) continue;
    found.baseline([...path, 'ports', index, 'hostPort'], 'is a port of the node');
  }
  checkHosts(container, path, found);
  const { add: added } = objectAt(context, 'capabilities');
  for (const [index, name] of textsIn(added).entries()) {
    const message = `${name} may not be added`;
    if (!BASELINE_CAPABILITIES.includes(name)) found.baseline(at('capabilities', 'add', index), message);
    else if (name !== 'NET_BIND_SERVICE') found.restricted(at('capabilities', 'add', index), message);
  }
}

/** What a container must say for the restricted level; half of it means nothing to Windows. */
function checkRestricted(
  container: JsonObject, { pod, windows }: { pod: JsonObject; windows: boolean }, path: Path, found: Breaches,
): void {
  const context = objectAt(container, 'securityContext');
  const at = (field: string, ...fields: string[]) => [...path, 'securityContext', field, ...fields];
  if ((context.runAsNonRoot ?? pod.runAsNonRoot) !== true) found.restricted(at('runAsNonRoot'), 'is not true');
  if (windows) return;
  const { drop } = objectAt(context, 'capabilities');
  if (!textsIn(drop).includes('ALL')) found.restricted(at('capabilities', 'drop'), 'does not drop ALL');
  if (context.allowPrivilegeEscalation !== false) found.restricted(at('allowPrivilegeEscalation'), 'is not false');
  const profile = objectAt(context, 'seccompProfile').type ?? objectAt(pod, 'seccompProfile').type;
  if (profile === undefined || profile === null) {
    found.restricted(at('seccompProfile'), 'is neither RuntimeDefault nor Localhost');
  }
}

/** Since Kubernetes 1.34: the kubelet asks whatever host a probe or a hook names. */
function checkHosts(container: JsonObject, path: Path, found: Breaches): void {
  const { postStart, preStop } = objectAt(container, 'lifecycle');
  const { livenessProbe, readinessProbe, startupProbe } = container;
  const handlers = { livenessProbe, readinessProbe, startupProbe, postStart, preStop };
  for (const [name, handler] of Object.entries(handlers)) {
    for (const how of ['httpGet', 'tcpSocket']) {
      const { host = '' } = objectAt(isObject(handler) ? handler : {}, how);
      const where = name.startsWith('p') ? ['lifecycle', name] : [name];
      if (host !== '' && host !== null) found.baseline([...path, ...where, how, 'host'], 'may not be set');
    }
  }
}

function textsIn(list: Json | undefined): string[] {
  return Array.isArray(list) ? list.map(String) : [];
}
