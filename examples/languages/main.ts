/** One chart in four languages: here, and the same in Python, Java and Go beside this file. `npm run test:languages` compares their bytes. */
import { App, Chart, Duration, JsonPatch, Size } from 'cdk8s';
import * as kplus from 'cdk8s-plus-28';
import { Construct } from 'constructs';
import { DaprComponent, DaprMode, DaprProxyImage, FunctionInput, FunctionOutput, OpenFunctionApp, PlatformSettings, TimeLimit } from 'cdk8s-openfunction';

export class Bakery extends Chart {
  public constructor(scope: Construct, id: string) {
    super(scope, id, { namespace: 'bakery' });

    // What the platform team decides. Without a proxy image of its own, the proxy runs inline, from a ConfigMap.
    PlatformSettings.of(this).set({
      clusterDomain: 'cluster.acme.example',
      gateway: { name: 'public', namespace: 'gateways', domain: 'apps.acme.example' },
      proxyImage: DaprProxyImage.inline({ nodeImage: 'registry.acme.example/node:22-alpine' }),
      proxy: { holdTimeout: TimeLimit.of(Duration.seconds(30)), sidecarResources: { memory: { limit: Size.mebibytes(128) } } },
    });

    // The smallest function, and one that publishes through the shared proxy.
    new OpenFunctionApp(this, 'hello', { image: 'acme/hello:1.4.0' });
    const kafka = new DaprComponent(this, 'kafka', {
      componentType: 'bindings.kafka',
      metadata: { authType: 'password', brokers: 'kafka:9092', maxMessageBytes: 1024, publishTopic: 'orders', saslUsername: 'bakery' },
      secrets: { saslPassword: { secret: kplus.Secret.fromSecretName(this, 'kafka-login', 'kafka-login'), key: 'password' } },
    });
    const orders = new OpenFunctionApp(this, 'orders', {
      image: 'acme/orders:2.0.1',
      port: 9000,
      http: { route: { hostnames: ['orders.acme.example'] } },
      outputs: [FunctionOutput.toBinding(kafka, { name: 'placed', operation: 'create' })],
      scaling: { minReplicas: 0, maxReplicas: 20 },
    });

    // A sidecar in every pod, and a pod as Kubernetes writes it.
    new OpenFunctionApp(this, 'audit', {
      image: 'acme/audit:1.0.0',
      outputs: [FunctionOutput.toBinding(kafka, { name: 'log', operation: 'create' })],
      dapr: DaprMode.SIDECAR,
      pod: { containers: [{ name: 'function', resources: { limits: { memory: '256Mi' } } }] },
    });

    // Woken by its own pending events.
    const events = DaprComponent.fromComponentName(this, 'events', { componentName: 'events', componentType: 'pubsub.kafka' });
    new OpenFunctionApp(this, 'invoices', {
      image: 'acme/invoices:3.2.0',
      inputs: [FunctionInput.fromTopic(events, 'orders', { deadLetterTopic: 'orders-failed' })],
      scaling: { minReplicas: 0, maxReplicas: 50 },
      pendingEvents: { targetPerReplica: 20 },
      env: { CURRENCY: 'EUR' },
    });

    // A manifest as it is.
    OpenFunctionApp.fromManifest(this, 'greeter', {
      apiVersion: 'core.openfunction.io/v1beta2',
      kind: 'Function',
      metadata: { name: 'greeter' },
      spec: { image: 'acme/greeter:1.0.0', serving: { triggers: { http: { port: 8081 } } } },
    });

    // Other objects use what a function offers, and everything can be patched.
    new kplus.ConfigMap(this, 'links', { metadata: { name: 'links' }, data: { appId: orders.daprAppId, orders: orders.internalUrl } });
    orders.workload.addJsonPatch(JsonPatch.add('/spec/template/metadata/annotations/team', 'checkout'));
  }
}

if (require.main === module) {
  const app = new App();
  new Bakery(app, 'bakery');
  app.synth();
}
