import { PEM, said, SECRET } from './support';
import { isKnownSetting, operationsOf } from '../../../src/private/catalogue/check-component';

describe('usual components have nothing to say', () => {
  test.each([
    ['pubsub.redis', { redisHost: 'redis:6379' }],
    ['state.redis', { redisHost: 'redis:6379', redisPassword: '', actorStateStore: 'true' }],
    ['pubsub.kafka', { brokers: 'kafka:9092', authType: 'none', consumerGroup: 'orders', initialOffset: 'oldest', maxMessageBytes: 1024 }],
    ['pubsub.kafka', { brokers: 'kafka:9092', authRequired: 'false' }],
    ['bindings.kafka', { brokers: 'kafka:9092', authType: 'none', topics: 'orders' }],
    ['pubsub.mqtt3', { url: 'tcp://mqtt:1883', qos: 1, retain: false }],
    ['pubsub.mqtt', { url: 'tcp://mqtt:1883' }],
    ['bindings.mqtt3', { url: 'tcp://mqtt:1883', topic: 'orders' }],
    ['bindings.aws.sqs', { queueName: 'orders', region: 'eu-central-1' }],
    ['pubsub.aws.snssqs', { region: 'eu-central-1' }],
    ['bindings.cron', { schedule: '@every 5m' }],
    ['bindings.cron', { schedule: '0 30 * * * *', direction: 'input', route: '/tick' }],
    ['pubsub.rabbitmq', { host: 'amqp://rabbitmq:5672', requeueInFailure: 'true' }],
    ['bindings.http', { url: 'https://acme.example' }],
    ['pubsub.pulsar', { 'host': 'pulsar:6650', 'orders.jsonschema': '{}' }],
    ['PUBSUB.Redis', { REDISHOST: 'redis:6379' }],
  ])('%s %j', (type, settings) => {
    expect(said(type, settings)).toEqual([]);
  });
});

test('a misspelt name of a required setting is reported once, at that name', () => {
  expect(said('pubsub.kafka', { broker: 'kafka:9092', authType: 'none' }))
    .toEqual(['metadata.broker: "broker" is not a setting of pubsub.kafka; did you mean "brokers", which it needs?']);
});

test('a misspelt value says what was meant, and what that would need', () => {
  expect(said('pubsub.kafka', { brokers: 'kafka:9092', authType: 'pasword' })).toEqual([
    'metadata: "saslPassword" is missing; pubsub.kafka needs it for "SASL Authentication"',
    'metadata: "saslUsername" is missing; pubsub.kafka needs it for "SASL Authentication"',
    'metadata.authType.value: "pasword" is not one of "oidc", "oidc_private_key_jwt", "password", "none", "mtls", "certificate", "awsiam"; did you mean "password"?',
  ]);
});

test('what a component needs to go without a login is missing without a purpose', () => {
  expect(said('pubsub.kafka', { brokers: 'kafka:9092' })).toEqual(['metadata: "authType" is missing; pubsub.kafka needs it']);
});

test('half of a way to authenticate lacks its other half', () => {
  expect(said('bindings.azure.blobstorage', { containerName: 'orders', accountName: 'acme', azureTenantId: 'acme', azureClientSecret: '${SECRET}' }))
    .toEqual(['metadata: "azureClientId" is missing; bindings.azure.blobstorage needs it for "Azure AD: Client credentials"']);
});

test('another spelling that a component takes is as good as the name itself', () => {
  expect(said('bindings.azure.storagequeues', { storageAccount: 'acme', queue: 'orders', storageAccessKey: '${KEY}' })).toEqual([]);
});

test('a type that Dapr does not have is a warning, with the nearest of its kind', () => {
  expect(said('pubsub.kafak', {})).toEqual(['warning: type: "pubsub.kafak" is not a component that Dapr 1.18 has; did you mean "pubsub.kafka"?']);
  expect(said('state.acme-store', {})).toEqual(['warning: type: "state.acme-store" is not a component that Dapr 1.18 has; list a pluggable or newer one under knownNames of the platform settings']);
});

test.each([
  ['v0', []], ['', []], ['V1', []], ['v2', []], ['v3', ['version: "v3" is not a version of state.postgresql; give "v1" or "v2"']],
  ['1', ['version: "1" is not a version of state.postgresql; give "v1" or "v2"']],
])('version %j of state.postgresql', (version, lines) => {
  expect(said('state.postgresql', { connectionString: '${POSTGRES}' }, { version })).toEqual(lines);
});

test('a binding of one direction cannot be used in the other', () => {
  expect(said('bindings.http', { url: 'https://acme.example' }, { input: true })).toEqual(['type: "bindings.http" is an output binding, which no event comes from']);
  expect(said('bindings.cron', { schedule: '@daily' }, { output: true })).toEqual(['type: "bindings.cron" is an input binding, which nothing can be sent to']);
});

test('what only one direction needs is needed when it is used so', () => {
  const settings = { brokers: 'kafka:9092', authType: 'none' };
  expect(said('bindings.kafka', settings)).toEqual([]);
  expect(said('bindings.kafka', settings, { input: true })).toEqual([]);
  expect(said('bindings.kafka', settings, { output: true })).toEqual(['metadata: "publishTopic" is missing; bindings.kafka needs it']);
});

test('operations are those of output bindings', () => {
  expect(operationsOf('bindings.redis', 'v1')).toEqual(['create', 'delete', 'get', 'increment']);
  expect(operationsOf('bindings.cron', 'v1')).toBeUndefined();
  expect(operationsOf('bindings.acme', 'v1')).toBeUndefined();
});

test('a setting of a known type is known in any case, and by its other spellings', () => {
  expect(isKnownSetting('state.postgresql', 'v1', 'ConnectionString')).toBe(true);
  expect(isKnownSetting('state.postgresql', 'v1', 'url')).toBe(true);
  expect(isKnownSetting('state.postgresql', 'v1', 'hasOwnProperty')).toBe(false);
  expect(isKnownSetting('constructor', 'v1', 'url')).toBe(false);
});

test.each([[null, []], ['{namespace}-orders', []], [{ a: 1 }, []]])('a value that is %j', (value, lines) => {
  expect(said('pubsub.redis', { redisHost: 'redis:6379', consumerID: value })).toEqual(lines);
});

test('an empty value of a required setting means that it is missing', () => {
  expect(said('pubsub.redis', { redisHost: '' })).toEqual(['metadata: "redisHost" is missing; pubsub.redis needs it']);
});

test('Dapr refuses two names that differ in case alone', () => {
  expect(said('pubsub.redis', { redisHost: 'redis:6379', RedisHost: 'other:6379' })).toEqual([
    'metadata.RedisHost: Dapr refuses "RedisHost" beside "redisHost"',
  ]);
});

test('a setting that is given twice is a warning', () => {
  const setting = (value: string) => ({ name: 'redisHost', value, elsewhere: false, path: () => ['redisHost', value] });
  expect(said('pubsub.redis', {}, { settings: [setting('redis'), setting('other')] })).toEqual([
    'warning: redisHost.other: "redisHost" is given twice; Dapr takes the last value alone',
  ]);
});

const ROCKETMQ = { nameServer: 'rocketmq:9876', consumerGroup: 'g' };
const KAFKA_WITH_PASSWORD = { brokers: 'kafka:9092', authType: 'password', saslUsername: 'acme', saslPassword: SECRET };

test.each([
  ['pubsub.rocketmq', ROCKETMQ, 'fromWhere', 'CONSUME_FROM_FIRST_OFFSET', 'ConsumeFromLastOffset', '"ConsumeFromLastOffset", "ConsumeFromFirstOffset", "ConsumeFromTimestamp"; did you mean "ConsumeFromFirstOffset"?'],
  ['pubsub.rocketmq', ROCKETMQ, 'consumerModel', 'many', 'Clustering', '"Clustering", "Broadcasting"'],
  ['pubsub.kafka', KAFKA_WITH_PASSWORD, 'saslMechanism', 'SCRAM-SHA-512', 'PLAINTEXT', '"PLAINTEXT", "PLAIN", "SHA-256", "SHA-512"'],
  ['pubsub.kafka', KAFKA_WITH_PASSWORD, 'consumerGroupRebalanceStrategy', 'eager', 'range', '"range", "sticky", "roundrobin"'],
  ['state.redis', { redisHost: 'redis:6379' }, 'redisType', 'Cluster', 'node', '"node", "cluster"; did you mean "cluster"?'],
  ['pubsub.jetstream', { natsURL: 'nats://nats:4222' }, 'ackPolicy', 'manual', 'explicit', '"explicit", "all", "none"'],
])('what Dapr takes for something else is a warning that says so: %s %j %s %s', (type, settings, name, value, instead, list) => {
  expect(said(type, { ...settings, [name]: value })).toEqual([`warning: metadata.${name}.value: Dapr takes "${instead}" instead: "${value}" is not one of ${list}`]);
});

test.each([
  ['pubsub.kafka', { brokers: 'kafka:9092', authType: 'PASSWORD', saslUsername: 'acme', saslPassword: SECRET, saslMechanism: 'PLAIN', compression: 'zstd', initialOffset: 'Oldest' }],
  ['pubsub.rocketmq', { ...ROCKETMQ, fromWhere: 'CONSUME_FROM_LAST_OFFSET' }],
  ['pubsub.rabbitmq', { host: 'amqp://rabbitmq:5672', concurrencyMode: 'single', exchangeKind: 'headers', deliveryMode: 2 }],
  ['pubsub.pulsar', { 'host': 'pulsar:6650', 'orders.protoschema': '{}', 'subscribeType': 'Key_Shared', 'subscribeInitialPosition': 'earliest' }],
  ['conversation.openai', { key: SECRET, model: 'm', responseCacheTTL: '10m' }],
  ['middleware.http.routeralias', { '/v1.0/orders/{id}': '/v1.0/invoke/orders/method/orders' }],
  ['bindings.graphql', { 'endpoint': 'http://acme:8080/graphql', 'header:Cache-Control': 'no-cache' }],
  ['pubsub.gcp.pubsub', { projectId: 'acme', privateKeyId: '1234', privateKey: SECRET, clientEmail: 'a@acme.example', clientId: '1' }],
  ['bindings.mqtt3', { url: 'ssl://mqtt:8883', topic: 'orders', caCert: PEM, clientCert: PEM, clientKey: SECRET, backoffMaxRetries: '0' }],
])('%s reads %j', (type, settings) => {
  expect(said(type, settings)).toEqual([]);
});

test.each([
  ['pubsub.kafka', { brokers: 'kafka:9092', authType: 'none', compression: 'gz' }, 'compression.value: "gz" is not one of "none", "gzip", "snappy", "lz4", "zstd"'],
  ['pubsub.kafka', { brokers: 'kafka:9092', authType: 'none', backOffPolicy: 'linear' }, 'backOffPolicy.value: "linear" is not one of "constant", "exponential"'],
  ['pubsub.mqtt3', { url: 'ssl://mqtt:8883', caCert: '/certs/ca.pem', clientCert: PEM, clientKey: SECRET }, 'caCert.value: must be PEM text with "-----BEGIN"; no file is read'],
  ['state.memcached', { hosts: 'memcached:11211', timeout: '5s' }, 'timeout.value: must be an integer, got "5s"'],
  ['state.mongodb', { host: 'mongo:27017', operationTimeout: '5' }, 'operationTimeout.value: must be a duration with its unit, such as "30s" or "1m30s", got "5"'],
  ['pubsub.rabbitmq', { host: 'amqp://rabbitmq:5672', exchangeKind: 'Topic' }, 'exchangeKind.value: "Topic" is not one of "fanout", "topic", "direct", "headers"; did you mean "topic"?'],
])('%s refuses %j', (type, settings, line) => {
  expect(said(type, settings)).toEqual([`metadata.${line}`]);
});

test('of RabbitMQ, "concurrency" is not read', () => {
  expect(said('pubsub.rabbitmq', { host: 'amqp://rabbitmq:5672', concurrency: 'single' }))
    .toEqual(['warning: metadata.concurrency: "concurrency" is not a setting of pubsub.rabbitmq; did you mean "concurrencyMode"?']);
});

test.each(['<REPLACE-WITH-HOST>', '<address>:6379', '[your_host]', '****', '<"true" or "false">'])('%j is a placeholder', (value) => {
  expect(said('state.redis', { redisHost: 'redis:6379', enableTLS: value }))
    .toEqual([`warning: metadata.enableTLS.value: ${JSON.stringify(value)} is a placeholder; give the value that it stands for`]);
});

test('a placeholder of a secret is a secret in plain text', () => {
  expect(said('state.redis', { redisHost: 'redis:6379', redisPassword: '<PASSWORD>' }))
    .toEqual(['warning: metadata.redisPassword.value: the secret "redisPassword" is in plain text; keep it in a Secret']);
});

test.each(['a<b', '["a", "b"]', '[a-z]+', '<?xml version="1.0"?>', '1 < 2 > 0', '*', '**'])('%j is a value like any other', (value) => {
  expect(said('pubsub.redis', { redisHost: 'redis:6379', consumerID: value })).toEqual([]);
});

test.each([
  ['kafka:9092', true], ['a:9092, b:9092', true], ['[::1]:9092', true], ['${KAFKA}', true], ['kafka', false], ['kafka://kafka:9092', false], ['a:9092,b', false],
])('the broker %j of Kafka', (brokers, taken) => {
  const wrong = brokers.includes(',') ? 'b' : brokers;
  expect(said('pubsub.kafka', { brokers, authType: 'none' })).toEqual(taken ? [] : [`metadata.brokers.value: "${wrong}" is not a host and a port, such as "broker.shop:9092"`]);
});

test('a binding is started for the directions that it lists', () => {
  const cron = (direction: string, used: object) => said('bindings.cron', { schedule: '@daily', direction }, used);
  expect(cron('input, output', { input: true })).toEqual([]);
  expect(cron('output', { input: true })).toEqual(['metadata.direction.value: "output" lacks "input", which the function uses it for']);
});

test('the consumer group of Event Hubs has two names as a binding', () => {
  const settings = { connectionString: SECRET, storageAccountName: 'a', storageContainerName: 'c', storageAccountKey: SECRET };
  expect(said('bindings.azure.eventhubs', { ...settings, consumerGroup: 'g' }, { input: true })).toEqual([]);
  expect(said('bindings.azure.eventhubs', { ...settings, consumerID: 'g' }, { input: true })).toEqual([]);
  expect(said('bindings.azure.eventhubs', settings, { input: true })).toEqual(['metadata: "consumerID" is missing; bindings.azure.eventhubs needs it']);
});

test.each([
  ['pubsub.redis', 'redisHost', 'redis://redis:6379', 'redis:6379'],
  ['STATE.Redis', 'redisHost', 'rediss://:${PASSWORD}@a.shop:6379/0', 'a.shop:6379', 'rediss://…@a.shop:6379/0'],
  ['configuration.redis', 'redisHost', 'a:6379, tcp://b:6379', 'b:6379', 'tcp://b:6379'],
  ['state.memcached', 'hosts', 'tcp://memcached:11211', 'memcached:11211'],
  ['state.cassandra', 'hosts', 'http://cassandra', 'cassandra'],
])('a host with the scheme of a URL cannot be reached: %s %s %s', (type, name, value, host, shown = value) => {
  expect(said(type, { [name]: value })).toContain(`metadata.${name}.value: must be a host and not a URL, got "${shown}"; give "${host}"`);
});

test.each(['redis', 'redis.shop.svc.cluster.local:6379', '[::1]:6379', 'a:6379,b:6379', '${REDIS}', '$(REDIS)', '{{ .Values.redis }}'])('%j is a host of Redis', (redisHost) => {
  expect(said('state.redis', { redisHost })).toEqual([]);
});

test.each([
  ['acme.example/orders', 'acme.example/orders"; give "http://acme.example/orders"'],
  ['//acme.example', '//acme.example"; give "http://acme.example"'],
  ['localhost:8080', 'localhost:8080"; give "http://localhost:8080"'],
  ['ftp://acme.example', 'ftp://acme.example"'],
])('the HTTP binding cannot call a URL without its scheme: %s', (url, end) => {
  expect(said('bindings.http', { url })).toEqual([`metadata.url.value: must begin with "http://" or "https://", got "${end}`]);
});

test.each([
  ['pubsub.rabbitmq', 'host', 'rabbitmq:5672', '"amqp://" or "amqps://", got "rabbitmq:5672"; give "amqp://rabbitmq:5672"'],
  ['bindings.rabbitmq', 'host', 'user@rabbitmq', '"amqp://" or "amqps://", got "…@rabbitmq"; give "amqp://…@rabbitmq"'],
  ['pubsub.rabbitmq', 'connectionString', 'http://rabbitmq:15672', '"amqp://" or "amqps://", got "http://rabbitmq:15672"'],
  ['pubsub.mqtt3', 'url', 'mosquitto:1883', '"tcp://" or "ssl://", got "mosquitto:1883"; give "tcp://mosquitto:1883"'],
  ['bindings.mqtt', 'url', 'http://mosquitto', '"tcp://" or "ssl://", got "http://mosquitto"'],
  ['state.mongodb', 'connectionString', 'mongo:27017', '"mongodb://" or "mongodb+srv://", got "mongo:27017"; give "mongodb://mongo:27017"'],
  ['state.postgresql', 'connectionString', 'postgres:5432', '"postgres://" or "postgresql://", got "postgres:5432"; give "postgres://postgres:5432"'],
  ['bindings.postgresql', 'url', 'mysql://acme', '"postgres://" or "postgresql://", got "mysql://acme"'],
  ['bindings.graphql', 'endpoint', 'acme/graphql', '"http://" or "https://", got "acme/graphql"; give "http://acme/graphql"'],
])('a URL has a scheme that its client knows: %s %s %s', (type, name, value, end) => {
  expect(said(type, { [name]: value, ...(type.startsWith('bindings.') && { topic: 't', queueName: 'q' }) })).toContain(`metadata.${name}.value: must begin with ${end}`);
});

test.each([
  ['pubsub.rabbitmq', 'host', 'AMQPS://rabbitmq:5671/shop'], ['pubsub.rabbitmq', 'host', '$(RABBITMQ)'], ['pubsub.mqtt3', 'url', 'wss://mqtt:8084/mqtt'],
  ['pubsub.mqtt3', 'url', 'mqtt+ssl://mqtt:8883'], ['state.mongodb', 'connectionString', 'mongodb+srv://mongo.shop'],
  ['state.postgresql', 'connectionString', 'postgresql://postgres.shop/orders'], ['state.postgresql', 'connectionString', 'host=postgres dbname=orders'],
])('%s reads %s %s', (type, name, value) => {
  expect(said(type, { [name]: value })).toEqual([]);
});

test.each([
  ['state.redis', 'redisHost', 'redis:99999', '99999'], ['state.redis', 'redisHost', 'a:6379,b:0', '0'], ['state.redis', 'redisHost', '[::1]:70000', '70000'],
  ['pubsub.rabbitmq', 'host', 'amqp://guest@rabbitmq:65536/shop', '65536'], ['bindings.http', 'url', 'http://acme.example:80800/orders?x=1', '80800'],
])('%s refuses the port in %s %s', (type, name, value, port) => {
  expect(said(type, { [name]: value })).toEqual([`metadata.${name}.value: ${port} is not a port, which is from 1 to 65535`]);
});

test.each([
  ['state.redis', 'redisHost', 'redis:65535'], ['state.redis', 'redisHost', 'fe80::1'], ['bindings.http', 'url', 'http://acme.example/a:99999'],
  ['bindings.http', 'url', 'http://[2001:db8::99999]/'], ['pubsub.rabbitmq', 'host', 'amqp://rabbitmq:5672/99999'],
])('%s takes the port in %s %s', (type, name, value) => {
  expect(said(type, { [name]: value })).toEqual([]);
});

test.each([['pubsub.kubemq', 'address'], ['state.memcached', 'hosts']])('%s wants a port in %s', (type, name) => {
  expect(said(type, { [name]: 'acme' })).toEqual([`metadata.${name}.value: "acme" is not a host and a port, such as "broker.shop:9092"`]);
  expect(said(type, { [name]: 'acme:50000' })).toEqual([]);
});

test.each(['http://acme.example', 'HTTPS://acme.example/orders?x=1', '${URL}', '$(URL)/orders', '{{ .Values.url }}'])('the HTTP binding calls %j', (url) => {
  expect(said('bindings.http', { url })).toEqual([]);
});

test.each([
  ['pubsub.kafka', { brokers: 'kafka:9092', authType: 'none' }, { backOffDuration: '50ms', backOffPolicy: 'constant', backOffMaxRetries: '3' }],
  ['bindings.kafka', { brokers: 'kafka:9092', authType: 'none' }, { backOffDuration: '50ms', consumerFetchMin: '1', channelBufferSize: '512' }],
  ['pubsub.snssqs', { accessKey: SECRET, secretKey: SECRET, region: 'eu-west-1' }, { backOffMaxInterval: '1m', backOffMultiplier: '1.5' }],
  ['pubsub.jetstream', { natsURL: 'nats://nats:4222' }, { backOffInitialInterval: '500', backOffRandomizationFactor: '0.5' }],
  ['bindings.azure.blobstorage', { accountName: 'a', containerName: 'c', accountKey: SECRET }, { getBlobRetryCount: '3' }],
  ['pubsub.azure.servicebus.topics', { connectionString: SECRET }, { publishInitialRetryInternalInMs: '500' }],
])('%s reads settings through a package that it shares', (type, needed, settings) => {
  expect(said(type, { ...needed, ...settings })).toEqual([]);
});

test('retries that are read below a prefix are checked as others', () => {
  expect(said('pubsub.kafka', { brokers: 'kafka:9092', authType: 'none', backOffDuration: '5 s', backOfDuration: '5s' })).toEqual([
    'warning: metadata.backOfDuration: "backOfDuration" is not a setting of pubsub.kafka; did you mean "backOffDuration"?',
    'metadata.backOffDuration.value: must be a duration such as "30s" or "1m30s", got "5 s"',
  ]);
});
