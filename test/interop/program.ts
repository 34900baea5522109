// A program with values of cdk8s-plus wherever the API takes one, as a user of any of its versions writes it.
import { ApiObject, App, Chart, JsonPatch, Size } from 'cdk8s';
import * as kplus from 'cdk8s-plus-28';
import { k8s } from 'cdk8s-plus-28';
import { DaprComponent, FunctionInput, OpenFunctionApp } from 'cdk8s-openfunction';

export const app = new App();
const shop = new Chart(app, 'shop', { namespace: 'shop' });

const pod: k8s.PodSpec = {
  nodeSelector: { disk: 'ssd' },
  dnsPolicy: kplus.DnsPolicy.CLUSTER_FIRST,
  containers: [
    {
      name: 'function',
      imagePullPolicy: kplus.ImagePullPolicy.ALWAYS,
      ports: [{ name: 'http1', containerPort: 8080 }],
      volumeMounts: [{ name: 'scratch', mountPath: '/scratch', mountPropagation: kplus.MountPropagation.NONE }],
      resources: { limits: { 'example.com/gpu': k8s.Quantity.fromNumber(1) } },
      livenessProbe: { httpGet: { path: '/live', port: k8s.IntOrString.fromNumber(8080) } },
      startupProbe: { tcpSocket: { port: k8s.IntOrString.fromString('http1') } },
    },
    { name: 'logs', image: 'acme/logs:1', resources: { requests: { memory: k8s.Quantity.fromString('32Mi') } } },
  ],
  volumes: [{ name: 'scratch', emptyDir: { sizeLimit: k8s.Quantity.fromString('1Gi') } }],
};
const resources: kplus.ContainerResources = {
  cpu: { request: kplus.Cpu.millis(100), limit: kplus.Cpu.units(1) },
  memory: { request: Size.mebibytes(128), limit: Size.mebibytes(256) },
  ephemeralStorage: { limit: Size.gibibytes(2) },
};
const login = kplus.Secret.fromSecretName(shop, 'login', 'orders-login');
const settings = new kplus.ConfigMap(shop, 'settings', { metadata: { name: 'orders-settings' }, data: { currency: 'EUR' } });
const token: kplus.SecretValue = { secret: login, key: 'token' };
const orders = new OpenFunctionApp(shop, 'orders', {
  image: 'acme/orders:1',
  imagePullSecret: login,
  serviceAccount: new kplus.ServiceAccount(shop, 'account', { metadata: { name: 'orders' } }),
  pod,
  resources,
  envFromSecrets: [login],
  envFromConfigMaps: [settings],
  secretEnv: { PASSWORD: token },
  envVariables: {
    TOKEN: kplus.EnvValue.fromSecretValue(token),
    CURRENCY: kplus.EnvValue.fromConfigMap(settings, 'currency', { optional: true }),
    ADDRESS: kplus.EnvValue.fromFieldRef(kplus.EnvFieldPaths.POD_IP),
    MEMORY: kplus.EnvValue.fromResource(kplus.ResourceFieldPaths.MEMORY_LIMIT, { divisor: '1Mi' }),
  },
});
orders.addEnvVariable('REGION', kplus.EnvValue.fromValue('eu'));

const events = new DaprComponent(shop, 'events', {
  componentType: 'pubsub.kafka',
  metadata: { brokers: 'kafka:9092', authType: 'password', saslUsername: 'shop' },
  secrets: { saslPassword: token },
});
const invoices = new OpenFunctionApp(shop, 'invoices', {
  image: 'acme/invoices:1',
  inputs: [FunctionInput.fromTopic(events, 'placed')],
  proxy: {
    imagePullSecrets: [login],
    apiToken: login,
    appToken: kplus.Secret.fromSecretName(shop, 'app-token', 'app-token'),
    serviceAccount: kplus.ServiceAccount.fromServiceAccountName(shop, 'broker', 'broker'),
  },
});

// By labels.
const byLabels = new kplus.NetworkPolicy(shop, 'by-labels', {
  selector: kplus.Pods.select(shop, 'orders-pods', { labels: orders.podLabels }),
  ingress: { default: kplus.NetworkPolicyTrafficDefault.DENY },
});
byLabels.addIngressRule(kplus.NetworkPolicyIpBlock.ipv4(shop, 'nodes', '10.0.0.0/8'), [kplus.NetworkPolicyPort.tcp(8080)]);
const proxies = kplus.Pods.select(shop, 'invoices-proxies', { labels: invoices.proxyPods.podLabels });
new kplus.Service(shop, 'admin', { metadata: { name: 'admin' }, selector: proxies, ports: [{ port: 18081 }] });

// As they are.
const wired = new Chart(app, 'wired', { namespace: 'shop' });
new kplus.NetworkPolicy(wired, 'guard', {
  selector: orders,
  ingress: { default: kplus.NetworkPolicyTrafficDefault.DENY, rules: [{ peer: invoices.proxyPods, ports: [kplus.NetworkPolicyPort.tcp(8080)] }] },
});
const brokers = new kplus.NetworkPolicy(wired, 'brokers', { selector: invoices.proxyPods });
brokers.addEgressRule(orders);
const shell = new kplus.Deployment(wired, 'shell', { metadata: { name: 'shell' }, containers: [{ image: 'acme/shell:1', resources: {} }] });
// What later versions say by themselves.
ApiObject.of(shell).addJsonPatch(JsonPatch.add('/spec/revisionHistoryLimit', 10), JsonPatch.add('/spec/template/spec/shareProcessNamespace', false));
shell.connections.allowTo(orders);
shell.connections.allowTo(invoices.proxyPods);
shell.connections.allowFrom(invoices);
shell.scheduling.colocate(invoices);
new kplus.Service(wired, 'metrics', { metadata: { name: 'metrics' }, selector: invoices, ports: [{ port: 9100 }] });

app.synth();
