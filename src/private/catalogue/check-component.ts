/** A Dapr component against Dapr's own catalogue. */
import { cronProblem, DAPR_CRON } from './cron';
import {
  authenticationLack, Given, KnownComponent, knownType, KnownType, knownTypes, meant, takesVersion,
} from './dapr-component';
import {
  DAPR, daprRelease, Field, holdsSecret, isAddress, isAddressWithPassword, isPlaceholder, isTemplate, Names,
  valueProblem, wrongPort,
} from './tables';
import type { Json } from '../kubernetes/json';
import { didYouMean, nearest, Path, Problems, show } from '../problem/problem';

/** One entry of a component's metadata. */
export interface Setting {
  readonly name: string;
  readonly value?: Json;
  /** The value comes from somewhere else, such as a Secret. */
  readonly elsewhere: boolean;
  /** Paths are made when a problem needs them: most settings have none. */
  readonly path: (field: 'name' | 'value') => Path;
}

/** What it is used as, as far as that is known. */
export interface Used {
  readonly type: string;
  readonly path: (field: 'type') => Path;
  readonly input?: boolean;
  readonly output?: boolean;
}

export interface Component extends Omit<Used, 'path'> {
  readonly version: string;
  readonly settings: readonly Setting[];
  readonly path: (field: 'type' | 'version' | 'metadata') => Path;
  /** What to do with a secret. */
  readonly secretAdvice: string;
  /** Something among the settings could not be read, so that "missing" would be wrong. */
  readonly unread?: () => boolean;
}

/** Names are only warned about: a catalogue has gaps, and newer versions and pluggable components have other names. */
export function checkComponent(component: Component, problems: Problems): void {
  const { type, version, path } = component;
  checkType(component, problems);
  const known = knownType(type, version);
  if (known !== undefined && !takesVersion(known, version)) {
    const versions = known.versions.map(show).join(' or ');
    problems.error(path('version'), `${show(version)} is not a version of ${type}; give ${versions}`);
  }
  if (known?.component !== undefined) checkSettings(component, known.component, problems);
}

/** Whether there is such a type, and whether it can be used so. */
export function checkType(component: Used, problems: Problems): void {
  const { type, path } = component;
  const known = knownType(type, '');
  if (known === undefined) {
    const near = nearestType(type);
    const hint = near === undefined
      ? '; list a pluggable or newer one under knownNames of the platform settings' : `; did you mean ${show(near)}?`;
    problems.warnOfName(path('type'), type, `${show(type)} is not a component that ${daprRelease()} has${hint}`);
  } else {
    checkDirections(component, known, problems);
  }
}

/** Whether the catalogue says of a setting what it is, so that nothing has to be guessed from its name. */
export function isKnownSetting(type: string, version: string, name: string): boolean {
  const field = knownType(type, version)?.component?.names.get(name);
  return field !== undefined && !field.name.includes('*');
}

/** Operations of an output binding; `undefined` where they are not known. */
export function operationsOf(type: string, version: string): readonly string[] | undefined {
  const known = knownType(type, version);
  const operations = known?.output === true ? known.component?.operations ?? [] : [];
  return operations.length > 0 ? operations : undefined;
}

/** Of its kind, by what comes after that. */
function nearestType(type: string): string | undefined {
  const dot = type.indexOf('.') + 1;
  const kind = type.slice(0, dot);
  const names = knownTypes().filter((each) => each.startsWith(kind)).map((each) => each.slice(dot));
  const near = nearest(type.slice(dot), names);
  return near === undefined ? undefined : `${kind}${near}`;
}

function checkDirections({ type, path, input, output }: Used, known: KnownType, problems: Problems): void {
  if (!type.startsWith('bindings.')) return;
  const wrong = [
    ...(input === true && !known.input ? ['an output binding, which no event comes from'] : []),
    ...(output === true && !known.output ? ['an input binding, which nothing can be sent to'] : []),
  ];
  for (const what of wrong) problems.error(path('type'), `${show(type)} is ${what}`);
}

function checkSettings(component: Component, known: KnownComponent, problems: Problems): void {
  const given = new Map<string, string | undefined>();
  for (const setting of component.settings) {
    const { name } = setting;
    const text = textOf(setting);
    const key = (known.names.get(name)?.name ?? name).toLowerCase();
    const values = known.authentication.values.get(key) ?? [];
    if (text !== '') given.set(key, text === undefined ? undefined : meant(text, values));
  }
  checkTwice(component, problems);
  const missing = missingNames(component, known, given);
  if (missing.size > 0 && component.unread?.() === true) missing.clear();
  for (const setting of component.settings) {
    const field = known.names.get(setting.name);
    if (field === undefined) checkName(setting, component.type, known.names, missing, problems);
    else checkKnown(setting, field, component, known, problems);
  }
  for (const [name, why] of missing) problems.error(component.path('metadata'), `${show(name)} is missing${why}`);
}

/** Of one name Dapr keeps the last value; names that are one without their case it refuses. */
function checkTwice({ settings }: Component, problems: Problems): void {
  const seen = new Map<string, string>();
  for (const { name, path } of settings) {
    const other = seen.get(name.toLowerCase());
    if (other === name) problems.warn(path('name'), `${show(name)} is given twice; Dapr takes the last value alone`);
    else if (other !== undefined) problems.error(path('name'), `Dapr refuses ${show(name)} beside ${show(other)}`);
    seen.set(name.toLowerCase(), name);
  }
}

/** Name → for what it is needed. */
type Missing = Map<string, string>;

/** Not a purpose to give something for. */
const NO_LOGIN = /^no(ne| auth.*)?$/i;

function missingNames({ type, input, output }: Component, known: KnownComponent, given: Given): Missing {
  const needed = known.required.filter(({ name, direction }) =>
    !given.has(name.toLowerCase()) && (direction === undefined || (direction === 'input' ? input : output) === true));
  const lack = authenticationLack(known.authentication, given);
  if (needed.length === 0 && lack === undefined) return new Map();
  const purpose = lack?.title === undefined || NO_LOGIN.test(lack.title) ? '' : ` for ${show(lack.title)}`;
  return new Map([
    ...needed.map(({ name }) => [name, `; ${type} needs it`] as const),
    ...(lack?.names ?? []).map((name) => [name, `; ${type} needs it${purpose}`] as const),
  ]);
}

/** A missing name that is only misspelt is one mistake, reported once. */
function checkName({ name, path }: Setting, type: string, names: Names, missing: Missing, problems: Problems): void {
  const message = `${show(name)} is not a setting of ${type}`;
  const near = nearest(name, [...missing.keys()]);
  if (near === undefined) {
    const known = names.fields.map((field) => field.name);
    const [longer, ...others] = known.filter((each) => each.toLowerCase().startsWith(name.toLowerCase()));
    const isPart = name.length > 3 && longer !== undefined && others.length === 0;
    const hint = didYouMean(name, known) || (isPart ? `; did you mean ${show(longer)}?` : ` in ${daprRelease()}`);
    problems.warnOfName(path('name'), `${type}/${name}`, `${message}${hint}`);
  } else {
    missing.delete(near);
    problems.error(path('name'), `${message}; did you mean ${show(near)}, which it needs?`);
  }
}

function checkKnown(
  setting: Setting, field: Field, component: Component, { authentication }: KnownComponent, problems: Problems,
): void {
  const { name, path } = setting;
  if (field.exact && name !== field.name && name.toLowerCase() === field.name.toLowerCase()) {
    problems.warn(path('name'), `${show(name)} is not read; ${component.type} looks for ${show(field.name)}`);
  }
  const text = textOf(setting);
  if (text === undefined || text === '') return;
  const isSecret = field.sensitive ? holdsSecret(field.name, text) : isAddressWithPassword(text);
  if (isSecret) {
    problems.warn(path('value'), `the secret ${show(name)} is in plain text; ${component.secretAdvice}`);
  } else if (isPlaceholder(text)) {
    problems.warn(path('value'), `${show(text)} is a placeholder; give the value that it stands for`);
  }
  if (isPlaceholder(text)) return;
  const values = authentication.values.get(field.name.toLowerCase());
  checkValue(text, values === undefined ? field : { ...field, values }, component, path('value'), problems);
}

function checkValue(text: string, field: Field, component: Component, path: Path, problems: Problems): void {
  const { lenient, values } = field;
  const wrong = valueProblem(field, text, DAPR);
  if (wrong !== undefined && lenient) warnOfOther(text, values?.[0] ?? '', wrong, path, problems);
  else if (wrong !== undefined) problems.error(path, wrong);
  if (field.name === 'direction') checkDirection(text, component, path, problems);
  const place = `${component.type.toLowerCase()} ${field.name}`;
  if (ADDRESSES.test(place)) checkAddresses(text, path, problems);
  if (HOSTS.test(place)) checkHosts(text, path, problems);
  if (KAFKA.test(place) && !/^(0\.\d+|\d+)\.\d+\.\d+$/.test(text) && !isTemplate(text)) {
    problems.error(path, `${show(text)} is not a version of Kafka, such as "2.8.0"`);
  }
  const schemes = Object.keys(SCHEMES).find((each) => SCHEMES[each].test(place));
  if (schemes !== undefined) checkUrl(text, schemes.split(' '), path, problems);
  if (component.type === 'bindings.cron' && field.name === 'schedule') checkSchedule(text, path, problems);
}

/** Dapr goes on with a value of its own, which another spelling of it leads to as well. */
function warnOfOther(text: string, taken: string, wrong: string, path: Path, problems: Problems): void {
  const [given, own] = [text, taken].map((each) => each.replace(/[_-]/g, '').toLowerCase());
  if (given !== own) problems.warn(path, `Dapr takes ${show(taken)} instead: ${wrong}`);
}

/** `input, output`: Dapr starts a binding for the directions that are listed. */
function checkDirection(text: string, { input, output }: Component, path: Path, problems: Problems): void {
  const listed = text.split(',').map((part) => part.trim());
  for (const [direction, isUsed] of [['input', input], ['output', output]] as const) {
    if (isUsed !== true || listed.includes(direction) || isTemplate(text)) continue;
    problems.error(path, `${show(text)} lacks ${show(direction)}, which the function uses it for`);
  }
}

/** Settings that are lists of servers, each with its port: no other one is taken in its place. */
const ADDRESSES = /^((pubsub|bindings)\.(kafka brokers|kubemq address)|state\.(aerospike|memcached) hosts)$/;

function checkAddresses(text: string, path: Path, problems: Problems): void {
  if (isTemplate(text)) return;
  const wrong = text.split(',').map((part) => part.trim()).find((part) => !isAddress(part));
  if (wrong !== undefined) problems.error(path, `${show(wrong)} is not a host and a port, such as "broker.shop:9092"`);
}

const KAFKA = /^(pubsub|bindings)\.kafka version$/;

/** Settings that become addresses to dial as they are: the scheme of a URL would be part of the host. */
const HOSTS = new RegExp(`^(?:${[
  '[a-z]+\\.redis redisHost', 'state\\.(?:memcached|cassandra|aerospike) hosts', 'state\\.hazelcast hazelcastServers',
  'bindings\\.smtp host', 'bindings\\.sftp address',
  'state\\.(?:mongodb|postgresql|cockroachdb) host', 'pubsub\\.rabbitmq hostname',
].join('|')})$`);

function checkHosts(text: string, path: Path, problems: Problems): void {
  const parts = text.split(',').map((part) => part.trim());
  const wrong = parts.find((part) => /^[a-z][a-z0-9+.-]*:\/\//i.test(part));
  if (wrong === undefined) return checkPort(parts, path, problems);
  const host = /^[^/]*\/\/(?:[^/@]*@)?([^/?#]*)/.exec(wrong)?.[1] ?? '';
  const advice = host === '' || isTemplate(host) ? 'leave its scheme out' : `give ${show(host)}`;
  problems.error(path, `must be a host and not a URL, got ${show(hidden(wrong))}; ${advice}`);
}

/** Schemes of URLs, of which a client takes none for granted. */
const SCHEMES: Readonly<Record<string, RegExp>> = {
  'http https': /^bindings\.(http url|graphql endpoint|influx url)$/,
  'amqp amqps': /^((pubsub|bindings)\.rabbitmq (host|connectionString)|pubsub\.solace\.amqp url)$/,
  'tcp ssl mqtt mqtts tls tcps mqtt+ssl ws wss unix': /^(pubsub|bindings)\.mqtt3? url$/,
  'mongodb mongodb+srv': /^state\.mongodb connectionString$/,
  'postgres postgresql': /^(state\.(postgresql|cockroachdb)|(bindings|configuration)\.postgres(ql)?) connectionString$/,
};

function checkUrl(text: string, schemes: readonly string[], path: Path, problems: Problems): void {
  const given = /^([a-z][a-z0-9+.-]*):\/\//i.exec(text)?.[1].toLowerCase();
  if ((given !== undefined && schemes.includes(given)) || /^[${]/.test(text)) return checkPort([text], path, problems);
  // Or `host=… user=…`.
  if (given === undefined && schemes.includes('postgres') && text.includes('=')) return;
  const [first, second] = schemes.map((scheme) => `${scheme}://`);
  const advice = given === undefined ? `; give ${show(`${first}${hidden(text.replace(/^\/+/, ''))}`)}` : '';
  problems.error(path, `must begin with ${show(first)} or ${show(second)}, got ${show(hidden(text))}${advice}`);
}

function checkPort(addresses: readonly string[], path: Path, problems: Problems): void {
  const wrong = addresses.map(wrongPort).find((port) => port !== undefined);
  if (wrong !== undefined) problems.error(path, `${wrong} is not a port, which is from 1 to 65535`);
}

/** Without the user and the password. */
function hidden(address: string): string {
  return address.replace(/^([a-z][a-z0-9+.-]*:\/\/)?[^/@]*@/i, '$1…@');
}

function checkSchedule(text: string, path: Path, problems: Problems): void {
  const wrong = cronProblem(text, DAPR_CRON);
  if (wrong !== undefined) problems.error(path, `${show(text)} is not a schedule: ${wrong}`);
}

/** As Dapr reads it: numbers and booleans as text; `undefined` for what is not there to be read. */
function textOf({ value, elsewhere }: Setting): string | undefined {
  if (elsewhere) return undefined;
  if (value === undefined || value === null) return '';
  return typeof value === 'string' ? value : JSON.stringify(value);
}
