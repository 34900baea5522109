/** A set of functions → what people say of each of them, and all objects by what names them in a cluster. */
import type { OpenFunctionApp } from '../../openfunction-app';
import type { ResolvedTrigger } from '../../private/decide/components';
import { MAX_SCALE, MIN_SCALE } from '../../private/decide/knative';
import { isObject, JsonObject } from '../../private/kubernetes/json';
import type { Synthesized } from '../synthesize';

export interface KubernetesObject extends JsonObject {
  readonly apiVersion: string;
  readonly kind: string;
}

export interface OwnedObject {
  readonly object: KubernetesObject;
  /** Key of the function that it belongs to. */
  readonly owner?: string;
  readonly role?: string;
}

export interface Facts {
  readonly namespace: string;
  readonly name: string;
  readonly image: string;
  readonly minReplicas?: string;
  readonly maxReplicas?: string;
  /** Such as `topic placed of events`. */
  readonly inputs: readonly string[];
  readonly outputs: readonly string[];
  readonly appId: string;
  readonly daprMode: string;
  readonly daprReason: string;
  /** By input: the consumer group in which the broker counts what was read. */
  readonly groups: ReadonlyMap<string, string>;
}

export interface State {
  readonly functions: ReadonlyMap<string, Facts>;
  readonly objects: ReadonlyMap<string, OwnedObject>;
}

export const NOTHING: State = { functions: new Map(), objects: new Map() };

export function stateOf({ functions, emitted }: Pick<Synthesized, 'functions' | 'emitted'>): State {
  const owned = emitted.map(({ object, owner, role }): [string, OwnedObject] => {
    const known = object() as KubernetesObject;
    return [keyOf(known), { object: known, ...(owner && { owner: nameOf(owner), role }) }];
  });
  const objects = new Map(owned);
  return { functions: new Map(functions.map((fn) => [nameOf(fn), factsOf(fn, objects)])), objects };
}

const nameOf = ({ namespace, functionName }: OpenFunctionApp) => `${namespace}/${functionName}`;

/** `Deployment.apps shop/orders`: the same in every version of a group. */
export function keyOf({ apiVersion, kind, metadata }: KubernetesObject): string {
  const group = apiVersion.includes('/') ? `.${apiVersion.split('/')[0]}` : '';
  const { namespace, name, generateName } = isObject(metadata) ? metadata : {};
  const place = typeof namespace === 'string' ? `${namespace}/` : '';
  return `${kind}${group} ${place}${String(name ?? generateName ?? '')}`;
}

function factsOf(fn: OpenFunctionApp, objects: State['objects']): Facts {
  const { knative, scaling, components, dapr, pod } = fn._body.plan;
  const text = (bound: number | string | undefined) => (bound === undefined ? undefined : String(bound));
  const groups = components.triggers.map((trigger): [string, string | undefined] => (
    [described(trigger), groupOf(trigger, fn, objects)]));
  return {
    namespace: fn.namespace,
    name: fn.functionName,
    image: pod.image,
    minReplicas: text(knative === undefined ? scaling.minReplicas : knative.annotations[MIN_SCALE]),
    maxReplicas: text(knative === undefined ? scaling.maxReplicas : knative.maxScale ?? knative.annotations[MAX_SCALE]),
    inputs: [...components.triggers, ...components.inputs].map(described),
    outputs: components.outputs.map(described),
    appId: fn.daprAppId,
    daprMode: dapr.mode,
    daprReason: dapr.reason,
    groups: new Map(groups.filter((entry): entry is [string, string] => entry[1] !== undefined)),
  };
}

function described({ key, topic }: { readonly key: string; readonly topic?: string }): string {
  return topic === undefined ? key : `topic ${topic} of ${key}`;
}

/** As Dapr has it: what the component says, else for a topic the app-id. */
function groupOf({ componentName, block }: ResolvedTrigger, fn: OpenFunctionApp, objects: State['objects']) {
  const component = objects.get(`Component.dapr.io ${fn.namespace}/${componentName}`)?.object;
  const spec = isObject(component?.spec) ? component.spec : {};
  const settings = (Array.isArray(spec.metadata) ? spec.metadata : []).filter((item) => isObject(item));
  const named = ['consumerGroup', 'consumerID'].map((setting) => settings.find(({ name }) => name === setting)?.value);
  const given = named.find((value) => typeof value === 'string' && value !== '');
  return typeof given === 'string' ? given : block === 'pubsub' ? fn.daprAppId : undefined;
}
