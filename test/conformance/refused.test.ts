// What the library refuses, the judges refuse: one mistake at a time in triggers and components that both take. The half that the
// library accepts, thousands of generated functions, is what the other files of this suite ask the judges about.
import { loadComponents, type ComponentObject } from './judges/daprd-components';
import { kedaJudge, objection, type KedaJudge } from './judges/keda';
import { rightTriggers, triggerMistakes, type RightTrigger } from './model/right-triggers';
import { tally, tallyBroken } from './support/tally';
import { knownType } from '../../src/private/catalogue/dapr-component';
import type { Field } from '../../src/private/catalogue/tables';
import { leastSettings, misspelt, said, saidOfTrigger } from '../private/catalogue/support';

type Settings = Readonly<Record<string, string>>;
interface Case { readonly type: string; readonly mistake: string; readonly settings: Settings }

const WRONG: Partial<Record<Field['type'], string>> = { bool: 'perhaps', int: 'many', number: 'many', duration: 'soon', bytesize: 'huge' };

/** Refused by the library alone. */
const TAKEN: readonly (readonly [what: RegExp, why: string])[] = [
  [/(target\w*|queryValue|thresholdValue|threshold|desiredReplicas) = "-1"/i, 'no metric is ever below the target, and nothing says so'],
  [/^aws-dynamodb targetValue = "0"/, 'the autoscaler divides by it'],
  [/^rabbitmq operation/, 'it is read with the first metric'],
  [/^rabbitmq value = "0"/, 'it is taken for none'],
];
/** Refused by KEDA alone. */
const SILENT: readonly (readonly [what: RegExp, why: string])[] = [
  [/ authModes = /, 'what the mode needs comes from a TriggerAuthentication'],
  [/ sasl = " ?(gssapi|aws_msk_iam)"/, 'the same'],
  [/ (limitToPartitionsWithLag|ensureEvenDistributionOfPartitions|enableTLS|useClusterAgentProxy) = /, 'true asks for other parameters'],
  [/ (influxVersion|format|queryType) = /, 'each value asks for other parameters'],
  [/^github-runner (applicationID|installationID) = /, 'one asks for the other'],
  [/^aws-cloudwatch metricCollectionTime = /, 'it is a multiple of another one'],
  [/^gcp-stackdriver alignmentPeriodSeconds = /, 'at least 60'],
  [/^solace-[\w-]+ \w+Target = /, 'another target may be above zero'],
  [/^(azure-pipelines poolID|datadog targetValue) = /, 'the same'],
  [/^(datadog|sumologic) (without|misspells) |^(datadog|sumologic) (query|resultField|type) = ""/, 'parameters whose number is open'],
];

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
  [['pubsub.redis redeliverInterval = soon', 'state.redis redeliverInterval = soon'], 'daprd loads it all the same'],
  [['state.sqlite disableWAL = perhaps'], 'daprd loads it all the same'],
  [['redis', 'sqlite'].flatMap((type) => ['actorStateStore', 'outboxDiscardWhenMissingState'].map((name) => `state.${type} ${name} = perhaps`)), 'daprd loads it all the same'],
];
const EXCUSED = new Set(STRICTER.flatMap(([cases]) => cases));

/** Each required setting left out and misspelt, each typed one with a value of another type: what Dapr refuses. */
function mistakesIn(type: string, right: Settings, fields: readonly Field[], required: readonly string[]): Case[] {
  const less = required.flatMap((name): Case[] => {
    const { [name]: value, ...rest } = right;
    return [
      { type, mistake: `without ${name}`, settings: rest },
      ...(name.length > 3 ? [{ type, mistake: `misspells ${name}`, settings: { ...rest, [misspelt(name)]: value } }] : []),
    ];
  });
  const wrong = fields.filter(({ lenient }) => !lenient).flatMap((field): Case[] => {
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

  const triggers = rightTriggers();
  const ask = async ({ type, parameters, metricType }: RightTrigger, metadata: Settings): Promise<string> => (
    objection(await judge.ask({ kind: 'ScaledObject', namespace: 'shop', name: 'fn', trigger: { type, metadata, metricType }, parameters })));
  const saidOf = ({ type, parameters }: RightTrigger, metadata: Settings): string[] => saidOfTrigger(type, metadata, Object.keys(parameters).length > 0);

  test('take a trigger of each type without a mistake, as the library does', async () => {
    expect(triggers.length).toBe(79);
    const answers = await Promise.all(triggers.map((trigger) => ask(trigger, trigger.metadata)));
    answers.forEach((answer) => tally('KEDA scalers', 'own', answer === '' ? [] : [answer]));
    expect(triggers.map((trigger, index) => [trigger.type, saidOf(trigger, trigger.metadata), answers[index]])).toEqual(triggers.map(({ type }) => [type, [], '']));
  });

  test('refuse those with one mistake that the library refuses, and no other, but for named exceptions', async () => {
    const asked = triggers.flatMap((trigger) => triggerMistakes(trigger).map(([mistake, metadata]) => ({ trigger, mistake, metadata })));
    const answers = await Promise.all(asked.map(({ trigger, metadata }) => ask(trigger, metadata)));
    const cases = asked.map(({ trigger, mistake, metadata }, index) => ({ name: `${trigger.type} ${mistake}`, lines: saidOf(trigger, metadata), answer: answers[index] }));
    const refused = cases.filter(({ lines }) => isRefused(lines));
    refused.forEach(({ answer }) => tallyBroken('KEDA scalers', answer === '' ? [] : [answer]));
    const taken = refused.filter(({ answer }) => answer === '').map(({ name }) => name);
    expect(taken.filter((name) => !TAKEN.some(([what]) => what.test(name)))).toEqual([]);
    expect(refused.length).toBeGreaterThan(2000);
    expect(taken.length / refused.length).toBeLessThan(0.02);
    const silent = cases.filter(({ lines, answer }) => answer !== '' && lines.length === 0);
    expect(silent.filter(({ name }) => !SILENT.some(([what]) => what.test(name))).map(({ name, answer }) => `${name}: ${answer}`)).toEqual([]);
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
