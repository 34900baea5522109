// How jsii names the same thing in each language.
import type { Method, Property, Type, TypeRef } from './assembly.mts';
import { propertiesOf } from './assembly.mts';

type Types = ReadonlyMap<string, Type>;
export interface Language {
  /** Of a block of code. */
  readonly id: 'ts' | 'python' | 'java' | 'go';
  readonly title: string;
  /** Set in a struct, read from anything else. */
  readonly property: (type: Type, property: Property) => string;
  readonly member: (type: Type, name: string) => string;
  readonly create: (type: Type, types: Types) => string;
  readonly call: (type: Type, method: Method, types: Types) => string;
}

const GO_PACKAGE = 'cdk8sopenfunction';
const snake = (name: string): string => name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
/** Words that Python keeps for itself. */
const pythonName = (name: string): string => (['from', 'pass', 'with', 'is', 'in'].includes(snake(name)) ? `${snake(name)}_` : snake(name));
const pascal = (name: string): string => name.charAt(0).toUpperCase() + name.slice(1);
export const shortName = (fqn: string): string => fqn.slice(fqn.lastIndexOf('.') + 1);
const isStruct = (ref: TypeRef | undefined, types: Types): boolean => ref !== undefined && 'fqn' in ref && types.get(ref.fqn)?.datatype === true;

interface Words { readonly primitive: Record<string, string>; readonly array: (of: string) => string; readonly map: (of: string) => string; readonly named: (name: string, isStruct: boolean) => string; readonly union: (of: readonly string[]) => string }

const named = (name: string): string => name;
const WORDS: Record<Language['id'], Words> = {
  ts: {
    primitive: { string: 'string', number: 'number', boolean: 'boolean', any: 'any' },
    array: (of) => `${of}[]`, map: (of) => `{ [key: string]: ${of} }`, named, union: (of) => of.join(' | '),
  },
  python: {
    primitive: { string: 'str', number: 'Number', boolean: 'bool', any: 'Any' },
    array: (of) => `Sequence[${of}]`, map: (of) => `Mapping[str, ${of}]`, named, union: (of) => `Union[${of.join(', ')}]`,
  },
  java: {
    primitive: { string: 'String', number: 'Number', boolean: 'Boolean', any: 'Object' },
    array: (of) => `List<${of}>`, map: (of) => `Map<String, ${of}>`, named,
    // An overload for each.
    union: (of) => `Object /* ${of.join(' or ')} */`,
  },
  go: {
    primitive: { string: '*string', number: '*float64', boolean: '*bool', any: 'interface{}' },
    array: (of) => `*[]${of}`, map: (of) => `*map[string]${of}`, named: (name, struct) => (struct ? `*${name}` : name),
    union: (of) => `interface{} /* ${of.join(' or ')} */`,
  },
};

export function typeIn(language: Language['id'], ref: TypeRef, types: Types): string {
  const words = WORDS[language];
  if ('primitive' in ref) return words.primitive[ref.primitive];
  if ('fqn' in ref) return words.named(shortName(ref.fqn), isStruct(ref, types));
  if ('union' in ref) return words.union(ref.union.types.map((each) => typeIn(language, each, types)));
  return words[ref.collection.kind](typeIn(language, ref.collection.elementtype, types));
}

const optional = ({ optional: is }: Property, mark: string): string => (is ? mark : '');
const without = (list: readonly Property[] | undefined, types: Types): readonly Property[] => (
  isStruct(list?.at(-1)?.type, types) ? list!.slice(0, -1) : list ?? []);
/** The struct at the end of the parameters, which Python and Java take apart. */
const structOf = (list: readonly Property[] | undefined, types: Types): Type | undefined => {
  const last = list?.at(-1)?.type;
  return last !== undefined && 'fqn' in last && isStruct(last, types) ? types.get(last.fqn) : undefined;
};
const needed = (struct: Type | undefined, types: Types): string[] => (
  struct === undefined ? [] : propertiesOf(struct, types).filter((property) => !property.optional).map(({ name }) => name));

const typescript: Language = {
  id: 'ts', title: 'TypeScript',
  property: (_, { name }) => name,
  member: ({ name }, member) => `${name}.${member}`,
  create: (type, types) => {
    const begin = `import ${type.datatype ? 'type ' : ''}{ ${type.name} } from 'cdk8s-openfunction';\n\n`;
    if (type.datatype) return `${begin}const value: ${type.name} = { ${needed(type, types).join(', ')} };`.replace('{  }', '{}');
    const list = type.initializer?.parameters;
    const struct = structOf(list, types);
    const last = struct === undefined ? [] : [`{ ${needed(struct, types).join(', ')} }`.replace('{  }', '{}')];
    return `${begin}new ${type.name}(${[...without(list, types).map(({ name }) => name), ...last].join(', ')});`;
  },
  call: (type, { name, parameters = [], returns, static: isStatic }, types) => {
    const list = parameters.map((each) => (
      `${each.variadic ? '...' : ''}${each.name}${optional(each, '?')}: ${typeIn('ts', each.type, types)}${each.variadic ? '[]' : ''}`));
    return `${isStatic ? `${type.name}.` : ''}${name}(${list.join(', ')}): ${returns === undefined ? 'void' : typeIn('ts', returns.type, types)}`;
  },
};

const python: Language = {
  id: 'python', title: 'Python',
  property: (_, { name }) => pythonName(name),
  member: ({ name }, member) => `${name}.${member}`,
  create: (type, types) => {
    const list = type.datatype ? [] : type.initializer?.parameters;
    const struct = type.datatype ? type : structOf(list, types);
    const words = [...without(list, types).map(({ name }) => pythonName(name)), ...needed(struct, types).map((name) => `${pythonName(name)}=${pythonName(name)}`)];
    return `from cdk8s_openfunction import ${type.name}\n\n${type.name}(${words.join(', ')})`;
  },
  call: (type, { name, parameters, returns, static: isStatic }, types) => {
    const struct = structOf(parameters, types);
    const list = without(parameters, types).map((each) => (
      `${each.variadic ? '*' : ''}${pythonName(each.name)}: ${typeIn('python', each.type, types)}${optional(each, ' = None')}`));
    const last = struct === undefined ? [] : [`**${pythonName(parameters!.at(-1)!.name)}: ${struct.name}`];
    return `${isStatic ? `${type.name}.` : ''}${pythonName(name)}(${[...list, ...last].join(', ')}) -> ${returns === undefined ? 'None' : typeIn('python', returns.type, types)}`;
  },
};

const java: Language = {
  id: 'java', title: 'Java',
  property: ({ datatype }, { name }) => (datatype ? name : `get${pascal(name)}()`),
  member: ({ name }, member) => `${name}.${member}`,
  create: (type, types) => {
    const begin = `import io.github.cdk8sopenfunction.${type.name};\n\n`;
    const setters = (struct: Type): string => needed(struct, types).map((name) => `.${name}(${name})`).join('');
    if (type.datatype) return `${begin}${type.name}.builder()${setters(type)}.build();`;
    const list = type.initializer?.parameters;
    const struct = structOf(list, types);
    const words = without(list, types).map(({ name }) => name).join(', ');
    return `${begin}${struct === undefined ? `new ${type.name}(${words});` : `${type.name}.Builder.create(${words})${setters(struct)}.build();`}`;
  },
  call: (_, { name, parameters = [], returns, static: isStatic }, types) => {
    const list = parameters.map((each) => `${typeIn('java', each.type, types)}${each.variadic ? '...' : ''} ${each.name}`);
    return `${isStatic ? 'static ' : ''}${returns === undefined ? 'void' : typeIn('java', returns.type, types)} ${name}(${list.join(', ')})`;
  },
};

const go: Language = {
  id: 'go', title: 'Go',
  property: ({ datatype, name: owner }, { name, static: isStatic }) => (datatype ? pascal(name) : `${isStatic ? `${owner}_` : ''}${pascal(name)}()`),
  member: ({ name }, member) => `${GO_PACKAGE}.${name}_${member}`,
  create: (type, types) => {
    const begin = `import "github.com/cdk8s-openfunction/cdk8s-openfunction-go/${GO_PACKAGE}"\n\n`;
    const literal = (struct: Type): string => `&${GO_PACKAGE}.${struct.name}{${needed(struct, types).map((name) => `${pascal(name)}: ${name}`).join(', ')}}`;
    if (type.datatype) return `${begin}value := ${literal(type)}`;
    const list = type.initializer?.parameters;
    const struct = structOf(list, types);
    const words = [...without(list, types).map(({ name }) => name), ...(struct === undefined ? [] : [literal(struct)])];
    return `${begin}${GO_PACKAGE}.New${type.name}(${words.join(', ')})`;
  },
  call: (type, { name, parameters = [], returns, static: isStatic }, types) => {
    const list = parameters.map((each) => `${each.name} ${each.variadic ? '...' : ''}${typeIn('go', each.type, types)}`);
    const result = returns === undefined ? '' : ` ${typeIn('go', returns.type, types)}`;
    return `func ${isStatic ? `${type.name}_` : ''}${pascal(name)}(${list.join(', ')})${result}`;
  },
};

export const LANGUAGES: readonly Language[] = [typescript, python, java, go];
