/** The prop `resources` → `resources` of a container in a pod. */
import type { ContainerResources, ICpu } from '../../container-resources';
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
    const amounts = (Object.keys(BOUNDS) as Bound[]).map((bound) => {
      const quantity = quantityOf(resources[field]?.[bound], ['resources', field, bound], problems);
      return quantity === undefined ? undefined : addQuantity(container, field, bound, quantity, problems);
    });
    const [request, limit] = amounts.map((amount) => amount && parseQuantity(amount));
    if (request !== undefined && limit !== undefined && limit < request) {
      const message = `${show(amounts[1])} is below the request, which is ${show(amounts[0])}`;
      problems.error(['resources', field, 'limit'], message);
    }
  }
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
): string {
  const [list, name] = [BOUNDS[bound], NAMES[field]];
  const resources = objectIn(container, 'resources');
  const amounts = objectIn(resources, list);
  const given = amounts[name] ?? quantity;
  amounts[name] = quantity;
  if (parseQuantity(String(given)) !== parseQuantity(quantity)) {
    const message = `${show(quantity)} contradicts ${list}.${name} of the container in pod, which is ${show(given)}`;
    problems.error(['resources', field, bound], message);
  }
  return quantity;
}

/** What is no object is reported where the manifest is read. */
function objectIn(parent: JsonObject, key: string): JsonObject {
  const given = parent[key] ?? {};
  if (!isObject(given)) return {};
  return parent[key] = given;
}
