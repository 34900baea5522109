// What KEDA's scalers ask of their parameters beyond the schema; each line was read in the code of the release, and
// refused.test.ts asks that code again.

/** Groups of which the scaler needs one; names joined by `+` go together, and `!` is for one that is not given. */
export const NEEDS: Record<string, readonly (readonly string[])[]> = {
  'activemq': [['restAPITemplate', 'managementEndpoint+destinationName+brokerName']],
  'artemis-queue': [['restApiTemplate', 'managementEndpoint+queueName+brokerName+brokerAddress']],
  'aws-cloudwatch': [['expression', 'namespace+metricName+dimensionName+dimensionValue']],
  'azure-servicebus': [['queueName', 'topicName+subscriptionName']],
  'clickhouse': [['connectionString', 'host']],
  'couchdb': [['connectionString', 'host+port+username+password+dbName']],
  'dynatrace': [['metricSelector', 'query']],
  'elastic-forecast': [['cloudID+apiKey', 'addresses+username+password']],
  'elasticsearch': [['cloudID+apiKey', 'addresses+username+password'], ['searchTemplateName', 'query']],
  'gcp-pubsub': [['subscriptionName', 'topicName']],
  'influxdb': [['organizationName', 'influxVersion+database+metricKey']],
  'mongodb': [['connectionString', 'host+port+username+password', 'scheme+host+username+password']],
  'mssql': [['connectionString', 'host']],
  'azure-pipelines': [['poolID', 'poolName']],
  'nats-jetstream': [['account', 'accountID']],
  'opensearch': [['searchTemplateName', 'query']],
  'postgresql': [['connection', 'host+port+userName+dbName+sslmode']],
  ...Object.fromEntries(['redis', 'redis-cluster', 'redis-sentinel'].flatMap((type) =>
    [type, `${type}-streams`].map((each) => [each, [['address', 'host+port']]]))),
  'rabbitmq': [['mode+value', '!mode+!value']],
  'solace-direct-messaging': [[
    'aggregatedClientTxMsgRateTarget', 'aggregatedClientTxByteRateTarget', 'aggregatedClientAverageTxMsgRateTarget', 'aggregatedClientAverageTxByteRateTarget',
  ]],
  'solace-event-queue': [['messageCountTarget', 'messageSpoolUsageTarget', 'messageReceiveRateTarget']],
};

/** One of them alone. */
export const EXCLUDES: Record<string, readonly string[]> = {
  'azure-servicebus': ['queueName+topicName', 'queueName+subscriptionName'],
  'dynatrace': ['metricSelector+query', 'query+from'],
  'elasticsearch': ['searchTemplateName+query'],
  'gcp-pubsub': ['subscriptionName+topicName'],
  'opensearch': ['searchTemplateName+query'],
};

/** Needed unless a formula over all triggers decides. */
export const TARGETS: Record<string, string> = {
  'arangodb': 'queryValue',
  'aws-dynamodb': 'targetValue',
  'azure-app-insights': 'targetValue',
  'couchdb': 'queryValue',
  'influxdb': 'thresholdValue',
  'kubernetes-workload': 'value',
  'metrics-api': 'targetValue',
  'postgresql': 'targetQueryValue',
  'predictkube': 'threshold',
};

/** Closed lists that the code has and the schema has not. */
export const LISTS: Record<string, Readonly<Record<string, readonly string[]>>> = {
  datadog: { type: ['global', 'average'] },
  rabbitmq: {
    mode: ['QueueLength', 'MessageRate', 'DeliverGetRate', 'PublishedToDeliveredRatio', 'ExpectedQueueConsumptionTime'],
    operation: ['sum', 'max', 'avg'],
    protocol: ['auto', 'amqp', 'http'],
  },
};

/** Above zero. */
export const POSITIVE: Record<string, readonly string[]> = {
  'apache-kafka': ['lagThreshold'],
  'aws-cloudwatch': ['metricStatPeriod'],
  'azure-monitor': ['targetValue'],
  'clickhouse': ['targetQueryValue'],
  'azure-cosmosdb': ['changeFeedLagThreshold'],
  'azure-eventhub': ['unprocessedEventThreshold'],
  'cron': ['desiredReplicas'],
  'elastic-forecast': ['targetValue'],
  'etcd': ['watchProgressNotifyInterval'],
  'gcp-spanner': ['targetValue'],
  'gcp-storage': ['targetObjectCount', 'maxBucketItemsToScan'],
  'kafka': ['lagThreshold'],
  'kubernetes-resource': ['targetValue'],
  'mssql': ['targetValue'],
  'nsq': ['depthThreshold'],
  'rabbitmq': ['pageSize'],
  'solr': ['targetQueryValue'],
  'solace-direct-messaging': ['queuedMessagesFactor'],
};

/** Zero or more. */
export const NOT_NEGATIVE: Record<string, readonly string[]> = {
  'apache-kafka': ['activationLagThreshold'],
  'azure-cosmosdb': ['activationChangeFeedLagThreshold'],
  'datadog': ['age', 'lastAvailablePointOffset', 'timeWindowOffset'],
  'gcp-storage': ['activationTargetObjectCount'],
  'kafka': ['activationLagThreshold'],
  'liiklus': ['groupVersion'],
  'nsq': ['activationDepthThreshold'],
  'temporal': ['activationTargetQueueSize', 'minConnectTimeout', 'targetQueueSize'],
};
