// How a component reads a value, where its metadata.yaml does not say: each line was read in the code of the release.
// Words of src/private/catalogue/tables.ts: `&` any case, `?` another value is taken for the first, `#` the name in this
// case alone. Marks alone go with what the file says; an empty word is for a name that nothing reads.

type Values = Readonly<Record<string, string>>;

const REDIS: Values = { redisType: '=node|cluster?', clientCert: 'pem', clientKey: 'pem' };

const KAFKA: Values = {
  authType: '&',
  caCert: 'pem#',
  channelBufferSize: 'int#',
  clientCert: 'pem',
  clientKey: 'pem',
  compression: '=none|gzip|snappy|lz4|zstd',
  consumerFetchDefault: 'int#',
  consumerFetchMin: 'int#',
  consumerGroupRebalanceStrategy: '&?',
  initialOffset: '&#',
  saslMechanism: '=PLAINTEXT|PLAIN|SHA-256|SHA-512?',
};

/** Read by pubsub.TLS. */
const TLS: Values = { caCert: 'pem#', clientCert: 'pem#', clientKey: 'pem#' };
/** Read by pubsub.Concurrency. */
const CONCURRENCY: Values = { concurrencyMode: '=parallel|single#' };
const FROM_WHERE = '=ConsumeFromLastOffset|ConsumeFromFirstOffset|ConsumeFromTimestamp&?';
const QUEUE_SELECTOR = '=dapr|hash|random|manual|roundRobin?';

export const VALUES: Readonly<Record<string, Values>> = {
  'bindings/azure/blobstorage': { getBlobRetryCount: 'int#' },
  'bindings/commercetools': { clientID: '#', clientSecret: '#', projectKey: '#', provider: '#', region: '#', scopes: '#' },
  'bindings/graphql': { 'header:*': 'string' },
  'bindings/http': { errorIfNot2XX: '#' },
  'bindings/kafka': { ...KAFKA, publishTopic: '#', topics: '#' },
  'bindings/kubemq': { pollMaxItems: 'int+', pollTimeoutSeconds: 'int+' },
  'bindings/mqtt3': { caCert: 'pem', clientCert: 'pem', clientKey: 'pem' },
  'bindings/rabbitmq': { ...TLS, externalSasl: 'bool#', maxPriority: 'int#' },
  'bindings/redis': REDIS,
  'bindings/smtp': { priority: '=1|2|3|4|5#' },
  'configuration/redis': REDIS,
  'conversation/anthropic': { apiType: '&?' },
  'conversation/openai': { apiType: '&?' },
  'lock/redis': { ...REDIS, redisType: '=node|cluster|sentinel?' },
  'middleware/http/routeralias': { '/*': 'string' },
  'pubsub/aws/snssqs': {
    ...CONCURRENCY,
    concurrencyLimit: 'int^',
    messageMaxNumber: '=1|2|3|4|5|6|7|8|9|10',
    messageRetryLimit: 'int+',
    messageVisibilityTimeout: 'int+',
    messageWaitTimeSeconds: 'int+',
  },
  'pubsub/jetstream': { ...CONCURRENCY, ackPolicy: '?' },
  'pubsub/kafka': KAFKA,
  'pubsub/mqtt3': TLS,
  'pubsub/pulsar': {
    '*.protoschema': 'string',
    'compressionLevel': '&#',
    'compressionType': '&#',
    'processMode': '&',
    'subscribeInitialPosition': '=latest|earliest&#',
    'subscribeMode': '=durable|non_durable&#',
    'subscribeType': '=shared|exclusive|failover|key_shared&#',
  },
  'pubsub/rabbitmq': {
    ...TLS,
    ...CONCURRENCY,
    concurrency: '',
    deliveryMode: '=0|1|2',
    exchangeKind: '=fanout|topic|direct|headers',
    host: '#',
  },
  'pubsub/redis': REDIS,
  'pubsub/rocketmq': {
    consumeFromWhere: `${FROM_WHERE}#`,
    consumerModel: '=Clustering|Broadcasting&?',
    fromWhere: FROM_WHERE,
    producerQueueSelector: QUEUE_SELECTOR,
    queueSelector: `${QUEUE_SELECTOR}#`,
  },
  'pubsub/solace/amqp': { caCert: 'pem', clientCert: 'pem', clientKey: 'pem' },
  'state/cassandra': { port: 'int#', protoVersion: 'int#', replicationFactor: 'int#' },
  'state/coherence': {
    ignoreInvalidCerts: '=true|false#',
    nearCacheMemory: 'int#',
    nearCacheTTL: 'goduration#',
    nearCacheTimeout: 'goduration#',
    nearCacheUnits: 'int#',
    requestTimeout: 'goduration#',
    tlsEnabled: '=true|false#',
  },
  'state/couchbase': { numReplicasDurablePersistence: 'int^#', numReplicasDurableReplication: 'int^#' },
  'state/gcp/firestore': { endpoint: '#' },
  'state/memcached': { timeout: 'int' },
  'state/mongodb': { operationTimeout: 'goduration' },
  'state/redis': REDIS,
  'state/sqlserver': { keyLength: 'int+' },
  'state/sqlserver/v2': { keyLength: 'int+' },
  'state/zookeeper': { sessionTimeout: 'goduration' },
};
