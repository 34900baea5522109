/** The platform settings as YAML: the fields of `PlatformSettingsProps`, with durations, sizes and names as text. */
import { proxy } from './proxy';
import { eitherTracing } from './tracing';
import { orderedHooks } from '../function/hooks';
import { boolean, integer, into, listOf, mapOf, object, text, whole, word } from '../function/readers';
import { present } from '../kubernetes/json';

const MAX_PORT = 65_535;

const service = whole({ name: word, namespace: word, port: integer(1, MAX_PORT) }, { name: 'the name of a Service', namespace: 'its namespace' });

const gateway = whole({
  name: word,
  namespace: word,
  domain: text,
  clusterDomain: text,
  hostTemplate: text,
  pathTemplate: text,
  labelKey: text,
  service,
}, { name: 'the name of a Kubernetes Gateway', namespace: 'its namespace' });

const gateways = into(mapOf(gateway), (read) => Object.fromEntries(Object.entries(read).flatMap(([key, value]) => (value ? [[key, value]] : []))));

export const platform = object({
  clusterDomain: text,
  gateway,
  gateways,
  knativeIngress: service,
  kedaInterceptor: service,
  kedaHttpAddOnVersion: text,
  knativeFeatures: into(listOf(word), present),
  hooks: orderedHooks,
  tracing: eitherTracing,
  proxyImage: word,
  proxy,
  kedaNamespace: text,
  monitoringNamespace: text,
  referenceGrants: boolean,
  syncWaves: boolean,
  strict: boolean,
  knownNames: into(listOf(word), present),
});
