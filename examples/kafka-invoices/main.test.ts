import { Testing } from 'cdk8s';
import { Invoices } from './main';
import { compareWithGolden } from '../golden';
import { DaprMode, Manifests } from 'cdk8s-openfunction';

describe('an asynchronous function with Kafka and scaling', () => {
  test('gives the expected objects', () => {
    const app = Testing.app();
    new Invoices(app, 'kafka-invoices');
    compareWithGolden(__dirname, Manifests.of(app).toSnapshot());
  });

  test('uses the shared sidecar, since it has an input', () => {
    const { fn } = new Invoices(Testing.app(), 'chart');
    expect(fn.daprMode).toBe(DaprMode.STANDALONE);
    expect(fn.proxy?.name).toBe('invoices-dapr-proxy');
  });

  test('lets the autoscaler alone decide the replicas of its Deployment', () => {
    const { fn } = new Invoices(Testing.app(), 'chart');
    expect(fn.workload.toJson().spec).not.toHaveProperty('replicas');
    expect(fn.scaler?.toJson().spec).toMatchObject({
      scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'invoices' },
      minReplicaCount: 0,
      maxReplicaCount: 20,
      cooldownPeriod: 120,
      triggers: [
        { type: 'kafka', metadata: { topic: 'orders', lagThreshold: '10' }, authenticationRef: { name: 'invoices-lag', kind: 'TriggerAuthentication' } },
        { type: 'external-push', metadata: { scalerAddress: 'invoices-dapr-proxy.billing.svc.cluster.local:18082', target: '10' } },
      ],
    });
  });

  test('keeps the password in its Secret and the component to the function alone', () => {
    const manifests = Testing.synth(new Invoices(Testing.app(), 'chart')) as { kind: string; scopes?: string[]; spec: { metadata: object[] } }[];
    const component = manifests.find(({ kind }) => kind === 'Component');
    expect(component?.scopes).toEqual(['invoices-billing']);
    expect(component?.spec.metadata).toContainEqual({ name: 'saslPassword', secretKeyRef: { name: 'kafka-login', key: 'password' } });
  });

  test('has the proxy announce the dead-letter topic', () => {
    const { fn } = new Invoices(Testing.app(), 'chart');
    const { env } = fn.proxy?.toJson().spec.template.spec.containers[0] ?? {};
    const { value } = env.find(({ name }: { name: string }) => name === 'DAPR_PROXY_SUBSCRIPTIONS');
    expect(JSON.parse(value)).toEqual([{ component: 'orders', topic: 'orders', deadLetterTopic: 'orders-failed' }]);
  });
});
