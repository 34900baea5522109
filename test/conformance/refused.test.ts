// What the library refuses, the judges refuse: one mistake at a time in triggers and components that both take. The half that the
// library accepts, thousands of generated functions, is what the other files of this suite ask the judges about.
import { loadComponents, type ComponentObject } from './judges/daprd-components';
import { kedaJudge, READABLE, type KedaJudge } from './judges/keda';
import { tally, tallyBroken } from './support/tally';
import { knownType } from '../../src/private/catalogue/dapr-component';
import { Field, fieldOf, kedaTable } from '../../src/private/catalogue/tables';
import { leastSettings, misspelt, said, saidOfTrigger } from '../private/catalogue/support';

type Settings = Readonly<Record<string, string>>;
interface Case { readonly type: string; readonly mistake: string; readonly settings: Settings }

const WRONG: Partial<Record<Field['type'], string>> = { bool: 'perhaps', int: 'many', number: 'many', duration: 'soon', bytesize: 'huge' };

/** What each type needs, where the tables alone do not say what a server can be asked. */
const TRIGGERS: Readonly<Record<string, Settings>> = {
  'cron': { start: '0 8 * * *', end: '0 18 * * *', timezone: 'Europe/Berlin', desiredReplicas: '3' },
  'external-push': { scalerAddress: 'scaler.shop:9090' },
  'metrics-api': { url: 'http://metrics.shop', valueLocation: 'queue.size', targetValue: '5' },
  'prometheus': { serverAddress: 'http://prometheus.shop', query: 'up', threshold: '5' },
};
const COMPONENTS: Readonly<Record<string, Settings>> = {
  'bindings.cron': { schedule: '@every 5m' },
  'bindings.http': { url: 'http://orders.shop' },
  'bindings.localstorage': { rootPath: '.' },
  'bindings.redis': { redisHost: 'redis:6379' },
  'pubsub.redis': { redisHost: 'redis:6379' },
  'state.redis': { redisHost: 'redis:6379' },
  'state.sqlite': { connectionString: ':memory:' },
};
/** Their judge gives each of them a Redis. */
const HAS_A_SERVER = /^(pubsub|state)\.redis without|^(pubsub|state)\.redis misspells/;

/** Refused by the library alone: the judge passes the value over without a word, which is what a build should say. */
const STRICTER: readonly (readonly [cases: readonly string[], why: string])[] = [
  [['bindings.http without url'], 'daprd fails at the first call'],
  [['bindings.redis redisType = nonsense', 'state.redis redisType = nonsense'], 'daprd loads it all the same'],
  [['pubsub.redis redeliverInterval = soon', 'state.redis redeliverInterval = soon'], 'daprd loads it all the same'],
  [['state.sqlite disableWAL = perhaps'], 'daprd loads it all the same'],
  [['redis', 'sqlite'].flatMap((type) => ['actorStateStore', 'outboxDiscardWhenMissingState'].map((name) => `state.${type} ${name} = perhaps`)), 'daprd loads it all the same'],
];
const EXCUSED = new Set(STRICTER.flatMap(([cases]) => cases));

/** Each required setting left out and misspelt, each typed one with a value of another type. */
function mistakesIn(type: string, right: Settings, fields: readonly Field[], required: readonly string[]): Case[] {
  const less = required.flatMap((name): Case[] => {
    const { [name]: value, ...rest } = right;
    return [
      { type, mistake: `without ${name}`, settings: rest },
      ...(name.length > 3 ? [{ type, mistake: `misspells ${name}`, settings: { ...rest, [misspelt(name)]: value } }] : []),
    ];
  });
  const wrong = fields.flatMap((field): Case[] => {
    const value = field.values === undefined ? WRONG[field.type] : 'nonsense';
    return value === undefined ? [] : [{ type, mistake: `${field.name} = ${value}`, settings: { ...right, [field.name]: value } }];
  });
  return [...less, ...wrong].filter((each) => !HAS_A_SERVER.test(nameOf(each)));
}

const nameOf = ({ type, mistake }: Case) => `${type} ${mistake}`;
const isRefused = (lines: readonly string[]) => lines.some((line) => !line.startsWith('warning'));

/** `answers` are empty where the judge takes what the library refuses. */
function expectRefused(judge: string, cases: readonly Case[], answers: readonly string[]): void {
  answers.forEach((answer) => tallyBroken(judge, answer === '' ? [] : [answer]));
  const taken = cases.filter((_, index) => answers[index] === '').map(nameOf);
  expect(taken).toEqual(cases.map(nameOf).filter((name) => EXCUSED.has(name)));
}

describe('KEDA scalers', () => {
  let judge: KedaJudge;
  beforeAll(async () => { judge = await kedaJudge(); });
  afterAll(() => judge.close());

  const ask = async ({ type, settings }: Case): Promise<string> => (
    await judge.ask({ kind: 'ScaledObject', namespace: 'shop', name: 'fn', trigger: { type, metadata: settings } })).error;
  const fieldsOf = (type: string) => Object.entries(kedaTable().scalers[type].fields).map(([name, word]) => fieldOf(name, word)).filter(({ metadata }) => metadata);

  test('take the triggers without a mistake, as the library does', async () => {
    expect(Object.keys(TRIGGERS).sort()).toEqual([...READABLE].sort());
    for (const [type, settings] of Object.entries(TRIGGERS)) {
      const error = await ask({ type, mistake: '', settings });
      tally('KEDA scalers', 'own', error === '' ? [] : [error]);
      expect([type, saidOfTrigger(type, settings), error]).toEqual([type, [], '']);
    }
  });

  test('refuse those with one that the library refuses', async () => {
    const all = Object.entries(TRIGGERS).flatMap(([type, right]) => {
      const fields = fieldsOf(type);
      return mistakesIn(type, right, fields, fields.filter(({ required, name }) => required && name in right).map(({ name }) => name));
    });
    const cases = all.filter(({ type, settings }) => isRefused(saidOfTrigger(type, settings)));
    expect(cases.map(nameOf)).toEqual(all.map(nameOf));
    expectRefused('KEDA scalers', cases, await Promise.all(cases.map(ask)));
  });
});

describe('daprd', () => {
  const componentOf = ({ type, settings }: Case): ComponentObject => ({
    apiVersion: 'dapr.io/v1alpha1',
    kind: 'Component',
    metadata: { name: 'mistaken' },
    spec: { type, version: 'v1', metadata: Object.entries(settings).map(([name, value]) => ({ name, value })) },
  }) as unknown as ComponentObject;

  test('loads the components without a mistake, and refuses those with one that the library refuses', async () => {
    const right = Object.entries(COMPONENTS).map(([type, settings]): Case => ({ type, mistake: '', settings }));
    const wrong = right.flatMap(({ type, settings }) => mistakesIn(type, settings, knownType(type, 'v1')!.component!.names.fields, Object.keys(leastSettings(type, 'v1'))));
    const cases = wrong.filter(({ type, settings }) => isRefused(said(type, settings)));
    expect(cases.map(nameOf)).toEqual(wrong.map(nameOf));
    const loaded = await loadComponents([...right, ...cases].map(componentOf));
    const answers = loaded.map(({ error }) => error);
    expect(right.map(({ type, settings }, index) => [type, said(type, settings), answers[index]])).toEqual(right.map(({ type }) => [type, [], '']));
    expectRefused('daprd components', cases, answers.slice(right.length));
  });
});
