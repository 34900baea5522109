/** A Dapr component against Dapr's own catalogue. */
import { cronProblem, DAPR_CRON } from './cron';
import { knownType, KnownComponent, KnownType, knownTypes, takesVersion } from './dapr-component';
import type { Field } from './field';
import { authenticationLack, Given, meant } from './profiles';
import { holdsSecret } from './secret-value';
import type { Names } from './tables';
import { valueProblem } from './value';
import type { Json } from '../kubernetes/json';
import { didYouMean, nearest, Path, Problems, show } from '../problem/problem';

/** One entry of a component's metadata. */
export interface Setting {
  readonly name: string;
  /** `undefined` when it comes from somewhere else, such as a Secret. */
  readonly value?: Json;
  readonly namePath: Path;
  readonly valuePath: Path;
}

export interface Component {
  readonly type: string;
  readonly version: string;
  readonly settings: readonly Setting[];
  readonly typePath: Path;
  readonly versionPath: Path;
  /** Where something that is missing would stand. */
  readonly settingsPath: Path;
  /** Where the way to refer to Secrets is to be read. */
  readonly secretAdvice: string;
  /** What it is used as, as far as that is known. */
  readonly input?: boolean;
  readonly output?: boolean;
}

/** Names are only warned about: a catalogue has gaps, and newer versions and pluggable components have other names. */
export function checkComponent(component: Component, problems: Problems): void {
  const { type, version, typePath, versionPath } = component;
  const known = knownType(type, version);
  if (known === undefined) {
    const hint = didYouMean(type, sameKind(type));
    problems.warnOfName(typePath, type, `${show(type)} is no component that Dapr has${hint}`);
  } else if (!takesVersion(known, version)) {
    const versions = known.versions.map(show).join(' or ');
    problems.error(versionPath, `${show(version)} is no version of ${type}; give ${versions}`);
  } else {
    checkDirections(component, known, problems);
    if (known.component !== undefined) checkSettings(component, known.component, problems);
  }
}

/** Whether the catalogue says of a setting what it is, so that nothing has to be guessed from its name. */
export function isKnownSetting(type: string, version: string, name: string): boolean {
  return knownType(type, version)?.component?.names.get(name) !== undefined;
}

/** Operations of an output binding; `undefined` where they are not known. */
export function operationsOf(type: string, version: string): readonly string[] | undefined {
  const known = knownType(type, version);
  const operations = known?.output === true ? known.component?.operations ?? [] : [];
  return operations.length > 0 ? operations : undefined;
}

function sameKind(type: string): string[] {
  const kind = `${type.split('.')[0]}.`;
  const types = knownTypes();
  return types.some((each) => each.startsWith(kind)) ? types.filter((each) => each.startsWith(kind)) : types;
}

function checkDirections({ type, typePath, input, output }: Component, known: KnownType, problems: Problems): void {
  if (!type.startsWith('bindings.')) return;
  const wrong = [
    ...(input === true && !known.input ? ['an output binding, which no event comes from'] : []),
    ...(output === true && !known.output ? ['an input binding, which nothing can be sent to'] : []),
  ];
  for (const what of wrong) problems.error(typePath, `${show(type)} is ${what}`);
}

function checkSettings(component: Component, known: KnownComponent, problems: Problems): void {
  const given = new Map<string, string | undefined>();
  for (const { name, value } of component.settings) {
    const text = textOf(value);
    const key = (known.names.get(name)?.name ?? name).toLowerCase();
    const values = known.authentication.values.get(key) ?? [];
    if (text !== '') given.set(key, text === undefined ? undefined : meant(text, values));
  }
  const missing = missingNames(component, known, given);
  for (const setting of component.settings) {
    const field = known.names.get(setting.name);
    if (field === undefined) checkName(setting, component.type, known.names, missing, problems);
    else checkValue(setting, field, component, problems);
  }
  for (const [name, why] of missing) problems.error(component.settingsPath, `${show(name)} is missing${why}`);
}

/** Name → for what it is needed. */
type Missing = Map<string, string>;

function missingNames({ type, input, output }: Component, known: KnownComponent, given: Given): Missing {
  const needed = known.required.filter(({ name, direction }) =>
    !given.has(name.toLowerCase()) && (direction === undefined || (direction === 'input' ? input : output) === true));
  const lack = authenticationLack(known.authentication, given);
  const purpose = lack?.title === undefined ? '' : ` for ${show(lack.title)}`;
  return new Map([
    ...needed.map(({ name }) => [name, `; ${type} needs it`] as const),
    ...(lack?.names ?? []).map((name) => [name, `; ${type} needs it${purpose}`] as const),
  ]);
}

/** The name of something missing, misspelt, is one mistake, said once. */
function checkName({ name, namePath }: Setting, type: string, names: Names, missing: Missing, problems: Problems): void {
  const message = `${show(name)} is no setting of ${type}`;
  const near = nearest(name, [...missing.keys()]);
  if (near === undefined) {
    const known = names.fields.map((field) => field.name);
    problems.warnOfName(namePath, `${type}/${name}`, `${message}${didYouMean(name, known)}`);
  } else {
    missing.delete(near);
    problems.error(namePath, `${message}; did you mean ${show(near)}, which it needs?`);
  }
}

function checkValue(setting: Setting, field: Field, component: Component, problems: Problems): void {
  const { name, value, valuePath } = setting;
  const text = textOf(value);
  if (text === undefined || text === '') return;
  const { authentication } = knownType(component.type, component.version)?.component ?? {};
  const values = authentication?.values.get(field.name.toLowerCase());
  const wrong = valueProblem(values === undefined ? field : { ...field, values }, text);
  if (wrong !== undefined) problems.error(valuePath, wrong);
  if (component.type === 'bindings.cron' && field.name === 'schedule') checkSchedule(text, valuePath, problems);
  if (field.sensitive && holdsSecret(field.name, text)) {
    problems.warn(valuePath, `of ${show(name)} is a secret in plain text; ${component.secretAdvice}`);
  }
}

function checkSchedule(text: string, path: Path, problems: Problems): void {
  const wrong = cronProblem(text, DAPR_CRON);
  if (wrong !== undefined) problems.error(path, `${show(text)} is no schedule: ${wrong}`);
}

/** As Dapr reads it: numbers and booleans as text; `undefined` for what is not there to be read. */
function textOf(value: Json | undefined): string | undefined {
  if (value === undefined) return undefined;
  if (value === null) return '';
  return typeof value === 'string' ? value : JSON.stringify(value);
}
