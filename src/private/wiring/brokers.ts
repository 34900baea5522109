/** Which components lead to the same broker, so that a topic of one is a topic of the other. */
import { addressOf } from './settings';
import { blockOf, ResolvedRef } from '../decide/components';

/** A component where it is. */
export interface Located extends Pick<ResolvedRef, 'key' | 'componentName' | 'componentType' | 'spec'> {
  readonly namespace: string;
}

/** Brokers by the components that lead to them. */
export class Brokers {
  private readonly parent = new Map<string, string>();
  private readonly members = new Map<string, Located>();
  private names?: Map<string, string>;

  /** Joined with those of the same name, of the same address, or, where that is not known, of the user's same key. */
  public add(one: Located): void {
    const token = tokenOf(one);
    const known = this.members.get(token);
    if (known === undefined || (known.spec === undefined && one.spec !== undefined)) this.members.set(token, one);
    this.join(token, likenessOf(one));
    this.names = undefined;
  }

  /** One name for all components of a broker: `<namespace>/<component>`, by the user's name for it. */
  public nameOf(namespace: string, componentName: string): string {
    const own = `${namespace}/${componentName}`;
    this.names ??= this.allNames();
    return this.names.get(this.rootOf(own)) ?? own;
  }

  /** The shortest of a broker's names, of equally short ones the first; one that another broker has is made longer. */
  private allNames(): Map<string, string> {
    const names = new Map<string, string>();
    const taken = new Map<string, string>();
    const sorted = [...this.members.values()].sort((a, b) => (
      keyOf(a).length - keyOf(b).length || compare(keyOf(a), keyOf(b)) || compare(tokenOf(a), tokenOf(b))));
    for (const one of sorted) {
      const root = this.rootOf(tokenOf(one));
      if (names.has(root)) continue;
      const name = taken.has(keyOf(one)) ? tokenOf(one) : keyOf(one);
      names.set(root, name);
      taken.set(name, root);
    }
    return names;
  }

  private rootOf(token: string): string {
    let root = token;
    for (let next = this.parent.get(root); next !== undefined; next = this.parent.get(root)) root = next;
    return root;
  }

  private join(one: string, other: string): void {
    const [a, b] = [this.rootOf(one), this.rootOf(other)];
    if (a !== b) this.parent.set(a, b);
  }
}

function tokenOf({ namespace, componentName }: Located): string {
  return `${namespace}/${componentName}`;
}

function keyOf({ namespace, key }: Located): string {
  return `${namespace}/${key}`;
}

export function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Holds a space, which no name does. */
function likenessOf(one: Located): string {
  const address = addressOf(one.spec, one.namespace);
  return address === undefined ? `key ${blockOf(one.componentType)} ${keyOf(one)}` : `address ${address}`;
}
