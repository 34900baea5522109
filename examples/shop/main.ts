/**
 * Two functions inside a larger chart: cdk8s-plus objects go into the functions, and what the functions offer goes into
 * other objects.
 */
import { Chart, JsonPatch } from 'cdk8s';
import * as kplus from 'cdk8s-plus-28';
import { Construct } from 'constructs';
import { DaprComponent, OpenFunctionApp, FunctionOutput, FunctionInput } from 'cdk8s-openfunction';

export class Shop extends Chart {
  public readonly orders: OpenFunctionApp;
  public readonly mails: OpenFunctionApp;
  public readonly events: DaprComponent;

  public constructor(scope: Construct, id: string) {
    super(scope, id, { namespace: 'shop' });

    // Objects of the chart that the functions use.
    const registry = kplus.Secret.fromSecretName(this, 'registry', 'registry-login');
    const smtp = kplus.Secret.fromSecretName(this, 'smtp', 'smtp-login');
    const account = new kplus.ServiceAccount(this, 'account', { metadata: { name: 'shop' } });
    const prices = new kplus.ConfigMap(this, 'prices', { metadata: { name: 'prices' }, data: { CURRENCY: 'EUR', VAT: '0.19' } });

    // One component for both: each function that uses it is added to its scopes.
    this.events = new DaprComponent(this, 'events', { componentType: 'pubsub.redis', metadata: { redisHost: 'redis:6379', concurrency: 10, queueDepth: 10 } });

    this.orders = new OpenFunctionApp(this, 'orders', {
      image: 'registry.acme.example/orders:2.0.1',
      imagePullSecret: registry,
      serviceAccount: account,
      envFromConfigMaps: [prices],
      outputs: [FunctionOutput.toTopic(this.events, 'placed')],
    });
    this.mails = new OpenFunctionApp(this, 'mails', {
      image: 'registry.acme.example/mails:1.1.0',
      imagePullSecret: registry,
      inputs: [FunctionInput.fromTopic(this.events, 'placed')],
      secretEnv: { SMTP_PASSWORD: { secret: smtp, key: 'password' } },
    });

    // A front end outside of OpenFunction finds a function by its address.
    const frontend = new kplus.Deployment(this, 'frontend', {
      metadata: { name: 'frontend' },
      replicas: 2,
      securityContext: { ensureNonRoot: false },
      containers: [{
        image: 'registry.acme.example/frontend:5.3.0',
        portNumber: 3000,
        envVariables: { ORDERS_URL: kplus.EnvValue.fromValue(this.orders.internalUrl) },
      }],
    });
    frontend.node.addDependency(this.orders);

    // Whatever the props do not offer is one patch away.
    this.orders.workload.addJsonPatch(JsonPatch.add('/spec/template/metadata/annotations/cluster-autoscaler.kubernetes.io~1safe-to-evict', 'true'));
  }
}
