/**
 * Problems: what is wrong with an input, collected instead of thrown one by one.
 *
 * A problem names a place (path) and says what is wrong, in one lower-case line without a full stop, and where possible
 * what was meant. Errors and warnings differ only in severity; strict mode turns the second into the first.
 */
import { join, sep } from 'node:path';

/** Keys and indexes from the root of a `Function`, without `spec`: `['serving', 'outputs', 0, 'dapr', 'name']`. */
export type Path = ReadonlyArray<string | number>;

/** Neither of the two, in strict mode either: a note says what was done, information what may well be meant so. */
export type Severity = 'error' | 'warning' | 'information' | 'note';

/** Where an input text says what a problem complains about; lines and columns count from 1. */
export interface SourcePosition {
  readonly file: string;
  readonly line: number;
  readonly column: number;
}

export interface Problem {
  readonly severity: Severity;
  readonly path: Path;
  readonly message: string;
  readonly position?: SourcePosition;
  /** Set when platform settings that come later can still mend it: such errors wait until synthesis. */
  readonly platform?: boolean;
  /** Of a warning about a name that a catalogue lacks: what platform settings can list as known. */
  readonly name?: string;
}

/** Collects the problems of one function. */
export class Problems {
  private readonly found: Problem[] = [];

  public error(path: Path, message: string): void {
    this.found.push({ severity: 'error', path: [...path], message });
  }

  /** An error that platform settings set later can still mend. */
  public platformError(path: Path, message: string): void {
    this.found.push({ severity: 'error', path: [...path], message, platform: true });
  }

  public warn(path: Path, message: string): void {
    this.found.push({ severity: 'warning', path: [...path], message });
  }

  /** A name that a catalogue lacks. */
  public warnOfName(path: Path, name: string, message: string): void {
    this.found.push({ severity: 'warning', path: [...path], message, name });
  }

  /** Reports a value that is not among the allowed ones, with the nearest of them. */
  public notOneOf(path: Path, value: unknown, allowed: readonly string[]): void {
    this.error(path, notOneOf(value, allowed));
  }

  public add(...problems: Problem[]): void {
    this.found.push(...problems);
  }

  public get all(): Problem[] {
    return [...this.found].sort(byPath);
  }

  public get isEmpty(): boolean {
    return this.found.length === 0;
  }

  public hasErrorAt(path: Path): boolean {
    const place = formatPath(path);
    return this.found.some((problem) => problem.severity === 'error' && formatPath(problem.path) === place);
  }

  public get hasErrors(): boolean {
    return this.found.some((problem) => problem.severity === 'error');
  }
}

/** `"standlone" is not one of "standalone", "sidecar"; did you mean "standalone"?` */
export function notOneOf(value: unknown, allowed: readonly string[]): string {
  if (allowed.length === 1) return `must be ${JSON.stringify(allowed[0])}, got ${show(value)}`;
  const list = allowed.map((word) => JSON.stringify(word)).join(', ');
  return `${show(value)} is not one of ${list}${didYouMean(value, allowed)}`;
}

/** `; did you mean "replicas"?`, or nothing when no known name is near. */
export function didYouMean(value: unknown, known: readonly string[]): string {
  const near = typeof value === 'string' ? nearest(value, known) : undefined;
  return near === undefined ? '' : `; did you mean ${JSON.stringify(near)}?`;
}

/** The known name that is nearest to a misspelt one, when it is near enough to be meant. */
export function nearest(word: string, known: readonly string[]): string | undefined {
  // Long keys are as wrong as short ones; the cap keeps a hostile key from costing time.
  if (word.length > MAX_COMPARED_LENGTH) return undefined;
  const lower = word.toLowerCase();
  let best: string | undefined;
  let bestDistance = Math.max(1, Math.floor(word.length / 3)) + 1;
  for (const candidate of known) {
    const distance = editDistance(lower, candidate.toLowerCase(), bestDistance);
    if (distance < bestDistance) {
      best = candidate;
      bestDistance = distance;
    }
  }
  return best;
}

const MAX_COMPARED_LENGTH = 100;

/** Optimal string alignment distance: a swap of neighbours is one step, since it is the commonest typo. */
function editDistance(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) >= limit) return limit;
  let beforePrevious: number[] = [];
  let previous = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const current = [i];
    for (let j = 1; j <= b.length; j++) {
      const cost = a[i - 1] === b[j - 1] ? 0 : 1;
      let value = Math.min(previous[j] + 1, current[j - 1] + 1, previous[j - 1] + cost);
      const swapped = i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1];
      if (swapped) value = Math.min(value, beforePrevious[j - 2] + 1);
      current.push(value);
    }
    beforePrevious = previous;
    previous = current;
  }
  return previous[b.length];
}

/**
 * The known name that is almost certainly meant: one part of it, between separators, has a slip. Names that differ in a
 * number or in a short word, such as `orders-in` and `orders-db`, are names of different things.
 */
export function typoOf(word: string, known: readonly string[]): string | undefined {
  if (word.length > MAX_COMPARED_LENGTH) return undefined;
  const parts = partsOf(word);
  return known.find((candidate) => {
    const others = partsOf(candidate);
    if (others.length !== parts.length) return isSlip(parts.join(''), others.join(''), 1);
    const differing = parts.flatMap((part, index) => (part === others[index] ? [] : [[part, others[index]]]));
    return differing.length === 1 && isSlip(differing[0][0], differing[0][1], differing[0][0].length < 8 ? 1 : 2);
  });
}

export function partsOf(name: string): string[] {
  return name.toLowerCase().split(/[-._/]/);
}

export function isSlip(a: string, b: string, most: number): boolean {
  const digits = (text: string) => text.replace(/\D/g, '');
  if (Math.max(a.length, b.length) < 4 || a === b || digits(a) !== digits(b)) return a === b;
  return most === 1 ? isOneStep(a, b) : editDistance(a, b, most + 1) <= most;
}

/** A distance of one at most; a name may be compared with thousands. */
function isOneStep(a: string, b: string): boolean {
  let start = 0;
  while (start < a.length && start < b.length && a.charCodeAt(start) === b.charCodeAt(start)) start++;
  let [endOfA, endOfB] = [a.length, b.length];
  while (endOfA > start && endOfB > start && a.charCodeAt(endOfA - 1) === b.charCodeAt(endOfB - 1)) {
    endOfA--;
    endOfB--;
  }
  const [left, right] = [a.slice(start, endOfA), b.slice(start, endOfB)];
  if (left.length <= 1 && right.length <= 1) return true;
  return left.length === 2 && right.length === 2 && left[0] === right[1] && left[1] === right[0];
}

/** A value as JSON has it, cut where it gets long. */
export function show(value: unknown): string {
  let text: string | undefined;
  try {
    text = isWithoutJson(value) ? String(value)
      : value instanceof Set || value instanceof Map ? `a ${value.constructor.name}` : JSON.stringify(value);
  } catch {
    text = undefined; // a cycle
  }
  text ??= typeof value === 'number' ? String(value) : typeof value;
  return text.length > MAX_SHOWN ? `${text.slice(0, MAX_SHOWN)}…` : text;
}

function isWithoutJson(value: unknown): boolean {
  return typeof value === 'bigint' || (typeof value === 'number' && !Number.isFinite(value));
}

const MAX_SHOWN = 80;

/** Where a path is in a text, and what it has there, where that is a word without quotes and of the form. */
export type Position = ((path: Path) => SourcePosition | undefined) & {
  readonly word?: (path: Path, form?: RegExp) => string | undefined;
};

/** A name, or the call that gave it. */
const PLAIN_KEY = /^[A-Za-z_][\w-]*(\(".*"\))?$/;

/** `serving.annotations["dapr.io/app-id"]`, `serving.outputs[0].dapr.name`; the root is `.`. */
export function formatPath(path: Path): string {
  let text = '';
  for (const key of path) {
    if (typeof key === 'number') text += `[${key}]`;
    else if (PLAIN_KEY.test(key)) text += text === '' ? key : `.${key}`;
    else text += `[${JSON.stringify(key)}]`;
  }
  return text === '' ? '.' : text;
}

/** `functions/orders.yaml:14:7 serving.runtime: "kative" is not one of …` */
export function formatProblem(problem: Problem): string {
  const { position, severity, path, message } = problem;
  const place = position === undefined ? '' : `${position.file}:${position.line}:${position.column} `;
  const word = severity === 'error' ? '' : `${severity}: `;
  return oneLine(`${place}${word}${severity === 'note' ? '' : `${formatPath(path)}: `}${message}`);
}

/** A name may hold anything. Printed so, it neither ends its line, nor moves a cursor, nor is a command to a CI. */
export function oneLine(text: string): string {
  return text.replace(UNPRINTABLE, (char) => {
    const json = JSON.stringify(char).slice(1, -1);
    return json.length > 1 ? json : `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`;
  });
}

/** Controls, what some readers take for the end of a line, and marks that change the direction of text. */
const UNPRINTABLE = /[\u0000-\u001F\u007F-\u009F\u2028-\u202E\u2066-\u2069]/g;

/** Later checks see nothing where a value could not be read, but its place already has an error. */
export function dropErrorsAtKnownPaths(found: readonly Problem[], said: readonly Problem[]): Problem[] {
  const places = new Set(said.filter(({ severity }) => severity === 'error').map(({ path }) => formatPath(path)));
  return found.filter(({ severity, path }) => severity === 'warning' || !places.has(formatPath(path)));
}

/** Without warnings about names that are known to be right. */
export function withoutKnown(problems: readonly Problem[], known: readonly string[] = []): readonly Problem[] {
  return known.length === 0 ? problems : problems.filter(({ name }) => name === undefined || !known.includes(name));
}

/** Sorted by path, indexes as numbers; equal paths by message. */
export function byPath(a: Problem, b: Problem): number {
  const length = Math.min(a.path.length, b.path.length);
  for (let i = 0; i < length; i++) {
    const [left, right] = [a.path[i], b.path[i]];
    if (left === right) continue;
    if (typeof left === 'number' && typeof right === 'number') return left - right;
    return String(left) < String(right) ? -1 : 1;
  }
  if (a.path.length !== b.path.length) return a.path.length - b.path.length;
  return a.message < b.message ? -1 : a.message > b.message ? 1 : 0;
}

export interface ProblemGroup {
  /** Construct path, or file. */
  readonly where: string;
  readonly problems: readonly Problem[];
}

/** `app/orders: 2 problems` and a line for each; what constructors throw. */
export class ProblemsError extends Error {
  public readonly groups!: readonly ProblemGroup[];

  /** Of `causes`, the stack says where each came from. */
  public constructor(groups: readonly ProblemGroup[], ...causes: readonly Error[]) {
    super(groups.map(describe).join('\n'));
    this.name = 'ProblemsError';
    // Hidden from Node, which prints the enumerable fields of an error that nobody catches: the message says it all.
    Object.defineProperty(this, 'groups', { value: groups, enumerable: false });
    this.stack = shortened(this.stack ?? '', causes);
  }
}

const FRAME = /^ {4}at /;
const FRAMES = 3;
const CAUSES = 5;
/** The folder of this package's code. */
const OWN_CODE = join(__dirname, '..', '..') + sep;
const HIDDEN = [OWN_CODE, 'node:internal', `${sep}node_modules${sep}`, '(<anonymous>)'];

/** Where the program called: frames of packages and of Node would only hide the problems above them. */
function shortened(stack: string, causes: readonly Error[]): string {
  const lines = stack.split('\n');
  const called = lines.filter((line) => FRAME.test(line) && !HIDDEN.some((part) => line.includes(part)));
  const first = causes.flatMap((cause) => cause.stack?.split('\n').find((line) => FRAME.test(line)) ?? []);
  const frames = new Set([...first.slice(0, CAUSES), ...called.slice(0, FRAMES)]);
  return [...lines.filter((line) => !FRAME.test(line)), ...frames].join('\n');
}

function describe({ where, problems }: ProblemGroup): string {
  const lines = [...problems].sort(byPath).map((problem) => `  ${formatProblem(problem)}`);
  return [`${where}: ${lines.length} problem${lines.length === 1 ? '' : 's'}`, ...lines].join('\n');
}

/** Throws when there are errors; warnings alone pass. */
export function failOn(where: string, problems: readonly Problem[]): void {
  const errors = problems.filter(({ severity }) => severity === 'error');
  if (errors.length > 0) throw new ProblemsError([{ where, problems: errors }]);
}
