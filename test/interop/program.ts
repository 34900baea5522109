// A program with values of cdk8s-plus wherever the API takes one, as a user of any of its versions writes it.
import { App, Chart, Size } from 'cdk8s';
import * as kplus from 'cdk8s-plus-28';
import { k8s } from 'cdk8s-plus-28';
import { OpenFunctionApp } from 'cdk8s-openfunction';

export const app = new App();
const shop = new Chart(app, 'shop', { namespace: 'shop' });

const pod: k8s.PodSpec = {
  nodeSelector: { disk: 'ssd' },
  dnsPolicy: kplus.DnsPolicy.CLUSTER_FIRST,
  containers: [
    {
      name: 'function',
      imagePullPolicy: kplus.ImagePullPolicy.ALWAYS,
      volumeMounts: [{ name: 'scratch', mountPath: '/scratch', mountPropagation: kplus.MountPropagation.NONE }],
      resources: { limits: { 'example.com/gpu': k8s.Quantity.fromNumber(1) } },
      livenessProbe: { httpGet: { path: '/live', port: k8s.IntOrString.fromNumber(8080) } },
      startupProbe: { tcpSocket: { port: k8s.IntOrString.fromString('function-port') } },
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
new OpenFunctionApp(shop, 'orders', { image: 'acme/orders:1', pod, resources });

app.synth();
