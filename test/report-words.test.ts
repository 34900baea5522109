// Whole reports in words, as a reviewer reads them (docs/spec M127, M127q).
import { ApiObject } from 'cdk8s';
import { FunctionReports, FunctionTopology, OpenFunctionApp } from '../src';
import { asyncFunction, EVENTS, v1beta2 } from './support/functions';
import { five, orders, shop } from './support/reported';
import { newChart, quietly, synthManifest, SynthOptions } from './support/synth';
import { bundleOf } from '../src/private/image/bundle';

const { configMapName: bundle } = bundleOf();
const report = (manifest: object, options?: SynthOptions) => synthManifest(manifest, options).fn.report;
const lines = (...all: string[]) => all.map((line) => `${line}\n`).join('');
const ORDERS = [
  'ns/orders',
  '  image: acme/fn:1',
  '  workload: Deployment, port 8080, 0 to 5 replicas',
  '  Dapr: standalone, since openfunction.io/enable-dapr is not set, and the function defines Dapr triggers, outputs, states; openfunction.io/dapr-service-mode is not set',
  '  app-id: orders-ns',
  '  URL in the cluster: http://orders.ns.svc.cluster.local:8080',
  '  sidecars at maximum scale: 1 beside the proxy (while it is away, no event comes in and no pod can publish; of two replicas, the other one goes on); with a sidecar in each pod: 5',
  '  scaling on pending events: as far as the components hand over events at once, 1 for each replica; how many is not known here (Kafka: one for each partition)',
  '  pod security of the workload: baseline',
  '  pod security of the proxy: restricted',
  '  topics:',
  '    publishes to paid through orders-pubsub-bus (pubsub.kafka)',
  '    subscribes to orders through orders-pubsub-bus (pubsub.kafka)',
  '  components:',
  '    orders-pubsub-bus (pubsub.kafka)',
  '    orders-state-store (state.redis), keeps state',
  '    web (bindings.http), defined elsewhere',
  '  memory and CPU (request / limit) with one shared proxy, as decided:',
  '    function, 0 to 5 replicas: memory 64Mi / 128Mi, CPU 50m / not set',
  '    dapr-proxy, 1 replica: memory 96Mi / 256Mi, CPU 50m / not set',
  '    daprd, 1 replica: memory 96Mi / 512Mi, CPU 50m / not set',
  '    all at minimum: memory 192Mi / 768Mi, CPU 100m / not set',
  '    all at maximum: memory 512Mi / 1408Mi, CPU 350m / not set',
  '  memory and CPU (request / limit) with a sidecar in every pod, for comparison:',
  '    function, 0 to 5 replicas: memory 64Mi / 128Mi, CPU 50m / not set',
  '    daprd, 0 to 5 replicas: memory not set, CPU not set',
  '    all at minimum: memory 0, CPU 0',
  '    all at maximum: memory 320Mi / not set, CPU 250m / not set; what is not set for daprd is not in it',
  '  objects:',
  '    Component orders-pubsub-bus (dapr.io/v1alpha1)',
  '    Component orders-state-store (dapr.io/v1alpha1)',
  '    Resiliency orders-dapr-proxy (dapr.io/v1alpha1)',
  '    Service orders (v1)',
  '    Service orders-any (v1)',
  '    Deployment orders (apps/v1)',
  '    ScaledObject orders (keda.sh/v1alpha1)',
  '    Service orders-dapr-proxy (v1)',
  '    NetworkPolicy orders-dapr-proxy (networking.k8s.io/v1)',
  '    Deployment orders-dapr-proxy (apps/v1)',
  `    ConfigMap ${bundle} (v1)`,
  '  worth knowing:',
  '    serving.outputs[0].dapr.topic: nothing here subscribes to the topic "paid" of "bus"',
  '    serving.triggers.dapr[0].topic: nothing here publishes to the topic "orders" of "bus"',
];
const SHOP = [
  'ns/shop',
  '  image: acme/fn:1',
  '  workload: KnativeService, port 3000, 1 to 4 replicas',
  '  Dapr: off, since openfunction.io/enable-dapr is not set, and the function defines no inputs, outputs or states',
  '  URL in the cluster: http://shop.ns.svc.cluster.local',
  '  hosts: *.acme.example, shop.acme.example',
  '  URLs from outside: http://shop.acme.example/ns/shop',
  '  sidecars at maximum scale: none',
  '  scaling on pending events: off',
  '  pod security of the workload: baseline',
  '  memory and CPU (request / limit):',
  '    function, 1 to 4 replicas: memory 1Gi, CPU 0.5',
  '    all at minimum: memory 1Gi, CPU 500m',
  '    all at maximum: memory 4Gi, CPU 2',
  '  objects:',
  '    Service shop (serving.knative.dev/v1)',
  '    HTTPRoute shop (gateway.networking.k8s.io/v1)',
];
const TIMER = [
  'ns/timer',
  '  image: acme/fn:1',
  '  workload: Deployment, port 8080, 1 replica',
  '  Dapr: sidecar, since openfunction.io/enable-dapr is not set, and the function defines Dapr triggers; openfunction.io/dapr-service-mode is "sidecar"',
  '  app-id: timer-ns',
  '  sidecars at maximum scale: 1; beside a shared proxy: 1',
  '  scaling on pending events: off',
  '  pod security of the workload: baseline',
  '  components:',
  '    timer-bindings-clock (bindings.cron), fires at @every 5m',
  '  memory and CPU (request / limit) with one shared proxy, for comparison:',
  '    function, 1 replica: memory not set, CPU not set',
  '    dapr-proxy, 1 replica: memory 96Mi / 256Mi, CPU 50m / not set',
  '    daprd, 1 replica: memory 96Mi / 512Mi, CPU 50m / not set',
  '    all at minimum: memory 192Mi / not set, CPU 100m / not set; what is not set for function is not in it',
  '    all at maximum: memory 192Mi / not set, CPU 100m / not set; what is not set for function is not in it',
  '  memory and CPU (request / limit) with a sidecar in every pod, as decided:',
  '    function, 1 replica: memory not set, CPU not set',
  '    daprd, 1 replica: memory not set, CPU not set',
  '    all at minimum: memory not set, CPU not set',
  '    all at maximum: memory not set, CPU not set',
  '  objects:',
  '    Component timer-bindings-clock (dapr.io/v1alpha1)',
  '    Deployment timer (apps/v1)',
];
const idle = (name: string) => [
  `ns/${name}`,
  '  image: acme/fn:1',
  '  workload: KnativeService, port 8080, 0 or more replicas',
  '  Dapr: off, since openfunction.io/enable-dapr is not set, and the function defines no inputs, outputs or states',
  `  URL in the cluster: http://${name}.ns.svc.cluster.local`,
  '  sidecars at maximum scale: none',
  '  scaling on pending events: off',
  '  pod security of the workload: baseline',
  '  memory and CPU (request / limit):',
  '    function, 0 or more replicas: memory not set, CPU not set',
  '    all at minimum: memory 0, CPU 0',
  '    all at maximum: not known, since replicas have no limit',
  '  objects:',
  `    Service ${name} (serving.knative.dev/v1)`,
  '  warnings:',
  '    warning: serving.workloadType: has no effect on a Knative Service',
];

test('an async function: what it is wired with, its resources in both modes, every object, and what the cluster needs', () => {
  expect(FunctionReports.text([report(orders())])).toBe(lines(
    ...ORDERS,
    '',
    'needs from the cluster:',
    '  objects written for Kubernetes 1.35',
    '  objects written for Dapr 1.18',
    '  objects written for KEDA 2.21',
    '  the API Component.dapr.io',
    '  the API Resiliency.dapr.io',
    '  the API ScaledObject.keda.sh',
    '  Dapr 1.16 or later with its sidecar injector',
    '  Kubernetes 1.30 or later, for the sleep before a pod stops',
    '  a network plugin that enforces NetworkPolicies, or an API token: otherwise every pod can use the Dapr API of this function',
    '  the Dapr component web in namespace ns',
  ));
});

test('an HTTP function: hosts and URLs, and no mode to compare with', () => {
  expect(FunctionReports.text([report(shop())])).toBe(lines(
    ...SHOP,
    '',
    'needs from the cluster:',
    '  objects written for Kubernetes 1.35',
    '  objects written for Knative Serving 1.24',
    '  objects written for the Gateway API 1.6',
    '  the API HTTPRoute.gateway.networking.k8s.io',
    '  the API Service.serving.knative.dev',
    '  a ReferenceGrant in namespace kourier-system that lets HTTPRoutes of ns use the Service kourier-internal',
  ));
});

test('five functions: a summary first, and once at the end what they need, with those that need it', () => {
  expect(FunctionReports.text(five())).toBe(lines(
    '5 functions:',
    '  function   image      port  replicas            Dapr        warnings',
    '  ns/orders  acme/fn:1  8080  0 to 5 replicas     standalone  0',
    '  ns/shop    acme/fn:1  3000  1 to 4 replicas     off         0',
    '  ns/timer   acme/fn:1  8080  1 replica           sidecar     0',
    '  ns/mail    acme/fn:1  8080  0 or more replicas  off         1',
    '  ns/search  acme/fn:1  8080  0 or more replicas  off         1',
    '',
    ...ORDERS,
    '',
    ...SHOP,
    '',
    ...TIMER,
    '',
    ...idle('mail'),
    '',
    ...idle('search'),
    '',
    'needs from the cluster:',
    '  objects written for Kubernetes 1.35',
    '  objects written for Dapr 1.18 (for ns/orders, ns/timer)',
    '  objects written for KEDA 2.21 (for ns/orders)',
    '  objects written for Knative Serving 1.24 (for ns/shop, ns/mail, ns/search)',
    '  objects written for the Gateway API 1.6 (for ns/shop)',
    '  the API Component.dapr.io (for ns/orders, ns/timer)',
    '  the API Resiliency.dapr.io (for ns/orders)',
    '  the API ScaledObject.keda.sh (for ns/orders)',
    '  the API HTTPRoute.gateway.networking.k8s.io (for ns/shop)',
    '  the API Service.serving.knative.dev (for ns/shop, ns/mail, ns/search)',
    '  Dapr 1.16 or later with its sidecar injector (for ns/orders, ns/timer)',
    '  Kubernetes 1.30 or later, for the sleep before a pod stops (for ns/orders)',
    '  a network plugin that enforces NetworkPolicies, or an API token: otherwise every pod can use the Dapr API of this function (for ns/orders)',
    '  the Dapr component web in namespace ns (for ns/orders)',
    '  a ReferenceGrant in namespace kourier-system that lets HTTPRoutes of ns use the Service kourier-internal (for ns/shop)',
  ));
});

test('a need of many functions, but not of all, names three of them', () => {
  const { chart } = newChart();
  const http = ['a', 'b', 'c', 'd', 'e'].map((name) => OpenFunctionApp.fromManifest(chart, name, { ...v1beta2({}, {}, { name }) }));
  const reports = [...http.map((fn) => fn.report), report(asyncFunction({ annotations: { 'openfunction.io/enable-dapr': 'false' } }))];
  expect(FunctionReports.text(reports).split('needs from the cluster:\n')[1]).toBe(lines(
    '  objects written for Kubernetes 1.35',
    '  objects written for Knative Serving 1.24 (for ns/a, ns/b, ns/c and 2 more)',
    '  objects written for Dapr 1.18 (for ns/fn)',
    '  the API Service.serving.knative.dev (for ns/a, ns/b, ns/c and 2 more)',
    '  the API Component.dapr.io (for ns/fn)',
  ));
});

test('a component that the function emits and does not use is among its components', () => {
  const { components } = report(asyncFunction({ annotations: { 'openfunction.io/enable-dapr': 'false' } }));
  expect(components).toEqual([{ name: 'fn-bindings-queue', componentType: 'bindings.kafka', isOwn: true, uses: [] }]);
  const text = FunctionReports.text([report(asyncFunction({ annotations: { 'openfunction.io/enable-dapr': 'false' } }))]);
  expect(text).toContain('  components:\n    fn-bindings-queue (bindings.kafka), not used\n');
});

test('components say what is not known of them; topics of a Subscription beside the function are its topics, too', () => {
  const { chart, fn } = synthManifest(asyncFunction({
    triggers: { dapr: [{ name: 'elsewhere', type: 'pubsub.existing', topic: 'a' }] },
    pubsub: { idle: EVENTS },
    bindings: {},
  }));
  new ApiObject(chart, 'subscription', {
    apiVersion: 'dapr.io/v2alpha1',
    kind: 'Subscription',
    metadata: { name: 'more', namespace: 'ns' },
    scopes: [fn.daprAppId],
    spec: { pubsubname: 'fn-pubsub-idle', topic: 'b', deadLetterTopic: 'dead' },
  });
  quietly(() => FunctionTopology.of(fn));
  const text = FunctionReports.text([fn.report]);
  expect(text.slice(text.indexOf('  topics:'), text.indexOf('  memory and CPU'))).toBe(lines(
    '  topics:',
    '    sends dead letters to dead through fn-pubsub-idle (pubsub.kafka)',
    '    subscribes to a through elsewhere (pubsub, type not known here)',
    '    subscribes to b through fn-pubsub-idle (pubsub.kafka)',
    '  components:',
    '    fn-pubsub-idle (pubsub.kafka)',
    '    elsewhere (pubsub, type not known here), defined elsewhere',
  ));
});

describe('as Markdown', () => {
  test('a function has facts and sections, and nothing in them is read as Markdown', () => {
    expect(FunctionReports.markdown([report(shop())])).toBe(lines(
      '## ns/shop',
      '',
      '- **image**: acme/fn:1',
      '- **workload**: KnativeService, port 3000, 1 to 4 replicas',
      '- **Dapr**: off, since openfunction.io/enable-dapr is not set, and the function defines no inputs, outputs or states',
      '- **URL in the cluster**: http://shop.ns.svc.cluster.local',
      '- **hosts**: \\*.acme.example, shop.acme.example',
      '- **URLs from outside**: http://shop.acme.example/ns/shop',
      '- **sidecars at maximum scale**: none',
      '- **scaling on pending events**: off',
      '- **pod security of the workload**: baseline',
      '',
      '### Memory and CPU (request / limit)',
      '',
      '- function, 1 to 4 replicas: memory 1Gi, CPU 0.5',
      '- all at minimum: memory 1Gi, CPU 500m',
      '- all at maximum: memory 4Gi, CPU 2',
      '',
      '### Objects',
      '',
      '- Service shop (serving.knative.dev/v1)',
      '- HTTPRoute shop (gateway.networking.k8s.io/v1)',
      '',
      '## Needs from the cluster',
      '',
      '- objects written for Kubernetes 1.35',
      '- objects written for Knative Serving 1.24',
      '- objects written for the Gateway API 1.6',
      '- the API HTTPRoute.gateway.networking.k8s.io',
      '- the API Service.serving.knative.dev',
      '- a ReferenceGrant in namespace kourier-system that lets HTTPRoutes of ns use the Service kourier-internal',
    ));
  });

  test('many functions have a table before them', () => {
    expect(FunctionReports.markdown(five()).split('\n## ns/orders\n')[0]).toBe(lines(
      '## 5 functions',
      '',
      '| Function | Image | Port | Replicas | Dapr | Warnings |',
      '| --- | --- | --- | --- | --- | --- |',
      '| ns/orders | acme/fn:1 | 8080 | 0 to 5 replicas | standalone | 0 |',
      '| ns/shop | acme/fn:1 | 3000 | 1 to 4 replicas | off | 0 |',
      '| ns/timer | acme/fn:1 | 8080 | 1 replica | sidecar | 0 |',
      '| ns/mail | acme/fn:1 | 8080 | 0 or more replicas | off | 1 |',
      '| ns/search | acme/fn:1 | 8080 | 0 or more replicas | off | 1 |',
    ));
  });

  test('texts of users stay texts', () => {
    const odd = { ...report(shop()), image: 'a|b<script>*_`x`\n# no heading [x](y)' };
    expect(FunctionReports.markdown([odd]).split('\n')[2]).toBe('- **image**: a\\|b\\<script\\>\\*\\_\\`x\\` # no heading \\[x\\](y)');
  });
});
