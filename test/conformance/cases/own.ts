// What only typed props and platform settings can say, a case each.
import { App, Chart, Duration, Size } from 'cdk8s';
import * as kplus from 'cdk8s-plus-28';
import type { Case } from './case';
import { changeProps } from './change-props';
import { renderApp } from './render';
import { DaprMode, DaprProxyImage, HttpEngine, OpenFunctionApp, ProxyDiscovery, RetryBackoff, TimeLimit, WorkloadKind,
  type OpenFunctionAppProps, FunctionInput, FunctionOutput } from '../../../src';
import { existing } from '../../support/existing-component';

type Props = (chart: Chart) => OpenFunctionAppProps;

const image = 'example.com/function:v1';
const queue = existing('queue', 'pubsub.redis');
const store = existing('store', 'bindings.redis');
const gateway = { name: 'public', namespace: 'gateways' };
const secret = (chart: Chart, name: string): kplus.ISecret => kplus.Secret.fromSecretName(chart, name, name);

const PROPS: Record<string, Props> = {
  'smallest function': () => ({ image }),
  'guarded proxy': (chart) => ({
    image,
    inputs: [FunctionInput.fromTopic(queue, 'orders')],
    platform: { proxy: { apiToken: secret(chart, 'api-token'), appToken: secret(chart, 'app-token'), tokenOnEvents: true, sidecarResources: { cpu: { request: kplus.Cpu.millis(50) }, memory: { limit: Size.mebibytes(256) } } } },
  }),
  'sidecar that drains': () => ({ image, inputs: [FunctionInput.fromTopic(queue, 'orders')], dapr: DaprMode.SIDECAR, drainTimeout: Duration.seconds(40) }),
  'proxy that drains': () => ({ image, inputs: [FunctionInput.fromTopic(queue, 'orders')], proxy: { drainTimeout: Duration.seconds(60), holdTimeout: TimeLimit.of(Duration.minutes(2)) } }),
  'proxy of two replicas': () => ({ image, inputs: [FunctionInput.fromTopic(queue, 'orders')], proxy: { replicas: 2 }, pendingEvents: { enabled: false } }),
  'proxy that watches endpoints': () => ({ image, inputs: [FunctionInput.fromTopic(queue, 'orders')], proxy: { discovery: ProxyDiscovery.ENDPOINT_SLICES } }),
  'proxy from a registry': () => ({ image, outputs: [FunctionOutput.toBinding(store)], platform: { proxyImage: DaprProxyImage.fromRegistry('example.com/dapr-proxy:v1') } }),
  'scaled on pending events': () => ({ image, inputs: [FunctionInput.fromTopic(queue, 'orders')], scaling: { minReplicas: 0, maxReplicas: 20 }, pendingEvents: { enabled: true, targetPerReplica: 5, activation: 1 } }),
  'job scaled on pending events': () => ({ image, inputs: [FunctionInput.fromTopic(queue, 'orders')], workload: WorkloadKind.JOB, pendingEvents: { enabled: true } }),
  'job without a scaler': () => ({ image, inputs: [FunctionInput.fromTopic(queue, 'orders')], workload: WorkloadKind.JOB }),
  'stateful set': () => ({ image, inputs: [FunctionInput.fromTopic(queue, 'orders')], workload: WorkloadKind.STATEFUL_SET, scaling: { minReplicas: 2, maxReplicas: 4 } }),
  'resilient input and output': () => ({
    image,
    inputs: [FunctionInput.fromTopic(queue, 'orders', { deadLetterTopic: 'failed', resiliency: { timeout: Duration.seconds(20), retry: { backoff: RetryBackoff.EXPONENTIAL, maxInterval: Duration.seconds(30), maxRetries: 5 } } })],
    outputs: [FunctionOutput.toBinding(store, { operation: 'create', resiliency: { circuitBreaker: { trip: 'consecutiveFailures > 3', timeout: Duration.seconds(10), maxRequests: 2 }, retry: { interval: Duration.seconds(1), maxRetries: 3 } } })],
  }),
  'rules and bulk': () => ({ image, inputs: [FunctionInput.fromTopic(queue, 'orders', { bulk: { maxMessages: 50, maxAwait: Duration.millis(200) }, rules: [{ match: 'event.type == "a"', path: '/a' }], defaultPath: '/other' })] }),
  'traffic split': () => ({ image, traffic: [{ revisionName: 'traffic-split-00001', percent: 90, tag: 'old' }, { percent: 10 }] }),
  'knative behind a gateway': () => ({ image, platform: { gateway, referenceGrants: true, syncWaves: true } }),
  'engine keda behind a gateway': () => ({
    image,
    outputs: [FunctionOutput.toBinding(store)],
    port: 3000,
    http: { engine: HttpEngine.KEDA, route: { hostnames: ['a.example.com'] } },
    platform: { gateway: { ...gateway, service: { name: 'envoy', namespace: 'gateways' } }, referenceGrants: true },
  }),
  'engine keda of an older add-on': () => ({ image, http: { engine: HttpEngine.KEDA }, scaling: { targetPendingRequests: 10 }, platform: { targets: { kedaHttp: '0.13' } } }),
  'fields behind features': () => ({
    image,
    outputs: [FunctionOutput.toBinding(store)],
    pod: { nodeSelector: { disk: 'ssd' }, securityContext: { runAsNonRoot: true }, initContainers: [{ name: 'prepare', image }] },
    platform: { knativeFeatures: ['kubernetes.podspec-fieldref'] },
  }),
};

export function ownCases(): Case[] {
  return Object.entries(PROPS).map(([name, props]) => ({
    source: 'own',
    name,
    render: (changes = []) => {
      const app = new App();
      const chart = new Chart(app, 'case', { namespace: 'shop' });
      new OpenFunctionApp(chart, name.replaceAll(' ', '-'), changes.reduce(changeProps, props(chart)));
      return renderApp(app);
    },
  }));
}
