// For every scaler of KEDA a trigger that it reads, to make mistakes in: what the tables know of it, and what they do not.
import { Field, fieldOf, kedaTable } from '../../../src/private/catalogue/tables';
import { misspelt } from '../../private/catalogue/support';

const RESOURCES = ['cpu', 'memory'];

export interface RightTrigger {
  readonly type: string;
  readonly fields: readonly Field[];
  readonly metadata: Readonly<Record<string, string>>;
  readonly metricType?: string;
  /** From a TriggerAuthentication. */
  readonly parameters: Readonly<Record<string, string>>;
}

const HERE = '127.0.0.1:1';
const URL_HERE = `http://${HERE}`;
const AWS = { awsAccessKeyID: 'acme', awsSecretAccessKey: 'acme' };
const GCP = { GoogleApplicationCredentials: '{"type":"service_account","project_id":"acme"}' };
const REDIS = { address: HERE };
const STORAGE = 'DefaultEndpointsProtocol=http;AccountName=acme;AccountKey=YWNtZQ==;EndpointSuffix=localhost';
const BUS = 'Endpoint=sb://localhost/;SharedAccessKeyName=acme;SharedAccessKey=YWNtZQ==';
const AZURE = { tenantId: 'acme', clientId: 'acme', clientSecret: 'acme', activeDirectoryClientId: 'acme', activeDirectoryClientPassword: 'acme' };

/** Servers are nowhere: a closed port of this machine. A name of the parameters is not in the metadata. */
const VALUES: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'aws-dynamodb': { expressionAttributeNames: '{"#a": "a"}', expressionAttributeValues: '{":a": {"S": "a"}}' },
  'aws-dynamodb-streams': { awsEndpoint: URL_HERE },
  'aws-sqs-queue': { queueURL: 'https://sqs.localhost/1/acme' },
  'azure-app-insights': { metricAggregationTimespan: '00:05' },
  'azure-monitor': { resourceURI: 'a/b/c', metricAggregationType: 'Average', tenantId: 'acme' },
  'azure-data-explorer': { endpoint: 'https://127.0.0.1:1' },
  'azure-pipelines': { poolID: '1', organizationURL: 'http://127.0.0.1:1/acme' },
  'beanstalkd': { server: HERE },
  'cassandra': { clusterIPAddress: HERE },
  'clickhouse': { host: '127.0.0.1', port: '1' },
  'couchdb': { host: '127.0.0.1', port: '1' },
  'cpu': { value: '60' },
  'cron': { start: '0 8 * * *', end: '0 18 * * *', timezone: 'Europe/Berlin' },
  'datadog': { query: 'avg:a{*}.as_count()', queryValue: '5' },
  'elastic-forecast': { addresses: URL_HERE, username: 'acme' },
  'elasticsearch': { addresses: URL_HERE, username: 'acme' },
  'influxdb': { organizationName: 'acme' },
  'kafka': { bootstrapServers: HERE },
  'memory': { value: '60' },
  'mongodb': { host: '127.0.0.1', port: '1', username: 'acme', password: 'acme' },
  'mssql': { host: '127.0.0.1', port: '1' },
  'mysql': { host: '127.0.0.1', port: '1', username: 'acme', dbName: 'acme' },
  'nats-jetstream': { account: 'acme', natsServerMonitoringEndpoint: HERE },
  'opensearch': { addresses: URL_HERE },
  'postgresql': { host: '127.0.0.1', port: '1', sslmode: 'disable' },
  'predictkube': { predictHorizon: '2h', queryStep: '2m', historyTimeWindow: '7d', prometheusAddress: URL_HERE, threshold: '5' },
  'pulsar': { adminURL: URL_HERE },
  'redis': REDIS,
  'redis-cluster': REDIS,
  'redis-cluster-streams': REDIS,
  'redis-sentinel': REDIS,
  'redis-sentinel-streams': REDIS,
  'redis-streams': REDIS,
  'solace-direct-messaging': { solaceSempBaseURL: URL_HERE, aggregatedClientTxMsgRateTarget: '5' },
  'sumologic': { query: 'acme', resultField: 'acme', queryType: 'logs' },
  'temporal': { endpoint: HERE },
};
const PARAMETERS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'aws-cloudwatch': AWS,
  'aws-dynamodb': AWS,
  'aws-dynamodb-streams': AWS,
  'aws-kinesis-stream': AWS,
  'aws-sqs-queue': AWS,
  'azure-blob': { connection: STORAGE },
  'azure-cosmosdb': { connection: 'AccountEndpoint=http://127.0.0.1:1/;AccountKey=YWNtZQ==' },
  'azure-data-explorer': AZURE,
  'azure-eventhub': { connection: `${BUS};EntityPath=acme`, storageConnection: STORAGE },
  'azure-app-insights': AZURE,
  'azure-log-analytics': AZURE,
  'azure-monitor': AZURE,
  'azure-pipelines': { personalAccessToken: 'acme' },
  'azure-queue': { connection: STORAGE },
  'azure-servicebus': { connection: BUS },
  'datadog': { apiKey: 'acme', appKey: 'acme' },
  'elastic-forecast': { password: 'acme' },
  'elasticsearch': { password: 'acme' },
  'gcp-cloudtasks': GCP,
  'gcp-pubsub': GCP,
  'gcp-spanner': GCP,
  'gcp-stackdriver': GCP,
  'gcp-storage': GCP,
  'github-runner': { personalAccessToken: 'acme' },
  'opensearch': { username: 'acme', password: 'acme' },
  'openstack-metric': { authURL: URL_HERE, userID: 'acme', password: 'acme', projectID: 'acme' },
  'openstack-swift': { authURL: URL_HERE, userID: 'acme', password: 'acme', projectID: 'acme' },
  'predictkube': { apiKey: 'eyJhbGciOiJIUzI1NiJ9.eyJhIjoxfQ.c2lnbmF0dXJl' },
};

function fitting({ type, values, name }: Field): string {
  if (values !== undefined) return values[0];
  if (type === 'string' && /url|address|endpoint|host/i.test(name)) return URL_HERE;
  return { bool: 'true', int: '3', number: '2.5', duration: '30s', goduration: '', pem: '', bytesize: '', ints: '1,2', list: 'a,b', string: 'acme' }[type];
}

export function rightTriggers(): RightTrigger[] {
  return Object.entries(kedaTable().scalers).map(([type, { fields: words, needs = [], target }]) => {
    const fields = Object.entries(words).map(([name, word]) => fieldOf(name, word)).filter(({ name }) => !name.includes('*'));
    const grouped = needs.flatMap((ways) => (ways.find((way) => way.split('+').every((name) => name in (VALUES[type] ?? {}))) ?? ways.at(-1)!).split('+'));
    const wanted = fields.filter(({ name, required }) => required || name === target || grouped.includes(name));
    const parameters = { ...Object.fromEntries(wanted.filter(({ metadata }) => !metadata).map((field) => [field.name, fitting(field)])), ...PARAMETERS[type] };
    const metadata = Object.fromEntries(wanted.filter(({ metadata: here, name }) => here && !(name in parameters)).map((field) => [field.name, fitting(field)]));
    return { type, fields, metadata: { ...metadata, ...VALUES[type] }, parameters, ...(RESOURCES.includes(type) && { metricType: 'Utilization' }) };
  });
}

const ODD: Partial<Record<Field['type'], readonly string[]>> = {
  bool: ['perhaps', 'yes', 'TRUE', 'tRUE'],
  int: ['many', '+5', '1.0', '0x10', '05', '5 ', '-1', '0'],
  number: ['many', '.5', '5.', '+5', '1e3', '-1', '0', 'NaN'],
  duration: ['soon', '5', '-5s', '5d', '-5'],
  ints: ['1;2', '1,a'],
  list: [''],
  string: [''],
};

/** Each parameter left out and misspelt, each one of the scaler with odd values, and what does not go together. */
export function triggerMistakes({ type, metadata, parameters, fields }: RightTrigger): [mistake: string, metadata: Readonly<Record<string, string>>][] {
  const authenticated = Object.keys(parameters).length > 0;
  /** What may come from a TriggerAuthentication is never missing for the library. */
  const isOpen = (name: string) => authenticated && fields.some((field) => field.name === name && field.authentication);
  const less = Object.entries(metadata).filter(([name]) => !isOpen(name)).flatMap(([name, value]): [string, Record<string, string>][] => {
    const { [name]: _, ...rest } = metadata;
    return [[`without ${name}`, rest], [`misspells ${name}`, { ...rest, [misspelt(name)]: value }]];
  });
  const odd = fields.filter((field) => field.metadata && !field.deprecated).flatMap((field): [string, Record<string, string>][] => {
    const values = field.values === undefined ? ODD[field.type] ?? [] : ['nonsense', field.values[0].toUpperCase(), ` ${field.values.at(-1)}`];
    return values.filter((value) => value !== '' || !isOpen(field.name)).map((value) => [`${field.name} = ${JSON.stringify(value)}`, { ...metadata, [field.name]: value }]);
  });
  const both = (kedaTable().scalers[type].excludes ?? []).map((names): [string, Record<string, string>] => (
    [`with ${names}`, { ...metadata, ...Object.fromEntries(names.split('+').map((name) => [name, 'acme'])) }]));
  return [...less, ...odd, ...both];
}
