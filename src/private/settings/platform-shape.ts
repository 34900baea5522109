/** Shape of the platform settings as YAML: the fields of `PlatformSettingsProps`, with durations, sizes and names as text. */
import { proxy } from './proxy-shape';
import { exporter, orderedHooks, tracing, TracingModel } from '../function/hooks';
import { boolean, integer, into, listOf, mapOf, object, ReadBy, Reader, stringMap, text, word } from '../function/shape';
import { defined, isObject } from '../kubernetes/json';

const MAX_PORT = 65_535;

const service = object({ name: word, namespace: word, port: integer(1, MAX_PORT) }, { name: 'the name of a Service', namespace: 'its namespace' });

const gateway = object({
  name: word,
  namespace: word,
  domain: text,
  clusterDomain: text,
  hostTemplate: text,
  pathTemplate: text,
  labelKey: text,
  service,
}, { name: 'the name of a Kubernetes Gateway', namespace: 'its namespace' });
export type GatewayShape = ReadBy<typeof gateway>;

const flatTracing: Reader<TracingModel> = into(
  object({ enabled: boolean, provider: word, oapServer: text, exporter, tags: stringMap, baggage: stringMap }),
  ({ enabled = true, provider, oapServer, exporter: target, ...rest }) => ({
    enabled, provider: defined({ name: provider, oapServer, exporter: target }), ...rest,
  }),
);

/** As in the typed settings, with the provider's name at `provider`, or as in a Function, with an object there. */
const eitherTracing: Reader<TracingModel> = (value, at) => (
  isObject(value) && typeof value.provider === 'string' ? flatTracing : tracing)(value, at);

export const platform = object({
  clusterDomain: text,
  gateway,
  gateways: mapOf(gateway),
  knativeIngress: service,
  kedaInterceptor: service,
  kedaHttpAddOnVersion: text,
  knativeFeatures: listOf(word),
  hooks: orderedHooks,
  tracing: eitherTracing,
  proxyImage: word,
  proxy,
  kedaNamespace: text,
  monitoringNamespace: text,
  referenceGrants: boolean,
  syncWaves: boolean,
  strict: boolean,
});
export type PlatformShape = ReadBy<typeof platform>;
