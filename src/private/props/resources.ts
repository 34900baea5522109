/** The prop `resources` → `resources` of a container in a pod. */
import type { ContainerResources, ICpu } from '../../container-resources';
import type { Move } from '../function/readers';
import { isObject, JsonObject } from '../kubernetes/json';
import { parseQuantity, QUANTITY_FORM } from '../kubernetes/quantity';
import { Path, Problems, show } from '../problem/problem';

/** Names of resources in Kubernetes. */
const NAMES = { cpu: 'cpu', memory: 'memory', ephemeralStorage: 'ephemeral-storage' } as const;
const BOUNDS = { request: 'requests', limit: 'limits' } as const;
type Field = keyof typeof NAMES;
type Bound = keyof typeof BOUNDS;

/** Adds what the prop says to what the container of `pod` says. */
export function addResources(container: JsonObject, resources: ContainerResources, problems: Problems): void {
  for (const field of Object.keys(NAMES) as Field[]) {
    for (const bound of Object.keys(BOUNDS) as Bound[]) {
      const quantity = quantityOf(resources[field]?.[bound], ['resources', field, bound], problems);
      if (quantity !== undefined) addQuantity(container, field, bound, quantity, problems);
    }
  }
}

/** What checks find in the container, at `place`, is told in the words of the prop. */
export function resourceMoves(place: Path, resources: ContainerResources): Move[] {
  return (Object.keys(NAMES) as Field[]).flatMap((field) => (Object.keys(BOUNDS) as Bound[])
    .filter((bound) => resources[field]?.[bound] !== undefined)
    .map((bound): Move => [[...place, 'resources', BOUNDS[bound], NAMES[field]], ['resources', field, bound]]));
}

interface Sized { asString(): string }

function quantityOf(given: ICpu | Sized | undefined | null, path: Path, problems: Problems): string | undefined {
  if (given === undefined || given === null) return undefined;
  const quantity: unknown = 'asString' in given ? given.asString() : given.amount;
  const amount = typeof quantity === 'string' ? parseQuantity(quantity) : undefined;
  if (amount === undefined) problems.error(path, `must be ${QUANTITY_FORM}, got ${show(quantity)}`);
  else if (amount < 0) problems.error(path, `${show(quantity)} is below 0`);
  else return quantity as string;
  return undefined;
}

function addQuantity(
  container: JsonObject, field: Field, bound: Bound, quantity: string, problems: Problems,
): void {
  const [list, name] = [BOUNDS[bound], NAMES[field]];
  const resources = objectIn(container, 'resources');
  const amounts = objectIn(resources, list);
  const given = amounts[name] ?? quantity;
  amounts[name] = quantity;
  if (parseQuantity(String(given)) !== parseQuantity(quantity)) {
    const message = `${show(quantity)} contradicts ${list}.${name} of the container in pod, which is ${show(given)}`;
    problems.error(['resources', field, bound], message);
  }
}

/** What is no object is reported where the manifest is read. */
function objectIn(parent: JsonObject, key: string): JsonObject {
  const given = parent[key] ?? {};
  if (!isObject(given)) return {};
  return parent[key] = given;
}
