/** Paths of the v1beta2 shape → paths of what the user wrote. */
import type { Path } from '../problem/problem';

/** A prefix and what it was written as; `*` stands for an index and is carried over. */
export type Rewrite = readonly [from: Path, to: Path];

export function originalPaths(rewrites: readonly Rewrite[]): (path: Path) => Path {
  return (path) => {
    let best: Rewrite | undefined;
    for (const rewrite of rewrites) {
      if (rewrite[0].length > (best?.[0].length ?? 0) && startsWith(path, rewrite[0])) best = rewrite;
    }
    return best === undefined ? path : rewritten(path, best);
  };
}

function startsWith(path: Path, prefix: Path): boolean {
  return prefix.every((key, index) => path[index] === key || (key === '*' && typeof path[index] === 'number'));
}

function rewritten(path: Path, [from, to]: Rewrite): Path {
  const carried = path.slice(0, from.length).filter((_, index) => from[index] === '*');
  return [...to.map((key) => (key === '*' ? carried.shift() ?? key : key)), ...path.slice(from.length)];
}
