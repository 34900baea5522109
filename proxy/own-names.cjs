// The names of members that the minifier may shorten: those of our classes that no other object can have. An object
// written out, parsed from JSON or made by Node.js keeps the names of its fields, and so does whatever shares one.
const ts = require('typescript');

const { SyntaxKind } = ts;

/** Names, sorted, by the texts of all sources; `foreign` are those that objects of others may have. */
function ownNames(sources, foreign) {
  const names = { members: new Set(), opened: new Set(), fields: new Set() };
  for (const source of sources) collect(ts.createSourceFile('', source, ts.ScriptTarget.Latest, true), names);
  const { members, opened, fields } = names;
  // What is only ever read of `this` is no object of others, whatever these call theirs.
  const own = (name) => !fields.has(name) && (!foreign.has(name) || !opened.has(name));
  return [...members].filter(own).sort();
}

function collect(node, names) {
  const { members, opened, fields } = names;
  if (ts.isStringLiteralLike(node)) fields.add(node.text);
  if (ts.isIdentifier(node)) {
    const { parent } = node;
    if (parent.name === node && isClassMember(parent)) {
      members.add(node.text);
      if (!isPrivate(parent)) opened.add(node.text);
    } else if (parent.name === node && isField(parent)) {
      fields.add(node.text);
    } else if (isReadOfOther(node)) {
      opened.add(node.text);
    }
  }
  ts.forEachChild(node, (child) => collect(child, names));
}

function isClassMember(node) {
  if (ts.isParameter(node)) return (node.modifiers ?? []).length > 0;
  return ts.isClassLike(node.parent) && (ts.isPropertyDeclaration(node) || ts.isMethodDeclaration(node) || ts.isAccessor(node));
}

function isPrivate({ modifiers }) {
  return modifiers?.some(({ kind }) => kind === SyntaxKind.PrivateKeyword) ?? false;
}

/** Of an object, an enumeration or the shape of one; methods of an interface have a class or an object behind them. */
function isField(node) {
  return ts.isObjectLiteralElement(node) || ts.isPropertySignature(node) || ts.isEnumMember(node);
}

/** A member of anything but `this`. */
function isReadOfOther(node) {
  const { parent } = node;
  if (ts.isPropertyAccessExpression(parent)) return parent.name === node && parent.expression.kind !== SyntaxKind.ThisKeyword;
  if (ts.isBindingElement(parent)) return ts.isObjectBindingPattern(parent.parent) && (parent.propertyName ?? parent.name) === node;
  return ts.isMethodSignature(parent) && parent.name === node;
}

/** Every word of declaration files, which is more than the names of members. */
function wordsOf(declarations) {
  const words = new Set();
  for (const text of declarations) {
    for (const word of text.replace(/\/\*[\s\S]*?\*\//g, '').match(/[A-Za-z_$][\w$]*/g) ?? []) words.add(word);
  }
  return words;
}

module.exports = { ownNames, wordsOf };
