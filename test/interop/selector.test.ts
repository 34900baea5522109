// A function and its proxy as pods that cdk8s-plus selects.
import { ApiObject, Chart } from 'cdk8s';
import * as kplus from 'cdk8s-plus-28';
import { DaprMode, FunctionOutput, OpenFunctionApp, OpenFunctionAppProps } from '../../src';
import { existing } from '../support/existing-component';
import { newChart, one, problemsOf, quietly, synthChart } from '../support/synth';

function functionWith(chart: Chart, props: Partial<OpenFunctionAppProps> = {}): OpenFunctionApp {
  return new OpenFunctionApp(chart, 'fn', { image: 'i', outputs: [FunctionOutput.toTopic(existing('events', 'pubsub.kafka'), 'placed')], ...props });
}

test('a policy lands in the namespace of the function that it selects, and names that of its peers', () => {
  const { chart } = newChart();
  const fn = functionWith(chart, { namespace: 'other' });
  const policy = new kplus.NetworkPolicy(chart, 'guard', { selector: fn });
  policy.addIngressRule(fn.proxyPods);
  const { metadata, spec } = one(quietly(() => synthChart(chart)), 'NetworkPolicy', policy.name);
  expect(metadata.namespace).toBe('other');
  expect(spec).toEqual({
    podSelector: { matchLabels: { 'openfunction.io/serving': 'fn' } },
    ingress: [{
      ports: [],
      from: [{ podSelector: { matchLabels: { 'openfunction.io/proxy': 'fn' } }, namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'other' } } }],
    }],
    policyTypes: ['Ingress'],
  });
});

test('the labels by which they are told are those of the pods, and make a selector in every language', () => {
  const { chart } = newChart();
  const fn = functionWith(chart);
  expect([fn.podLabels, fn.proxyPods.podLabels]).toEqual([{ 'openfunction.io/serving': 'fn' }, { 'openfunction.io/proxy': 'fn' }]);
  expect(fn.workload.toJson().spec.template.metadata.labels).toMatchObject(fn.podLabels);
  expect(fn.proxy?.toJson().spec.template.metadata.labels).toMatchObject(fn.proxyPods.podLabels);
  const pods = kplus.Pods.select(chart, 'pods', { labels: fn.proxyPods.podLabels });
  const policy = new kplus.NetworkPolicy(chart, 'guard', { selector: pods });
  expect(ApiObject.of(policy).toJson().spec.podSelector).toEqual({ matchLabels: fn.proxyPods.podLabels });
});

test('the pods of the proxy are the same construct each time, and emit nothing', () => {
  const { chart } = newChart();
  const fn = functionWith(chart);
  const before = quietly(() => synthChart(chart));
  expect(fn.proxyPods).toBe(fn.proxyPods);
  expect(quietly(() => synthChart(chart))).toEqual(before);
});

test('a function without the proxy has no pods of one, which an empty selector would take for all pods', () => {
  const { chart } = newChart();
  expect(problemsOf(() => functionWith(chart, { dapr: DaprMode.SIDECAR }).proxyPods)).toEqual([
    'proxyPods: not available: in Dapr mode "sidecar" the function has no dapr-proxy',
  ]);
});
