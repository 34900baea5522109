// The least that Dapr needs of a component, for tests that are about something else.
const LEAST: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'bindings.aws.s3': { bucket: 'orders' },
  'bindings.cron': { schedule: '@every 5m' },
  'bindings.kafka': { brokers: 'kafka:9092', authType: 'none', topics: 'orders', publishTopic: 'orders' },
  'bindings.rabbitmq': { host: 'amqp://rabbitmq:5672', queueName: 'orders' },
  'pubsub.jetstream': { natsURL: 'nats://nats:4222' },
  'pubsub.kafka': { brokers: 'kafka:9092', authType: 'none' },
  'pubsub.mqtt3': { url: 'tcp://mqtt:1883' },
  'pubsub.rabbitmq': { host: 'amqp://rabbitmq:5672' },
  'pubsub.redis': { redisHost: 'redis:6379' },
  'state.redis': { redisHost: 'redis:6379' },
};

/** The spec of a component with these settings, beside those that its type cannot do without. */
export function component(type: string, settings: Readonly<Record<string, string | number>> = {}): { type: string; version: string; metadata: object[] } {
  const all = { ...LEAST[type.toLowerCase()], ...settings };
  return { type, version: 'v1', metadata: Object.entries(all).map(([name, value]) => ({ name, value })) };
}

const SCALERS: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  'aws-sqs-queue': { queueURL: 'https://sqs.eu-central-1.amazonaws.com/1/orders', awsRegion: 'eu-central-1' },
  'cron': { start: '0 8 * * *', end: '0 18 * * *', timezone: 'Europe/Berlin', desiredReplicas: '3' },
  'kafka': { bootstrapServers: 'kafka:9092', consumerGroup: 'orders' },
  'nats-jetstream': { natsServerMonitoringEndpoint: 'nats:8222', account: '$G', stream: 'orders', consumer: 'orders' },
  'rabbitmq': { host: '${RABBITMQ}', queueName: 'orders' },
  'redis-sentinel-streams': { address: 'redis:26379', stream: 'orders' },
  'redis-streams': { address: 'redis:6379', stream: 'orders' },
};

/** A KEDA trigger with these parameters, beside those that its scaler cannot do without. */
export function scaler(type: string, parameters: Readonly<Record<string, string>> = {}): { type: string; metadata: Record<string, string> } {
  return { type, metadata: { ...SCALERS[type], ...parameters } };
}
