/**
 * Who claims which name in a construct tree: two functions, app-ids or objects of one name are an error at synthesis.
 *
 * Kept at the root of the tree under a global symbol, since two copies of this package may be loaded.
 */
import { ApiObject, Chart, YamlOutputType } from 'cdk8s';
import type { IConstruct } from 'constructs';
import { isAttached } from './attached';
import { neighbourhoodOf } from './neighbourhood';
import { formatProblem } from '../problem/problem';
import { ProblemsError } from '../problem/problems-error';

const KEY = Symbol.for('cdk8s-openfunction.registry');

export class Registry {
  private readonly owners = new Map<string, IConstruct[]>();
  private readonly claims = new Map<IConstruct, string[]>();

  /** Replaces what the owner claimed before. */
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
      if (others.length === 0) continue;
      const paths = others.map((other) => other.node.path).sort().join(', ');
      conflicts.push(`${name} is claimed by ${paths} too; names must differ`);
    }
    return conflicts;
  }

  /** A program's other objects, such as those of cdk8s-plus, with the name of one of a function's or a component's. */
  public foreignConflicts(root: IConstruct): string[] {
    const found: string[] = [];
    const visit = (construct: IConstruct): void => {
      if (this.claims.has(construct)) return; // it and what is below it have claimed their names
      if (ApiObject.isApiObject(construct)) {
        const { kind, metadata: { namespace, name } } = construct;
        for (const owner of this.owners.get(`${kind} ${namespace}/${name}`) ?? []) {
          if (!isAttached(owner) || !owns(owner, construct)) continue;
          const paths = `${owner.node.path} and ${construct.node.path}`;
          found.push(`${kind} ${namespace}/${name} is claimed by ${paths}; names must differ`);
        }
      }
      construct.node.children.forEach(visit);
    };
    visit(root);
    return found;
  }

  private disown(name: string, owner: IConstruct): void {
    const rest = (this.owners.get(name) ?? []).filter((other) => other !== owner);
    if (rest.length === 0) this.owners.delete(name);
    else this.owners.set(name, rest);
  }
}

/**
 * Whether a cluster would take one of the owner's objects for the same one. Objects that pass through are told apart
 * from functions elsewhere.
 */
function owns(owner: IConstruct, { kind, apiGroup, metadata }: ApiObject): boolean {
  return !ApiObject.isApiObject(owner) && owner.node.findAll().some((own) => ApiObject.isApiObject(own)
    && own.kind === kind && own.metadata.name === metadata.name && own.metadata.namespace === metadata.namespace
    // Knative makes a Service of core/v1 for each of its own.
    && (own.apiGroup === apiGroup || kind === 'Service'));
}

/** cdk8s names the files by kind and name alone, and writes the last of several objects. */
function lostFiles(root: IConstruct): string[] {
  const { yamlOutputType: type } = root as { yamlOutputType?: YamlOutputType };
  const inFolders = type === YamlOutputType.FOLDER_PER_CHART_FILE_PER_RESOURCE;
  if (type !== YamlOutputType.FILE_PER_RESOURCE && !inFolders) return [];
  const first = new Map<string, ApiObject>();
  return root.node.findAll().flatMap((construct) => {
    if (!ApiObject.isApiObject(construct)) return [];
    const { kind, name, metadata: { namespace } } = construct;
    const file = `${inFolders ? Chart.of(construct).node.path : ''} ${kind}.${name}`;
    const other = first.get(file);
    if (other === undefined) first.set(file, construct);
    if (other === undefined || other.metadata.namespace === namespace) return [];
    return [`${kind} ${namespace}/${name} and ${kind} ${other.metadata.namespace}/${name} would be written to one file `
      + 'by this yamlOutputType; take another output type, or another name'];
  });
}

/** Functions decide again when objects beside them came after them. */
function followNeighbours(root: IConstruct): string[] {
  try {
    neighbourhoodOf(root).scan(root);
    return [];
  } catch (error) {
    if (!(error instanceof ProblemsError)) throw error;
    return error.groups.flatMap(({ where, problems }) => problems.map((each) => `${where}: ${formatProblem(each)}`));
  }
}

export function register(construct: IConstruct): Registry {
  const root = construct.node.root as IConstruct & { [KEY]?: Registry };
  if (root[KEY] === undefined) {
    const registry = root[KEY] = new Registry();
    // Once for the whole tree: a pass for each function would take time quadratic in their number.
    root.node.addValidation({
      validate: () => [...followNeighbours(root), ...registry.foreignConflicts(root), ...lostFiles(root)],
    });
  }
  return root[KEY];
}
