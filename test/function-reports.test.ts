// The report as text, JSON and a diagram (docs/spec M127).
import { FunctionReport, FunctionReports } from '../src';
import { scaler } from './support/components';
import { asyncFunction, EVENTS, v1beta2 } from './support/functions';
import { synthManifest, SynthOptions } from './support/synth';
import { bundleOf } from '../src/private/image/bundle';

const SIDECAR = { annotations: { 'openfunction.io/dapr-service-mode': 'sidecar' } };
const report = (manifest: object, options?: SynthOptions) => synthManifest(manifest, options).fn.report;
const hello = () => report(v1beta2({ template: { containers: [], nodeSelector: { a: 'b' } } }));
const bus = { triggers: { dapr: [{ name: 'bus', topic: 't' }] }, bindings: {}, pubsub: { bus: EVENTS } };
const { configMapName: bundle } = bundleOf();
const job = () => report(asyncFunction({ ...bus, workloadType: 'Job', scaleOptions: { keda: { triggers: [scaler('cron')] } } }));
const edges = (one: FunctionReport) => FunctionReports.mermaid([one]).split('\n').filter((line) => / (-->|---|\.->) /.test(line)).map((line) => line.trim());

describe('a report as text', () => {
  test('is a paragraph for each function, without what there is nothing of, and ends with what the cluster needs', () => {
    expect(FunctionReports.text([hello(), report(v1beta2({}, {}, { name: 'other' }), { pendingEvents: {} })])).toBe([
      'ns/fn',
      '  image: acme/fn:1',
      '  workload: KnativeService, port 8080, 0 or more replicas',
      '  Dapr: off, since openfunction.io/enable-dapr is not set, and the function defines no inputs, outputs or states',
      '  URL in the cluster: http://fn.ns.svc.cluster.local',
      '  sidecars at maximum scale: none',
      '  scaling on pending events: off',
      '  pod security of the workload: baseline',
      '  memory and CPU (request / limit):',
      '    function, 0 or more replicas: memory not set, CPU not set',
      '    all at minimum: memory 0, CPU 0',
      '    all at maximum: not known, since replicas have no limit',
      '  objects:',
      '    Service fn (serving.knative.dev/v1)',
      '',
      'ns/other',
      '  image: acme/fn:1',
      '  workload: KnativeService, port 8080, 0 or more replicas',
      '  Dapr: off, since openfunction.io/enable-dapr is not set, and the function defines no inputs, outputs or states',
      '  URL in the cluster: http://other.ns.svc.cluster.local',
      '  sidecars at maximum scale: none',
      '  scaling on pending events: off',
      '  pod security of the workload: baseline',
      '  memory and CPU (request / limit):',
      '    function, 0 or more replicas: memory not set, CPU not set',
      '    all at minimum: memory 0, CPU 0',
      '    all at maximum: not known, since replicas have no limit',
      '  objects:',
      '    Service other (serving.knative.dev/v1)',
      '  warnings:',
      '    warning: pendingEvents: scaling on pending events has no effect on an HTTP function, which its own requests scale',
      '',
      'needs from the cluster:',
      '  objects written for Kubernetes 1.35',
      '  objects written for Knative Serving 1.24',
      '  the API Service.serving.knative.dev',
      '  the Knative feature flag kubernetes.podspec-nodeselector (for ns/fn)',
      '',
    ].join('\n'));
  });

  test('of no function is empty', () => {
    const formats = [FunctionReports.text([]), FunctionReports.markdown([]), FunctionReports.json([]), FunctionReports.mermaid([])];
    expect(formats).toEqual(['', '', '[]\n', 'flowchart LR\n']);
  });
});

test('a report as JSON is what it is as an object', () => {
  const reports = [hello(), job()];
  expect(JSON.parse(FunctionReports.json(reports))).toEqual(reports);
  expect(FunctionReports.json(reports)).toMatch(/\n$/);
});

describe('a report as a diagram', () => {
  test('has a box for each function, with its objects and their dependencies', () => {
    expect(FunctionReports.mermaid([hello(), report(asyncFunction({ ...bus, scaleOptions: { keda: { triggers: [{ type: 'kafka', metadata: { bootstrapServers: 'kafka:9092', consumerGroup: 'orders' } }] } } }))])).toBe([
      'flowchart LR',
      '  subgraph f0["ns/fn, Dapr mode off"]',
      '    f0o0["Service<br/>fn"]',
      '  end',
      '  subgraph f1["ns/fn, Dapr mode standalone"]',
      '    f1o0[("Component<br/>fn-pubsub-bus")]',
      '    f1o1["Resiliency<br/>fn-dapr-proxy"]',
      '    f1o2["Service<br/>fn"]',
      '    f1o3["Service<br/>fn-any"]',
      '    f1o4["Deployment<br/>fn"]',
      '    f1o5["ScaledObject<br/>fn"]',
      '    f1o6["Service<br/>fn-dapr-proxy"]',
      '    f1o7["NetworkPolicy<br/>fn-dapr-proxy"]',
      '    f1o8["Deployment<br/>fn-dapr-proxy"]',
      `    f1o9["ConfigMap<br/>${bundle}"]`,
      '    f1o2 -- address of --> f1o4',
      '    f1o3 -- address of --> f1o4',
      '    f1o0 --- f1o8',
      '    f1o1 -. retries .-> f1o8',
      '    f1o8 -- events --> f1o4',
      '    f1o4 -. Dapr API .-> f1o8',
      '    f1o8 -. pending events .-> f1o5',
      '    f1o5 -- scales --> f1o4',
      '    f1o6 -- address of --> f1o8',
      '    f1o7 -. guards .-> f1o8',
      '    f1o9 -. program .-> f1o8',
      '  end',
      '',
    ].join('\n'));
  });

  test('joins components to the pods that have a sidecar, and to nothing without Dapr', () => {
    expect(edges(report(asyncFunction({ ...bus, ...SIDECAR })))).toEqual(['f0o0 --- f0o1']);
    expect(edges(report(asyncFunction({ ...bus, annotations: { 'openfunction.io/enable-dapr': 'false' } })))).toEqual([]);
  });

  test('leads pending events to the ScaledJob, which is workload and scaler', () => {
    const ids = job().objects.map(({ kind, name }, index) => [`${kind} ${name}`, `f0o${index}`]);
    const { 'ScaledJob fn': scaled, 'Deployment fn-dapr-proxy': proxy } = Object.fromEntries(ids) as Record<string, string>;
    expect(edges(job())).toContain(`${proxy} -. pending events .-> ${scaled}`);
  });

  test('leads requests from the route', () => {
    const routed = report(v1beta2({ triggers: { http: { route: {} } } }));
    expect(routed.objects.map(({ role }) => role)).toEqual(['workload', 'route']);
    expect(edges(routed)).toEqual(['f0o1 -- requests --> f0o0']);
  });
});
