// One mistake at a time in the trigger of every scaler: each is found, at its place.
import { misspelt, saidOfTrigger } from './support';
import { Field, fieldOf, kedaTable } from '../../../src/private/catalogue/tables';

type Metadata = Record<string, string>;

const subjects = Object.entries(kedaTable().scalers).map(([type, { fields, open = false, needs = [], target }]) => {
  const all = Object.entries(fields).map(([name, word]) => fieldOf(name, word)).filter(({ name }) => !name.includes('*'));
  const given = all.map((field) => ({ ...field, required: field.required || field.name === target }));
  const grouped = needs.flatMap((ways) => ways.map((way) => way.split('+')).find((way) => way.every((name) => isHere(given, name))) ?? []);
  return { type, open, fields: given, metadata: { ...least(type, given), ...least(type, given.filter(({ name }) => grouped.includes(name)).map((field) => ({ ...field, required: true }))) } };
});

/** Whether a parameter can be given without a TriggerAuthentication; `!` is for one that is not given. */
function isHere(fields: readonly Field[], name: string): boolean {
  return name.startsWith('!') || fields.some((field) => field.name === name && (field.metadata || field.environment));
}

/** As the library renders it: what may be in the metadata is there, the rest comes from the environment or authentication. */
function least(type: string, fields: readonly Field[]): Metadata {
  if (type === 'cron') return { start: '0 8 * * *', end: '0 18 * * *', timezone: 'Europe/Berlin', desiredReplicas: '3' };
  const entries = fields.filter(({ required }) => required).flatMap((field): Array<[string, string]> => {
    if (field.metadata) return [[field.name, fitting(field)]];
    return field.environment ? [[`${field.name}FromEnv`, 'VARIABLE']] : [];
  });
  return Object.fromEntries(entries);
}

function fitting({ type, values }: Field): string {
  return values?.[0] ?? { bool: 'true', int: '3', number: '2.5', duration: '30s', goduration: '', pem: '', bytesize: '', ints: '1,2', list: 'a,b', string: 'acme' }[type];
}

const needsAuthentication = (fields: readonly Field[]): boolean => fields.some(({ required, metadata, environment }) => required && !metadata && !environment);
const WRONG: Partial<Record<Field['type'], string>> = { bool: 'perhaps', int: 'many', number: 'many', duration: 'soon', ints: '1;2' };
let mistakes = 0;

test('the least that a scaler needs is enough for each of them', () => {
  expect(subjects.length).toBe(79);
  expect(subjects.flatMap(({ type, metadata, fields }) => saidOfTrigger(type, metadata, needsAuthentication(fields)))).toEqual([]);
});

test('what only a TriggerAuthentication can give is missing without one', () => {
  const found = subjects.filter(({ fields }) => needsAuthentication(fields)).map(({ type, metadata, fields }) => {
    const needed = fields.filter(({ required, metadata: here, environment }) => required && !here && !environment).map(({ name }) => name).sort();
    return [saidOfTrigger(type, metadata), needed.map((name) => `triggers[0].metadata: "${name}" is missing; the ${type} scaler needs it, from a TriggerAuthentication`)];
  });
  expect(found.length).toBeGreaterThan(5);
  for (const [lines, expected] of found) expect(lines).toEqual(expected);
});

describe.each(subjects)('$type', ({ type, open, metadata, fields }) => {
  const authenticated = needsAuthentication(fields);

  test('without one of the required parameters is an error that names it', () => {
    for (const field of fields.filter(({ required, authentication }) => required && !(authenticated && authentication))) {
      const rest = Object.fromEntries(Object.entries(metadata).filter(([key]) => key !== field.name && key !== `${field.name}FromEnv`));
      mistakes++;
      expect(saidOfTrigger(type, rest, authenticated)).toEqual([expect.stringContaining(`triggers[0].metadata: "${field.name}" is missing; the ${type} scaler needs it`)]);
    }
  });

  test('with a misspelt required parameter is an error at it with the right name', () => {
    for (const [name, value] of Object.entries(metadata).filter(([key]) => key.length > 3 && !key.endsWith('FromEnv'))) {
      if (authenticated && fields.find((field) => field.name === name)?.authentication) continue;
      const { [name]: _, ...rest } = metadata;
      mistakes++;
      const wrong = misspelt(name);
      const lines = saidOfTrigger(type, { ...rest, [wrong]: value }, authenticated);
      if (open) expect(lines).toEqual([`triggers[0].metadata: "${name}" is missing; the ${type} scaler needs it`]);
      else expect(lines).toEqual([expect.stringContaining(`triggers[0].metadata.${wrong}: "${wrong}" is not a parameter of the ${type} scaler; did you mean "`)]);
    }
  });

  test('with a value of the wrong type, or outside of a closed list, is an error at it', () => {
    for (const field of fields.filter(({ metadata: here, type: each, values }) => here && (values !== undefined || WRONG[each] !== undefined))) {
      mistakes++;
      const lines = saidOfTrigger(type, { ...metadata, [field.name]: field.values === undefined ? WRONG[field.type]! : 'nonsense' }, authenticated);
      const says = field.values === undefined ? 'must be ' : '"nonsense" is not one of ';
      expect(lines.filter((line) => line.startsWith(`triggers[0].metadata.${field.name}: ${says}`))).toHaveLength(1);
    }
  });

  test('with a parameter that is read from elsewhere only is said at it', () => {
    for (const field of fields.filter(({ metadata: here }) => !here)) {
      mistakes++;
      const lines = saidOfTrigger(type, { ...metadata, [field.name]: fitting(field) }, true);
      expect(lines).toContainEqual(expect.stringContaining(`warning: triggers[0].metadata.${field.name}: is not read from here by the ${type} scaler; give `));
      expect(saidOfTrigger(type, { ...metadata, [field.name]: fitting(field) })).toContainEqual(expect.stringContaining(`triggers[0].metadata.${field.name}: is not read from here`));
    }
  });

  test('with a misspelt type is a warning with the right name', () => {
    if (type.length < 4) return;
    mistakes++;
    expect(saidOfTrigger(misspelt(type), metadata, authenticated)).toEqual([expect.stringContaining(`warning: triggers[0].type: "${misspelt(type)}" is not a scaler that KEDA 2.21 has; did you mean "`)]);
  });
});

test('more than five hundred mistakes were made', () => {
  expect(mistakes).toBeGreaterThan(500);
});

test.each([
  ['no time zone', { timezone: 'Berlin' }, ['triggers[0].metadata.timezone: "Berlin" is not a time zone such as "Europe/Berlin"']],
  ['a start that is not a schedule', { start: '8 o\'clock' }, ['triggers[0].metadata.start: "8 o\'clock" is not a schedule: it has 2 of the 5 fields of a schedule such as "30 8 * * 1-5"']],
  ['an end at the start', { end: '0 8 * * *' }, ['triggers[0].metadata.end: is the same as "start", which KEDA refuses']],
])('a cron trigger with %s', (_, wrong, lines) => {
  expect(saidOfTrigger('cron', { start: '0 8 * * *', end: '0 18 * * *', timezone: 'Europe/Berlin', desiredReplicas: '3', ...wrong })).toEqual(lines);
});

test('a parameter that is not read from the environment is said', () => {
  const kafka = { bootstrapServers: 'kafka:9092', consumerGroup: 'orders', topic: 'orders' };
  expect(saidOfTrigger('kafka', { ...kafka, lagThresholdFromEnv: 'LAG' }))
    .toEqual(['triggers[0].metadata.lagThresholdFromEnv: "lagThreshold" of the kafka scaler is not read from the environment; give "lagThreshold"']);
  expect(saidOfTrigger('kafka', { ...kafka, passwordFromEnv: 'PASSWORD' }, true))
    .toEqual(['warning: triggers[0].metadata.passwordFromEnv: "password" of the kafka scaler is not read from the environment; give it in a TriggerAuthentication']);
  expect(saidOfTrigger('kafka', { ...kafka, topicFromEnv: 'TOPIC' })).toEqual([]);
});

test('a parameter that newer versions refuse is said', () => {
  expect(saidOfTrigger('cpu', { type: 'Utilization', value: '60' }))
    .toEqual(['warning: triggers[0].metadata.type: is deprecated, and newer versions of KEDA refuse it; give the trigger\'s own metricType']);
});

test('an unknown parameter is a warning, with the nearest name', () => {
  expect(saidOfTrigger('kafka', { bootstrapServers: 'kafka:9092', consumerGroup: 'orders', lagTreshold: '5' }))
    .toEqual(['warning: triggers[0].metadata.lagTreshold: "lagTreshold" is not a parameter of the kafka scaler; did you mean "lagThreshold"?']);
});

test('an external scaler takes any parameter', () => {
  expect(saidOfTrigger('external-push', { scalerAddress: 'scaler:9090', anything: 'goes' })).toEqual([]);
  expect(saidOfTrigger('external', { scalerAddress: 'scaler:9090', tlsClientCert: '/certs/tls.crt' }))
    .toEqual(['warning: triggers[0].metadata.tlsClientCert: is not read from here by the external scaler; give a TriggerAuthentication']);
});

test('RabbitMQ takes its user and password from the environment', () => {
  const metadata = { hostFromEnv: 'HOST', usernameFromEnv: 'NAME', passwordFromEnv: 'PASSWORD', queueName: 'orders', mode: 'QueueLength', value: '20' };
  expect(saidOfTrigger('rabbitmq', metadata)).toEqual([]);
});

test('a token of InfluxDB in the metadata is deprecated, and read from everywhere', () => {
  const influxdb = { serverURL: 'http://influxdb:8086', organizationName: 'acme', query: 'from(bucket: "orders")', thresholdValue: '5' };
  expect(saidOfTrigger('influxdb', { ...influxdb, authToken: 'x' })).toEqual(['warning: triggers[0].metadata.authToken: is deprecated, and newer versions of KEDA refuse it']);
  expect(saidOfTrigger('influxdb', { ...influxdb, authTokenFromEnv: 'TOKEN' })).toEqual([]);
});

test('a scaler or a parameter that looks like none is a warning that names the release, since newer ones have more', () => {
  expect(saidOfTrigger('rocketmq', { topic: 'orders' })).toEqual(['warning: triggers[0].type: "rocketmq" is not a scaler that KEDA 2.21 has']);
  expect(saidOfTrigger('azure-servicebus', { queueName: 'orders', maxRetries: '3' }, true))
    .toEqual(['warning: triggers[0].metadata.maxRetries: "maxRetries" is not a parameter of the azure-servicebus scaler in KEDA 2.21']);
});

const KAFKA = { bootstrapServers: 'kafka:9092', consumerGroup: 'orders', topic: 'orders' };
const AT = 'triggers[0].metadata';

test.each([
  ['a redis list without a server', 'redis', { listName: 'jobs' }, [`${AT}: the redis scaler needs "address", or "host" and "port"`]],
  ['a redis list with a host and no port', 'redis', { listName: 'jobs', host: 'redis' }, [`${AT}: the redis scaler needs "address", or "host" and "port"`]],
  ['a redis list whose server comes from the environment', 'redis', { listName: 'jobs', addressFromEnv: 'REDIS' }, []],
  ['a misspelt name of a group', 'redis', { listName: 'jobs', adress: 'redis:6379' }, [`${AT}.adress: "adress" is not a parameter of the redis scaler; did you mean "address", which it needs?`]],
  ['a service bus queue beside a topic', 'azure-servicebus', { queueName: 'jobs', topicName: 'orders', subscriptionName: 'all' }, [
    `${AT}: "queueName" and "subscriptionName" exclude each other in the azure-servicebus scaler`,
    `${AT}: "queueName" and "topicName" exclude each other in the azure-servicebus scaler`,
  ]],
  ['a query without a target', 'postgresql', { query: 'select 1', connectionFromEnv: 'PG' }, [`${AT}: "targetQueryValue" is missing; the postgresql scaler needs it`]],
  ['a target of zero', 'postgresql', { query: 'select 1', connectionFromEnv: 'PG', targetQueryValue: '0' }, [`${AT}.targetQueryValue: must be above 0, got "0"`]],
  ['a mode of RabbitMQ without a value', 'rabbitmq', { hostFromEnv: 'MQ', queueName: 'jobs', mode: 'QueueLength' }, [`${AT}: the rabbitmq scaler needs "mode" and "value"`]],
  ['a queue of RabbitMQ without either', 'rabbitmq', { hostFromEnv: 'MQ', queueName: 'jobs' }, []],
  ['a word of a closed list in another case', 'kafka', { ...KAFKA, offsetResetPolicy: 'Latest' }, [`${AT}.offsetResetPolicy: "Latest" is not one of "latest", "earliest"; did you mean "latest"?`]],
  ['a truth that Go does not know', 'kafka', { ...KAFKA, allowIdleConsumers: 'yes' }, [`${AT}.allowIdleConsumers: must be true or false, got "yes"`]],
  ['an integer that JSON does not know', 'kafka', { ...KAFKA, lagThreshold: '+5' }, [`${AT}.lagThreshold: must be an integer, got "+5"`]],
  ['a threshold below zero', 'kafka', { ...KAFKA, activationLagThreshold: '-1' }, [`${AT}.activationLagThreshold: must be 0 or more, got "-1"`]],
  ['a negative duration', 'gcp-pubsub', { subscriptionName: 'all', timeHorizon: '-5s' }, [`${AT}.timeHorizon: must be a duration such as "30s" or "1m30s", got "-5s"`]],
])('%s', (_, type, metadata, lines) => {
  expect(saidOfTrigger(type, metadata as Metadata)).toEqual(lines);
});
