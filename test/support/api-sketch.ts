import { App, Chart, JsonPatch } from 'cdk8s';
import * as kplus from 'cdk8s-plus-28';
import {
  DaprComponent, DaprMode, DaprProxyImage, FunctionInput, FunctionOutput, OpenFunctionApp, OpenFunctionManifests, PlatformSettings, TracingProvider,
} from 'cdk8s-openfunction';

const app = new App();
const shop = new Chart(app, 'shop', { namespace: 'shop' });

// 1. The smallest function: one Knative Service, no Dapr, since nothing asks for it.
new OpenFunctionApp(shop, 'hello', { name: 'hello', image: 'acme/hello:1.4.0' });

// 2. An output makes Dapr the default, and the default mode is the shared proxy.
const kafka = new DaprComponent(shop, 'kafka', {
  componentType: 'bindings.kafka',
  metadata: { brokers: 'kafka:9092', publishTopic: 'orders', authType: 'password', saslUsername: 'shop' },
  secrets: { saslPassword: { secret: kplus.Secret.fromSecretName(shop, 'kafka-login', 'kafka-login'), key: 'password' } },
});
const orders = new OpenFunctionApp(shop, 'orders', {
  name: 'orders',
  image: 'acme/orders:2.0.1',
  port: 8080,
  http: { route: { hostnames: ['orders.acme.io'] } },
  outputs: [FunctionOutput.toBinding(kafka, { name: 'placed', operation: 'create' })],
  scaling: { minReplicas: 0, maxReplicas: 20 },
});

// 3. The same with a sidecar in every pod, or without Dapr: said once, typed.
new OpenFunctionApp(shop, 'audit', { name: 'audit', image: 'acme/audit:1', outputs: [FunctionOutput.toBinding(kafka)], dapr: DaprMode.SIDECAR });

// 4. An asynchronous function: woken by its own pending events, scaled by KEDA, drained before it stops.
const events = DaprComponent.fromComponentName(shop, 'events', { componentName: 'events', componentType: 'pubsub.kafka' });
new OpenFunctionApp(shop, 'invoices', {
  name: 'invoices',
  image: 'acme/invoices:3.2.0',
  inputs: [FunctionInput.fromTopic(events, 'orders', { deadLetterTopic: 'orders-failed' })],
  scaling: { minReplicas: 0, maxReplicas: 50 },
  pendingEvents: { targetPerReplica: 20 },
  env: { CURRENCY: 'EUR' },
  pod: { serviceAccountName: 'invoices', containers: [{ name: 'function', resources: { limits: { memory: '256Mi' } } }] },
});

// 5. What already exists: Function manifests of either version, files, folders, or objects.
new OpenFunctionManifests(shop, 'legacy', { paths: ['functions/'] });
OpenFunctionApp.fromYamlFile(shop, 'greeter', 'functions/greeter.yaml');

// 6. What the platform team decides, once, for an app, a chart or a function (the nearest wins, field by field).
PlatformSettings.of(app).set({
  clusterDomain: 'cluster.local',
  gateway: { name: 'public', namespace: 'gateways' },
  proxyImage: DaprProxyImage.fromSource({ repository: 'registry.acme.io/dapr-proxy' }),
  tracing: { provider: TracingProvider.OPENTELEMETRY, exporter: { endpoint: 'otel:4317' } },
});

// 7. Composition: other objects use what a function offers, and everything emitted can be reached and patched.
new kplus.ConfigMap(shop, 'links', { data: { orders: orders.internalUrl, appId: orders.daprAppId } });
orders.workload.addJsonPatch(JsonPatch.add('/spec/template/metadata/annotations/team', 'checkout'));

app.synth();
