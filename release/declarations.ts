import { existsSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';

/** The declaration files that a compiler reaches from the entries, by their paths below `root`. */
export function declarationsFrom(root: string, entries: readonly string[]): Set<string> {
  const reached = new Set<string>();
  const visit = (file: string): void => {
    if (reached.has(file)) return;
    reached.add(file);
    const text = readFileSync(join(root, file), 'utf8');
    for (const [, name] of text.matchAll(/(?:from|import\()\s*['"](\.[^'"]*)['"]/g)) {
      const target = posix.join(posix.dirname(file), name!);
      const found = [`${target}.d.ts`, `${target}/index.d.ts`].find((candidate) => existsSync(join(root, candidate)));
      if (found === undefined) throw new Error(`${file} imports ${name}, which has no declarations`);
      visit(found);
    }
  };
  entries.forEach(visit);
  return reached;
}
