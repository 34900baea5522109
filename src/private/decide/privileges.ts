/** Least privilege: topics by app-id, and who may call a function through Dapr (docs/spec M116a to M116c). */
import { accessPolicies, AccessPolicy, CallerModel, checkGrants, PodCaller } from './access-policies';
import type { ComponentsPlan } from './components';
import { SidecarPorts, sidecarPorts } from './dapr';
import type { NamesPlan } from './names';
import type { Outline } from './outline';
import { interceptorOf, knativeIngressOf, ROUTE_SETTINGS } from './route';
import { checkTopic, TopicUse, topicUses } from './shared-component';
import type { ComponentMetadataModel } from '../function/function-model';
import { boolean, Read, textOf } from '../function/readers';
import { DAPR_CONFIG } from '../kubernetes/constants';
import { checkForm, daprAppId, dns1123Label } from '../kubernetes/syntax';
import { Problem, Problems, show } from '../problem/problem';

/** Settings of the platform that this follows. */
export const PRIVILEGE_SETTINGS = {
  ...ROUTE_SETTINGS, leastPrivilege: boolean, monitoringNamespace: textOf(dns1123Label),
};
type PrivilegeSettings = Read<typeof PRIVILEGE_SETTINGS>;

/** The Dapr Configuration of a function. */
export interface AccessPlan {
  readonly name: string;
  readonly policies: readonly AccessPolicy[];
}

interface AccessInput {
  readonly fn: Outline;
  readonly namespace: string;
  readonly names: NamesPlan;
  readonly components: ComponentsPlan;
  readonly callers: readonly CallerModel[];
}

export function decideAccess(
  { fn, namespace, names, components, callers }: AccessInput, problems: Problems,
): AccessPlan | undefined {
  for (const { topic, path, isKnown } of topicUses(namespace, components)) {
    if (isKnown) checkTopic(path, topic, problems);
  }
  const own = fn.serving.annotations[DAPR_CONFIG];
  if (own !== undefined) {
    problems.warn(['serving', 'annotations', DAPR_CONFIG], `${show(own)} is the Configuration of this function, `
      + 'so leastPrivilege makes none; give it an accessControl with the defaultAction "deny"');
    return undefined;
  }
  return { name: fn.dapr.mode === 'standalone' ? names.proxy : fn.name, policies: accessPolicies(callers) };
}

/** Of the pub/sub components of the function's own. */
export function withTopicScopes(components: ComponentsPlan, namespace: string, appId: string): ComponentsPlan {
  const uses = topicUses(namespace, components);
  return {
    ...components,
    components: components.components.map((component) => {
      if (component.block !== 'pubsub') return component;
      const own = uses.filter(({ componentName }) => componentName === component.name);
      return { ...component, spec: scopedSpec(component.spec, own.map((use) => ({ ...use, appId })), [appId]) };
    }),
  };
}

export type ScopedUse = Pick<TopicUse, 'topic' | 'role'> & { readonly appId: string };

/** With the topics of each app that may use the component. What the user gives of these settings wins. */
export function scopedSpec<S extends { readonly metadata: readonly ComponentMetadataModel[] }>(
  spec: S, uses: readonly ScopedUse[], appIds: readonly string[],
): S {
  const has = (name: string) => spec.metadata.some((each) => each.name.toLowerCase() === name.toLowerCase());
  const added = topicSettings(uses, appIds).filter(({ name }) => !has(name));
  return { ...spec, metadata: [...spec.metadata, ...added] };
}

function topicSettings(uses: readonly ScopedUse[], appIds: readonly string[]): ComponentMetadataModel[] {
  const topics = (belongs: (use: ScopedUse) => boolean) => (
    [...new Set(uses.filter(belongs).map(({ topic }) => topic))].sort().join(','));
  // An app without a topic is named too: one that is not named may use all that are not protected.
  const scopes = (role: ScopedUse['role']) => [...appIds].sort()
    .map((appId) => `${appId}=${topics((use) => use.appId === appId && use.role === role)}`).join(';');
  const settings = [
    { name: 'publishingScopes', value: scopes('published') },
    { name: 'subscriptionScopes', value: scopes('subscribed') },
    { name: 'protectedTopics', value: topics(() => true) },
  ];
  return settings.filter(({ value }) => value !== '');
}

interface GivenCaller extends Partial<Omit<CallerModel, 'namespace'>> {
  readonly namespace: string;
}

/** With copies of the user's lists. */
export function callerOf(appId: string, { namespace, trustDomain, operations, verbs }: GivenCaller): CallerModel {
  return {
    appId,
    namespace,
    trustDomain: trustDomain ?? 'public',
    ...(operations && { operations: [...operations] }),
    ...(verbs && { verbs: [...verbs] }),
  };
}

const VERBS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'CONNECT', 'OPTIONS', 'TRACE'];

export function checkCaller(caller: CallerModel, known: readonly CallerModel[]): Problem[] {
  const { appId, namespace, operations = [], verbs = [] } = caller;
  const problems = new Problems();
  checkForm(['appId'], appId, daprAppId, problems);
  checkForm(['namespace'], namespace, dns1123Label, problems);
  operations.forEach((operation, index) => {
    if (operation.startsWith('/')) return;
    problems.error(['operations', index], `${show(operation)} does not begin with "/"`);
  });
  verbs.forEach((verb, index) => {
    if (!VERBS.includes(verb)) problems.notOneOf(['verbs', index], verb, VERBS);
  });
  return [...problems.all, ...checkGrants(known, caller)];
}

/** Of the proxy's pods. */
export interface ProxyCallers {
  readonly kedaNamespace: string;
  /** Without one, any namespace may read metrics. */
  readonly monitoringNamespace?: string;
  /** Apps whose sidecars may call; without a list, those of any. */
  readonly apps?: Apps;
}

/** Of the function's pods. */
export interface PodCallers {
  /** Ports for pods of the proxy; none where its calls go through Knative. */
  readonly fromProxy: readonly number[];
  readonly fromNamespaces: ReadonlyArray<{ readonly name: string; readonly ports: readonly number[] }>;
  /** Those that call the function's own Service, on its port. */
  readonly fromPods: readonly PodCaller[];
  /** Where the sidecar is in the pod itself. */
  readonly sidecar?: SidecarCallers;
}

interface SidecarCallers extends Pick<ProxyCallers, 'monitoringNamespace' | 'apps'> {
  readonly ports: Pick<SidecarPorts, 'internal' | 'metrics'>;
}

type Apps = readonly Pick<CallerModel, 'appId' | 'namespace'>[];

/** Of the activator and the autoscaler. */
const KNATIVE_NAMESPACE = 'knative-serving';
/** On which Knative's queue-proxy takes requests: HTTP/1.1, HTTP/2, and either over TLS. */
const QUEUE_PROXY_PORTS = [8012, 8013, 8112];
const QUEUE_PROXY_AUTOSCALER_PORT = 9090;
const QUEUE_PROXY_METRICS_PORT = 9091;

/** Behind a proxy on demand, and always with least privilege unless the function says otherwise. */
export function decidePodCallers(
  fn: Outline, platform: PrivilegeSettings, access: AccessPlan | undefined, pods: readonly PodCaller[],
): PodCallers | undefined {
  const { leastPrivilege = false, monitoringNamespace } = platform;
  const { dapr: { mode }, serving: { annotations } } = fn;
  if (mode !== 'standalone' && !leastPrivilege) return undefined;
  const { internal, metrics } = sidecarPorts(annotations);
  const callers = { ...podCallers(fn, platform), fromPods: inOrder(pods) };
  return mode === 'sidecar'
    ? { ...callers, sidecar: { ports: { internal, metrics }, monitoringNamespace, apps: access?.policies } } : callers;
}

/** The same whichever function was there first. */
function inOrder(pods: readonly PodCaller[]): PodCaller[] {
  const key = ({ namespace, labels }: PodCaller) => JSON.stringify([namespace, labels]);
  return [...pods].sort((one, other) => (key(one) < key(other) ? -1 : 1));
}

function podCallers({ engine, port, dapr }: Outline, platform: PrivilegeSettings): Omit<PodCallers, 'fromPods'> {
  const fromProxy = dapr.mode === 'standalone' ? [port] : [];
  if (engine === undefined) return { fromProxy, fromNamespaces: [] };
  if (engine === 'keda') {
    return { fromProxy, fromNamespaces: [{ name: interceptorOf(platform).namespace, ports: [port] }] };
  }
  const { monitoringNamespace } = platform;
  return {
    fromProxy: [],
    fromNamespaces: [
      { name: KNATIVE_NAMESPACE, ports: [...QUEUE_PROXY_PORTS, QUEUE_PROXY_AUTOSCALER_PORT] },
      { name: knativeIngressOf(platform).namespace, ports: QUEUE_PROXY_PORTS },
      ...(monitoringNamespace === undefined ? [] : [{ name: monitoringNamespace, ports: [QUEUE_PROXY_METRICS_PORT] }]),
    ],
  };
}
