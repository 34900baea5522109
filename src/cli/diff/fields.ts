/** Two plain values → the fields in which they differ. Items of a list that have names are compared by name. */
import { isObject, Json } from '../../private/kubernetes/json';
import { formatPath } from '../../private/problem/problem';

export interface FieldChange {
  /** Such as `spec.template.spec.containers[function].image`. */
  readonly path: string;
  /** Absent if the field is only in one of the two. */
  readonly old?: Json;
  readonly new?: Json;
}

export function changedFields(before: Json | undefined, after: Json | undefined, path = ''): FieldChange[] {
  if (isObject(before) && isObject(after)) {
    const keys = [...new Set([...Object.keys(before), ...Object.keys(after)])];
    return keys.flatMap((key) => changedFields(before[key], after[key], joined(path, formatPath([key]))));
  }
  if (Array.isArray(before) && Array.isArray(after)) return changedItems(before, after, path);
  if (before === after) return [];
  return [{ path, ...(before !== undefined && { old: before }), ...(after !== undefined && { new: after }) }];
}

function joined(path: string, key: string): string {
  return path === '' || key.startsWith('[') ? `${path}${key}` : `${path}.${key}`;
}

function changedItems(before: Json[], after: Json[], path: string): FieldChange[] {
  const [old, current] = [byName(before), byName(after)];
  if (old === undefined || current === undefined) {
    const length = Math.max(before.length, after.length);
    return Array.from({ length }, (_, index) => changedFields(before[index], after[index], `${path}[${index}]`)).flat();
  }
  const names = [...new Set([...old.keys(), ...current.keys()])];
  const changes = names.flatMap((name) => changedFields(old.get(name), current.get(name), `${path}[${name}]`));
  const kept = (items: ReadonlyMap<string, Json>, others: ReadonlyMap<string, Json>) => (
    [...items.keys()].filter((name) => others.has(name)));
  const [oldOrder, newOrder] = [kept(old, current), kept(current, old)];
  if (oldOrder.join('\n') === newOrder.join('\n')) return changes;
  return [...changes, { path: `${path}, order`, old: oldOrder, new: newOrder }];
}

/** Nothing where an item has no name, or two have the same one. */
function byName(items: readonly Json[]): Map<string, Json> | undefined {
  const named = items.map((item): [unknown, Json] => [isObject(item) ? item.name : undefined, item]);
  const isNamed = named.every((entry): entry is [string, Json] => typeof entry[0] === 'string');
  const map = isNamed ? new Map(named) : undefined;
  return map?.size === items.length ? map : undefined;
}
