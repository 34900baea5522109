// Every field that a reader knows is documented. The texts of platform settings are those of the typed
// settings, written by `UPDATE_DOCS=1 npx jest test/docs/field-docs`; without the variable nothing is ever written.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import * as path from 'node:path';
import * as ts from 'typescript';
import { ROOT } from './markdown';
import { documentedFunction, documentedPlatform } from '../../src/cli/schema';
import { docOf } from '../../src/private/function/describe';
import { isObject, Json, JsonObject } from '../../src/private/kubernetes/json';

const FILE = path.join(ROOT, 'src/private/settings/field-docs.json');

/** Each field of a schema by its place, once, with its documentation. */
function fieldsOf(schema: JsonObject, place = ''): [string, readonly string[] | undefined][] {
  const { properties, items, additionalProperties: values, anyOf } = schema;
  const below = (value: Json | undefined, at: string) => (isObject(value) ? fieldsOf(value, at) : []);
  return [
    ...(Array.isArray(anyOf) ? anyOf.flatMap((choice) => below(choice, place)) : []),
    ...Object.entries(isObject(properties) ? properties : {}).flatMap(([key, value]) => {
      const at = place === '' ? key : `${place}.${key}`;
      return [[at, docOf(value as JsonObject)] as [string, readonly string[] | undefined], ...below(value, at)];
    }),
    ...below(items, `${place}[]`),
    ...below(values, `${place}.*`),
  ];
}

interface Member { name: string; type: string; map: boolean; list: boolean; doc: string[] }

/** The structs of the typed settings, by name. */
function structs(): Map<string, Member[]> {
  const found = new Map<string, Member[]>();
  for (const file of readdirSync(path.join(ROOT, 'src')).filter((name) => name.endsWith('.ts'))) {
    const source = ts.createSourceFile(file, readFileSync(path.join(ROOT, 'src', file), 'utf8'), ts.ScriptTarget.Latest, true);
    source.statements.filter((node) => ts.isInterfaceDeclaration(node)).forEach((struct) => {
      found.set(struct.name.text, struct.members.filter((member) => ts.isPropertySignature(member)).map((member) => memberOf(member, source)));
    });
  }
  return found;
}

function memberOf(member: ts.PropertySignature, source: ts.SourceFile): Member {
  const type = member.type!.getText(source);
  const doc = ts.getJSDocCommentsAndTags(member).find((each) => ts.isJSDoc(each));
  const text = (ts.getTextOfJSDocComment(doc?.comment) ?? '').replaceAll(/\s*\n\s*/g, ' ').trim();
  const standard = doc?.tags?.find((tag) => tag.tagName.text === 'default');
  const value = standard && ts.getTextOfJSDocComment(standard.comment)!.replaceAll(/\s*\n\s*/g, ' ').trim();
  const inner = type.replace(/^\{ \[key: string\]: (.*) \}$/, '$1').replace(/\[\]$/, '');
  return { name: member.name.getText(source), type: inner, map: inner !== type && type.startsWith('{'), list: type.endsWith('[]'), doc: [text, ...value === undefined ? [] : [inYaml(value)]] };
}

/** What TypeScript says in YAML's terms. */
function inYaml(standard: string): string {
  return standard.replace(/^- /, '').replaceAll('`', '')
    .replace(/^TimeLimit\.of\(Duration\.seconds\((\d+)\)\)/, '$1s').replace(/^TimeLimit\.none\(\)$/, 'none').replace(/^Duration\.seconds\((\d+)\)$/, '$1s').replace(/^Size\.mebibytes\((\d+)\)$/, '$1Mi')
    .replace(/^\w+\.([A-Z]+)$/, (_, word: string) => word.toLowerCase()).replace(/^DaprProxyImage\.inline\(\)$/, 'the bundled proxy on an image of Node');
}

function docsOf(struct: string, all: Map<string, Member[]>, at: string): [string, string[]][] {
  return (all.get(struct) ?? []).flatMap(({ name, type, map, list, doc }) => {
    const place = at === '' ? name : `${at}.${name}`;
    return [[place, doc], ...docsOf(type, all, map ? `${place}.*` : list ? `${place}[]` : place)] as [string, string[]][];
  });
}

test('texts of platform settings are those of the typed settings', () => {
  const known = new Set(fieldsOf(documentedPlatform()).map(([place]) => place));
  const docs = Object.fromEntries(docsOf('PlatformSettingsProps', structs(), '').filter(([place]) => known.has(place)));
  if (process.env.UPDATE_DOCS === '1') writeFileSync(FILE, `${JSON.stringify(docs, null, 2)}\n`);
  expect(JSON.parse(readFileSync(FILE, 'utf8'))).toEqual(docs);
});

test.each([
  ['functions of v1beta1', () => documentedFunction('v1beta1')],
  ['functions of v1beta2', () => documentedFunction('v1beta2')],
  ['platform settings', documentedPlatform],
] as const)('every field of %s is documented', (_, schema) => {
  const fields = fieldsOf(schema()).filter(([place]) => place !== 'spec');
  expect(fields.length).toBeGreaterThan(50);
  expect(fields.filter(([, doc]) => !/^("|core\/v1 |[A-Z]).*\.$/s.test(doc?.[0] ?? ''))).toEqual([]);
});
