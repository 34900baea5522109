/**
 * What a synthesis says of a whole app: all its problems in one error, and each warning once.
 *
 * cdk8s validates construct by construct, and a constructor that throws ends the program, so that errors of functions
 * would come one by one. They are kept at the root of the tree until its validation, under a global symbol, since two
 * copies of this package may be loaded.
 */
import type { IConstruct } from 'constructs';
import { isDraft } from './objects';
import { isAttached, neighbourhoodOf, register } from './registry';
import { failOn, formatProblem, Problem, ProblemGroup, ProblemsError, Severity } from '../problem/problem';
import { linesOfMany, plural, SaidBy } from '../problem/shared';

const KEY = Symbol.for('cdk8s-openfunction.synthesis');

/** What a construct has to say when nothing can come any more. */
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
}

function synthesisOf(construct: IConstruct): Synthesis {
  const root = construct.node.root as IConstruct & { [KEY]?: Synthesis };
  if (root[KEY] === undefined) {
    const synthesis = root[KEY] = { speakers: new Map(), kept: [], printed: new Set() };
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
  if (said.some(({ problems }) => problems.length > 0)) print(said, synthesis.printed);
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
