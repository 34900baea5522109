/** A KEDA trigger against KEDA's own schema of its scalers. */
import { cronProblem, isTimeZone, KEDA_CRON } from './cron';
import { Field, kedaTable, Names, ScalerTable, valueProblem } from './tables';
import { didYouMean, nearest, Path, Problems, show } from '../problem/problem';

export interface Trigger {
  readonly type: string;
  readonly metadata: Readonly<Record<string, string>>;
  /** A TriggerAuthentication is named, whose content is elsewhere. */
  readonly authenticated: boolean;
  /** Whether a parameter is given but could not be read, so that "missing" would be wrong. */
  readonly isUnread?: (name: string) => boolean;
}

interface KnownScaler {
  readonly names: Names;
  readonly open: boolean;
}

const FROM_ENV = 'FromEnv';
const scalers = new Map<string, KnownScaler>();

/** Names are only warned about: a catalogue has gaps, and newer versions have other names. */
export function checkTrigger(trigger: Trigger, path: Path, problems: Problems): void {
  const { type, metadata } = trigger;
  const known = knownScaler(type);
  if (known === undefined) {
    const hint = didYouMean(type, Object.keys(kedaTable().scalers));
    problems.warnOfName([...path, 'type'], `keda/${type}`, `${show(type)} is not a scaler that KEDA has${hint}`);
    return;
  }
  const missing = missingNames(trigger, known);
  for (const key of Object.keys(metadata)) {
    const at = [...path, 'metadata', key];
    const field = known.names.get(key);
    const fromEnvironment = key.endsWith(FROM_ENV) ? known.names.get(key.slice(0, -FROM_ENV.length)) : undefined;
    if (field !== undefined) checkValue(trigger, field, key, at, problems);
    else if (fromEnvironment !== undefined) checkFromEnvironment(trigger, fromEnvironment, at, problems);
    else if (!known.open) checkName(key, type, known, missing, at, problems);
  }
  for (const field of missing.values()) {
    const message = `${show(field.name)} is missing; the ${type} scaler needs it`;
    problems.error([...path, 'metadata'], `${message}${field.metadata ? '' : `, from ${otherPlaces(field)}`}`);
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
  const lacking = missingNames({ type, metadata, authenticated: false }, known);
  for (const [name, { authentication }] of lacking) {
    if (!authentication || parameters.some((each) => known.names.get(each)?.name === name)) lacking.delete(name);
  }
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
  return { names, open: table.open === true };
}

type Missing = Map<string, Field>;

function missingNames({ metadata, authenticated, isUnread }: Trigger, { names }: KnownScaler): Missing {
  const given = new Set<string>();
  for (const [key, value] of Object.entries(metadata)) {
    if (value.trim() === '') continue;
    const field = names.get(key) ?? (key.endsWith(FROM_ENV) ? names.get(key.slice(0, -FROM_ENV.length)) : undefined);
    if (field !== undefined) given.add(field.name);
  }
  const missing = names.fields.filter(({ name, required, authentication }) =>
    required && !given.has(name) && !(authenticated && authentication) && isUnread?.(name) !== true);
  return new Map(missing.map((field) => [field.name, field]));
}

function otherPlaces({ name, environment, authentication }: Field): string {
  const places = [environment ? `"${name}${FROM_ENV}"` : '', authentication ? 'a TriggerAuthentication' : ''];
  return places.filter((place) => place !== '').join(' or ');
}

/** A missing name that is only misspelt is one mistake, reported once. */
function checkName(
  key: string, type: string, { names }: KnownScaler, missing: Missing, at: Path, problems: Problems,
): void {
  const message = `${show(key)} is not a parameter of the ${type} scaler`;
  const near = nearest(key, [...missing.keys()]);
  if (near === undefined) {
    const known = names.fields.map(({ name }) => name);
    problems.warnOfName(at, `keda/${type}/${key}`, `${message}${didYouMean(key, known)}`);
  } else {
    missing.delete(near);
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
  const wrong = valueProblem(field, value);
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
