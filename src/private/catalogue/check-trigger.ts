/** A KEDA trigger against KEDA's own schema of its scalers. */
import { cronProblem, isTimeZone, KEDA_CRON } from './cron';
import type { Field } from './field';
import { kedaTable, Names, ScalerTable } from './tables';
import { valueProblem } from './value';
import { didYouMean, nearest, Path, Problems, show } from '../problem/problem';

export interface Trigger {
  readonly type: string;
  readonly metadata: Readonly<Record<string, string>>;
  /** A TriggerAuthentication is named, whose content is elsewhere. */
  readonly authenticated: boolean;
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
    problems.warnOfName([...path, 'type'], `keda/${type}`, `${show(type)} is no scaler that KEDA has${didYouMean(type, Object.keys(kedaTable().scalers))}`);
    return;
  }
  const missing = missingNames(trigger, known);
  for (const [key, value] of Object.entries(metadata)) {
    const at = [...path, 'metadata', key];
    const field = known.names.get(key);
    if (field !== undefined) checkValue(trigger, field, key, value, at, problems);
    else checkName(trigger, known, key, at, missing, problems);
  }
  for (const field of missing.values()) {
    problems.error([...path, 'metadata'], `${show(field.name)} is missing; the ${type} scaler needs it${placesOf(field)}`);
  }
  if (type === 'cron') checkCron(metadata, [...path, 'metadata'], problems);
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

function missingNames({ metadata, authenticated }: Trigger, { names }: KnownScaler): Map<string, Field> {
  const given = new Set<string>();
  for (const [key, value] of Object.entries(metadata)) {
    if (value.trim() === '') continue;
    const field = names.get(key) ?? (key.endsWith(FROM_ENV) ? names.get(key.slice(0, -FROM_ENV.length)) : undefined);
    if (field !== undefined) given.add(field.name);
  }
  const missing = names.fields.filter(({ name, required, authentication }) => required && !given.has(name) && !(authenticated && authentication));
  return new Map(missing.map((field) => [field.name, field]));
}

function placesOf({ name, metadata, environment, authentication }: Field): string {
  const places = [...(environment ? [`"${name}${FROM_ENV}"`] : []), ...(authentication ? ['a TriggerAuthentication'] : [])];
  return metadata ? '' : `, from ${places.join(' or ')}`;
}

function checkName(trigger: Trigger, known: KnownScaler, key: string, at: Path, missing: Map<string, Field>, problems: Problems): void {
  const base = key.endsWith(FROM_ENV) ? known.names.get(key.slice(0, -FROM_ENV.length)) : undefined;
  if (base !== undefined) {
    const message = `${show(base.name)} of the ${trigger.type} scaler is not read from the environment${instead(base)}`;
    if (!base.environment && trigger.authenticated) problems.warn(at, message);
    else if (!base.environment) problems.error(at, message);
    return;
  }
  if (known.open) return;
  const near = nearest(key, [...missing.keys()]);
  if (near === undefined) {
    problems.warnOfName(at, `keda/${trigger.type}/${key}`, `${show(key)} is no parameter of the ${trigger.type} scaler${didYouMean(key, known.names.fields.map(({ name }) => name))}`);
    return;
  }
  // One mistake, said once.
  missing.delete(near);
  problems.error(at, `${show(key)} is no parameter of the ${trigger.type} scaler; did you mean ${show(near)}, which it needs?`);
}

function instead({ name, metadata }: Field): string {
  return metadata ? `; give ${show(name)}` : '; give it in a TriggerAuthentication';
}

function checkValue({ type, authenticated }: Trigger, field: Field, key: string, value: string, at: Path, problems: Problems): void {
  if (!field.metadata) {
    const places = [...(field.environment ? [`as "${key}${FROM_ENV}"`] : []), ...(field.authentication ? ['in a TriggerAuthentication'] : [])];
    const message = `is not read from here by the ${type} scaler; give it ${places.join(' or ')}`;
    if (authenticated) problems.warn(at, message);
    else problems.error(at, message);
    return;
  }
  if (field.deprecated) problems.warn(at, `is deprecated, and newer versions of KEDA refuse it${key === 'type' ? '; give the trigger\'s own metricType' : ''}`);
  const wrong = valueProblem(field, value);
  if (wrong !== undefined) problems.error(at, wrong);
}

function checkCron({ start, end, timezone }: Readonly<Record<string, string>>, at: Path, problems: Problems): void {
  for (const [name, schedule] of [['start', start], ['end', end]] as const) {
    const wrong = schedule === undefined ? undefined : cronProblem(schedule, KEDA_CRON);
    if (wrong !== undefined) problems.error([...at, name], `${show(schedule)} is no schedule: ${wrong}`);
  }
  if (start !== undefined && start === end) problems.error([...at, 'end'], 'is the same as "start"; the scaler would never be active');
  if (timezone !== undefined && !isTimeZone(timezone)) problems.error([...at, 'timezone'], `${show(timezone)} is no time zone such as "Europe/Berlin"`);
}
