/** Cron schedules, as the parser reads them that Dapr and KEDA have in common. */
import { isGoDuration } from '../kubernetes/syntax';
import { show } from '../problem/problem';

interface Bounds {
  readonly what: string;
  readonly min: number;
  readonly max: number;
  readonly names?: readonly string[];
}

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const DAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];
const SECOND: Bounds = { what: 'a second', min: 0, max: 59 };
const FIELDS: readonly Bounds[] = [
  { what: 'a minute', min: 0, max: 59 },
  { what: 'an hour', min: 0, max: 23 },
  { what: 'a day of the month', min: 1, max: 31 },
  { what: 'a month', min: 1, max: 12, names: MONTHS },
  { what: 'a day of the week', min: 0, max: 6, names: DAYS },
];
const EVERY = '@every ';
const DESCRIPTORS = ['@yearly', '@annually', '@monthly', '@weekly', '@daily', '@midnight', '@hourly'];

export interface CronDialect {
  /** A sixth field in front, for seconds. */
  readonly seconds: boolean;
  /** `@daily`, `@every 5m`. */
  readonly descriptors: boolean;
}

const FIVE = '5 fields of a schedule such as "30 8 * * 1-5"';
const FIVE_OR_SIX = '5 or 6 fields of a schedule such as "0 30 * * * *"';

export const DAPR_CRON: CronDialect = { seconds: true, descriptors: true };
export const KEDA_CRON: CronDialect = { seconds: false, descriptors: false };

/** Why a schedule cannot be parsed; `undefined` when it can. */
export function cronProblem(schedule: string, { seconds, descriptors }: CronDialect): string | undefined {
  const [, zone, rest] = /^(?:(?:CRON_)?TZ=(\S*) )?(.*)$/s.exec(schedule) as RegExpExecArray;
  if (zone !== undefined && !isTimeZone(zone)) return `${show(zone)} is not a time zone`;
  const text = rest.trim();
  if (text.startsWith('@')) return descriptorProblem(text, descriptors);
  const parts = text.split(/\s+/).filter((part) => part !== '');
  const bounds = seconds && parts.length === FIELDS.length + 1 ? [SECOND, ...FIELDS] : FIELDS;
  if (parts.length !== bounds.length) return `it has ${parts.length} of the ${seconds ? FIVE_OR_SIX : FIVE}`;
  return parts.map((part, index) => fieldProblem(part, bounds[index])).find((problem) => problem !== undefined);
}

/** A name of the IANA database; Go takes `Local` and nothing for those of the machine, and no offsets. */
export function isTimeZone(zone: string): boolean {
  if (zone === '' || zone === 'Local') return true;
  if (/^[-+]/.test(zone)) return false;
  try {
    return new Intl.DateTimeFormat('en', { timeZone: zone }) !== undefined;
  } catch {
    return false;
  }
}

function descriptorProblem(text: string, allowed: boolean): string | undefined {
  if (!allowed) return 'it must have 5 fields, such as "30 8 * * 1-5"';
  if (text.startsWith(EVERY)) {
    const duration = text.slice(EVERY.length);
    return isGoDuration(duration) ? undefined : `${show(duration)} is not a duration such as "5m" or "1h30m"`;
  }
  const known = DESCRIPTORS.map(show).join(', ');
  return DESCRIPTORS.includes(text) ? undefined : `${show(text)} is not one of ${known} or "@every" with a duration`;
}

function fieldProblem(field: string, bounds: Bounds): string | undefined {
  const ranges = field.split(',').filter((range) => range !== '');
  return ranges.map((range) => rangeProblem(range, bounds)).find((problem) => problem !== undefined);
}

function rangeProblem(range: string, bounds: Bounds): string | undefined {
  const { what, min, max } = bounds;
  const wrong = `${show(range)} is not ${what}, ${min} to ${max}`;
  const [span, step, ...slashes] = range.split('/');
  const [low, high, ...hyphens] = span.split('-');
  if (slashes.length > 0 || hyphens.length > 0) return wrong;
  if (step !== undefined && !/^0*[1-9]\d*$/.test(step)) return `${show(range)} has a step that is not a number above 0`;
  if (low === '*' || low === '?') return undefined;
  const start = number(low, bounds);
  const end = high === undefined ? start : number(high, bounds);
  if (start === undefined || end === undefined || start < min || end > max) return wrong;
  return start > end ? `${show(range)} ends before it begins` : undefined;
}

function number(text: string, { names = [], min }: Bounds): number | undefined {
  const named = names.indexOf(text.toLowerCase());
  if (named >= 0) return named + min;
  return /^\+?\d+$/.test(text) ? Number(text) : undefined;
}
