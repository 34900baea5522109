// Mistakes in what leads requests and events to functions: Ingresses, Gateways, NetworkPolicies (docs/spec M72y).
import { DaprMode, OpenFunctionAppProps, PlatformSettings } from '../src';
import { found, from, Program } from './support/wiring-program';

type Case = [title: string, write: (p: Program) => void, expected: string[]];
const check = (_: string, write: (p: Program) => void, expected: string[]) => expect(found(write)).toEqual(expected);
const routed = (p: Program, id: string, hostname = 'orders.acme.dev') => p.fn(id, { http: { route: { hostnames: [hostname] } } });

describe('Ingresses', () => {
  const ingress = (p: Program, name: string, service: string, path = '/', host = 'orders.acme.dev') => p.object('networking.k8s.io/v1', 'Ingress', name, {
    spec: { rules: [{ host, http: { paths: [{ path, pathType: 'Prefix', backend: { service: { name: service, port: { number: 80 } } } }] } }] },
  });

  test.each<Case>([
    ['of the host of a route to another function are a warning', (p) => {
      routed(p, 'a');
      p.fn('b');
      ingress(p, 'web', 'b');
    }, [
      'warning route-shared at chart/a http.route: "orders.acme.dev" is a host of the Ingress shop/web too, and a name leads either to it or to the gateway',
    ]],
    ['of the host of a route to the same function are information', (p) => {
      routed(p, 'a');
      ingress(p, 'web', 'a');
    }, [
      'information route-shared at chart/a http.route: "orders.acme.dev" is a host of the Ingress shop/web too, and a name leads either to it or to the gateway',
    ]],
    ['that both lead a path of one host somewhere are a warning at the second', (p) => {
      p.fn('a');
      p.fn('b');
      ingress(p, 'one', 'a');
      ingress(p, 'two', 'b');
    }, [
      'warning route-shared at chart/b name: the Ingress shop/two leads "orders.acme.dev/" here, and the Ingress shop/one leads it somewhere too',
    ]],
    ['of other paths and hosts are right', (p) => {
      routed(p, 'a');
      p.fn('b');
      p.fn('c');
      ingress(p, 'one', 'b', '/b', 'acme.dev');
      ingress(p, 'two', 'c', '/c', 'acme.dev');
    }, []],
  ])('%s', check);
});

describe('Gateways', () => {
  const gateway = (p: Program, ...listeners: object[]) => {
    PlatformSettings.of(p.app).set({ gateway: { name: 'public', namespace: 'gateways' } });
    p.object('gateway.networking.k8s.io/v1', 'Gateway', 'public', { spec: { gatewayClassName: 'acme', listeners } }, 'gateways');
  };
  const listener = (hostname?: string, where: string | undefined = 'All') => ({ name: 'http', port: 80, protocol: 'HTTP', hostname, ...(where !== '' && { allowedRoutes: { namespaces: { from: where } } }) });

  test.each<Case>([
    ['but for a slip are a warning', (p) => {
      gateway(p, listener());
      PlatformSettings.of(p.app).set({ gateway: { name: 'publik', namespace: 'gateways' } });
      routed(p, 'a');
    }, [
      'warning route-to-nowhere at chart/a http.route: there is no Gateway "publik" here; did you mean "public"?',
    ]],
    ['without a listener for the host are', (p) => {
      gateway(p, listener('*.acme.com'), listener('acme.dev'));
      routed(p, 'a');
    }, [
      'warning route-to-nowhere at chart/a http.route: no listener of the Gateway gateways/public takes the host "orders.acme.dev"',
    ]],
    ['that take routes of their own namespace alone are, and do so unless they say otherwise', (p) => {
      gateway(p, listener(undefined, ''), listener(undefined, 'Same'));
      routed(p, 'a');
    }, [
      'warning route-to-nowhere at chart/a http.route: the Gateway gateways/public takes routes of its own namespace alone; say otherwise in allowedRoutes of a listener',
    ]],
    ['with a listener for the host, or for any, are right', (p) => {
      gateway(p, listener('*.acme.dev'), listener('api.acme.com', 'Selector'));
      routed(p, 'a');
      routed(p, 'b', 'api.acme.com');
      routed(p, 'c', '*.orders.acme.dev');
    }, []],
  ])('%s', check);
});

describe('NetworkPolicies', () => {
  const policy = (p: Program, ingress: object[] | undefined, podSelector: object = {}, policyTypes?: string[]) => (
    p.object('networking.k8s.io/v1', 'NetworkPolicy', 'mine', { spec: { podSelector, ingress, policyTypes } }));
  const async = (p: Program, props: Partial<OpenFunctionAppProps> = {}) => {
    p.fn('b', { inputs: [from(p.events, 'orders')], ...props });
  };
  const OF_B = { matchLabels: { 'openfunction.io/serving': 'b' } };
  const LOST = 'warning pods-closed at chart/b name: the NetworkPolicy "mine" lets no dapr-proxy in, so no event reaches the pods: admit those with "openfunction.io/proxy: b"';

  test.each<Case>([
    ['that deny everything keep events from the pods', (p) => {
      async(p);
      policy(p, undefined);
    }, [LOST]],
    ['that admit other pods, or another port, do', (p) => {
      async(p);
      policy(p, [{ from: [{ podSelector: { matchLabels: { app: 'web' } } }] }, { ports: [{ port: 9090 }] }], OF_B);
    }, [LOST]],
    ['that let nobody in keep requests from the pods', (p) => {
      p.fn('b');
      policy(p, []);
    }, [
      'warning pods-closed at chart/b name: the NetworkPolicy "mine" lets nobody in, so no request reaches the pods',
    ]],
    ['that admit the proxy, by its label or with its namespace, are right', (p) => {
      async(p);
      policy(p, [{ from: [{ podSelector: { matchLabels: { 'openfunction.io/proxy': 'b' } } }], ports: [{ port: 8080 }] }]);
    }, []],
    ['whose peers cannot be seen from here are taken for right', (p) => {
      async(p);
      policy(p, [{ from: [{ namespaceSelector: {} }] }]);
    }, []],
    ['of other pods, or for what leaves the pods, are right', (p) => {
      async(p);
      policy(p, undefined, { matchLabels: { app: 'web' } });
      p.object('networking.k8s.io/v1', 'NetworkPolicy', 'out', { spec: { podSelector: {}, policyTypes: ['Egress'] } });
    }, []],
    ['of ours cannot let in pods without a label', (p) => {
      async(p, { proxy: { functionNetworkPolicy: true } });
      const pod = (metadata: object) => ({ metadata, spec: { containers: [{ name: 'web', env: [{ name: 'URL', value: 'http://b.shop:8080' }] }] } });
      p.object('batch/v1', 'CronJob', 'nightly', { spec: { jobTemplate: { spec: { template: pod({}) } } } });
      p.object('batch/v1', 'CronJob', 'hourly', { spec: { jobTemplate: { spec: { template: pod({ labels: { app: 'hourly' } }) } } } });
    }, [
      'warning pods-closed at chart/b name: the CronJob shop/nightly calls it, and its pods have no label by which the NetworkPolicy could let them in: give them one',
    ]],
    ['beside one of ours, or beside a sidecar in each pod, are right', (p) => {
      async(p, { proxy: { functionNetworkPolicy: true } });
      p.fn('c', { inputs: [from(p.events, 'orders')], dapr: DaprMode.SIDECAR });
      policy(p, undefined);
    }, []],
  ])('%s', check);
});
