/**
 * An asynchronous function: each message of a Kafka topic makes an invoice.
 *
 * The shared sidecar beside the proxy reads the topic. KEDA wakes the function when its lag grows or when events wait in
 * the proxy, and scales it to at most twenty pods. What cannot be handled goes to a topic of its own.
 */
import { Chart, Duration } from 'cdk8s';
import * as kplus from 'cdk8s-plus-28';
import { Construct } from 'constructs';
import { DaprComponent, FunctionInput, OpenFunctionApp, TriggerAuthentication } from 'cdk8s-openfunction';

export class Invoices extends Chart {
  public readonly fn: OpenFunctionApp;

  public constructor(scope: Construct, id: string) {
    super(scope, id, { namespace: 'billing' });
    const brokers = 'kafka.kafka:9092';
    const consumerGroup = 'invoices';
    const login = kplus.Secret.fromSecretName(this, 'login', 'kafka-login');
    const orders = new DaprComponent(this, 'orders', {
      componentType: 'pubsub.kafka',
      metadata: { brokers, consumerGroup, authType: 'password', saslUsername: 'invoices' },
      secrets: { saslPassword: { secret: login, key: 'password' } },
    });
    this.fn = new OpenFunctionApp(this, 'invoices', {
      image: 'acme/invoices:3.2.0',
      version: '3.2.0',
      inputs: [FunctionInput.fromTopic(orders, 'orders', { deadLetterTopic: 'orders-failed' })],
      scaling: {
        minReplicas: 0,
        maxReplicas: 20,
        cooldownPeriod: Duration.minutes(2),
        triggers: [{
          triggerType: 'kafka',
          metadata: { bootstrapServers: brokers, consumerGroup, topic: 'orders', lagThreshold: '10', sasl: 'plaintext' },
          authentication: new TriggerAuthentication(this, 'invoices-lag', {
            secrets: {
              username: { secret: login, key: 'username' },
              password: { secret: login, key: 'password' },
            },
          }),
        }],
      },
      pendingEvents: { targetPerReplica: 10 },
      env: { CURRENCY: 'EUR' },
    });
  }
}
