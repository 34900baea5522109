import { existsSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import * as ts from 'typescript';

/** The declaration files that a compiler reaches from the entries: by their paths below `root`, what they say to users. */
export function declarationsFrom(root: string, entries: readonly string[]): Map<string, string> {
  const reached = new Map<string, string>();
  const visit = (file: string): void => {
    if (reached.has(file)) return;
    const text = withoutInternals(readFileSync(join(root, file), 'utf8'));
    reached.set(file, text);
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

interface Change { readonly from: number; readonly to: number; readonly by: string }

const parse = (text: string): ts.SourceFile => ts.createSourceFile('declarations.d.ts', text, ts.ScriptTarget.Latest, true);

/**
 * Members that are not for users, without their types, which no other file then has to declare. They stay as private
 * members: without any, another object with the same public members would be taken for one of the class.
 */
export function withoutInternals(text: string): string {
  const changes: Change[] = [];
  for (const statement of parse(text).statements) {
    if (!ts.isClassDeclaration(statement)) continue;
    for (const member of statement.members) {
      if (!ts.getJSDocTags(member).some(({ tagName }) => tagName.text === 'internal')) continue;
      const isStatic = ts.canHaveModifiers(member) && ts.getModifiers(member)?.some(({ kind }) => kind === ts.SyntaxKind.StaticKeyword);
      changes.push({ from: member.getFullStart(), to: member.end, by: `\n    private ${isStatic ? 'static ' : ''}${member.name!.getText()};` });
    }
  }
  return changes.length === 0 ? text : withoutUnusedImports(changed(text, changes));
}

function withoutUnusedImports(text: string): string {
  const imports = parse(text).statements.filter((statement) => ts.isImportDeclaration(statement));
  const rest = changed(text, imports.map((statement) => ({ from: statement.pos, to: statement.end, by: '' })));
  const isUsed = (name: string): boolean => new RegExp(`\\b${name}\\b`).test(rest);
  return changed(text, imports.flatMap((statement): Change[] => {
    const named = statement.importClause?.namedBindings;
    if (named === undefined || !ts.isNamedImports(named)) return [];
    const used = named.elements.filter(({ name }) => isUsed(name.text));
    if (used.length === named.elements.length) return [];
    if (used.length === 0) return [{ from: statement.pos, to: statement.end, by: '' }];
    return [{ from: named.pos, to: named.end, by: ` { ${used.map((element) => element.getText()).join(', ')} }` }];
  }));
}

function changed(text: string, changes: readonly Change[]): string {
  return [...changes].sort((one, other) => other.from - one.from)
    .reduce((result, { from, to, by }) => result.slice(0, from) + by + result.slice(to), text);
}
