/**
 * Who claims which name in a construct tree: two functions, app-ids or objects of one name are an error at synthesis.
 *
 * Kept at the root of the tree under a global symbol, since two copies of this package may be loaded.
 */
import type { IConstruct } from 'constructs';

const KEY = Symbol.for('cdk8s-openfunction.registry');

export class Registry {
  private readonly owners = new Map<string, Set<IConstruct>>();
  private readonly claims = new Map<IConstruct, Set<string>>();

  public claim(owner: IConstruct, name: string): void {
    const owners = this.owners.get(name) ?? new Set();
    owners.add(owner);
    this.owners.set(name, owners);
    const claims = this.claims.get(owner) ?? new Set();
    claims.add(name);
    this.claims.set(owner, claims);
  }

  public release(owner: IConstruct): void {
    for (const name of this.claims.get(owner) ?? []) this.owners.get(name)?.delete(owner);
    this.claims.delete(owner);
  }

  /** Names that somebody else claims too. */
  public conflicts(owner: IConstruct): string[] {
    const conflicts: string[] = [];
    for (const name of this.claims.get(owner) ?? []) {
      const others = [...this.owners.get(name) ?? []].filter((other) => other !== owner && isAttached(other));
      if (others.length > 0) conflicts.push(`${name} is claimed by ${others.map((other) => other.node.path).sort().join(', ')} too; names must differ`);
    }
    return conflicts;
  }
}

/** A construct that was removed from the tree no longer counts. */
function isAttached(construct: IConstruct): boolean {
  const { scope, id } = construct.node;
  return scope === undefined || (scope.node.tryFindChild(id) === construct && isAttached(scope));
}

export function register(construct: IConstruct): Registry {
  const root = construct.node.root as IConstruct & { [KEY]?: Registry };
  root[KEY] ??= new Registry();
  return root[KEY];
}
