// Valid Functions of core.openfunction.io/v1beta1.
import * as fc from 'fast-check';
import { components, outputs, triggers } from './components';
import { template } from './pod';
import { bounds, kedaTriggers, knativeOptions, scaledJob, scaledObject } from './scaling';
import { common, commonServing, daprAnnotations, fnName, named, namespace, routes } from './v1beta2';
import { given, maybe, some, text, word, type Manifest } from './words';

const plugins = fc.tuple(fc.array(word, { maxLength: 2 }), fc.array(word, { maxLength: 2 })).map(([pre, post]) =>
  `pre: [${pre.join(', ')}]\npost: [${post.join(', ')}]\n`);
const pluginsTracing = fc.constantFrom(
  'enabled: true\nprovider:\n  name: skywalking\n  oapServer: oap:11800\ntags:\n  a: b\n',
  'enabled: false\n',
);

const flatReference = ({ name, topic }: Manifest): Manifest => given({ component: name, topic });

function scaleOptions(runtime: string): fc.Arbitrary<Manifest> {
  const block: fc.Arbitrary<Manifest | undefined> = runtime === 'knative'
    ? maybe(knativeOptions.map((knative) => ({ knative })))
    : maybe(fc.oneof(
      fc.tuple(scaledObject, maybe(fc.constantFrom('Deployment', 'StatefulSet'))).map(([each, workloadType]) => ({ keda: { scaledObject: given({ ...each, workloadType }) } })),
      scaledJob.map((each) => ({ keda: { scaledJob: each } })),
    ));
  return fc.tuple(bounds, block).map(([replicas, more]) => ({ ...replicas, ...more }));
}

export const v1beta1: fc.Arbitrary<Manifest> = fc.tuple(fc.constantFrom('knative', 'async'), components('v1beta1'), maybe(fc.constantFrom(8080, 3000))).chain(([runtime, defined, port]) => fc.record({
  name: fnName,
  namespace,
  annotations: some({ 'plugins': plugins, 'plugins.tracing': pluginsTracing, 'note': text }),
  spec: some(common),
  route: maybe(routes),
  serving: some({
    ...commonServing,
    annotations: daprAnnotations,
    template: template(runtime === 'async' ? 8080 : port ?? 8080, runtime === 'knative'),
    scaleOptions: scaleOptions(runtime),
    outputs: outputs().map((list) => named(list.map(({ operation, metadata, ...ref }) => given({ ...flatReference(ref), operation, params: metadata })), 'name')),
  }),
  inputs: triggers().map((list) => named(list.map(flatReference), 'name')),
  triggers: maybe(kedaTriggers),
}).map(({ name, namespace: ns, annotations, spec, route, serving, inputs, triggers: list }) => ({
  apiVersion: 'core.openfunction.io/v1beta1',
  kind: 'Function',
  metadata: { name, namespace: ns, annotations },
  spec: given({
    ...spec,
    image: `example.com/functions/${name}:v1`,
    ...(runtime === 'knative' ? { port, route } : {}),
    serving: given({ ...serving, ...defined, runtime, ...(runtime === 'async' ? { inputs, triggers: list } : {}) }),
  }),
})));
