// The names of private members that the minifier may shorten: of these, the sources only ever say `this.name`, so no
// object of Node.js, no JSON and no other class has a member of that name that somebody reads.
const ts = require('typescript');

const { SyntaxKind } = ts;

/** Names, sorted, by the texts of all sources. */
function privateNames(sources) {
  const found = new Set();
  const shared = new Set();
  const visit = (node) => {
    if (ts.isStringLiteralLike(node)) shared.add(node.text);
    if (ts.isIdentifier(node)) {
      if (isPrivate(node.parent) && node.parent.name === node) found.add(node.text);
      else if (isMember(node)) shared.add(node.text);
    }
    ts.forEachChild(node, visit);
  };
  for (const source of sources) visit(ts.createSourceFile('', source, ts.ScriptTarget.Latest, true));
  return [...found].filter((name) => !shared.has(name)).sort();
}

function isPrivate({ modifiers }) {
  return modifiers?.some(({ kind }) => kind === SyntaxKind.PrivateKeyword) ?? false;
}

/** Whether it names a member of anything but `this`; what is neither that nor a variable is taken for one. */
function isMember(node) {
  const { parent } = node;
  if (ts.isPropertyAccessExpression(parent) && parent.name === node) return parent.expression.kind !== SyntaxKind.ThisKeyword;
  if (ts.isBindingElement(parent)) return ts.isObjectBindingPattern(parent.parent) && (parent.propertyName ?? parent.name) === node;
  if (ts.isParameter(parent) && parent.name === node) return (parent.modifiers ?? []).length > 0;
  return parent.name === node && !ts.isVariableDeclaration(parent) && !ts.isFunctionDeclaration(parent);
}

module.exports = { privateNames };
