// A page for each type of the package, in Markdown, from what jsii says of it.
import { propertiesOf, readTypes } from './assembly.mts';
import type { Docs, Method, Property, Type, TypeRef } from './assembly.mts';
import { LANGUAGES, shortName } from './languages.mts';
import type { Language } from './languages.mts';

type Types = ReadonlyMap<string, Type>;

/** Kinds of types, in the order of the sidebar. */
export const KINDS = ['Constructs', 'Classes', 'Structs', 'Interfaces', 'Choices'] as const;

export function kindOf(type: Type): typeof KINDS[number] {
  if (type.kind === 'enum') return 'Choices';
  if (type.kind === 'interface') return type.datatype ? 'Structs' : 'Interfaces';
  return type.base === undefined ? 'Classes' : 'Constructs';
}

export interface ApiPage { readonly name: string; readonly kind: typeof KINDS[number]; readonly text: string }

/** Of each kind, by name. */
export function apiPages(): ApiPage[] {
  const types = readTypes();
  return [...types.values()]
    .sort((one, other) => KINDS.indexOf(kindOf(one)) - KINDS.indexOf(kindOf(other)) || one.name.localeCompare(other.name))
    .map((type) => ({ name: type.name, kind: kindOf(type), text: pageOf(type, types) }));
}

export function indexPage(pages: readonly ApiPage[]): string {
  const sections = KINDS.map((kind) => {
    const rows = pages.filter((page) => page.kind === kind).map(({ name, text }) => `| [${name}](${name}.md) | ${text.split('\n')[2]} |`);
    return `## ${kind}\n\n| | |\n|---|---|\n${rows.join('\n')}\n`;
  });
  const names = LANGUAGES.map(({ title }) => title).join(', ');
  return `# API\n\nEvery construct and what it takes, in ${names}: choose a language once, and all pages follow.\n\n${sections.join('\n')}`;
}

function pageOf(type: Type, types: Types): string {
  const sections = [
    `# ${type.name}`, ...prose(type.docs), relationsOf(type, types), inAll((language) => creation(type, language, types)),
    ...exampleOf(type.docs), ...membersOf(type), ...methodsOf(type, types, true), ...methodsOf(type, types, false), ...propertySection(type, types),
  ];
  return `${sections.filter((section) => section !== '').join('\n\n')}\n`;
}

function creation(type: Type, language: Language, types: Types): string {
  if (type.kind === 'enum') return language.member(type, type.members![0]!.name);
  return type.datatype || type.initializer !== undefined ? language.create(type, types) : '';
}

function prose({ summary, remarks, see }: Docs = {}): string[] {
  return [summary ?? '', remarks ?? '', see === undefined ? '' : `See ${/^https:/.test(see) ? `<${see}>` : see}`];
}

const exampleOf = ({ example }: Docs = {}): string[] => (example === undefined ? [] : [`\`\`\`ts\n${example}\n\`\`\``]);

/** What a type is made of, and where it is used. */
function relationsOf(type: Type, types: Types): string {
  const bases = [type.base, ...(type.datatype ? [] : type.interfaces ?? [])].filter((base) => base !== undefined);
  const uses = [...types.values()].filter((other) => other !== type).flatMap((other) => (
    [...other.properties ?? [], ...[other.initializer, ...other.methods ?? []].flatMap((each) => each?.parameters ?? [])]
      .some((each) => names(each.type, type)) ? [other] : []));
  return [
    bases.length === 0 ? '' : `Extends ${bases.map((base) => link({ fqn: base }, types)).join(', ')}.`,
    uses.length === 0 ? '' : `Used by ${uses.map(({ fqn }) => link({ fqn }, types)).join(', ')}.`,
  ].filter((line) => line !== '').join(' ');
}

function names(ref: TypeRef, { fqn }: Type): boolean {
  if ('collection' in ref) return names(ref.collection.elementtype, { fqn } as Type);
  if ('union' in ref) return ref.union.types.some((each) => names(each, { fqn } as Type));
  return 'fqn' in ref && ref.fqn === fqn;
}

/** One block for each language, which the site makes tabs of; nothing when there is nothing to say. */
function inAll(text: (language: Language) => string): string {
  return LANGUAGES.map((language) => [language.id, text(language)] as const).filter(([, code]) => code !== '')
    .map(([id, code]) => `\`\`\`${id}\n${code}\n\`\`\``).join('\n');
}

function membersOf(type: Type): string[] {
  if (type.members === undefined) return [];
  return ['## Values', ...type.members.flatMap(({ name, docs }) => [`### ${name}`, ...prose(docs)])];
}

function methodsOf(type: Type, types: Types, isStatic: boolean): string[] {
  const methods = (type.methods ?? []).filter((method) => (method.static ?? false) === isStatic);
  if (methods.length === 0) return [];
  return [isStatic ? '## Static methods' : '## Methods', ...methods.flatMap((method) => methodSection(type, method, types))];
}

function methodSection(type: Type, method: Method, types: Types): string[] {
  const parameters = (method.parameters ?? []).map(({ name, type: ref, docs }) => (
    `- \`${name}\`, ${link(ref, types)}${docs?.summary === undefined ? '' : `: ${sentence(docs)}`}`));
  const returns = method.docs?.returns === undefined ? '' : `Returns ${method.docs.returns}`;
  return [`### ${method.name}`, ...prose(method.docs), inAll((language) => language.call(type, method, types)), parameters.join('\n'), returns, ...exampleOf(method.docs)];
}

const sentence = ({ summary = '', remarks = '' }: Docs): string => `${summary} ${remarks}`.replaceAll(/\s+/g, ' ').trim();

function propertySection(type: Type, types: Types): string[] {
  const properties = type.datatype ? propertiesOf(type, types) : type.properties ?? [];
  if (properties.length === 0) return [];
  return ['## Properties', ...properties.flatMap((property) => [`### ${property.name}`, ...propertyText(type, property, types)])];
}

function propertyText(owner: Type, property: Property, types: Types): string[] {
  const { name, type, optional, static: isStatic, docs } = property;
  const others = LANGUAGES.map((language) => [language.title, language.property(owner, property)] as const)
    .filter(([, word]) => word !== name).map(([title, word]) => `${title} \`${word}\``);
  const what = [link(type, types), ...(optional ? ['optional'] : []), ...(isStatic ? ['static'] : []), ...others].join(' · ');
  const fallback = docs?.default === undefined ? '' : `Default: ${docs.default.replace(/^- /, '')}`;
  return [what, ...prose(docs), fallback, ...exampleOf(docs)];
}

function link(ref: TypeRef, types: Types): string {
  if ('primitive' in ref) return ref.primitive;
  if ('collection' in ref) return `${ref.collection.kind === 'array' ? 'list' : 'map'} of ${link(ref.collection.elementtype, types)}`;
  if ('union' in ref) return ref.union.types.map((each) => link(each, types)).join(' or ');
  return types.has(ref.fqn) ? `[${shortName(ref.fqn)}](${shortName(ref.fqn)}.md)` : `\`${ref.fqn}\``;
}
