import { Testing } from 'cdk8s';
import { Bakery } from './main';
import { compareWithGolden } from '../golden';
import { EventOutcome, EventSimulation, Manifests, Match } from 'cdk8s-openfunction';

describe('the chart of all languages', () => {
  const bakery = new Bakery(Testing.app(), 'bakery');
  const manifests = Manifests.of(bakery);

  test('configures every function that has a sidecar or a proxy', () => {
    manifests.hasObject('Service.serving.knative.dev', {
      metadata: { name: 'audit' }, spec: { template: { metadata: { annotations: { 'dapr.io/enabled': 'true' } } } },
    });
    const context = Match.json({ outputs: { placed: Match.objectLike({ operation: 'create' }) } });
    const container = { env: Match.listWith([{ name: 'FUNC_CONTEXT', value: context }]) };
    manifests.hasObject('Service.serving.knative.dev', { metadata: { name: 'orders' }, spec: { template: { spec: { containers: [container] } } } });
    manifests.countIs('ScaledObject', 1);
    manifests.hasNoObject('Component', { scopes: Match.absent() });
  });

  test('leads an order to the invoices', () => {
    const [delivery, ...others] = EventSimulation.of(bakery).publish('events', 'orders', { type: 'placed' });
    expect(others).toEqual([]);
    expect([delivery.functionName, delivery.outcome, delivery.deadLetterTopic]).toEqual(['invoices', EventOutcome.DELIVERED, 'orders-failed']);
  });
});

test('the chart of all languages gives the expected objects', () => {
  const app = Testing.app();
  new Bakery(app, 'bakery');
  compareWithGolden(__dirname, Manifests.of(app).toSnapshot());
});
