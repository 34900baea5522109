// Where metadata.yaml says something else than the component's code of the same release; each line was read there.

/** Names that may come with each request, have a default, or have another source; they are not required of a component. */
export const NOT_REQUIRED: Record<string, readonly string[]> = {
  'bindings/alicloud/oss': ['objectKey'],
  'bindings/alicloud/sls': ['project', 'logstore', 'topic', 'source'],
  'bindings/aws/ses': ['emailFrom', 'emailTo', 'subject'],
  'bindings/dubbo': ['interfaceName', 'methodName'],
  'bindings/gcp/pubsub': ['topic'],
  'bindings/influx': ['measurement'],
  'bindings/kitex': ['serviceName', 'methodName', 'destService', 'hostPorts'],
  'bindings/localstorage': ['fileName'],
  'bindings/sftp': ['rootPath'],
  'bindings/smtp': ['emailFrom', 'emailTo', 'subject', 'user', 'password'],
  'bindings/twilio/sendgrid': ['emailFrom', 'emailTo', 'subject'],
  'bindings/twilio/sms': ['toNumber'],
  'pubsub/azure/eventhubs': ['consumerID'],
  'pubsub/jetstream': ['deliverPolicy'],
  'pubsub/rocketmq': ['securityToken'],
  'state/etcd': ['tlsEnable', 'ca', 'cert', 'key'],
  'state/hashicorp/consul': ['datacenter', 'httpAddr', 'aclToken', 'scheme', 'keyPrefixPath'],
  'bindings/azure/signalr': ['endpoint'],
};

/** Two names of one setting, either of which is enough. */
export const ALIASES: Record<string, Readonly<Record<string, string>>> = {
  'bindings/azure/eventhubs': { consumerGroup: 'consumerID' },
};

/** Required only of a component that events are received from. */
export const REQUIRED_OF_INPUTS: Record<string, readonly string[]> = {
  'pubsub/azure/eventhubs': ['storageAccountName', 'storageContainerName'],
};

/** Their code takes no credentials for an answer: an environment, a pod identity, or a server that asks for none. */
export const AUTHENTICATION_OPTIONAL: readonly string[] = [
  'bindings/aws/dynamodb', 'bindings/aws/kinesis', 'bindings/aws/ses', 'bindings/aws/sqs', 'bindings/gcp/bucket', 'bindings/gcp/pubsub',
  'bindings/kubemq', 'bindings/mqtt3', 'bindings/rocketmq', 'bindings/smtp', 'bindings/alicloud/oss', 'bindings/alicloud/sls',
  'bindings/rethinkdb/statechange', 'pubsub/gcp/pubsub', 'pubsub/kubemq', 'pubsub/rocketmq',
  'state/cassandra', 'state/etcd', 'state/rethinkdb',
];

export interface Profile {
  readonly title: string;
  readonly metadata: readonly ProfileField[];
}

export interface ProfileField {
  readonly name: string;
  readonly type?: string;
  readonly required?: boolean;
  readonly sensitive?: boolean;
  readonly allowedValues?: readonly string[];
}

const required = (name: string): ProfileField => ({ name, required: true });
const sensitive = (name: string): ProfileField => ({ name, sensitive: true });
const secret = (name: string): ProfileField => ({ name, required: true, sensitive: true });

const KAFKA: readonly Profile[] = [
  // Both halves of a client certificate, or none.
  { title: 'mTLS Authentication', metadata: [{ name: 'authType', required: true, allowedValues: ['mtls'] }, { name: 'caCert' }, { name: 'clientCert' }, sensitive('clientKey')] },
  { title: 'Certificate Authentication', metadata: [{ name: 'authType', required: true, allowedValues: ['certificate'] }, required('caCert'), { name: 'clientCert' }, sensitive('clientKey')] },
  // The older way to say the same, which has no title, so that nobody is sent there.
  { title: '', metadata: [{ name: 'authRequired', type: 'bool', required: true }, { name: 'saslUsername' }, sensitive('saslPassword'), { name: 'caCert' }, { name: 'clientCert' }, sensitive('clientKey')] },
];

/** The connection string may be empty when its parts are given one by one. */
const POSTGRES: readonly Profile[] = [{
  title: 'Connection by its parts',
  metadata: [required('host'), { name: 'hostaddr' }, { name: 'port' }, { name: 'database' }, { name: 'user' }, sensitive('password'), { name: 'sslRootCert' }],
}];

/** Profiles in place of those of the same title, or beside the others. */
export const PROFILES: Record<string, readonly Profile[]> = {
  'bindings/kafka': KAFKA,
  'pubsub/kafka': KAFKA,
  'bindings/alicloud/tablestore': [{ title: 'Access Key Authentication', metadata: [required('accessKeyID'), secret('accessKey')] }],
  'bindings/sftp': [{ title: 'Password Authentication', metadata: [required('username'), secret('password')] }],
  'bindings/postgres': POSTGRES,
  'state/cockroachdb': POSTGRES,
  'state/postgresql/v1': POSTGRES,
  'state/postgresql/v2': POSTGRES,
  'pubsub/rabbitmq': [
    { title: '', metadata: [required('host')] },
    { title: 'Authenticate Using RabbitMQ properties', metadata: [required('hostname'), { name: 'protocol' }, { name: 'username' }, sensitive('password')] },
    { title: 'Authenticate Using Connection string and External Sasl and TLS', metadata: [secret('connectionString'), { name: 'caCert' }, { name: 'clientCert' }, sensitive('clientKey'), { name: 'saslExternal', type: 'bool' }] },
  ],
  'state/ravendb': [{ title: 'No authentication', metadata: [required('serverUrl')] }],
  'pubsub/solace/amqp': [{ title: 'Solace authentication', metadata: [required('username'), secret('password')] }],
  'state/mongodb': [
    { title: 'Username and password', metadata: [required('host'), { name: 'username' }, sensitive('password'), { name: 'params' }] },
    { title: 'Username and password, server by its DNS record', metadata: [required('server'), { name: 'username' }, sensitive('password'), { name: 'params' }] },
  ],
};

/** Names of settings that Dapr itself reads of every component of a kind. */
export const RUNTIME_NAMES: Record<string, Record<string, string>> = {
  bindings: { direction: 'string', route: 'string' },
  pubsub: {
    consumerID: 'string', publishingScopes: 'string', subscriptionScopes: 'string', allowedTopics: 'string', protectedTopics: 'string',
  },
  state: {
    actorStateStore: 'bool', keyPrefix: 'string', primaryEncryptionKey: 'string*', secondaryEncryptionKey: 'string*',
    outboxPublishPubsub: 'string', outboxPublishTopic: 'string', outboxPubsub: 'string', outboxDiscardWhenMissingState: 'bool',
  },
  lock: { keyPrefix: 'string' },
};

/** Components-contrib keeps these profiles in a tool outside its module. */
export const BUILT_IN: Record<string, readonly Profile[]> = {
  aws: [
    { title: 'AWS: Access Key ID and Secret Access Key', metadata: [{ name: 'region' }, { name: 'awsRegion' }, sensitive('accessKey'), sensitive('secretKey'), sensitive('sessionToken')] },
    { title: 'AWS: Assume IAM Role', metadata: [{ name: 'region' }, { name: 'assumeRoleArn' }, { name: 'sessionName' }] },
    { title: 'AWS: IAM Roles Anywhere', metadata: [required('trustAnchorArn'), required('trustProfileArn'), required('assumeRoleArn')] },
  ],
  azuread: [
    { title: 'Azure AD: Managed identity', metadata: [{ name: 'azureClientId' }] },
    { title: 'Azure AD: Client credentials', metadata: [required('azureTenantId'), required('azureClientId'), secret('azureClientSecret')] },
    { title: 'Azure AD: Client certificate', metadata: [required('azureTenantId'), required('azureClientId'), sensitive('azureCertificate'), { name: 'azureCertificateFile' }, sensitive('azureCertificatePassword')] },
  ],
  gcp: [{
    title: 'GCP: Service Account Key',
    metadata: [required('privateKeyID'), secret('privateKey'), { name: 'type' }, required('projectID'), required('clientEmail'), required('clientID'),
      { name: 'authURI' }, { name: 'tokenURI' }, { name: 'authProviderX509CertURL' }, { name: 'clientX509CertURL' }],
  }],
};
