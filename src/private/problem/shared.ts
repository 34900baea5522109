/** Problems at their places in a text; problems of many functions → lines, where what many say is one line. */
import { formatProblem, Position, Problem, show } from './problem';

/** At its place in the text; what should be quoted is shown as the text has it, since `0644` is read as 420. */
export function positioned(problem: Problem, position: Position): Problem {
  const place = { ...problem, position: position(problem.path) };
  if (!QUOTING.test(problem.message)) return place;
  const written = position.word?.(problem.path);
  if (written === undefined) return place;
  const quoted = `must be a string, got ${written}; quote it: ${show(written)}`;
  return { ...place, message: problem.message.replace(QUOTING, () => quoted) };
}

const QUOTING = /must be a string, got [^;]*; (?:quote it: ".*"|put it in quotes)$/;

export interface SaidBy {
  readonly problem: Problem;
  /** Name of the function; nothing for other objects. */
  readonly who?: string;
}

/** From this many functions on, a place for each helps nobody. */
const MANY = 3;
const NAMED = 5;

/** Each line once: the first place of what many functions say, and all places of what few do. */
export function linesOfMany<S extends SaidBy>(said: readonly S[], lineOf: (one: S) => string): string[] {
  const groups = new Map<string, S[]>();
  for (const each of said) {
    const key = formatProblem({ ...each.problem, position: undefined });
    const known = groups.get(key);
    if (known === undefined) groups.set(key, [each]);
    else known.push(each);
  }
  return [...groups.values()].flatMap((group) => {
    const names = [...new Set(group.flatMap(({ who }) => who ?? []))];
    if (names.length < MANY) return [...new Set(group.map(lineOf))];
    const more = names.length > NAMED ? ', …' : '';
    const who = `${names.length} functions: ${names.slice(0, NAMED).join(', ')}${more}`;
    return [`${formatProblem(group[0].problem)} (${who})`];
  });
}

export function plural(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
