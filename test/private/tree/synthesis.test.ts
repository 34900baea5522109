// What one synthesis says of a whole app: all its problems in one error, and each warning once.
import { ApiObject, App, Chart, Testing } from 'cdk8s';
import { DaprComponent, DaprComponentProps, FunctionInput, OpenFunctionApp, OpenFunctionManifests, PlatformSettings, WorkloadKind } from '../../../src';
import { v1beta2 } from '../../support/functions';
import { newChart, quietly, thrownBy } from '../../support/synth';

const IMAGE = 'acme/x:1';
const SLIP = { image: IMAGE, port: 70000 };
const SAID = '  port: 70000 is outside 1..65535';

/** With a mistake in each of two teams, a component and a manifest. */
function teams(): { app: App; charts: Chart[]; broken: OpenFunctionApp } {
  const app = Testing.app();
  const charts = ['a', 'b'].map((team) => new Chart(app, team, { namespace: team }));
  const [broken] = charts.map((chart) => new OpenFunctionApp(chart, 'fn', SLIP));
  charts.forEach((chart) => new OpenFunctionApp(chart, 'fine', { image: IMAGE }));
  const bus = new DaprComponent(charts[0], 'bus', { componentType: 'pubsub.redis', metadata: {} });
  new OpenFunctionApp(charts[0], 'reader', { image: IMAGE, inputs: [FunctionInput.fromTopic(bus, 'placed')] });
  new OpenFunctionManifests(charts[1], 'folder', { objects: [v1beta2({ workloadType: 'Pod' }), { apiVersion: 'v1' }] });
  return { app, charts, broken };
}

const ALL = [
  'a/fn: 1 problem', SAID,
  'b/fn: 1 problem', SAID,
  'a/bus: 1 problem', '  metadata: "redisHost" is missing; pubsub.redis needs it',
  'objects[0]: 1 problem', '  serving.workloadType: "Pod" is not one of "Deployment", "StatefulSet", "Job"',
  'objects[1]: 1 problem', '  .: is not a Kubernetes object: "kind" is missing',
].join('\n');

test('the problems of all functions, components and manifests of an app are one error, however it is synthesized', () => {
  const { app, charts } = teams();
  expect(thrownBy(() => app.synth())).toBe(ALL);
  expect(thrownBy(() => app.synthYaml())).toBe(ALL);
  expect(thrownBy(() => Testing.synth(charts[1]))).toBe(ALL);
});

test('what only synthesis knows is in the same error', () => {
  const { app, chart } = newChart();
  new OpenFunctionApp(chart, 'fn', SLIP);
  new OpenFunctionApp(chart, 'fine', { image: IMAGE, workload: WorkloadKind.DEPLOYMENT });
  PlatformSettings.of(app).set({ strict: true });
  expect(thrownBy(() => app.synthYaml())).toBe(
    `chart/fn: 1 problem\n${SAID}\nchart/fine: 1 problem\n  warning: workload: has no effect on a Knative Service`);
});

test('the stack has the places of the program, one for each function at first, and none of packages', () => {
  const { app } = teams();
  let error: Error | undefined;
  try {
    app.synth();
  } catch (thrown) {
    error = thrown as Error;
  }
  const frames = error!.stack!.split('\n').filter((line) => /^ {4}at /.test(line));
  expect(frames.length).toBeGreaterThan(1);
  expect(frames.filter((line) => !line.includes('synthesis.test.ts'))).toEqual([]);
});

test('a function with problems lets the program go on, and what it cannot answer throws what was found so far', () => {
  const { broken } = teams();
  expect([broken.functionName, broken.namespace, broken.daprAppId, broken.name, broken.internalUrl]).toEqual(['fn', 'a', 'fn-a', 'fn', 'http://fn.a']);
  ApiObject.of(broken).metadata.addLabel('team', 'a');
  broken.addEnv('A', 'b');
  for (const ask of [() => broken.report, () => broken.objects, () => broken.proxy, () => broken.daprMode]) expect(thrownBy(ask)).toBe(ALL);
  expect(thrownBy(() => broken.workload.toJson())).toContain(ALL);
});

test('an addition that is wrong ends the program with what was found before, too', () => {
  const { chart } = newChart();
  new OpenFunctionApp(chart, 'fn', SLIP);
  const fine = new OpenFunctionApp(chart, 'fine', { image: IMAGE });
  expect(thrownBy(() => fine.addEnv('A=B', 'c'))).toBe(
    `chart/fn: 1 problem\n${SAID}\nchart/fine: 1 problem\n  env["A=B"]: "A=B" is not a valid name for an environment variable: printable ASCII without "="`);
});

test('a function that is taken away takes its problems with it', () => {
  const { app, chart } = newChart();
  new OpenFunctionApp(chart, 'fn', SLIP);
  chart.node.tryRemoveChild('fn');
  new OpenFunctionApp(chart, 'fn', { image: IMAGE });
  expect(quietly(() => app.synthYaml())).toContain('kind: Service');
});

test('a component of no type ends the program, since what it can be used for is unknown', () => {
  const { chart } = newChart();
  new OpenFunctionApp(chart, 'fn', SLIP);
  const props: DaprComponentProps = { componentType: 'redis' };
  expect(thrownBy(() => { new DaprComponent(chart, 'bus', props); })).toBe(
    `chart/fn: 1 problem\n${SAID}\nchart/bus: 1 problem\n  componentType: "redis" does not begin with "bindings.", "pubsub." or "state."`);
});

test('a warning of many functions is one line with their count, and the last line counts all', () => {
  const { app, chart } = newChart();
  const names = ['a', 'b', 'c', 'd', 'e', 'f'];
  names.forEach((name) => new OpenFunctionApp(chart, name, { image: IMAGE, workload: WorkloadKind.DEPLOYMENT }));
  new OpenFunctionApp(chart, 'job', { image: IMAGE, proxy: { replicas: 2 } });
  const printed: string[] = [];
  quietly(() => app.synthYaml(), printed);
  expect(printed).toEqual([
    'warning: workload: has no effect on a Knative Service (6 functions: chart/a, chart/b, chart/c, chart/d, chart/e, …)',
    'chart/job: warning: proxy.replicas: has no effect on a function whose Dapr mode is "off"',
    '7 warnings in 7 of 7 functions',
  ]);
});
