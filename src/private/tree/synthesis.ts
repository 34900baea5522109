/**
 * What a synthesis says of a whole app: all its problems in one error, names claimed twice, and each warning once.
 *
 * cdk8s validates construct by construct, and a constructor that throws ends the program, so that errors of functions
 * would come one by one. They are kept at the root of the tree until its validation, under a global symbol, since two
 * copies of this package may be loaded.
 */
import { ApiObject, Chart, YamlOutputType } from 'cdk8s';
import type { IConstruct } from 'constructs';
import { isDraft, rootOf } from './objects';
import { isAttached, neighbourhoodOf } from './surroundings';
import {
  failOn, formatProblem, Path, Problem, ProblemGroup, ProblemsError, Severity,
} from '../problem/problem';
import { linesOfMany, plural, SaidBy } from '../problem/shared';

const KEY = Symbol.for('cdk8s-openfunction.synthesis');

/** What a construct reports once nothing more can be added. */
export interface Said {
  readonly problems: readonly Problem[];
  readonly strict: boolean;
  /** File, where that says more than the place of the construct. */
  readonly where?: string;
  readonly isFunction?: boolean;
}

interface Kept {
  readonly construct: IConstruct;
  readonly error: ProblemsError;
}

interface Synthesis {
  readonly speakers: Map<IConstruct, () => readonly Said[]>;
  readonly kept: Kept[];
  readonly printed: Set<string>;
  /** What the last print was made of. */
  told: readonly Problem[];
}

function synthesisOf(construct: IConstruct): Synthesis {
  const root = rootOf(construct) as IConstruct & { [KEY]?: Synthesis };
  if (root[KEY] === undefined) {
    const synthesis = root[KEY] = { speakers: new Map(), kept: [], printed: new Set(), told: [] };
    // Once for the whole tree: a pass for each function would take time quadratic in their number.
    root.node.addValidation({ validate: () => validate(root, synthesis) });
  }
  return root[KEY];
}

/** Asked at each synthesis. */
export function speakAtSynthesis(construct: IConstruct, speaker: () => readonly Said[]): void {
  synthesisOf(construct).speakers.set(construct, speaker);
}

/**
 * Keeps what the constructor of a construct found, so that the program goes on to its other functions.
 *
 * Anything else is thrown, and everything where nobody synthesizes: the construct leaves the tree then.
 */
export function keepOrThrow(construct: IConstruct, error: unknown, where = construct.node.path): void {
  const { node } = construct;
  if (!(error instanceof ProblemsError) || isDraft(construct)) {
    node.scope?.node.tryRemoveChild(node.id);
    throw error;
  }
  const groups = error.groups.map((group) => (group.where === node.path ? { ...group, where } : group));
  synthesisOf(construct).kept.push({ construct, error: new ProblemsError(groups, error) });
  neighbourhoodOf(construct).isIncomplete = true;
}

/** Whether there are errors, which are kept as those of a constructor. */
export function keptProblems(construct: IConstruct, problems: readonly Problem[]): boolean {
  const [error] = errorsOf(() => failOn(construct.node.path, problems));
  if (error !== undefined) keepOrThrow(construct, error);
  return error !== undefined;
}

/** An error that ends the program now, with those that were kept before it. */
export function withKept(construct: IConstruct, error?: unknown): Error {
  if (error !== undefined && !(error instanceof ProblemsError)) return error as Error;
  const errors = [...keptIn(synthesisOf(construct)), ...error === undefined ? [] : [error]];
  return errors.length === 1 ? errors[0] : new ProblemsError(errors.flatMap(({ groups }) => groups), ...errors);
}

function keptIn({ kept }: Synthesis): ProblemsError[] {
  return kept.filter(({ construct }) => isAttached(construct)).map(({ error }) => error);
}

function validate(root: IConstruct, synthesis: Synthesis): string[] {
  const kept = keptIn(synthesis);
  // Functions decide again when objects beside them came after them.
  const late = errorsOf(() => neighbourhoodOf(root).scan(root));
  const said = [...synthesis.speakers].filter(([construct]) => isAttached(construct))
    .flatMap(([construct, speaker]) => speaker().map((each) => placed(each, construct)));
  const atOnce = said.map(({ where, problems, strict }): ProblemGroup => ({
    where, problems: problems.filter(({ severity }) => severity === 'error' || (strict && severity === 'warning')),
  }));
  const ofTree = { where: root.node.path === '' ? 'app' : root.node.path, problems: register(root).problemsOf(root) };
  const wrong = [...atOnce, ofTree].filter(({ problems }) => problems.length > 0);
  const groups = [...[...kept, ...late].flatMap((error) => error.groups), ...wrong];
  if (groups.length > 0) throw new ProblemsError(groups, ...kept);
  const told = said.flatMap(({ problems }) => problems);
  const isSame = told.length === synthesis.told.length && told.every((each, at) => each === synthesis.told[at]);
  if (!isSame) print(said, synthesis.printed);
  synthesis.told = told;
  return [];
}

function errorsOf(run: () => void): ProblemsError[] {
  try {
    run();
    return [];
  } catch (error) {
    if (!(error instanceof ProblemsError)) throw error;
    return [error];
  }
}

type Placed = Said & { readonly where: string };

/** The path of a construct is made each time it is asked for, and most have nothing to say. */
function placed(said: Said, { node }: IConstruct): Placed {
  return { where: said.problems.length === 0 ? '' : node.path, ...said };
}

/** cdk8s validates the whole app once per chart; a line is printed once all the same. */
function print(all: readonly Placed[], printed: Set<string>): void {
  const told = (wanted: Severity) => all.flatMap(({ where, problems, isFunction = false }) => (
    problems.filter(({ severity }) => severity === wanted)
      .map((problem): SaidBy & { where: string } => ({ problem, where, who: isFunction ? where : undefined }))));
  const lines = (severity: Severity) => (
    linesOfMany(told(severity), ({ where, problem }) => `${where}: ${formatProblem(problem)}`)
      .filter((line) => !printed.has(line)));
  const warnings = lines('warning');
  const isNew = [...lines('note'), ...warnings];
  if (isNew.length === 0) return;
  isNew.forEach((line) => printed.add(line));
  const count = warnings.length > 1 ? [countOf(told('warning'), all)] : [];
  [...isNew, ...count].forEach((line) => process.stderr.write(`${line}\n`));
}

/** Such as `3 warnings in 2 of 12 functions`. */
function countOf(warnings: readonly SaidBy[], all: readonly Placed[]): string {
  const affected = new Set(warnings.flatMap(({ who }) => who ?? [])).size;
  const functions = all.filter(({ isFunction }) => isFunction).length;
  return `${plural(warnings.length, 'warning')} in ${affected} of ${plural(functions, 'function')}`;
}

const REGISTRY = Symbol.for('cdk8s-openfunction.registry');

/** Who claims which name: two functions, app-ids or objects with one name are an error. */
export class Registry {
  /** A set where several claim a name. */
  private readonly owners = new Map<string, IConstruct | Set<IConstruct>>();
  private readonly claims = new Map<IConstruct, string[]>();
  /** Names that several have claimed, now or once: mostly none. */
  private readonly contested = new Set<string>();

  /** Replaces what the owner claimed before. */
  public claim(owner: IConstruct, names: string[]): void {
    for (const name of this.claims.get(owner) ?? []) this.disown(name, owner);
    for (const name of names) {
      const owners = this.owners.get(name);
      if (owners === undefined) this.owners.set(name, owner);
      else if (owners instanceof Set) owners.add(owner);
      else if (owners !== owner) this.owners.set(name, new Set([owners, owner]));
      if (owners !== undefined && owners !== owner) this.contested.add(name);
    }
    this.claims.set(owner, names);
  }

  /** Names that somebody else claims too. */
  public conflicts(owner: IConstruct): string[] {
    const conflicts: string[] = [];
    for (const name of this.contested.size === 0 ? [] : new Set(this.claims.get(owner))) {
      const others = firstOf(this.ownersOf(name), (other) => other !== owner && isAttached(other));
      if (others.length === 0) continue;
      const paths = others.slice(0, MAX_NAMED).map((other) => other.node.path).sort().join(', ');
      const more = others.length > MAX_NAMED ? ' and others' : '';
      conflicts.push(`${name} is claimed by ${paths}${more} too; names must differ`);
    }
    return conflicts;
  }

  /** Problems that only the whole tree shows. */
  public problemsOf(root: IConstruct): Problem[] {
    return nameProblems([...this.foreignConflicts(root), ...lostFiles(root)]);
  }

  /** A program's other objects, such as those of cdk8s-plus, with the name of one of a function's or a component's. */
  private foreignConflicts(root: IConstruct): string[] {
    const found: string[] = [];
    const visit = (construct: IConstruct): void => {
      if (this.claims.has(construct)) return; // it and what is below it have claimed their names
      if (ApiObject.isApiObject(construct)) {
        const { kind, metadata: { namespace, name } } = construct;
        for (const owner of this.ownersOf(`${kind} ${namespace}/${name}`)) {
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
    const owners = this.owners.get(name);
    if (owners instanceof Set) owners.delete(owner);
    if (owners === owner || (owners instanceof Set && owners.size === 0)) this.owners.delete(name);
  }

  private ownersOf(name: string): Iterable<IConstruct> {
    const owners = this.owners.get(name);
    return owners instanceof Set ? owners : owners === undefined ? [] : [owners];
  }
}

/** Each of many owners would name all others. */
const MAX_NAMED = 5;

/** Those that are named, and one more if there is one. */
function firstOf(owners: Iterable<IConstruct>, isMeant: (owner: IConstruct) => boolean): IConstruct[] {
  const found: IConstruct[] = [];
  for (const owner of owners) {
    if (isMeant(owner)) found.push(owner);
    if (found.length > MAX_NAMED) break;
  }
  return found;
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

/** Of an object whose name another one has. */
export function nameProblems(messages: readonly string[], path: Path = ['metadata', 'name']): Problem[] {
  return messages.map((message) => ({ severity: 'error', path, message }));
}

export function register(construct: IConstruct): Registry {
  const root = rootOf(construct) as IConstruct & { [REGISTRY]?: Registry };
  root[REGISTRY] ??= new Registry();
  return root[REGISTRY];
}
