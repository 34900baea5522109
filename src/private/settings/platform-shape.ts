/** Shape of the platform settings as YAML: the fields of `PlatformSettingsProps`, with durations, sizes and names as text. */
import { proxy } from './proxy-shape';
import type { TracingModel } from '../function/function-model';
import { tracing } from '../function/function-shape';
import { tracingModel } from '../function/hooks-models';
import { hooks } from '../function/plugin-annotations';
import { boolean, integer, listOf, mapOf, object, ReadBy, Reader, stringMap, text, word } from '../function/shape';
import { isObject } from '../kubernetes/json';

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

const exporter = object({ name: text, endpoint: text, headers: text, compression: text, timeout: text, protocol: text });
const flatTracing = object({ enabled: boolean, provider: word, oapServer: text, exporter, tags: stringMap, baggage: stringMap });
const nestedTracing = tracing(boolean);

/** As in the typed settings, with the provider's name at `provider`, or as in a Function, with an object there. */
const eitherTracing: Reader<TracingModel> = (value, at) => {
  if (!isObject(value) || typeof value.provider !== 'string') return tracingModel(nestedTracing(value, at));
  const { enabled = true, provider: name, oapServer, exporter: target, tags, baggage } = flatTracing(value, at) ?? {};
  return tracingModel({ enabled, provider: { name, oapServer, exporter: target }, tags, baggage });
};

export const platform = object({
  clusterDomain: text,
  gateway,
  gateways: mapOf(gateway),
  knativeIngress: service,
  kedaInterceptor: service,
  kedaHttpAddOnVersion: text,
  knativeFeatures: listOf(word),
  hooks,
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
