/** Two states → what changes for each function, and for each object. */
import { Facts, keyOf, KubernetesObject, OwnedObject, State } from './facts';
import { changedFields, FieldChange } from './fields';
import { whyReplaced } from './replaced';
import { isObject } from '../../private/kubernetes/json';

export type Change = 'added' | 'removed' | 'changed';

export interface Values<T> { readonly old?: T; readonly new?: T }

export interface ObjectChange {
  readonly change: Change;
  readonly apiVersion: string;
  readonly kind: string;
  readonly namespace?: string;
  readonly name: string;
  /** `namespace/name` of the function that it belongs to. */
  readonly function?: string;
  /** Why it cannot be updated in place. */
  readonly replaced?: string;
  readonly fields: readonly FieldChange[];
}

export interface FunctionChange {
  readonly namespace: string;
  readonly name: string;
  readonly change: Change;
  readonly image?: Values<string>;
  readonly minReplicas?: Values<string>;
  readonly maxReplicas?: Values<string>;
  readonly inputs?: { readonly added: string[]; readonly removed: string[] };
  readonly outputs?: { readonly added: string[]; readonly removed: string[] };
  readonly appId?: Values<string>;
  readonly dapr?: Values<string> & { readonly reason: string };
  readonly consumerGroups: readonly (Values<string> & { readonly input: string })[];
  readonly podsRestart: boolean;
  readonly proxyRestarts: boolean;
  /** Sentences about objects that cannot be updated in place. */
  readonly replaced: readonly string[];
  /** Objects that come, such as `HTTPRoute orders`. */
  readonly added: readonly string[];
  /** Objects that go, such as `ScaledObject orders`. */
  readonly removed: readonly string[];
}

export interface Difference {
  readonly functions: readonly FunctionChange[];
  readonly objects: readonly ObjectChange[];
}

export function compare(before: State, after: State): Difference {
  const objects = inOrder(before.objects, after.objects).flatMap((key) => (
    objectChange(before.objects.get(key), after.objects.get(key))));
  const owned = new Map<string | undefined, ObjectChange[]>();
  for (const object of objects) {
    const known = owned.get(object.function);
    if (known === undefined) owned.set(object.function, [object]);
    else known.push(object);
  }
  const functions = [...new Set([...before.functions.keys(), ...after.functions.keys()])].sort().flatMap((key) => (
    functionChange(key, owned.get(key) ?? [], before, after)));
  return { functions, objects };
}

/** As they are now, with what is gone at the end. */
function inOrder(before: ReadonlyMap<string, unknown>, after: ReadonlyMap<string, unknown>): string[] {
  return [...after.keys(), ...[...before.keys()].filter((key) => !after.has(key))];
}

function objectChange(before?: OwnedObject, after?: OwnedObject): ObjectChange[] {
  const { object, owner } = (after ?? before)!;
  const { apiVersion, kind, metadata } = object;
  const fields = before && after ? changedFields(before.object, after.object) : [];
  if (before && after && fields.length === 0) return [];
  const replaced = before && after && whyReplaced(before.object, after.object);
  const { namespace, name, generateName } = isObject(metadata) ? metadata : {};
  return [{
    change: before === undefined ? 'added' : after === undefined ? 'removed' : 'changed',
    apiVersion,
    kind,
    ...(typeof namespace === 'string' && { namespace }),
    name: String(name ?? generateName ?? ''),
    ...(owner !== undefined && { function: owner }),
    ...(replaced !== undefined && { replaced }),
    fields,
  }];
}

function functionChange(
  key: string, own: readonly ObjectChange[], oldState: State, newState: State,
): FunctionChange[] {
  const [before, after] = [oldState.functions.get(key), newState.functions.get(key)];
  const { namespace, name } = (after ?? before)!;
  const none = { consumerGroups: [], podsRestart: false, proxyRestarts: false, replaced: [], added: [], removed: [] };
  if (before === undefined || after === undefined) {
    return [{ namespace, name, change: before === undefined ? 'added' : 'removed', ...none }];
  }
  const facts = changedFacts(before, after);
  if (own.length === 0 && Object.keys(facts).length === 0) return [];
  return [{ namespace, name, change: 'changed', ...none, ...facts, ...effects(own, oldState, newState) }];
}

function changedFacts(before: Facts, after: Facts): Partial<FunctionChange> {
  const values = (field: 'image' | 'minReplicas' | 'maxReplicas' | 'appId') => (
    before[field] !== after[field] && { [field]: { old: before[field], new: after[field] } });
  const lists = (field: 'inputs' | 'outputs') => {
    const added = after[field].filter((item) => !before[field].includes(item));
    const removed = before[field].filter((item) => !after[field].includes(item));
    return added.length + removed.length > 0 && { [field]: { added, removed } };
  };
  const groups = [...after.groups].flatMap(([input, group]) => {
    const old = before.groups.get(input);
    return old === undefined || old === group ? [] : [{ input, old, new: group }];
  });
  return {
    ...values('image'),
    ...values('minReplicas'),
    ...values('maxReplicas'),
    ...lists('inputs'),
    ...lists('outputs'),
    ...values('appId'),
    ...(before.daprMode !== after.daprMode
      && { dapr: { old: before.daprMode, new: after.daprMode, reason: after.daprReason } }),
    ...(groups.length > 0 && { consumerGroups: groups }),
  };
}

type Effects = Pick<FunctionChange, 'podsRestart' | 'proxyRestarts' | 'replaced' | 'added' | 'removed'>;

function effects(own: readonly ObjectChange[], before: State, after: State): Effects {
  const roleOf = (change: ObjectChange) => (
    change.change === 'removed' ? before : after).objects.get(keyOf(asObject(change)))?.role;
  const ofRole = (role: string) => own.filter((change) => change.change === 'changed' && roleOf(change) === role);
  const newWorkload = own.find((change) => change.change === 'added' && roleOf(change) === 'workload');
  const oldWorkload = newWorkload && own.find((change) => change.change === 'removed' && roleOf(change) === 'workload');
  const words = (change: ObjectChange) => `${change.kind} ${change.name}`;
  const replaced = own.flatMap((change) => (
    change.replaced === undefined ? [] : [`${words(change)} must be replaced, since ${change.replaced}`]));
  const removed = own.filter((change) => change.change === 'removed' && change !== oldWorkload);
  return {
    podsRestart: oldWorkload !== undefined || ofRole('workload').some(changesPods),
    proxyRestarts: ofRole('proxy').some(changesPods),
    replaced: oldWorkload && newWorkload
      ? [`${words(oldWorkload)} is replaced by ${words(newWorkload)}`, ...replaced] : replaced,
    added: own.filter((change) => change.change === 'added' && change !== newWorkload).map(words),
    removed: removed.map(words),
  };
}

function asObject({ apiVersion, kind, namespace, name }: ObjectChange): KubernetesObject {
  return { apiVersion, kind, metadata: { name, ...(namespace !== undefined && { namespace }) } };
}

function changesPods({ kind, fields }: ObjectChange): boolean {
  return kind !== 'ScaledJob' && fields.some(({ path }) => /^spec\.template($|[.[])/.test(path));
}
