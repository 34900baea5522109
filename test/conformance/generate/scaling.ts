// Scale options whose parts agree with each other.
import * as fc from 'fast-check';
import { count, given, maybe, some, word, type Manifest } from './words';

export const bounds: fc.Arbitrary<Manifest> = fc.record({ min: maybe(count(4)), span: maybe(fc.integer({ min: 1, max: 6 })) })
  .map(({ min, span }) => given({ minReplicas: min, maxReplicas: span === undefined ? undefined : (min ?? 0) + span }));

export const knativeOptions: fc.Arbitrary<Manifest> = some({
  'autoscaling.knative.dev/target': fc.integer({ min: 1, max: 200 }).map(String),
  'autoscaling.knative.dev/metric': fc.constantFrom('concurrency', 'rps'),
  'autoscaling.knative.dev/window': fc.constantFrom('60s', '2m'),
  'autoscaling.knative.dev/target-utilization-percentage': fc.integer({ min: 1, max: 100 }).map(String),
  'autoscaling.knative.dev/container-concurrency': fc.integer({ min: 0, max: 1000 }).map(String),
  'autoscaling.knative.dev/scale-down-delay': fc.constantFrom('0s', '15m'),
});

const policies = fc.array(fc.record({
  type: fc.constantFrom('Pods', 'Percent'),
  value: fc.integer({ min: 1, max: 100 }),
  periodSeconds: fc.integer({ min: 1, max: 1800 }),
}), { minLength: 1, maxLength: 2 });
const rules = some({ stabilizationWindowSeconds: count(3600), selectPolicy: fc.constantFrom('Max', 'Min', 'Disabled'), policies }, ['policies']);

export const scaledObject: fc.Arbitrary<Manifest> = some({
  pollingInterval: fc.integer({ min: 1, max: 300 }),
  cooldownPeriod: count(600),
  advanced: some({
    restoreToOriginalReplicaCount: fc.boolean(),
    horizontalPodAutoscalerConfig: some({ behavior: some({ scaleUp: rules, scaleDown: rules }) }),
  }),
});

export const fallback: fc.Arbitrary<Manifest> = some({
  failureThreshold: fc.integer({ min: 1, max: 5 }),
  replicas: count(5),
  behavior: fc.constantFrom('static', 'currentReplicas', 'currentReplicasIfHigher', 'currentReplicasIfLower'),
}, ['failureThreshold', 'replicas']);

const strategy = fc.oneof(
  fc.constantFrom('default', 'accurate', 'eager').map((name): Manifest => ({ strategy: name })),
  fc.record({ deduction: count(5), percentage: fc.constantFrom('0.5', '50%', '1') }).map(({ deduction, percentage }): Manifest => ({
    strategy: 'custom', customScalingQueueLengthDeduction: deduction, customScalingRunningJobPercentage: percentage,
  })),
  fc.constantFrom('max', 'min', 'avg', 'sum').map((multipleScalersCalculation): Manifest => ({ multipleScalersCalculation })),
);

export const scaledJob: fc.Arbitrary<Manifest> = some({
  restartPolicy: fc.constantFrom('OnFailure', 'Never'),
  pollingInterval: fc.integer({ min: 1, max: 300 }),
  successfulJobsHistoryLimit: count(10),
  failedJobsHistoryLimit: count(10),
  scalingStrategy: strategy,
});

export const httpScaledObject: fc.Arbitrary<Manifest> = some({ targetPendingRequests: fc.integer({ min: 1, max: 500 }), cooldownPeriod: count(600) });

const scaler = fc.oneof(
  fc.constant<Manifest>({ type: 'kafka', metadata: { bootstrapServers: 'kafka:9092', consumerGroup: 'g', topic: 'a', lagThreshold: '10' } }),
  fc.constant<Manifest>({ type: 'rabbitmq', metadata: { hostFromEnv: 'RABBIT', queueName: 'q', mode: 'QueueLength', value: '5' } }),
  fc.constant<Manifest>({ type: 'redis-streams', metadata: { address: 'redis:6379', stream: 's', consumerGroup: 'g', pendingEntriesCount: '5' } }),
  fc.constant<Manifest>({ type: 'cron', metadata: { timezone: 'UTC', start: '0 6 * * *', end: '0 20 * * *', desiredReplicas: '2' } }),
  fc.constant<Manifest>({ type: 'prometheus', metadata: { serverAddress: 'http://prometheus:9090', threshold: '5', query: 'sum(rate(x[1m]))' } }),
);

/** Names differ, since KEDA refuses two triggers of one name. */
export const kedaTriggers: fc.Arbitrary<Manifest[]> = fc.array(fc.tuple(scaler, some({
  name: fc.constant(true),
  metricType: fc.constantFrom('AverageValue', 'Value'),
  authenticationRef: some({ name: word, kind: fc.constantFrom('TriggerAuthentication', 'ClusterTriggerAuthentication') }, ['name']),
})), { minLength: 1, maxLength: 3 }).map((list) => list.map(([base, options], index): Manifest => ({
  ...base, ...options, ...(options.name ? { name: `trigger-${index}` } : {}),
})));
