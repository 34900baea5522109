/**
 * Who claims which name in a construct tree: two functions, app-ids or objects of one name are an error at synthesis.
 *
 * Kept at the root of the tree under a global symbol, since two copies of this package may be loaded.
 */
import { ApiObject } from 'cdk8s';
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

  /** Objects of a program's own, such as those of cdk8s-plus, that have the name of one of a function's or a component's. */
  public strangers(root: IConstruct): string[] {
    const own = new Map<string, IConstruct>();
    const others: [string, ApiObject][] = [];
    const visit = (construct: IConstruct, above: IConstruct | undefined): void => {
      const owner = above ?? (this.claims.has(construct) ? construct : undefined);
      const name = ApiObject.isApiObject(construct) ? nameOf(construct) : undefined;
      if (name !== undefined && owner === undefined) others.push([name, construct as ApiObject]);
      // What passes through claims its name itself, and is told apart from functions there.
      else if (name !== undefined && owner !== undefined && owner !== construct) own.set(name, owner);
      construct.node.children.forEach((child) => visit(child, owner));
    };
    visit(root, undefined);
    return others.flatMap(([name, { kind, node, metadata }]) => {
      const owner = own.get(name);
      return owner === undefined ? [] : [`${kind} ${metadata.namespace}/${metadata.name} is claimed by ${owner.node.path} and ${node.path}; names must differ`];
    });
  }
}

/** With the group, but for Services: Knative makes one of core/v1 for each of its own. */
function nameOf({ apiGroup, kind, metadata: { namespace, name } }: ApiObject): string | undefined {
  if (namespace === undefined || name === undefined) return undefined;
  return `${kind === 'Service' ? '' : apiGroup}/${kind} ${namespace}/${name}`;
}

/** A construct that was removed from the tree no longer counts. */
function isAttached(construct: IConstruct): boolean {
  const { scope, id } = construct.node;
  return scope === undefined || (scope.node.tryFindChild(id) === construct && isAttached(scope));
}

export function register(construct: IConstruct): Registry {
  const root = construct.node.root as IConstruct & { [KEY]?: Registry };
  if (root[KEY] === undefined) {
    const registry = root[KEY] = new Registry();
    // Once for the whole tree, since looking through it for each function would take time in the square of their number.
    root.node.addValidation({ validate: () => registry.strangers(root) });
  }
  return root[KEY];
}
