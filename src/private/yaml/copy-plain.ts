/**
 * Anything a caller hands over → plain JSON of our own, with a problem for each part that JSON does not have.
 *
 * Everything later works on this copy: cycles, throwing getters, proxies, foreign classes, and frozen or shared objects
 * end here.
 */
import type { Json, JsonObject } from '../kubernetes/json';
import { formatPath, Path, Problems } from '../problem/problem';

/** The first cannot be assigned, and cdk8s fails to emit an object that has the second. */
const UNUSABLE_KEYS = ['__proto__', 'constructor'];
/** Maps whose keys become names and values only, so that the second of them is as good as any. */
const NAMING_MAPS = ['spec.serving.bindings', 'spec.serving.pubsub', 'spec.serving.states', 'spec.serving.params'];
/** Deeper than any Kubernetes object, far below what the stack bears. */
const MAX_DEPTH = 100;
/** A function with a large pod template has some hundred values; objects that share their parts can have 2^100. */
const MAX_VALUES = 100_000;

/** jsii marks objects that come from other languages with symbols of its own. */
const JSII_MARK = /^\$(__)?jsii/;

/** `undefined` where nothing of the value can be used; parts that JSON does not have are left out. */
export function copyPlain(value: unknown, problems: Problems): Json | undefined {
  return new Copier(problems).copy(value, undefined, undefined);
}

class Copier {
  private values = 0;

  constructor(private readonly problems: Problems) {}

  copy(value: unknown, path: Trail | undefined, parents: Parents | undefined): Json | undefined {
    switch (typeof value) {
      case 'string':
      case 'boolean':
        return this.count(path) ? value : undefined;
      case 'number':
        if (Number.isFinite(value)) return this.count(path) ? value + 0 : undefined;
        return this.refuse(path, `must be a finite number, got ${value}`);
      case 'undefined':
        return undefined;
      case 'object':
        return value === null ? null : this.copyObject(value, path, parents);
      case 'bigint':
        return this.refuse(path, `${value} is too large a number; if it is text, quote it: "${value}"`);
      default:
        return this.refuse(path, `must be plain data, got a ${typeof value}`);
    }
  }

  private copyObject(value: object, path: Trail | undefined, parents: Parents | undefined): Json | undefined {
    const depth = (parents?.depth ?? 0) + 1;
    if (depth > MAX_DEPTH) return this.refuseAt(pathOf(path).slice(0, 5), `is nested deeper than ${MAX_DEPTH} levels`);
    if (isAmong(value, parents)) return this.refuse(path, 'contains itself');
    if (!this.count(path)) return undefined;
    const here: Parents = { value, depth, above: parents };
    try {
      return Array.isArray(value) ? this.copyList(value, path, here) : this.copyMap(value, path, here);
    } catch {
      // A getter or a proxy of the caller threw; what it threw may itself be hostile.
      return this.refuse(path, 'cannot be read: a getter or proxy throws');
    }
  }

  private copyList(list: readonly unknown[], path: Trail | undefined, here: Parents): Json | undefined {
    const length = list.length;
    const copy: Json[] = [];
    for (let index = 0; index < length; index++) {
      if (this.values > MAX_VALUES) return undefined;
      const at: Trail = { key: index, above: path };
      const item: unknown = list[index];
      if (item === null || item === undefined) {
        if (!this.count(at)) return undefined;
        this.refuse(at, 'must not be null: remove the item, or give it a value');
      }
      copy.push(this.copy(item, at, here) ?? null);
    }
    return copy;
  }

  private copyMap(map: object, path: Trail | undefined, here: Parents): Json | undefined {
    const prototype: unknown = Object.getPrototypeOf(map);
    if (prototype !== null && Object.getPrototypeOf(prototype) !== null) {
      const wrapped = wrappedValue(map);
      return wrapped === undefined
        ? this.refuse(path, `must be plain data, got ${nameOfClass(prototype)}`)
        : this.copy(wrapped, path, here);
    }
    const symbols = Object.getOwnPropertySymbols(map);
    if (symbols.some((symbol) => !JSII_MARK.test(symbol.description ?? ''))) {
      this.refuse(path, 'must be plain data, got a key that is a symbol');
    }
    const copy: JsonObject = {};
    for (const key of Object.keys(map)) {
      if (this.values > MAX_VALUES) return undefined;
      const at: Trail = { key, above: path };
      if (UNUSABLE_KEYS.includes(key) && !(key === 'constructor' && NAMING_MAPS.includes(pathOf(path).join('.')))) {
        this.refuse(at, 'cannot be used as a key');
        continue;
      }
      const item = this.copy((map as Record<string, unknown>)[key], at, here);
      if (item !== undefined) copy[key] = item;
    }
    return copy;
  }

  /** Whether one more value is within the limit; reports the first one that is not. */
  private count(path: Trail | undefined): boolean {
    this.values++;
    if (this.values === MAX_VALUES + 1) {
      this.refuse(undefined, `has more than ${MAX_VALUES} values, the first too many at ${formatPath(pathOf(path))}`);
    }
    return this.values <= MAX_VALUES;
  }

  private refuse(path: Trail | undefined, message: string): undefined {
    return this.refuseAt(pathOf(path), message);
  }

  private refuseAt(path: Path, message: string): undefined {
    this.problems.error(path, message);
    return undefined;
  }
}

/** A path as a linked list, from its end: made for every value, read for few. */
interface Trail {
  readonly key: string | number;
  readonly above?: Trail;
}

function pathOf(trail: Trail | undefined): Path {
  const path: (string | number)[] = [];
  for (let part = trail; part !== undefined; part = part.above) path.push(part.key);
  return path.reverse();
}

/** The objects around the current one, as a linked list: shared by siblings, nothing to undo. */
interface Parents {
  readonly value: object;
  readonly depth: number;
  readonly above?: Parents;
}

function isAmong(value: object, parents: Parents | undefined): boolean {
  for (let parent = parents; parent !== undefined; parent = parent.above) {
    if (parent.value === value) return true;
  }
  return false;
}

/**
 * What cdk8s itself unwraps: `Quantity` and `IntOrString` of any cdk8s-plus, or of what `cdk8s import` wrote. By their
 * form, since each of these packages has classes of its own.
 */
function wrappedValue(instance: object): string | number | undefined {
  const { value } = instance as { readonly value?: unknown };
  if (typeof value !== 'string' && typeof value !== 'number') return undefined;
  return Object.keys(instance).join() === 'value' ? value : undefined;
}

function nameOfClass(prototype: unknown): string {
  const name: unknown = (prototype as { constructor?: { name?: unknown } }).constructor?.name;
  return typeof name === 'string' && /^\w{1,40}$/.test(name) ? `a ${name}` : 'an instance of a class';
}
