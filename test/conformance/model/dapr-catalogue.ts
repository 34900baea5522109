// The text of src/private/catalogue/dapr-components.json: metadata.yaml of every component, what its code reads beside it,
// and the types and versions that daprd registers.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseDocument } from 'yaml';
import { CATALOGUE_VERSIONS, contribFolder, daprFolder, filesBelow, printTable } from './catalogue-sources';
import { codeNames, has, sharedNames, type CodeNames } from './dapr-code-names';
import { ALIASES, AUTHENTICATION_OPTIONAL, BUILT_IN, NOT_REQUIRED, PROFILES, REQUIRED_OF_INPUTS, RUNTIME_NAMES, type Profile, type ProfileField } from './dapr-corrections';
import { readRegistry, type Registration, type Registry } from './dapr-registry';
import { VALUES } from './dapr-values';

interface Field extends ProfileField {
  readonly default?: string;
  readonly deprecated?: boolean;
  readonly binding?: { readonly input?: boolean; readonly output?: boolean };
}

interface MetadataFile {
  readonly type: string;
  readonly name: string;
  readonly version: string;
  readonly metadata?: readonly Field[];
  readonly authenticationProfiles?: readonly Profile[];
  readonly builtinAuthenticationProfiles?: ReadonlyArray<{ readonly name: string; readonly metadata?: readonly ProfileField[] }>;
  readonly binding?: { readonly operations?: ReadonlyArray<{ readonly name: string }> };
}

/** Folders whose components a function never meets as `Component` objects, or that are no components. */
const LEFT_OUT = /^(nameresolution|tests|\.build-tools)\//;
/** Names that hold a secret, whether or not the file says so: it often forgets. */
const SECRET_NAME = new RegExp('(passw(or)?d|passphrase|secret|token|connection[_-]?string|(api|access|secret|account|shared|private|master|client'
  + '|auth|seed)[_-]?key|key[_-]?secret)$', 'i');
const NO_SECRET = ['multipleKeyValuesPerSecret'];

export async function daprCatalogue(): Promise<string> {
  const contrib = await contribFolder();
  const registry = readRegistry(await daprFolder());
  const components: Record<string, unknown> = {};
  for (const file of filesBelow(contrib, 'metadata.yaml').filter((each) => !LEFT_OUT.test(each))) {
    const folder = file.slice(0, -'/metadata.yaml'.length);
    // One of them is indented by a tab, which the library reports and reads all the same.
    const found = parseDocument(readFileSync(join(contrib, file), 'utf8'), { logLevel: 'silent' }).toJS() as MetadataFile;
    components[folder] = component(contrib, folder, found);
    const type = `${found.type}.${found.name}`;
    // What this daprd does not register, an older or newer one may.
    registry[type] ??= { [found.version]: { folder, ...(found.binding && { input: true, output: true }) } };
  }
  const shared = { aws: profiles(BUILT_IN.aws), azuread: profiles(BUILT_IN.azuread), gcp: profiles(BUILT_IN.gcp) };
  return printTable({
    source: `github.com/dapr/components-contrib ${CATALOGUE_VERSIONS.componentsContrib} and github.com/dapr/dapr ${CATALOGUE_VERSIONS.dapr}`,
    licence: 'Copyright The Dapr Authors, Apache-2.0',
    runtime: RUNTIME_NAMES,
  }, { names: namesOfShared(contrib), profiles: shared, types: types(registry, contrib), components });
}

/** Type → version → component; `i` and `o` in front of a binding's say what it can be used as. */
function types(registry: Registry, contrib: string): Record<string, unknown> {
  const entry = ({ folder, input, output }: Registration): string =>
    `${input ? 'i' : ''}${output ? 'o' : ''}:${folder !== undefined && existsSync(join(contrib, folder, 'metadata.yaml')) ? folder : ''}`;
  return Object.fromEntries(Object.entries(registry).map(([type, versions]) =>
    [type, Object.fromEntries(Object.entries(versions).sort().map(([version, registration]) => [version, entry(registration)]))]));
}

function component(contrib: string, folder: string, file: MetadataFile): Record<string, unknown> {
  const code = codeNames(contrib, folder);
  const fields = new Map<string, string>();
  const typed = (field: Field): Field => ({ ...field, type: typeOf(field, code) });
  for (const field of file.metadata ?? []) fields.set(field.name.replace(/^<[\w-]+>/, '*'), word(typed(field), folder));
  const own = ownProfiles(folder, file).map(({ title, metadata }) => ({ title, metadata: metadata.map(typed) }));
  const shared = sharedBy(code);
  const listed = new Map([...fields, ...own.flatMap(({ metadata }) => metadata.map(({ name }) => [name, ''] as const))]);
  const extra = [...code.names].filter(([name]) => !has(listed, name) && !has(listed, code.aliases.get(name) ?? name) && !inShared(contrib, shared, name));
  for (const [name, type] of extra) fields.set(name, word({ name, type }, folder));
  const known = Object.entries(ALIASES[folder] ?? {});
  for (const [alias] of known) fields.delete(alias);
  for (const [name, type] of Object.entries(VALUES[folder] ?? {})) {
    if (type === '') fields.delete(name);
    else if (!has(listed, name)) fields.set(name, word({ name }, folder));
  }
  const aliases = [...[...code.aliases].filter(([alias]) => !has(listed, alias) && !inShared(contrib, shared, alias)), ...known];
  const operations = new Set([...(file.binding?.operations ?? []).map(({ name }) => name), ...code.operations]);
  return {
    fields: Object.fromEntries([...fields].sort(byName)),
    ...(aliases.length > 0 && { aliases: Object.fromEntries(aliases.sort(byName)) }),
    ...(shared.length > 0 && { names: shared }),
    ...(own.length > 0 && { profiles: profiles(own, folder) }),
    ...(file.builtinAuthenticationProfiles && { builtIn: builtIn(file) }),
    ...(!needsAuthentication(folder) && { open: true }),
    ...(operations.size > 0 && { operations: [...operations].sort() }),
  };
}

/** What is required was compared with the code for the kinds that functions use; profiles have no folder. */
function isChecked(folder: string): boolean {
  return folder === '' || /^(bindings|pubsub|state)\//.test(folder);
}

function needsAuthentication(folder: string): boolean {
  return isChecked(folder) && !AUTHENTICATION_OPTIONAL.includes(folder);
}

function ownProfiles(folder: string, { authenticationProfiles = [] }: MetadataFile): Profile[] {
  const own = PROFILES[folder] ?? [];
  const replaced = new Set(own.map(({ title }) => title));
  return [...authenticationProfiles.filter(({ title }) => !replaced.has(title)), ...own]
    .map(({ title, metadata = [] }) => ({ title, metadata: metadata.map((field) => corrected(field, folder)) }));
}

function builtIn({ builtinAuthenticationProfiles = [] }: MetadataFile): Record<string, unknown> {
  return Object.fromEntries(builtinAuthenticationProfiles.map(({ name, metadata = [] }) => [name, fieldsOf(metadata)]));
}

function profiles(from: readonly Profile[], folder = ''): unknown[] {
  return from.map(({ title, metadata }) => ({ title, fields: fieldsOf(metadata, folder) }));
}

/** What is required was corrected before; how a value is read is the component's. */
function fieldsOf(metadata: readonly ProfileField[], folder = ''): Record<string, string> {
  return Object.fromEntries(metadata.map((field) => [field.name, word(field, '', VALUES[folder]?.[field.name])]));
}

function corrected(field: ProfileField, folder: string): ProfileField {
  const hasKeyChain = folder.includes('aws/') && ['accessKey', 'secretKey', 'region'].includes(field.name);
  return hasKeyChain || NOT_REQUIRED[folder]?.includes(field.name) ? { ...field, required: false } : field;
}

/** `string!*`: type or list of values, then marks; see src/private/catalogue/tables.ts. */
function word(field: Field, folder: string, read = VALUES[folder]?.[field.name]): string {
  const { name, type = 'string', allowedValues, deprecated, binding } = field;
  const onlyInput = REQUIRED_OF_INPUTS[folder]?.includes(name);
  const required = onlyInput || (field.required === true && field.default === undefined && !NOT_REQUIRED[folder]?.includes(name) && isChecked(folder));
  const secret = field.sensitive === true || (SECRET_NAME.test(name) && !NO_SECRET.includes(name));
  const direction = onlyInput || (binding?.input && !binding.output) ? '<' : binding?.output && !binding.input ? '>' : '';
  const form = read === undefined || /^[#&?]/.test(read) ? `${allowedValues ? `=${allowedValues.join('|')}` : type}${read ?? ''}` : read;
  return `${form}${required ? '!' : ''}${secret ? '*' : ''}${deprecated ? '~' : ''}${direction}`;
}

/** The code's type where the file is vaguer; where the code reads a string, it may still parse what the file says. */
function typeOf({ name, type = 'string' }: ProfileField, { names }: CodeNames): string {
  const inCode = [...names].find(([each]) => each.toLowerCase() === name.toLowerCase())?.[1] ?? 'string';
  if (type === 'string') return inCode;
  return type === 'number' && inCode === 'int' ? 'int' : type;
}

const SHARED: Record<string, { readonly folder: string; readonly sign: string }> = {
  aws: { folder: 'common/aws/auth', sign: 'trustAnchorArn' },
  azure: { folder: 'common/authentication/azure', sign: 'azureTenantId' },
};

function sharedBy({ names }: CodeNames): string[] {
  return Object.keys(SHARED).filter((key) => names.has(SHARED[key].sign));
}

const cache = new Map<string, CodeNames>();
function codeOfShared(contrib: string, key: string): CodeNames {
  const found = cache.get(key) ?? sharedNames(contrib, SHARED[key].folder);
  cache.set(key, found);
  return found;
}

function inShared(contrib: string, keys: readonly string[], name: string): boolean {
  return keys.some((key) => {
    const { names, aliases } = codeOfShared(contrib, key);
    return names.has(name) || aliases.has(name);
  });
}

/** Names that every component with the same way to authenticate reads. */
function namesOfShared(contrib: string): Record<string, unknown> {
  return Object.fromEntries(Object.keys(SHARED).map((key) => {
    const { names, aliases } = codeOfShared(contrib, key);
    const fields = Object.fromEntries([...names].sort(byName).map(([name, type]) => [name, word({ name, type }, '')]));
    return [key, { fields, aliases: Object.fromEntries([...aliases].sort(byName)) }];
  }));
}

function byName([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
