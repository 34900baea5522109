/** What Kubernetes' API server asks of pods, beyond types: where they run, as whom, and what they reach. */
import { isIP } from 'node:net';
import { checkPodResources, CONTAINER_RULES } from './container-rules';
import { Json, JsonObject, isObject, objectAt, objectsIn } from './json';
import { among, isEmpty, isGiven, notNegative, Rule, Rules, Say, strictlyAmong, text, within, word } from './rules';
import {
  dns1123Label, dns1123Name, labelValue, podHostname, qualifiedName, searchDomain, sysctlName, windowsUser,
} from './syntax';
import { VOLUME_RULES } from './volume-rules';
import { show } from '../problem/problem';

const id = within(0);
const weight: Rules = { needs: { weight: '1 to 100' }, values: { weight: within(1, 100) } };
const ipAddress: Rule = (value) => (
  typeof value === 'string' && isIP(value) === 0 ? `${show(value)} is not an IP address` : undefined);

function checkLabels(labels: Json | undefined, field: string, say: Say): void {
  if (!isObject(labels)) return;
  for (const [key, value] of Object.entries(labels)) {
    const wrong = qualifiedName(key) ?? (typeof value === 'string' ? labelValue(value) : undefined);
    if (wrong !== undefined) say([field, key], wrong);
  }
}

const OPERATORS = ['In', 'NotIn', 'Exists', 'DoesNotExist'];
/** How many values go with each operator: none, some or one. */
function checkValues({ operator, values }: JsonObject, say: Say): void {
  const count = Array.isArray(values) ? values.length : 0;
  if (operator === 'In' || operator === 'NotIn') {
    if (count === 0) say(['values'], `is missing; ${show(operator)} needs some`);
  } else if (operator === 'Exists' || operator === 'DoesNotExist') {
    if (count > 0) say(['values'], `does not go with ${show(operator)}`);
  } else if ((operator === 'Gt' || operator === 'Lt') && count !== 1) {
    say(['values'], `has ${count} values; ${show(operator)} needs one`);
  }
}

const requirement = (operators: readonly string[], values?: Rule): Rules => ({
  needs: { key: 'the key of a label', operator: operators.map(show).join(', ') },
  values: { key: text(qualifiedName), operator: among(...operators), ...(values && { values }) },
  whole: checkValues,
});

function checkTerm({ matchFields, matchExpressions }: JsonObject, say: Say): void {
  // Kubernetes refuses other values since 1.34; before, no node could have them.
  for (const [{ values }, at] of objectsIn(matchExpressions)) {
    (Array.isArray(values) ? values : []).forEach((value, index) => {
      const wrong = text(labelValue)(value);
      if (wrong !== undefined) say(['matchExpressions', at, 'values', index], wrong);
    });
  }
  (Array.isArray(matchFields) ? matchFields : []).forEach((item, at) => {
    if (!isObject(item)) return;
    const { key, operator, values } = item;
    if (key !== 'metadata.name') say(['matchFields', at, 'key'], 'can be "metadata.name" alone');
    if (operator !== 'In' && operator !== 'NotIn') say(['matchFields', at, 'operator'], 'can be "In" or "NotIn" alone');
    const [name, ...others] = Array.isArray(values) ? values : [];
    const wrong = typeof name === 'string' && others.length === 0 ? dns1123Name(name) : 'must be the name of one node';
    if (wrong !== undefined) say(['matchFields', at, 'values'], wrong);
  });
}

/** Keys of the pod's own labels, beside a selector that does not name them itself. */
function checkLabelKeys(given: JsonObject, say: Say): void {
  for (const field of ['matchLabelKeys', 'mismatchLabelKeys']) {
    const keys = given[field];
    if (!Array.isArray(keys) || keys.length === 0) continue;
    if (!isObject(given.labelSelector)) say([field], 'goes with "labelSelector" alone');
    keys.forEach((key, at) => {
      const wrong = typeof key === 'string' ? qualifiedName(key) : undefined;
      if (wrong !== undefined) say([field, at], wrong);
    });
  }
  const { matchLabelKeys, mismatchLabelKeys } = given;
  if (!Array.isArray(matchLabelKeys) || !Array.isArray(mismatchLabelKeys)) return;
  matchLabelKeys.forEach((key, at) => {
    if (mismatchLabelKeys.includes(key)) say(['matchLabelKeys', at], `${show(key)} is in "mismatchLabelKeys" too`);
  });
}

/** A spread may not select by a key that it compares. */
function checkSpread(given: JsonObject, say: Say): void {
  checkLabelKeys(given, say);
  const { minDomains, whenUnsatisfiable, matchLabelKeys, labelSelector } = given;
  if (isGiven(minDomains) && whenUnsatisfiable !== 'DoNotSchedule') {
    say(['minDomains'], 'goes with "whenUnsatisfiable": "DoNotSchedule" alone');
  }
  if (!isObject(labelSelector) || !Array.isArray(matchLabelKeys)) return;
  const { matchLabels, matchExpressions } = labelSelector;
  const selected = [
    ...Object.keys(isObject(matchLabels) ? matchLabels : {}),
    ...(Array.isArray(matchExpressions) ? matchExpressions : []).map((each) => (isObject(each) ? each.key : undefined)),
  ];
  matchLabelKeys.forEach((key, at) => {
    if (selected.includes(key as string)) say(['matchLabelKeys', at], `${show(key)} is in "labelSelector" too`);
  });
}

function checkToleration({ key, operator, value, effect, tolerationSeconds }: JsonObject, say: Say): void {
  const exists = operator === 'Exists';
  if (isEmpty(key) && !exists) say(['operator'], 'must be "Exists" without a key, which tolerates every taint');
  if (exists && !isEmpty(value)) say(['value'], 'does not go with the operator "Exists"');
  const wrong = !exists && typeof value === 'string' ? labelValue(value) : undefined;
  if (wrong !== undefined) say(['value'], wrong);
  if (isGiven(tolerationSeconds) && effect !== 'NoExecute') {
    say(['tolerationSeconds'], 'goes with the effect "NoExecute" alone');
  }
}

function checkDns({ nameservers, searches }: JsonObject, say: Say): void {
  for (const [list, field, most] of [[nameservers, 'nameservers', 3], [searches, 'searches', 32]] as const) {
    if (Array.isArray(list) && list.length > most) say([field], `has ${list.length} items, ${most} are allowed`);
  }
  if (!Array.isArray(searches)) return;
  const { length } = searches.join(' ');
  if (length > 2048) say(['searches'], `has ${length} characters, 2048 are allowed`);
}

/** What only Linux knows, by place. */
const OF_LINUX = {
  pod: ['hostUsers', 'hostPID', 'hostIPC', 'shareProcessNamespace'],
  podContext: ('appArmorProfile fsGroup fsGroupChangePolicy runAsGroup runAsUser seLinuxChangePolicy seLinuxOptions '
    + 'seccompProfile supplementalGroups supplementalGroupsPolicy sysctls').split(' '),
  context: ('allowPrivilegeEscalation appArmorProfile capabilities privileged procMount readOnlyRootFilesystem '
    + 'runAsGroup runAsUser seLinuxOptions seccompProfile').split(' '),
};
const LIKE_ABSENT = ['hostPID', 'hostIPC', 'sysctls'];
type Place = readonly (string | number)[];
function containersOf(pod: JsonObject): Array<[container: JsonObject, at: Place]> {
  const lists = ['initContainers', 'containers'];
  return lists.flatMap((list) => (
    objectsIn(pod[list]).map(([each, index]): [JsonObject, Place] => [each, [list, index]])));
}

/** A pod that says for which system it is takes nothing of the other one. */
function checkSystem(pod: JsonObject, say: Say): void {
  const { name } = objectAt(pod, 'os');
  const own: [JsonObject, Place] = [objectAt(pod, 'securityContext'), ['securityContext']];
  const contexts = containersOf(pod).map(([container, at]): [JsonObject, Place] => (
    [objectAt(container, 'securityContext'), [...at, 'securityContext']]));
  const refuse = (value: JsonObject, at: Place, fields: readonly string[]): void => {
    // Go does not tell an empty list, or the host's namespaces that are off, from absent.
    const isNothing = (field: string) => (
      LIKE_ABSENT.includes(field) && (value[field] === false || (field === 'sysctls' && isEmpty(value[field]))));
    for (const field of fields.filter((each) => isGiven(value[each]) && !isNothing(each))) {
      say([...at, field], `is not for a pod of "os": ${show(name)}`);
    }
  };
  if (name === 'linux') for (const [context, at] of [own, ...contexts]) refuse(context, at, ['windowsOptions']);
  if (name === 'windows') {
    refuse(pod, [], OF_LINUX.pod);
    refuse(...own, OF_LINUX.podContext);
    for (const [context, at] of contexts) refuse(context, at, OF_LINUX.context);
  }
  for (const [container, at] of name === undefined ? containersOf(pod) : []) {
    const signal = isGiven(objectAt(container, 'lifecycle').stopSignal);
    if (signal) say([...at, 'lifecycle', 'stopSignal'], 'needs the system of the pod: give "os" with its name');
  }
  checkHostProcess(pod, own[0], contexts, say);
}

const hostProcess = ({ windowsOptions }: JsonObject): Json | undefined => (
  isObject(windowsOptions) && isGiven(windowsOptions.hostProcess) ? windowsOptions.hostProcess : undefined);

/** All containers of a pod are processes of the node, or none is. */
function checkHostProcess(pod: JsonObject, own: JsonObject, contexts: Array<[JsonObject, Place]>, say: Say): void {
  const general = hostProcess(own);
  const all = contexts.map(([context]) => hostProcess(context) ?? general);
  const count = all.filter((each) => each === true).length;
  if (count === 0 && general !== true) return;
  const at = ['securityContext', 'windowsOptions', 'hostProcess'];
  if (count !== all.length) say(at, 'is for all containers of a pod or for none');
  if (pod.hostNetwork !== true) say(at, 'needs "hostNetwork": true');
}

function checkPod(pod: JsonObject, say: Say): void {
  checkSystem(pod, say);
  if (isGiven(pod.resources)) checkPodResources(pod, say);
  for (const field of ['hostNetwork', 'setHostnameAsFQDN']) {
    const both = isGiven(pod.hostnameOverride) && pod[field] === true;
    if (both) say(['hostnameOverride'], `does not go with ${show(field)}`);
  }
  const { dnsPolicy, dnsConfig, hostUsers, hostPID, shareProcessNamespace, ephemeralContainers } = pod;
  checkLabels(pod.nodeSelector, 'nodeSelector', say);
  if (dnsPolicy === 'None' && (!isObject(dnsConfig) || isEmpty(dnsConfig.nameservers))) {
    say(['dnsConfig', 'nameservers'], 'is missing; "dnsPolicy": "None" leaves the pod without one');
  }
  for (const field of hostUsers === false ? ['hostNetwork', 'hostPID', 'hostIPC'] : []) {
    if (pod[field] === true) say([field], 'does not go with "hostUsers": false');
  }
  if (shareProcessNamespace === true && hostPID === true) say(['shareProcessNamespace'], 'does not go with "hostPID"');
  if (!isEmpty(ephemeralContainers)) say(['ephemeralContainers'], 'is for running pods: "kubectl debug" adds them');
  for (const [name, amount] of Object.entries(objectAt(pod, 'overhead'))) {
    const wrong = qualifiedName(name) ?? notNegative(amount);
    if (wrong !== undefined) say(['overhead', name], wrong);
  }
}

const notEmpty: Rule = (value) => (value === '' ? 'is empty; leave it out' : undefined);

export const POD_RULES: Readonly<Record<string, Rules>> = {
  ...CONTAINER_RULES,
  ...VOLUME_RULES,
  PodSpec: {
    values: {
      dnsPolicy: among('ClusterFirstWithHostNet', 'ClusterFirst', 'Default', 'None'),
      preemptionPolicy: strictlyAmong('PreemptLowerPriority', 'Never'),
      activeDeadlineSeconds: within(1),
      hostname: text(dns1123Label),
      hostnameOverride: word(podHostname),
      subdomain: text(dns1123Label),
      nodeName: text(dns1123Name),
      serviceAccountName: text(dns1123Name),
      priorityClassName: text(dns1123Name),
      runtimeClassName: word(dns1123Name),
    },
    unique: {
      volumes: ['name'],
      hostAliases: ['ip'],
      imagePullSecrets: ['name'],
      resourceClaims: ['name'],
      schedulingGates: ['name'],
      topologySpreadConstraints: ['topologyKey', 'whenUnsatisfiable'],
    },
    whole: checkPod,
  },
  WindowsSecurityContextOptions: {
    values: {
      gmsaCredentialSpecName: word(dns1123Name), gmsaCredentialSpec: notEmpty, runAsUserName: word(windowsUser),
    },
  },
  PodOS: { needs: { name: '"linux" or "windows"' }, values: { name: among('linux', 'windows') } },
  PodSecurityContext: {
    values: {
      runAsUser: id,
      runAsGroup: id,
      fsGroup: id,
      supplementalGroups: id,
      fsGroupChangePolicy: strictlyAmong('OnRootMismatch', 'Always'),
      supplementalGroupsPolicy: strictlyAmong('Merge', 'Strict'),
      seLinuxChangePolicy: strictlyAmong('Recursive', 'MountOption'),
    },
    unique: { sysctls: ['name'] },
  },
  Sysctl: { needs: { name: 'the name of the setting' }, values: { name: text(sysctlName) } },
  PodResourceClaim: {
    needs: { name: 'a name for the claim' },
    values: {
      name: text(dns1123Label), resourceClaimName: word(dns1123Name), resourceClaimTemplateName: word(dns1123Name),
    },
    one: ['resourceClaimName', 'resourceClaimTemplateName'],
    any: true,
  },
  WorkloadReference: {
    needs: { name: 'the name of the Workload', podGroup: 'the name of a group of its pods' },
    values: { name: text(dns1123Name), podGroup: text(dns1123Label), podGroupReplicaKey: text(dns1123Label) },
  },
  PodReadinessGate: {
    needs: { conditionType: 'a condition of the pod' }, values: { conditionType: text(qualifiedName) },
  },
  PodSchedulingGate: { needs: { name: 'the name of the gate' }, values: { name: text(qualifiedName) } },
  HostAlias: { needs: { ip: 'an IP address' }, values: { ip: ipAddress, hostnames: word(dns1123Name) } },
  PodDNSConfig: { values: { nameservers: ipAddress, searches: word(searchDomain) }, whole: checkDns },
  PodDNSConfigOption: { needs: { name: 'the name of the option' } },
  Toleration: {
    values: {
      key: text(qualifiedName),
      operator: among('Equal', 'Exists'),
      effect: among('NoSchedule', 'PreferNoSchedule', 'NoExecute'),
    },
    whole: checkToleration,
  },
  TopologySpreadConstraint: {
    needs: {
      maxSkew: '1 or more',
      topologyKey: 'the label of the nodes',
      whenUnsatisfiable: '"DoNotSchedule" or "ScheduleAnyway"',
    },
    values: {
      maxSkew: within(1),
      minDomains: within(1),
      whenUnsatisfiable: among('DoNotSchedule', 'ScheduleAnyway'),
      nodeAffinityPolicy: strictlyAmong('Honor', 'Ignore'),
      nodeTaintsPolicy: strictlyAmong('Honor', 'Ignore'),
    },
    whole: checkSpread,
  },
  LabelSelector: { whole: ({ matchLabels }, say) => checkLabels(matchLabels, 'matchLabels', say) },
  LabelSelectorRequirement: requirement(OPERATORS, text(labelValue)),
  NodeSelector: { needs: { nodeSelectorTerms: 'one or more of them' } },
  NodeSelectorTerm: { whole: checkTerm },
  NodeSelectorRequirement: requirement([...OPERATORS, 'Gt', 'Lt']),
  PreferredSchedulingTerm: weight,
  WeightedPodAffinityTerm: { ...weight, needs: { ...weight.needs, podAffinityTerm: 'what it stands near to' } },
  PodAffinityTerm: {
    needs: { topologyKey: 'the label of the nodes' },
    values: { topologyKey: text(qualifiedName), namespaces: word(dns1123Label) },
    whole: checkLabelKeys,
  },
};
