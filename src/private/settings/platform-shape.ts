/** Shape of the platform settings as YAML: the fields of `PlatformSettingsProps`, with durations, sizes and names as text. */
import { proxy } from './proxy';
import { eitherTracing } from './tracing';
import { orderedHooks } from '../function/hooks';
import { boolean, integer, listOf, mapOf, object, ReadBy, text, word } from '../function/readers';

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
