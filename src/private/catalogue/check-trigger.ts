/** A KEDA trigger against KEDA's own schema of its scalers. */
import { cronProblem, isTimeZone, KEDA_CRON } from './cron';
import { Field, KEDA, kedaRelease, kedaTable, Names, ScalerTable, valueProblem } from './tables';
import { didYouMean, nearest, Path, Problems, show } from '../problem/problem';

export interface Trigger {
  readonly type: string;
  readonly metadata: Readonly<Record<string, string>>;
  /** A TriggerAuthentication is named, whose content is elsewhere. */
  readonly authenticated: boolean;
  /** A formula over all triggers decides, so that this one needs no target of its own. */
  readonly modified?: boolean;
  /** Whether a parameter is given but could not be read, so that "missing" would be wrong. */
  readonly isUnread?: (name: string) => boolean;
}

interface KnownScaler {
  readonly names: Names;
  readonly open: boolean;
  /** Of each group, one way must be given whole. */
  readonly needs: readonly Ways[];
  /** Names that do not go together. */
  readonly excludes: readonly (readonly string[])[];
  readonly target: string | undefined;
}

type Ways = readonly (readonly string[])[];

const FROM_ENV = 'FromEnv';
const NOT = '!';
const scalers = new Map<string, KnownScaler>();

/** Names are only warned about: a catalogue has gaps, and newer versions have other names. */
export function checkTrigger(trigger: Trigger, path: Path, problems: Problems): void {
  const { type, metadata } = trigger;
  const known = knownScaler(type);
  if (known === undefined) {
    const hint = didYouMean(type, Object.keys(kedaTable().scalers));
    const message = `${show(type)} is not a scaler that ${kedaRelease()} has${hint}`;
    problems.warnOfName([...path, 'type'], `keda/${type}`, message);
    return;
  }
  const given = givenNames(trigger, known);
  checkExclusion(type, known, given, [...path, 'metadata'], problems);
  addElsewhere(trigger, known, given);
  const missing = missingNames(trigger, known, given);
  // A server of one's own gets all of the metadata, and may read what KEDA does not.
  const read = known.open ? { ...trigger, authenticated: true } : trigger;
  for (const key of Object.keys(metadata)) {
    const at = [...path, 'metadata', key];
    const field = known.names.get(key);
    const fromEnvironment = key.endsWith(FROM_ENV) ? known.names.get(key.slice(0, -FROM_ENV.length)) : undefined;
    if (field !== undefined) checkValue(read, field, key, at, problems);
    else if (fromEnvironment !== undefined) checkFromEnvironment(read, fromEnvironment, at, problems);
    else if (!known.open) checkName(key, type, { known, missing, given }, at, problems);
  }
  for (const field of missing.values()) {
    const message = `${show(field.name)} is missing; the ${type} scaler needs it`;
    problems.error([...path, 'metadata'], `${message}${field.metadata ? '' : `, from ${otherPlaces(field)}`}`);
  }
  for (const ways of unmet(known, given)) {
    problems.error([...path, 'metadata'], `the ${type} scaler needs ${inWords(ways)}`);
  }
  if (type === 'cron') checkCron(metadata, [...path, 'metadata'], problems);
}

export interface Credentials {
  readonly type: string;
  readonly metadata: Readonly<Record<string, string>>;
  /** The object with the credentials, in words. */
  readonly owner: string;
  readonly parameters: readonly string[];
  /** Whether nothing else can come from the object. */
  readonly complete: boolean;
}

/** What a trigger gets from its credentials, against what its scaler reads from there. */
export function checkParameters(given: Credentials, path: Path, problems: Problems): void {
  const { type, metadata, owner, parameters, complete } = given;
  const known = knownScaler(type);
  if (known === undefined) return;
  const here = givenNames({ metadata }, known);
  for (const each of parameters) here.add(known.names.get(each)?.name ?? each);
  const trigger = { type, metadata, authenticated: true };
  const anywhere = addElsewhere(trigger, known, new Set(here));
  const lacking = missingNames({ ...trigger, modified: true }, known, here);
  for (const [name, { authentication }] of lacking) if (!authentication) lacking.delete(name);
  for (const name of parameters) {
    // One object may serve triggers of several kinds.
    if (known.open || known.names.get(name) !== undefined || isReadBySome(name)) continue;
    const message = `${show(name)} in ${owner} is not a parameter of the ${type} scaler`;
    const near = nearest(name, [...lacking.keys()]);
    if (near !== undefined) {
      lacking.delete(near);
      problems.error(path, `${message}; did you mean ${show(near)}, which it needs?`);
    } else {
      const readable = known.names.fields.filter(({ authentication }) => authentication).map((field) => field.name);
      // The schema lacks names that scalers share, such as those of AWS.
      const hint = didYouMean(name, readable);
      if (hint !== '') problems.warnOfName(path, `keda/${type}/${name}`, `${message}${hint}`);
    }
  }
  if (!complete) return;
  for (const name of lacking.keys()) {
    problems.error(path, `${show(name)} is missing in ${owner} and in the metadata; the ${type} scaler needs it`);
  }
  const never = unmet(known, anywhere);
  for (const ways of unmet(known, here)) {
    const message = `the ${type} scaler needs ${inWords(ways)}, in ${owner} or in the metadata`;
    if (!never.includes(ways)) problems.error(path, message);
  }
}

function isReadBySome(name: string): boolean {
  return Object.keys(kedaTable().scalers).some((type) => knownScaler(type)?.names.get(name) !== undefined);
}

function knownScaler(type: string): KnownScaler | undefined {
  const table = Object.hasOwn(kedaTable().scalers, type) ? kedaTable().scalers[type] : undefined;
  if (table === undefined) return undefined;
  const found = scalers.get(type) ?? take(table);
  scalers.set(type, found);
  return found;
}

function take(table: ScalerTable): KnownScaler {
  const names = new Names((name) => name);
  names.add(table);
  const together = (text: string) => text.split('+');
  return {
    names,
    open: table.open === true,
    needs: (table.needs ?? []).map((ways) => ways.map(together)),
    excludes: (table.excludes ?? []).map(together),
    target: table.target,
  };
}

type Missing = Map<string, Field>;

interface Lack {
  readonly known: KnownScaler;
  readonly missing: Missing;
  readonly given: Set<string>;
}

/** Names of what is given in the metadata, or by it from the environment. */
function givenNames({ metadata }: Pick<Trigger, 'metadata'>, { names }: KnownScaler): Set<string> {
  const given = new Set<string>();
  for (const [key, value] of Object.entries(metadata)) {
    if (value.trim() === '') continue;
    const field = names.get(key) ?? (key.endsWith(FROM_ENV) ? names.get(key.slice(0, -FROM_ENV.length)) : undefined);
    if (field !== undefined) given.add(field.name);
  }
  return given;
}

/** What may be given where nobody can look from here. */
function addElsewhere({ authenticated, isUnread }: Trigger, { names }: KnownScaler, given: Set<string>): Set<string> {
  for (const { name, authentication } of names.fields) {
    if ((authenticated && authentication) || isUnread?.(name) === true) given.add(name);
  }
  return given;
}

function missingNames(
  { modified }: Trigger, { names, target }: KnownScaler, given: ReadonlySet<string>,
): Missing {
  const missing = names.fields.filter(({ name, required }) =>
    !given.has(name) && (required || (name === target && modified !== true)));
  return new Map(missing.map((field) => [field.name, field]));
}

function unmet({ needs }: KnownScaler, given: ReadonlySet<string>): Ways[] {
  const holds = (name: string) => (name.startsWith(NOT) ? !given.has(name.slice(1)) : given.has(name));
  return needs.filter((ways) => !ways.some((way) => way.every(holds)));
}

/** `"address", or "host" and "port"` */
function inWords(ways: Ways): string {
  const together = (way: readonly string[]) => way.map(show).join(', ').replace(/, (?=[^,]*$)/, ' and ');
  return ways.filter(([name]) => !name.startsWith(NOT)).map(together).join(', or ');
}

function checkExclusion(
  type: string, { excludes }: KnownScaler, given: ReadonlySet<string>, at: Path, problems: Problems,
): void {
  for (const names of excludes) {
    if (!names.every((name) => given.has(name))) continue;
    problems.error(at, `${names.map(show).join(' and ')} exclude each other in the ${type} scaler`);
  }
}

function otherPlaces({ name, environment, authentication }: Field): string {
  const places = [environment ? `"${name}${FROM_ENV}"` : '', authentication ? 'a TriggerAuthentication' : ''];
  return places.filter((place) => place !== '').join(' or ');
}

/** A missing name that is only misspelt is one mistake, reported once. */
function checkName(key: string, type: string, lack: Lack, at: Path, problems: Problems): void {
  const { known: { names }, missing, given } = lack;
  const message = `${show(key)} is not a parameter of the ${type} scaler`;
  const wanted = unmet(lack.known, given).flat(2).filter((name) => !name.startsWith(NOT) && !given.has(name));
  const near = nearest(key, [...missing.keys(), ...wanted]);
  if (near === undefined) {
    const known = names.fields.map(({ name }) => name);
    const hint = didYouMean(key, known) || ` in ${kedaRelease()}`;
    problems.warnOfName(at, `keda/${type}/${key}`, `${message}${hint}`);
  } else {
    missing.delete(near);
    given.add(near);
    problems.error(at, `${message}; did you mean ${show(near)}, which it needs?`);
  }
}

function checkFromEnvironment({ type, authenticated }: Trigger, field: Field, at: Path, problems: Problems): void {
  if (field.environment) return;
  const instead = field.metadata ? `give ${show(field.name)}` : 'give it in a TriggerAuthentication';
  const message = `${show(field.name)} of the ${type} scaler is not read from the environment; ${instead}`;
  misplaced(at, message, authenticated, problems);
}

function checkValue(trigger: Trigger, field: Field, key: string, at: Path, problems: Problems): void {
  const { type, metadata, authenticated } = trigger;
  if (!field.metadata) {
    misplaced(at, `is not read from here by the ${type} scaler; give ${otherPlaces(field)}`, authenticated, problems);
    return;
  }
  const instead = key === 'type' ? '; give the trigger\'s own metricType' : '';
  if (field.deprecated) problems.warn(at, `is deprecated, and newer versions of KEDA refuse it${instead}`);
  const value = metadata[key];
  const wrong = valueProblem(field, value, KEDA);
  if (wrong !== undefined) problems.error(at, wrong);
}

/** With a TriggerAuthentication the same may be given where it is read, and this is only left over. */
function misplaced(at: Path, message: string, authenticated: boolean, problems: Problems): void {
  if (authenticated) problems.warn(at, message);
  else problems.error(at, message);
}

function checkCron({ start, end, timezone }: Readonly<Record<string, string>>, at: Path, problems: Problems): void {
  for (const [name, schedule] of [['start', start], ['end', end]] as const) {
    const wrong = schedule === undefined ? undefined : cronProblem(schedule, KEDA_CRON);
    if (wrong !== undefined) problems.error([...at, name], `${show(schedule)} is not a schedule: ${wrong}`);
  }
  if (start !== undefined && start === end) {
    problems.error([...at, 'end'], 'is the same as "start", which KEDA refuses');
  }
  if (timezone !== undefined && !isTimeZone(timezone)) {
    problems.error([...at, 'timezone'], `${show(timezone)} is not a time zone such as "Europe/Berlin"`);
  }
}
