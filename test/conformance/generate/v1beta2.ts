// Valid Functions of core.openfunction.io/v1beta2.
import * as fc from 'fast-check';
import { components, outputs, stateReference, triggers, type Components } from './components';
import { template } from './pod';
import { bounds, fallback, httpScaledObject, kedaTriggers, knativeOptions, scaledJob, scaledObject } from './scaling';
import { count, given, labelValue, maybe, some, stringMap, subset, text, word, type Manifest } from './words';

export const fnName = fc.stringMatching(/^[a-z]([a-z0-9-]{0,18}[a-z0-9])?$/);
export const namespace = fc.constantFrom('shop', 'team-a');

export const routes: fc.Arbitrary<Manifest> = some({
  gatewayRef: fc.constant({ name: 'openfunction', namespace: 'openfunction' }),
  hostnames: subset(['a.example.com', 'b.example.com', '*.c.example.com'], { minLength: 1 }),
  rules: fc.array(some({
    matches: fc.constantFrom(
      [{ path: { type: 'PathPrefix', value: '/api' } }],
      [{ path: { type: 'Exact', value: '/one' }, method: 'GET' }],
      [{ headers: [{ name: 'x-tenant', value: 'a' }] }, { path: { type: 'PathPrefix', value: '/b' } }],
      [{ queryParams: [{ name: 'v', type: 'Exact', value: '2' }] }],
    ),
    filters: fc.constantFrom(
      [{ type: 'RequestHeaderModifier', requestHeaderModifier: { add: [{ name: 'x-via', value: 'gateway' }] } }],
      [{ type: 'URLRewrite', urlRewrite: { path: { type: 'ReplacePrefixMatch', replacePrefixMatch: '/' } } }],
      [{ type: 'ResponseHeaderModifier', responseHeaderModifier: { remove: ['server'] } }],
    ),
    timeouts: fc.constant({ request: '10s' }),
  }).filter(gatewayTakes), { minLength: 1, maxLength: 2 }),
});

/** The Gateway API wants a prefix rewrite to stand on exactly one prefix match. */
function gatewayTakes({ matches, filters }: Manifest): boolean {
  const rewrites = JSON.stringify(filters ?? []).includes('ReplacePrefixMatch');
  const list = (matches ?? [{ path: { type: 'PathPrefix' } }]) as { path?: { type: string } }[];
  return !rewrites || (list.length === 1 && list[0].path?.type === 'PathPrefix');
}

/** The two annotations that decide, and those that Dapr reads. */
export const daprAnnotations: fc.Arbitrary<Manifest> = some({
  'openfunction.io/enable-dapr': fc.constantFrom('true', 'false'),
  'openfunction.io/dapr-service-mode': fc.constantFrom('standalone', 'sidecar'),
  'dapr.io/app-id': fc.stringMatching(/^[a-z][a-z0-9-]{0,18}[a-z0-9]$/),
  'dapr.io/app-protocol': fc.constantFrom('grpc', 'http', 'h2c'),
  'dapr.io/log-level': fc.constantFrom('debug', 'warn'),
  'dapr.io/log-as-json': fc.constant('false'),
  'team': text,
});

export const hooks: fc.Arbitrary<Manifest> = some({ pre: fc.array(word, { maxLength: 2 }), post: fc.array(word, { maxLength: 2 }), policy: fc.constantFrom('Append', 'Override') });

const exporter = some({ name: fc.constant('otlp'), endpoint: fc.constant('http://otel:4317'), headers: fc.constant('a=b'), compression: fc.constant('gzip'), timeout: fc.constant('10s'), protocol: fc.constant('grpc') });
export const tracing: fc.Arbitrary<Manifest> = fc.oneof(
  fc.constant<Manifest>({ enabled: false }),
  fc.record({
    enabled: fc.constant(true),
    provider: fc.oneof(some({ name: fc.constant('skywalking'), oapServer: fc.constant('oap:11800') }, ['name']), some({ name: fc.constant('opentelemetry'), exporter }, ['name'])),
    tags: stringMap(word),
    baggage: stringMap(word),
  }, { requiredKeys: ['enabled', 'provider'] }),
);

/** What both versions share, beside the trigger. */
export const common = {
  version: fc.constantFrom('v1.0.0', 'latest', 'v2/rc+1', ''),
  imageCredentials: fc.constant({ name: 'registry' }),
  workloadRuntime: fc.constantFrom('OCIContainer', 'WasmEdge', 'wasmedge'),
  build: fc.constant({ builder: 'builder:v1', srcRepo: { url: 'https://example.com/repo.git' } }),
};
export const commonServing = {
  params: stringMap(fc.constantFrom('GREETING', 'REFERENCE', 'LEVEL')),
  labels: stringMap(fc.constantFrom('team', 'example.com/tier', 'app.kubernetes.io/part-of'), labelValue),
  timeout: fc.constantFrom('30s', '2m', '1h30m'),
};

interface Shape {
  readonly kind: 'knative' | 'keda' | 'async';
  readonly workloadType?: string;
  readonly port?: number;
}

const shape: fc.Arbitrary<Shape> = fc.oneof(
  fc.record({ kind: fc.constant('knative' as const), port: maybe(fc.constantFrom(8080, 3000, 9000)) }),
  fc.record({ kind: fc.constant('keda' as const), port: maybe(fc.constantFrom(8080, 3000)) }),
  fc.record({ kind: fc.constant('async' as const), workloadType: maybe(fc.constantFrom('Deployment', 'StatefulSet', 'Job')) }),
);

function trigger({ kind, port }: Shape): fc.Arbitrary<Manifest> {
  if (kind === 'async') return fc.record({ dapr: triggers(), inputs: maybe(stateInputs) }).map(({ dapr, inputs }) => given({ dapr: named(dapr, 'inputName'), inputs }));
  const engine = kind === 'keda' ? fc.constant('keda') : maybe(fc.constant('knative'));
  return fc.record({ engine, route: maybe(routes), inputs: maybe(stateInputs) })
    .map(({ inputs, ...http }) => given({ http: given({ port, ...http }), inputs }));
}

const stateInputs = fc.uniqueArray(stateReference, { selector: ({ name }) => name, minLength: 1, maxLength: 2 })
  .map((list) => list.map((dapr) => ({ dapr })));

/** Every other entry gets a name of its own. */
export function named(list: readonly Manifest[], key: string): Manifest[] {
  return list.map((entry, index) => (index % 2 === 0 ? entry : { ...entry, [key]: `own-${index}` }));
}

function scaleOptions({ kind, workloadType }: Shape): fc.Arbitrary<Manifest> {
  const blocks: Record<string, fc.Arbitrary<Manifest | undefined>> = {
    knative: maybe(knativeOptions.map((knative) => ({ knative }))),
    keda: maybe(httpScaledObject.map((block) => ({ keda: { httpScaledObject: block } }))),
    async: maybe(fc.record({ block: asyncBlock(workloadType), triggers: maybe(kedaTriggers) })
      .map(({ block, triggers: list }) => ({ keda: given({ ...block, triggers: withAverage(block, list) }) }))),
  };
  return fc.tuple(bounds, blocks[kind]).map(([replicas, block]) => ({ ...replicas, ...block }));
}

function asyncBlock(workloadType: string | undefined): fc.Arbitrary<Manifest> {
  if (workloadType === 'Job') return scaledJob.map((job) => ({ scaledJob: job }));
  return fc.tuple(scaledObject, maybe(fallback)).map(([object, more]) => ({ scaledObject: given({ ...object, fallback: more }) }));
}

/** KEDA takes a fallback only beside a trigger that says `AverageValue` in so many words. */
function withAverage(block: Manifest, list: Manifest[] | undefined): Manifest[] | undefined {
  const falls = (block.scaledObject as Manifest | undefined)?.fallback !== undefined;
  return falls ? list?.map((each) => ({ ...each, metricType: 'AverageValue' })) : list;
}

export const v1beta2: fc.Arbitrary<Manifest> = fc.tuple(shape, components('v1beta2') as fc.Arbitrary<Components>).chain(([kind, defined]) => fc.record({
  name: fnName,
  namespace,
  spec: some(common),
  serving: some({
    ...commonServing,
    annotations: daprAnnotations,
    hooks,
    tracing,
    template: template(kind.kind === 'async' ? 8080 : kind.port ?? 8080, kind.kind === 'knative'),
    scaleOptions: scaleOptions(kind),
    outputs: outputs().map((list) => named(list, 'outputName').map((dapr) => ({ dapr }))),
  }),
  triggers: trigger(kind),
  revision: count(3),
}).map(({ name, namespace: ns, spec, serving, triggers: by, revision }) => ({
  apiVersion: 'core.openfunction.io/v1beta2',
  kind: 'Function',
  metadata: { name, namespace: ns },
  spec: {
    ...spec,
    image: `example.com/functions/${name}:v${revision}`,
    serving: given({ ...serving, ...defined, triggers: by, workloadType: kind.workloadType }),
  },
})));
