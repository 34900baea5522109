import { Testing } from 'cdk8s';
import { Shop } from './main';
import { compareWithGolden } from '../golden';
import { FunctionTopology, Manifests } from 'cdk8s-openfunction';

interface Manifest {
  readonly kind: string;
  readonly metadata: { readonly name: string };
}

describe('two functions in a larger chart', () => {
  test('give the expected objects', () => {
    const app = Testing.app();
    new Shop(app, 'shop');
    compareWithGolden(__dirname, Manifests.of(app).toSnapshot());
  });

  test('give the picture of who calls, publishes and gets events', () => {
    const app = Testing.app();
    new Shop(app, 'shop');
    compareWithGolden(__dirname, FunctionTopology.of(app).svg(), 'topology.svg');
  });

  test('both functions are in the scopes of the component that they share', () => {
    expect(new Shop(Testing.app(), 'chart').events.scopes).toEqual(['mails-shop', 'orders-shop']);
  });

  test('the front end calls the orders function by its in-cluster URL', () => {
    const shop = new Shop(Testing.app(), 'chart');
    const frontend = Testing.synth(shop).find(({ metadata }: Manifest) => metadata.name === 'frontend');
    expect(shop.orders.internalUrl).toBe('http://orders.shop.svc.cluster.local');
    expect(frontend.spec.template.spec.containers[0].env).toEqual([{ name: 'ORDERS_URL', value: 'http://orders.shop.svc.cluster.local' }]);
  });

  test('the component comes before the workloads that need it', () => {
    const names = Testing.synth(new Shop(Testing.app(), 'chart')).map(({ kind, metadata }: Manifest) => `${kind}/${metadata.name}`);
    expect(names.indexOf('Component/events')).toBeLessThan(names.indexOf('Service/orders'));
    expect(names.indexOf('Component/events')).toBeLessThan(names.indexOf('Deployment/mails-dapr-proxy'));
    expect(names.indexOf('Service/orders')).toBeLessThan(names.indexOf('Deployment/frontend'));
  });

  test('secrets, config maps and accounts of the chart reach the pods', () => {
    const { orders, mails } = new Shop(Testing.app(), 'chart');
    const ordersPod = orders.workload.toJson().spec.template;
    expect(ordersPod.spec).toMatchObject({ serviceAccountName: 'shop', imagePullSecrets: [{ name: 'registry-login' }] });
    expect(ordersPod.spec.containers[0].envFrom).toEqual([{ configMapRef: { name: 'prices' } }]);
    expect(ordersPod.metadata.annotations['cluster-autoscaler.kubernetes.io/safe-to-evict']).toBe('true');
    expect(mails.workload.toJson().spec.template.spec.containers[0].env).toContainEqual(
      { name: 'SMTP_PASSWORD', valueFrom: { secretKeyRef: { name: 'smtp-login', key: 'password' } } },
    );
  });
});
