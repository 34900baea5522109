/** What Kubernetes' API server asks of containers, beyond types: a row for each structure. */
import { Json, JsonObject, isObject, objectAt, objectsIn } from './json';
import { amountOf, among, isEmpty, isGiven, notNegative, Rule, Rules, Say, strictlyAmong, text, within } from './rules';
import {
  configKey, descendingPath, dns1123Label, dns1123Name, envName, headerName, imageReference, localPath, noBacksteps,
  portName, qualifiedName,
} from './syntax';
import { didYouMean, Path, show } from '../problem/problem';

const MAX_PORT = 65_535;
const port = within(1, MAX_PORT);
const portOrName: Rule = (value) => {
  if (typeof value === 'number') return port(value);
  if (typeof value === 'string' && /^\d+$/.test(value)) return `${show(value)} is a string; remove the quotes`;
  return typeof value === 'string' ? portName(value) : undefined;
};

const KEY_OF = { key: 'the key in it' };
const SECRET_NAME = { name: 'the name of the Secret' };
const CONFIG_MAP_NAME = { name: 'the name of the ConfigMap' };
const named: Pick<Rules, 'values'> = { values: { name: text(dns1123Name) } };
const keyed: Pick<Rules, 'values'> = { values: { name: text(dns1123Name), key: text(configKey) } };

const ENV_FIELDS = [
  'metadata.name', 'metadata.namespace', 'metadata.uid', 'spec.nodeName', 'spec.serviceAccountName', 'status.hostIP',
  'status.hostIPs', 'status.podIP', 'status.podIPs',
];
const FILE_FIELDS = ['metadata.annotations', 'metadata.labels', 'metadata.name', 'metadata.namespace', 'metadata.uid'];
/** One label or annotation. */
const SUBSCRIPT = /^metadata\.(?:labels|annotations)\['(.*)'\]$/;
const RESOURCES = ['limits.cpu', 'limits.memory', 'limits.ephemeral-storage', 'requests.cpu', 'requests.memory',
  'requests.ephemeral-storage'];
const HUGE_PAGES = /^(?:limits|requests)\.hugepages-/;
const DIVISORS = /^1(?:[kMGTPE]|[KMGTPE]i)?$/;

/** Fields that a container may read of its pod; files may read others than variables. */
function checkFieldRef(ref: Json | undefined, fields: readonly string[], at: Path, say: Say): void {
  if (!isObject(ref) || typeof ref.fieldPath !== 'string' || ref.fieldPath === '') return;
  const { fieldPath } = ref;
  const subscript = SUBSCRIPT.exec(fieldPath)?.[1];
  const wrong = subscript !== undefined ? qualifiedName(subscript.toLowerCase())
    : fields.includes(fieldPath) ? undefined
      : `${show(fieldPath)} is not a field that can be read here${didYouMean(fieldPath, fields)}`;
  if (wrong !== undefined) say([...at, 'fieldPath'], wrong);
}

export const checkFileSource = (file: JsonObject, say: Say): void => {
  checkFieldRef(file.fieldRef, FILE_FIELDS, ['fieldRef'], say);
  if (isObject(file.resourceFieldRef) && isEmpty(file.resourceFieldRef.containerName)) {
    say(['resourceFieldRef', 'containerName'], 'is missing; a file does not know whose resources are meant');
  }
};

const resourceField: Rule = (value) => {
  const known = typeof value !== 'string' || value === '' || RESOURCES.includes(value) || HUGE_PAGES.test(value);
  return known ? undefined : `${show(value)} is not a resource that can be read here${didYouMean(value, RESOURCES)}`;
};

function checkDivisor({ resource, divisor }: JsonObject, say: Say): void {
  const amount = amountOf(divisor);
  if (amount === undefined || amount === 0) return;
  const cpu = typeof resource === 'string' && resource.endsWith('.cpu');
  const fits = cpu ? amount === 1 || amount === 0.001 : DIVISORS.test(String(divisor));
  const known = cpu ? '"1" or "1m"' : '"1", "1k", "1Ki", "1M", "1Mi" or larger';
  if (!fits) say(['divisor'], `${show(divisor)} is not ${known}`);
}

const LOCALHOST = 'Localhost';
const profile: Rules = {
  needs: { type: `"RuntimeDefault", "${LOCALHOST}" or "Unconfined"` },
  values: { type: among('RuntimeDefault', LOCALHOST, 'Unconfined') },
  whole: ({ type, localhostProfile }, say) => {
    const at = ['localhostProfile'];
    if (type === LOCALHOST && isEmpty(localhostProfile)) say(at, `is missing; "${LOCALHOST}" needs it`);
    if (type !== LOCALHOST && isGiven(localhostProfile)) say(at, `goes with type "${LOCALHOST}" alone`);
  },
};

const STANDARD = ['cpu', 'memory', 'ephemeral-storage'];
function checkResources(given: JsonObject, say: Say): void {
  for (const list of ['limits', 'requests']) {
    for (const [name, value] of Object.entries(isObject(given[list]) ? given[list] : {})) {
      const standard = name.includes('/') || STANDARD.includes(name) || name.startsWith('hugepages-');
      const wrong = qualifiedName(name) ?? notNegative(value)
        ?? (standard ? undefined : `${show(name)} is not a resource of a container${didYouMean(name, STANDARD)}`);
      if (wrong !== undefined) say([list, name], wrong);
    }
  }
  checkBounds(given, say);
}

/** A container may use more than it asks for of what can be shared only. */
function checkBounds({ limits, requests }: JsonObject, say: Say): void {
  if (!isObject(requests)) return;
  for (const [name, value] of Object.entries(requests)) {
    const limit = isObject(limits) ? limits[name] : undefined;
    const [asked, allowed] = [amountOf(value), amountOf(limit ?? undefined)];
    const shared = !name.startsWith('hugepages-') && (!name.includes('/') || name.includes('kubernetes.io/'));
    if (asked === undefined) continue;
    if (allowed === undefined) {
      if (!shared) say(['requests', name], 'has no limit; give limits the same amount, since it cannot be shared');
    } else if (asked > allowed || (!shared && asked !== allowed)) {
      say(['requests', name], `${show(value)} is ${shared ? 'above' : 'not'} the limit of ${show(limit)}`);
    }
  }
}

/** Resources of the whole pod are an upper end for its containers. */
export function checkPodResources(pod: JsonObject, say: Say): void {
  const { requests = {}, limits = {}, claims } = objectAt(pod, 'resources') as Record<string, JsonObject>;
  if (!isEmpty(claims)) say(['resources', 'claims'], 'belongs to a container');
  const amountsOf = (list: string, name: string): number[] => objectsIn(pod.containers)
    .map(([container]) => amountOf(objectAt(objectAt(container, 'resources'), list)[name]) ?? 0);
  for (const [list, given] of Object.entries({ requests, limits })) {
    for (const [name, value] of Object.entries(isObject(given) ? given : {})) {
      const amounts = amountsOf(list, name);
      const least = list === 'limits' ? Math.max(0, ...amounts) : amounts.reduce((sum, amount) => sum + amount, 0);
      const wrong = !/^(cpu|memory|hugepages-.*)$/.test(name) ? 'is not a resource of a whole pod'
        : (amountOf(value) ?? least) < least ? `${show(value)} is less than its containers have` : undefined;
      if (wrong !== undefined) say(['resources', list, name], wrong);
    }
  }
}

const USER = within(0);
const UNPRIVILEGED = 'allowPrivilegeEscalation';
function checkSecurity(context: JsonObject, say: Say): void {
  if (context[UNPRIVILEGED] !== false) return;
  const added = isObject(context.capabilities) ? context.capabilities.add : undefined;
  if (context.privileged === true) say([UNPRIVILEGED], 'cannot be false beside "privileged": true');
  const isAdmin = Array.isArray(added) && added.includes('CAP_SYS_ADMIN');
  if (isAdmin) say([UNPRIVILEGED], 'cannot be false beside CAP_SYS_ADMIN');
}

function checkMount(mount: JsonObject, say: Say): void {
  const { subPath, subPathExpr, recursiveReadOnly, readOnly, mountPropagation } = mount;
  const both = !isEmpty(subPath) && !isEmpty(subPathExpr);
  if (both) say(['subPathExpr'], 'cannot be combined with "subPath"; give one of them');
  if (isGiven(recursiveReadOnly) && recursiveReadOnly !== 'Disabled') {
    if (readOnly !== true) say(['recursiveReadOnly'], 'goes with "readOnly": true alone');
    if (isGiven(mountPropagation) && mountPropagation !== 'None') {
      say(['recursiveReadOnly'], 'goes with "mountPropagation": "None" alone');
    }
  }
}

/** Probes that may succeed once only, and the one that ends no container. */
function checkContainer(container: JsonObject, say: Say): void {
  for (const name of ['livenessProbe', 'startupProbe']) {
    const probe = container[name];
    const threshold = isObject(probe) ? probe.successThreshold : undefined;
    const isMore = typeof threshold === 'number' && threshold > 1;
    if (isMore) say([name, 'successThreshold'], `must be 1 here, got ${threshold}`);
  }
  const { readinessProbe, volumeDevices, volumeMounts, restartPolicy, restartPolicyRules, ports } = container;
  if (!isEmpty(restartPolicyRules) && !isGiven(restartPolicy)) {
    say(['restartPolicy'], 'is missing; "restartPolicyRules" needs what applies otherwise');
  }
  const names = objectsIn(ports).map(([{ name }]) => name);
  names.forEach((name, at) => {
    const taken = !isEmpty(name) && names.indexOf(name) < at;
    if (taken) say(['ports', at, 'name'], `${show(name)} is the name of another port`);
  });
  if (isObject(readinessProbe) && isGiven(readinessProbe.terminationGracePeriodSeconds)) {
    say(['readinessProbe', 'terminationGracePeriodSeconds'], 'has no meaning here: this probe ends no container');
  }
  if (!Array.isArray(volumeDevices) || !Array.isArray(volumeMounts)) return;
  volumeDevices.forEach((device, at) => {
    const mounted = volumeMounts.some((mount) => isObject(mount) && isObject(device)
      && (mount.name === device.name || mount.mountPath === device.devicePath));
    if (mounted) say(['volumeDevices', at], 'is mounted too; a volume is a device or a folder');
  });
}

const SIGNAL = new RegExp('^SIG(ABRT|ALRM|BUS|CHLD|CLD|CONT|FPE|HUP|ILL|INT|IOT?|KILL|PIPE|POLL|PROF|PWR|QUIT|SEGV'
  + '|STKFLT|STOP|SYS|TERM|TRAP|TSTP|TTIN|TTOU|URG|USR[12]|VTALRM|WINCH|XCPU|XFSZ|RTMIN(\\+\\d+)?|RTMAX(-\\d+)?)$');
const signal: Rule = (value) => (
  SIGNAL.test(String(value)) ? undefined : `${show(value)} is not a signal such as "SIGTERM"`);
const seconds = within(0);
const CONTAINER: Rules = {
  values: {
    image: text(imageReference),
    imagePullPolicy: among('Always', 'IfNotPresent', 'Never'),
    restartPolicy: strictlyAmong('Always', 'OnFailure', 'Never'),
    terminationMessagePolicy: among('File', 'FallbackToLogsOnError'),
  },
  unique: {
    ports: ['containerPort', 'protocol'],
    volumeMounts: ['mountPath'],
    volumeDevices: ['devicePath'],
    resizePolicy: ['resourceName'],
  },
  whole: checkContainer,
};

export const CONTAINER_RULES: Readonly<Record<string, Rules>> = {
  Container: CONTAINER,
  ContainerPort: {
    needs: { containerPort: `1 to ${MAX_PORT}` },
    values: {
      name: text(portName), containerPort: port, hostPort: within(0, MAX_PORT), protocol: among('TCP', 'UDP', 'SCTP'),
    },
  },
  ContainerRestartRule: {
    needs: { action: '"Restart"', exitCodes: 'the exit codes that it is for' }, values: { action: among('Restart') },
  },
  ContainerRestartRuleOnExitCodes: {
    needs: { operator: '"In" or "NotIn"' },
    values: { operator: among('In', 'NotIn'), values: within(0, 255) },
    unique: { values: [] },
  },
  FileKeySelector: {
    needs: { volumeName: 'the name of a volume', path: 'the path of the file in it', ...KEY_OF },
    values: { volumeName: text(dns1123Label), path: text(localPath), key: text(envName) },
  },
  ContainerResizePolicy: {
    needs: { resourceName: '"cpu" or "memory"', restartPolicy: '"NotRequired" or "RestartContainer"' },
    values: {
      resourceName: among('cpu', 'memory'), restartPolicy: among('NotRequired', 'RestartContainer'),
    },
  },
  EnvVar: { needs: { name: 'the name of the variable' }, values: { name: text(envName) }, whole: checkVariable },
  EnvVarSource: {
    one: ['configMapKeyRef', 'fieldRef', 'fileKeyRef', 'resourceFieldRef', 'secretKeyRef'],
    any: true,
    whole: (source, say) => checkFieldRef(source.fieldRef, ENV_FIELDS, ['fieldRef'], say),
  },
  EnvFromSource: { one: ['configMapRef', 'secretRef'], any: true, values: { prefix: text(envName) } },
  ConfigMapEnvSource: { needs: CONFIG_MAP_NAME, ...named },
  SecretEnvSource: { needs: SECRET_NAME, ...named },
  ConfigMapKeySelector: { needs: { ...CONFIG_MAP_NAME, ...KEY_OF }, ...keyed },
  SecretKeySelector: { needs: { ...SECRET_NAME, ...KEY_OF }, ...keyed },
  ObjectFieldSelector: {
    needs: { fieldPath: 'a field such as "metadata.name"' }, values: { apiVersion: among('v1') },
  },
  ResourceFieldSelector: {
    needs: { resource: 'a resource such as "limits.memory"' },
    values: { resource: resourceField },
    whole: checkDivisor,
  },
  Probe: {
    one: ['exec', 'grpc', 'httpGet', 'tcpSocket'],
    values: {
      initialDelaySeconds: seconds,
      timeoutSeconds: seconds,
      periodSeconds: seconds,
      successThreshold: seconds,
      failureThreshold: seconds,
      terminationGracePeriodSeconds: within(1),
    },
  },
  Lifecycle: { values: { stopSignal: signal } },
  LifecycleHandler: { one: ['exec', 'httpGet', 'sleep', 'tcpSocket'], any: true },
  ExecAction: { needs: { command: 'the command and its arguments' } },
  GRPCAction: { needs: { port: `1 to ${MAX_PORT}` }, values: { port } },
  HTTPGetAction: { values: { port: portOrName, scheme: among('HTTP', 'HTTPS') } },
  HTTPHeader: { needs: { name: 'the name of the header' }, values: { name: text(headerName) } },
  TCPSocketAction: { values: { port: portOrName } },
  ResourceRequirements: { unique: { claims: ['name'] }, whole: checkResources },
  ResourceClaim: { needs: { name: 'the name of a claim of the pod' }, values: { request: text(dns1123Label) } },
  VolumeMount: {
    needs: { name: 'the name of the volume', mountPath: 'where the container sees it' },
    values: {
      subPath: text(descendingPath),
      subPathExpr: text(descendingPath),
      mountPropagation: strictlyAmong('None', 'HostToContainer', 'Bidirectional'),
      recursiveReadOnly: strictlyAmong('Disabled', 'IfPossible', 'Enabled'),
    },
    whole: checkMount,
  },
  VolumeDevice: {
    needs: { name: 'the name of the volume', devicePath: 'the path of the device' },
    values: { devicePath: text(noBacksteps) },
  },
  SecurityContext: {
    values: { runAsUser: USER, runAsGroup: USER, procMount: strictlyAmong('Default', 'Unmasked') },
    whole: checkSecurity,
  },
  SeccompProfile: { ...profile, values: { ...profile.values, localhostProfile: text(descendingPath) } },
  AppArmorProfile: profile,
};

function checkVariable({ value, valueFrom }: JsonObject, say: Say): void {
  if (!isEmpty(value) && isGiven(valueFrom)) say(['valueFrom'], 'cannot be combined with "value"; give one of them');
}
