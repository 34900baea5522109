// Titles of tests as a test file states them, each below those of the blocks around it.
import { readFileSync } from 'node:fs';
import * as path from 'node:path';
import * as ts from 'typescript';
import { ROOT } from './markdown';

export const BELOW = ' › ';

/** `describe › describe › test`, and the describes themselves; templates as they are written. */
export function titlesIn(file: string): ReadonlySet<string> {
  const titles = new Set<string>();
  const visit = (node: ts.Node, above: string): void => {
    const own = titleOf(node);
    const title = own === undefined ? above : above === '' ? own : `${above}${BELOW}${own}`;
    if (own !== undefined) titles.add(title);
    ts.forEachChild(node, (child) => visit(child, title));
  };
  visit(ts.createSourceFile(file, readFileSync(path.join(ROOT, file), 'utf8'), ts.ScriptTarget.ES2022), '');
  return titles;
}

function titleOf(node: ts.Node): string | undefined {
  if (!ts.isCallExpression(node) || !['describe', 'it', 'test'].includes(calledIn(node.expression))) return undefined;
  const [title] = node.arguments;
  if (title === undefined) return undefined;
  if (ts.isStringLiteralLike(title)) return title.text;
  return ts.isTemplateExpression(title) ? writtenOut(title) : undefined;
}

/** `test` of `test.each(rows)`. */
function calledIn(expression: ts.Expression): string {
  if (ts.isIdentifier(expression)) return expression.text;
  return ts.isCallExpression(expression) || ts.isPropertyAccessExpression(expression) ? calledIn(expression.expression) : '';
}

/** Placeholders hold names only. */
function writtenOut({ head, templateSpans }: ts.TemplateExpression): string {
  return head.text + templateSpans.map(({ expression, literal }) => (
    `\${${ts.isIdentifier(expression) ? expression.text : '…'}}${literal.text}`
  )).join('');
}
