// Every public member says what it is: a sentence, for options their default and their range, for calls each parameter.
import { readdirSync, readFileSync } from 'node:fs';
import * as path from 'node:path';
import * as ts from 'typescript';
import { ROOT } from './markdown';

interface Documented {
  readonly name: string;
  readonly node: ts.Node;
  readonly text: string;
}

const FOLDER = path.join(ROOT, 'src');
const FILES = readdirSync(FOLDER).filter((name) => name.endsWith('.ts') && !['index.ts', 'jest-serializer.ts'].includes(name));
const LEAST_WORDS = 3;
/** What the library gives, and nobody writes. */
const RESULTS = /^(Reported|Topology|FunctionReport|EventDelivery|ProblemFinding|DaprComponentBinding)/;
const MEASURES = ['number', 'Duration', 'Size', 'TimeLimit'];

function docOf(node: ts.Node): ts.JSDoc | undefined {
  return ts.getJSDocCommentsAndTags(node).filter((each) => ts.isJSDoc(each)).at(-1);
}

function documented(name: string, node: ts.Node): Documented {
  return { name, node, text: (ts.getTextOfJSDocComment(docOf(node)?.comment) ?? '').replaceAll(/\s+/g, ' ').trim() };
}

function isPublic(node: ts.Node): boolean {
  return !has(node, ts.SyntaxKind.PrivateKeyword) && ts.getJSDocTags(node).every(({ tagName }) => tagName.text !== 'internal');
}

function has(node: ts.Node, modifier: ts.SyntaxKind): boolean {
  return ts.canHaveModifiers(node) && ts.getModifiers(node)?.some(({ kind }) => kind === modifier) === true;
}

function membersOf(type: ts.Statement): Documented[] {
  if (!ts.isInterfaceDeclaration(type) && !ts.isClassDeclaration(type) && !ts.isEnumDeclaration(type)) return [];
  const overloaded = new Set([...type.members].filter((member) => ts.isMethodDeclaration(member) && member.body === undefined)
    .map(({ name }) => name?.getText()));
  const isSaidBefore = (member: ts.Node) => ts.isMethodDeclaration(member) && member.body !== undefined && overloaded.has(member.name.getText());
  const members = [...type.members].filter((member) => isPublic(member) && !isSaidBefore(member));
  return members.map((member) => documented(`${type.name!.text}.${member.name === undefined ? 'constructor' : member.name.getText()}`, member));
}

const TYPES = FILES.flatMap((file) => {
  const source = ts.createSourceFile(file, readFileSync(path.join(FOLDER, file), 'utf8'), ts.ScriptTarget.Latest, true);
  return source.statements.filter((node) => has(node, ts.SyntaxKind.ExportKeyword));
});
const MEMBERS = TYPES.flatMap(membersOf);
const PROPERTIES = MEMBERS.flatMap(({ node, ...rest }) => (ts.isPropertySignature(node) ? [{ node, ...rest }] : []));

test('types and members have a sentence each', () => {
  const types = TYPES.filter((node) => ts.isInterfaceDeclaration(node) || ts.isClassDeclaration(node) || ts.isEnumDeclaration(node))
    .map((node) => documented(node.name!.text, node));
  const all = [...types, ...MEMBERS.filter(({ node }) => !ts.isConstructorDeclaration(node))];
  expect(all.length).toBeGreaterThan(500);
  expect(all.filter(({ text }) => text.split(' ').length < LEAST_WORDS || !text.endsWith('.')).map(({ name, text }) => `${name}: ${text}`)).toEqual([]);
});

test('what may be left out says what it is then', () => {
  const optional = PROPERTIES.filter(({ node }) => node.questionToken !== undefined);
  expect(optional.length).toBeGreaterThan(200);
  expect(optional.filter(({ node }) => ts.getJSDocTags(node).every(({ tagName }) => tagName.text !== 'default')).map(({ name }) => name)).toEqual([]);
});

test('numbers, times and sizes that a user gives have a range', () => {
  const measures = PROPERTIES.filter(({ name, node }) => !RESULTS.test(name) && MEASURES.includes(node.type!.getText()));
  expect(measures.length).toBeGreaterThan(50);
  expect(measures.filter(({ text }) => !/\d|not (below|above) `?\w+|up to/.test(text)).map(({ name, text }) => `${name}: ${text}`)).toEqual([]);
});

test('each parameter of a constructor or a method is described', () => {
  const calls = MEMBERS.flatMap(({ name, node }) => (ts.isMethodDeclaration(node) || ts.isMethodSignature(node) || ts.isConstructorDeclaration(node) ? [{ name, node }] : []));
  expect(calls.length).toBeGreaterThan(60);
  const bare = calls.flatMap(({ name, node }) => node.parameters
    .filter((parameter) => ts.getJSDocParameterTags(parameter).every(({ comment }) => !ts.getTextOfJSDocComment(comment)?.trim()))
    .map((parameter) => `${name}(${parameter.name.getText()})`));
  expect(bare).toEqual([]);
});
