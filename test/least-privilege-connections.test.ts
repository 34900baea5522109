import { ApiObject } from 'cdk8s';
import {
  DaprComponent, DaprMode, FunctionInput, FunctionOutput, HttpEngine, Manifests, Match, OpenFunctionApp, OpenFunctionAppProps, PlatformSettings,
} from '../src';
import { v1beta1 } from './support/functions';
import { manifests, Shop, shop } from './support/shop';
import { newChart, quietly } from './support/synth';

describe('least privilege for connections', () => {
  const sidecar = (appId: string, namespace: string) => (
    { namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': namespace } }, podSelector: { matchLabels: { 'dapr.io/app-id': appId } } });
  const internal = (from: unknown[]) => ({ from, ports: [{ port: 50002, protocol: 'TCP' }] });
  const policy = (ingress: unknown) => ({ metadata: { name: 'orders-dapr-proxy' }, spec: { ingress } });

  test('lets only sidecars of granted apps reach that of the proxy', () => {
    const made = shop();
    manifests(made).hasObject('NetworkPolicy', policy(Match.not(Match.listWith([{ ports: [{ port: 50002 }] }]))));
    made.orders.grantInvoke('web-site', { namespace: 'web' });
    made.orders.grantInvoke('mails-shop', { operations: ['/a'] });
    made.orders.grantInvoke('mails-shop', { operations: ['/b'] });
    manifests(made).hasObject('NetworkPolicy', policy(Match.listWith([internal([sidecar('mails-shop', 'shop'), sidecar('web-site', 'web')])])));
    manifests(shop({ leastPrivilege: false })).hasObject('NetworkPolicy', policy(Match.listWith([internal([{ namespaceSelector: Match.exact({}) }])])));
  });

  test('lets only the proxy reach pods of the function, unless the function says otherwise', () => {
    manifests(shop()).hasObject('NetworkPolicy', { metadata: { name: 'mails' } });
    manifests(shop({ orders: { proxy: { functionNetworkPolicy: false } } })).hasNoObject('NetworkPolicy', { metadata: { name: 'orders' } });
    manifests(shop({ leastPrivilege: false })).hasNoObject('NetworkPolicy', { metadata: { name: 'mails' } });
  });

  const namespace = (name: string) => ({ namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': name } } });
  const tcp = (...ports: number[]) => ports.map((port) => ({ port, protocol: 'TCP' }));
  const knative = [
    { from: [namespace('knative-serving')], ports: tcp(8012, 8013, 8112, 9090) },
    { from: [namespace('kourier-system')], ports: tcp(8012, 8013, 8112) },
  ];
  const metrics = { from: [{ namespaceSelector: {} }], ports: tcp(9090) };
  const ingressOf = (made: Shop, name: string) => manifests(made).find('NetworkPolicy', { metadata: { name } })[0].spec.ingress;

  test('lets what delivers requests, sidecars of granted apps and observers reach pods with sidecars of their own', () => {
    const made = shop({ orders: { dapr: DaprMode.SIDECAR } });
    expect(ingressOf(made, 'orders')).toEqual([...knative, metrics]);
    made.orders.grantInvoke('web-site', { namespace: 'web' });
    expect(ingressOf(made, 'orders')).toEqual([...knative, internal([sidecar('web-site', 'web')]), metrics]);
    manifests(shop({ orders: { dapr: DaprMode.SIDECAR }, leastPrivilege: false })).hasNoObject('NetworkPolicy', { metadata: { name: 'orders' } });
    manifests(shop({ orders: { dapr: DaprMode.SIDECAR, proxy: { functionNetworkPolicy: false } } })).hasNoObject('NetworkPolicy', { metadata: { name: 'orders' } });
  });

  test('admits any sidecar where the function has a Configuration of its own, which may allow others', () => {
    const made = shop({ orders: { dapr: DaprMode.SIDECAR, annotations: { 'dapr.io/config': 'tracing' } } });
    expect(ingressOf(made, 'orders')).toEqual([...knative, internal([{ namespaceSelector: {} }]), metrics]);
  });

  test('lets nothing but what delivers requests reach pods without Dapr', () => {
    const made = shop({ orders: { dapr: DaprMode.OFF, outputs: [] } });
    expect(ingressOf(made, 'orders')).toEqual(knative);
  });

  const labelled = (name: string, label: string, value: string) => ({ ...namespace(name), podSelector: { matchLabels: { [label]: value } } });
  const isFn = (name: string) => ({ podSelector: { matchLabels: { 'openfunction.io/serving': name } } });
  const fromProxy = (name: string) => ({ from: [{ podSelector: { matchLabels: { 'openfunction.io/proxy': name } } }], ports: tcp(8080) });

  test('lets pods reach those of a function whose Service their variables, arguments or bindings name', () => {
    const made = shop();
    const url = made.mails.internalUrl;
    const hook = new DaprComponent(made.chart, 'hook', { componentType: 'bindings.http', metadata: { url: 'http://mails-any.shop:8080/hook' } });
    made.orders.addOutput(FunctionOutput.toBinding(hook, { operation: 'post' }));
    new OpenFunctionApp(made.chart, 'desk', { image: 'acme/desk:1', namespace: 'office', env: { MAILS: url, AGAIN: `${url}/again` } });
    new OpenFunctionApp(made.chart, 'till', { image: 'acme/till:1', namespace: 'office', args: [`--mails=${url}`] });
    const pod = { spec: { containers: [{ name: 'web', env: [{ name: 'MAILS', value: 'http://mails:8080' }] }] } };
    const object = (apiVersion: string, kind: string, name: string, spec: object) => (
      new ApiObject(made.chart, name, { apiVersion, kind, metadata: { name, namespace: 'shop' }, spec }));
    object('apps/v1', 'Deployment', 'web', { template: { metadata: { labels: { app: 'web' } }, ...pod } });
    object('batch/v1', 'Job', 'once', { template: pod });
    object('batch/v1', 'CronJob', 'nightly', { jobTemplate: { spec: { template: pod } } });
    expect(ingressOf(made, 'mails')).toEqual([fromProxy('mails'), {
      from: [
        labelled('office', 'openfunction.io/serving', 'desk'),
        labelled('office', 'openfunction.io/serving', 'till'),
        labelled('shop', 'app', 'web'),
        labelled('shop', 'batch.kubernetes.io/job-name', 'once'),
        labelled('shop', 'openfunction.io/proxy', 'orders'),
      ],
      ports: tcp(8080),
    }]);
  });

  test('lets pods past the interceptor only where they name the Service behind it', () => {
    const { app, chart } = newChart('shop');
    PlatformSettings.of(app).set({ leastPrivilege: true });
    const fn = (id: string, props: Partial<OpenFunctionAppProps>) => new OpenFunctionApp(chart, id, { image: 'acme/fn:1', ...props });
    fn('orders', { http: { engine: HttpEngine.KEDA } });
    fn('desk', { env: { ORDERS: 'http://orders-workload.shop' } });
    fn('site', { env: { ORDERS: 'http://orders.shop' } });
    const [{ spec }] = quietly(() => Manifests.of(chart)).find('NetworkPolicy', { metadata: { name: 'orders' } });
    expect(spec.ingress).toEqual([
      { from: [{ ...namespace('shop'), ...isFn('desk') }], ports: tcp(8080) }, { from: [namespace('keda')], ports: tcp(8080) },
    ]);
  });

  test('takes a caller by URL away again, and lets it in without least privilege where there is a NetworkPolicy', () => {
    const made = shop({ leastPrivilege: false });
    const mails = new OpenFunctionApp(made.chart, 'letters', {
      image: 'acme/letters:1', inputs: [FunctionInput.fromTopic(made.events, 'placed')], proxy: { functionNetworkPolicy: true },
    });
    const desk = new OpenFunctionApp(made.chart, 'desk', { image: 'acme/desk:1', env: { LETTERS: mails.internalUrl } });
    expect(ingressOf(made, 'letters')).toEqual([fromProxy('letters'), { from: [{ ...namespace('shop'), ...isFn('desk') }], ports: tcp(8080) }]);
    made.chart.node.tryRemoveChild(desk.node.id);
    expect(ingressOf(made, 'letters')).toEqual([fromProxy('letters')]);
  });

  test('has no list of rules where nobody gets in, since the API server drops an empty one', () => {
    const { app, chart } = newChart('shop');
    PlatformSettings.of(app).set({ leastPrivilege: true });
    const worker = v1beta1({ runtime: 'async', annotations: { 'openfunction.io/enable-dapr': 'false' } });
    OpenFunctionApp.fromManifest(chart, 'worker', worker);
    const [{ spec }] = quietly(() => Manifests.of(chart)).find('NetworkPolicy', { metadata: { name: 'fn' } });
    expect(spec).toEqual({ podSelector: { matchLabels: { 'openfunction.io/serving': 'fn' } }, policyTypes: ['Ingress'] });
  });
});
