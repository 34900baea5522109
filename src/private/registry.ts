/**
 * Who claims which name in a construct tree: two functions, app-ids or objects of one name are an error at synthesis.
 *
 * Kept at the root of the tree under a global symbol, since two copies of this package may be loaded.
 */
import { ApiObject } from 'cdk8s';
import type { IConstruct } from 'constructs';

const KEY = Symbol.for('cdk8s-openfunction.registry');

export class Registry {
  private readonly owners = new Map<string, IConstruct[]>();
  private readonly claims = new Map<IConstruct, string[]>();

  /** Takes the place of what the owner claimed before. */
  public claim(owner: IConstruct, names: string[]): void {
    for (const name of this.claims.get(owner) ?? []) this.disown(name, owner);
    for (const name of names) {
      const owners = this.owners.get(name);
      if (owners === undefined) this.owners.set(name, [owner]);
      else if (!owners.includes(owner)) owners.push(owner);
    }
    this.claims.set(owner, names);
  }

  /** Names that somebody else claims too. */
  public conflicts(owner: IConstruct): string[] {
    const conflicts: string[] = [];
    for (const name of new Set(this.claims.get(owner))) {
      const owners = this.owners.get(name) ?? [];
      if (owners.length < 2) continue;
      const others = owners.filter((other) => other !== owner && isAttached(other));
      if (others.length > 0) conflicts.push(`${name} is claimed by ${others.map((other) => other.node.path).sort().join(', ')} too; names must differ`);
    }
    return conflicts;
  }

  /** Objects of a program's own, such as those of cdk8s-plus, that have the name of one of a function's or a component's. */
  public strangers(root: IConstruct): string[] {
    const own: [ApiObject, IConstruct][] = [];
    const others = new Map<string, ApiObject>();
    const visit = (construct: IConstruct, above: IConstruct | undefined): void => {
      const owner = above ?? (this.claims.has(construct) ? construct : undefined);
      if (ApiObject.isApiObject(construct)) {
        const name = owner === undefined ? nameOf(construct) : undefined;
        if (name !== undefined) others.set(name, construct);
        // What passes through claims its name itself, and is told apart from functions there.
        else if (owner !== undefined && owner !== construct) own.push([construct, owner]);
      }
      construct.node.children.forEach((child) => visit(child, owner));
    };
    visit(root, undefined);
    const kinds = new Set([...others.values()].map(({ kind }) => kind));
    return own.flatMap(([object, owner]) => {
      // Most functions have no object of a stranger's kind, and names cost time.
      const name = kinds.has(object.kind) ? nameOf(object) : undefined;
      const other = name === undefined ? undefined : others.get(name);
      if (other === undefined) return [];
      const { kind, node, metadata } = other;
      return [`${kind} ${metadata.namespace}/${metadata.name} is claimed by ${owner.node.path} and ${node.path}; names must differ`];
    });
  }

  private disown(name: string, owner: IConstruct): void {
    const rest = (this.owners.get(name) ?? []).filter((other) => other !== owner);
    if (rest.length === 0) this.owners.delete(name);
    else this.owners.set(name, rest);
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
