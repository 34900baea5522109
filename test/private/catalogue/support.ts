// Components and triggers made from the tables themselves.
import { checkComponent, type Component } from '../../../src/private/catalogue/check-component';
import { checkTrigger } from '../../../src/private/catalogue/check-trigger';
import { knownType } from '../../../src/private/catalogue/dapr-component';
import type { Field } from '../../../src/private/catalogue/tables';
import { formatProblem, Problems } from '../../../src/private/problem/problem';

export type Settings = Record<string, unknown>;

/** Everything that is said of a component, with its places. */
export function said(type: string, settings: Settings, more: Partial<Component> = {}): string[] {
  const problems = new Problems();
  checkComponent({
    type,
    version: 'v1',
    settings: Object.entries(settings).map(([name, value]) => ({
      name,
      ...(value !== SECRET && { value: value as string }),
      elsewhere: value === SECRET,
      path: (field) => (field === 'name' ? ['metadata', name] : ['metadata', name, 'value']),
    })),
    path: (field) => [field],
    secretAdvice: 'keep it in a Secret',
    ...more,
  }, problems);
  return problems.all.map(formatProblem);
}

/** As far as anything here looks at it. */
export const PEM = '-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----';

export const SECRET = Symbol('a Secret');

export function saidOfTrigger(type: string, metadata: Record<string, string>, authenticated = false): string[] {
  const problems = new Problems();
  checkTrigger({ type, metadata, authenticated }, ['triggers', 0], problems);
  return problems.all.map(formatProblem);
}

/** A value that fits, or a Secret where plain text would be warned about. */
export function fitting({ name, type, values, sensitive }: Field, component: string): unknown {
  if (sensitive) return SECRET;
  if (name === 'url' || name === 'endpoint') return `${/mqtt/.test(component) ? 'tcp' : /amqp/.test(component) ? 'amqp' : 'http'}://acme:9092`;
  if (name === 'version' && /kafka/.test(component)) return '2.8.0';
  if (name === 'host' && component === 'pubsub.rabbitmq') return 'amqp://acme:5672';
  if (['brokers', 'redisHost', 'address', 'hosts'].includes(name)) return 'acme:9092';
  if (values !== undefined) return values[0];
  return { bool: 'true', int: '3', number: '2.5', duration: '30s', goduration: '30s', pem: PEM, bytesize: '4Mi', ints: '1,2', list: 'a,b', string: 'acme' }[type];
}

/** The least that a component needs. */
export function leastSettings(type: string, version: string): Settings {
  const component = knownType(type, version)?.component;
  if (component === undefined) return {};
  const { open, profiles } = component.authentication;
  const fieldsOf = (at: number): Field[] => [...profiles[at].fields.values()];
  const unasked = open || profiles.some((_, at) => fieldsOf(at).every(({ required }) => !required));
  const fields = [...component.required.filter(({ direction }) => direction === undefined), ...(unasked ? [] : fieldsOf(0).filter(({ required }) => required))];
  const settings = Object.fromEntries(fields.map((field) => [field.name, fitting(field, type)]));
  return type === 'bindings.cron' ? { ...settings, schedule: '@every 5m' } : settings;
}

/** Two neighbours swapped, as fingers do, or one letter left out. */
export function misspelt(name: string): string {
  for (let at = Math.floor(name.length / 2); at < name.length; at++) {
    if (name[at - 1].toLowerCase() !== name[at].toLowerCase()) return name.slice(0, at - 1) + name[at] + name[at - 1] + name.slice(at + 1);
  }
  return name.slice(0, -1);
}
