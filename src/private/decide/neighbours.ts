/**
 * What is defined beside a function: other objects of the same program, folder or stream (docs/spec M72a).
 *
 * An object without a namespace may end in any: it is taken for one of the function's namespace.
 */
import { isObject, Json, JsonObject, objectAt, objectsIn, StringMap } from '../kubernetes/json';

export interface Neighbour {
  readonly kind: NeighbourKind;
  readonly name: string;
  readonly namespace?: string;
  /** The whole object; made when it is needed. */
  readonly body: () => JsonObject;
}

export type NeighbourKind = 'Component' | 'Resiliency' | 'Subscription' | 'Secret' | 'ConfigMap' | 'ServiceAccount'
  | 'TriggerAuthentication' | 'ClusterTriggerAuthentication' | 'KafkaTopic' | 'Service' | 'Workload'
  | 'Configuration' | 'HTTPEndpoint' | 'HTTPRoute' | 'Ingress' | 'Gateway' | 'NetworkPolicy' | 'Scaler' | 'Sink'
  | 'Selector';

/** By kind and group; the kinds that make a Secret say where its name is. */
const KINDS: Readonly<Record<string, [kind: NeighbourKind, ...namePath: string[]]>> = {
  'Component.dapr.io': ['Component'],
  'Resiliency.dapr.io': ['Resiliency'],
  'Subscription.dapr.io': ['Subscription'],
  'Configuration.dapr.io': ['Configuration'],
  'HTTPEndpoint.dapr.io': ['HTTPEndpoint'],
  'Gateway.gateway.networking.k8s.io': ['Gateway'],
  'NetworkPolicy.networking.k8s.io': ['NetworkPolicy'],
  'HTTPRoute.gateway.networking.k8s.io': ['HTTPRoute'],
  'PodDisruptionBudget.policy': ['Selector'],
  'ServiceMonitor.monitoring.coreos.com': ['Selector'],
  'PodMonitor.monitoring.coreos.com': ['Selector'],
  'Trigger.eventing.knative.dev': ['Sink'],
  'Subscription.messaging.knative.dev': ['Sink'],
  'EventSource.events.openfunction.io': ['Sink'],
  'Trigger.events.openfunction.io': ['Sink'],
  'Ingress.networking.k8s.io': ['Ingress'],
  'HorizontalPodAutoscaler.autoscaling': ['Scaler'],
  'ScaledObject.keda.sh': ['Scaler'],
  'Secret.': ['Secret'],
  'ExternalSecret.external-secrets.io': ['Secret', 'spec', 'target', 'name'],
  'SealedSecret.bitnami.com': ['Secret', 'spec', 'template', 'metadata', 'name'],
  'Certificate.cert-manager.io': ['Secret', 'spec', 'secretName'],
  'ConfigMap.': ['ConfigMap'],
  'ServiceAccount.': ['ServiceAccount'],
  'TriggerAuthentication.keda.sh': ['TriggerAuthentication'],
  'ClusterTriggerAuthentication.keda.sh': ['ClusterTriggerAuthentication'],
  'KafkaTopic.kafka.strimzi.io': ['KafkaTopic', 'spec', 'topicName'],
  'Service.': ['Service'],
  'Deployment.apps': ['Workload'],
  'StatefulSet.apps': ['Workload'],
  'DaemonSet.apps': ['Workload'],
  'Job.batch': ['Workload'],
  'CronJob.batch': ['Workload'],
  'Service.serving.knative.dev': ['Workload'],
};

/** What is known of an object without looking into it. */
export interface Head {
  readonly apiVersion: string;
  readonly kind: string;
  readonly name?: string;
  readonly namespace?: string;
}

/** Nothing for an object that functions do not refer to. */
export function neighbourOf({ apiVersion, kind, name, namespace }: Head, body: () => JsonObject): Neighbour[] {
  const group = apiVersion.includes('/') ? apiVersion.split('/')[0] : '';
  if (group === 'sources.knative.dev' && name !== undefined) return [{ kind: 'Sink', name, namespace, body }];
  const id = `${kind}.${group}`;
  if (!Object.hasOwn(KINDS, id)) return [];
  const [meant, ...namePath] = KINDS[id];
  const given = namePath.length === 0 ? undefined : at(body(), namePath);
  const known = typeof given === 'string' ? given : name;
  return known === undefined ? [] : [{ kind: meant, name: known, namespace, body }];
}

/** Of a manifest that passes through. */
export function neighbourIn(object: unknown): Neighbour[] {
  if (!isObject(object as Json)) return [];
  const { apiVersion, kind, metadata } = object as JsonObject;
  const { name, namespace } = isObject(metadata) ? metadata : {};
  if (typeof apiVersion !== 'string' || typeof kind !== 'string' || typeof name !== 'string') return [];
  const head = { apiVersion, kind, name, namespace: typeof namespace === 'string' ? namespace : undefined };
  return neighbourOf(head, () => object as JsonObject);
}

export function at(value: Json | undefined, path: readonly string[]): Json | undefined {
  return path.reduce<Json | undefined>((inner, key) => (isObject(inner) ? inner[key] : undefined), value);
}

export class Neighbours {
  private readonly byKind = new Map<NeighbourKind, Neighbour[]>();

  public constructor(all: readonly Neighbour[] = []) {
    for (const each of all) this.byKind.set(each.kind, [...this.byKind.get(each.kind) ?? [], each]);
  }

  public get isEmpty(): boolean {
    return this.byKind.size === 0;
  }

  public has(...kinds: readonly NeighbourKind[]): boolean {
    return kinds.some((kind) => this.byKind.has(kind));
  }

  public all(kind: NeighbourKind): readonly Neighbour[] {
    return this.byKind.get(kind) ?? NONE;
  }

  public in(kind: NeighbourKind, namespace: string): readonly Neighbour[] {
    return this.all(kind).filter((each) => isIn(each, namespace));
  }

  public find(kind: NeighbourKind, name: string, namespace: string): Neighbour | undefined {
    return this.all(kind).find((each) => each.name === name && isIn(each, namespace));
  }
}

export const NO_NEIGHBOURS = new Neighbours();
const NONE: readonly Neighbour[] = [];

function isIn({ namespace }: Neighbour, wanted: string): boolean {
  return namespace === undefined || namespace === wanted;
}

/** App-ids that may use it; nobody named means everybody. */
export function isScopedTo({ body }: Neighbour, appId: string): boolean {
  const { scopes } = body();
  return !Array.isArray(scopes) || scopes.length === 0 || scopes.includes(appId);
}

export interface WorkloadPod {
  readonly spec: JsonObject;
  readonly appId?: string;
  /** Of the first container. */
  readonly image?: string;
  /** By which its pods can be selected. */
  readonly labels: StringMap;
}

/** Of a Deployment or its like. */
export function podOf(object: JsonObject): WorkloadPod {
  const template = templateOf(object);
  const { metadata } = template;
  const spec = objectAt(template, 'spec');
  const { annotations, labels } = isObject(metadata) ? metadata : {};
  const { 'dapr.io/enabled': enabled, 'dapr.io/app-id': appId } = isObject(annotations) ? annotations : {};
  const all = { ...(isObject(labels) ? labels as StringMap : {}), ...ownLabels(object) };
  const [[{ image }] = [{ image: undefined }]] = objectsIn(spec.containers);
  const known = { spec, labels: all, ...(typeof image === 'string' && { image }) };
  return { ...known, ...(enabled === 'true' && typeof appId === 'string' && { appId }) };
}

/** A CronJob has it one level deeper; a Pod is one itself. */
function templateOf(object: JsonObject): JsonObject {
  const spec = isObject(object.spec) ? object.spec : {};
  const inner: Json | undefined = isObject(spec.jobTemplate) && isObject(spec.jobTemplate.spec)
    ? spec.jobTemplate.spec.template : spec.template;
  return isObject(inner) ? inner : object;
}

/** What its controller gives to each pod; pods of a CronJob have labels of its Jobs, whose names are not known. */
function ownLabels({ kind, metadata }: JsonObject): StringMap {
  const name = isObject(metadata) ? String(metadata.name) : '';
  if (kind === 'Job') return { 'batch.kubernetes.io/job-name': name };
  return kind === 'Service' ? { 'serving.knative.dev/service': name } : {};
}
