/**
 * The platform's settings: each field with its reader, which is its type and its check, both for typed props and for
 * YAML.
 *
 * In YAML, durations, sizes and names are text; the proxy's typed settings have a way of their own (`./proxy.ts`).
 */
import { checkProps, Names, PROXY_NAMES } from './known-props';
import { checkProxy, proxy, proxyOf } from './proxy';
import { targets } from './targets';
import type { FunctionTracing } from '../../function-hooks';
import type { PlatformSettingsProps } from '../../platform-settings-props';
import { exporter, orderedHooks, tracing, TracingModel } from '../function/hooks';
import {
  anyOf, boolean, count, integer, into, listOf, mapOf, object, oneOf, Place, Read, ReadBy, Reader, stringMap, text,
  whole, withSchema, word,
} from '../function/readers';
import { copy, defined, isObject, Json, JsonObject, nonEmpty, present } from '../kubernetes/json';
import { SECURITY_LEVELS } from '../kubernetes/pod-security';
import { checkForm, dns1035Label, dns1123Label, dns1123Name, Form, qualifiedName } from '../kubernetes/syntax';
import { Problem, Problems, show } from '../problem/problem';
import { copyPlain } from '../yaml/copy-plain';

const DEFAULT_GATEWAY = 'openfunction/openfunction';
const DEFAULT_SERVICE_PORT = 80;
const DEFAULT_SCALER_PORT = 9090;
const MAX_PORT = 65_535;
const MAX_INT32 = 2 ** 31 - 1;

const domain = named(dns1123Name);
const namespace = named(dns1123Label);

const serviceOn = (standard: number) => into(
  whole({ name: required(dns1035Label), namespace: required(dns1123Label), port: integer(1, MAX_PORT) },
    { name: 'the name of a Service', namespace: 'its namespace' }),
  ({ port = standard, ...rest }) => ({ ...rest, port }),
);
const service = serviceOn(DEFAULT_SERVICE_PORT);

const gateway = whole({
  name: required(dns1123Name),
  namespace: required(dns1123Label),
  domain,
  clusterDomain: domain,
  hostTemplate: text,
  pathTemplate: text,
  labelKey: named(qualifiedName),
  service,
}, { name: 'the name of a Kubernetes Gateway', namespace: 'its namespace' });

const gateways = into(mapOf(gateway), (read, { path, problems }) => {
  const found = Object.entries(read).flatMap(([key, value]): [string, GatewayModel][] => (value ? [[key, value]] : []));
  for (const key of Object.keys(read)) {
    if (!/^[^/]+\/[^/]+$/.test(key)) {
      problems.error([...path, key], `${show(key)} is not of the form "<namespace>/<name>"`);
    }
  }
  return Object.fromEntries(found);
});

/** Tracing as the typed settings have it, with the name of the provider at `provider`. */
export function tracingOf(given: Omit<FunctionTracing, 'provider'> & { readonly provider?: string }): TracingModel {
  const { enabled, provider, oapServer, exporter: target, tags, baggage } = given;
  return defined({
    enabled: enabled ?? (provider === undefined ? undefined : true),
    provider: nonEmpty(defined({ name: provider, oapServer, exporter: target && defined({ ...target }) })),
    tags,
    baggage,
  });
}

const flatTracing = into(
  object({ enabled: boolean, provider: word, oapServer: text, exporter, tags: stringMap, baggage: stringMap }),
  tracingOf,
);

/** As in the typed settings, or as in a Function, with an object at `provider`. */
const eitherTracing = withSchema<TracingModel>((value, at) => (
  isObject(value) && isObject(value.provider) ? tracing : flatTracing)(value, at), anyOf(flatTracing, tracing));

/** What a place says as it is; places are merged field by field, the nearest wins. */
const FIELDS = {
  clusterDomain: domain,
  gateways,
  knativeIngress: service,
  kedaInterceptor: service,
  kedaHttpScaler: serviceOn(DEFAULT_SCALER_PORT),
  targets,
  knativeFeatures: into(listOf(word), present),
  hooks: orderedHooks,
  tracing: eitherTracing,
  proxy,
  /** Of every asynchronous function behind the proxy. */
  pendingEvents: object({ enabled: boolean, targetPerReplica: integer(1, MAX_INT32), activation: count }),
  kedaNamespace: namespace,
  monitoringNamespace: namespace,
  /** Names that no catalogue has, and that are right. */
  knownNames: into(listOf(word), present),
  podSecurity: oneOf(SECURITY_LEVELS),
  leastPrivilege: boolean,
  closedTopics: boolean,
  referenceGrants: boolean,
  syncWaves: boolean,
};

export type ServiceRefModel = ReadBy<typeof service>;
export type GatewayModel = ReadBy<typeof gateway>;
export type PlatformModel = Read<typeof FIELDS>;

export interface PlatformRead {
  readonly platform: PlatformModel;
  /** An image reference, in YAML only. */
  readonly proxyImage?: string;
  readonly strict?: boolean;
}

/** `gateway` is the one that functions without a reference attach to. */
export const platform: Reader<PlatformRead> = into(
  object({ ...FIELDS, gateway, proxyImage: word, strict: boolean }),
  ({ gateway: one, proxyImage, strict, ...fields }) => ({
    platform: one === undefined ? fields : { ...fields, gateways: { ...fields.gateways, [DEFAULT_GATEWAY]: one } },
    ...(proxyImage !== undefined && { proxyImage }),
    ...(strict !== undefined && { strict }),
  }),
);

/** What props hold that YAML has as text. */
const OBJECTS: Names = { proxy: PROXY_NAMES, proxyImage: 'image' };

/** Typed settings, read as what they would be in YAML; the image of the proxy is an object of its own. */
export function platformOf(
  { proxy: ofProxy, proxyImage, ...props }: PlatformSettingsProps,
): { platform: PlatformModel; problems: Problem[] } {
  const problems = new Problems();
  const at: Place = { path: [], problems };
  // Numbers that are not finite and what JSON does not have are reported here.
  const plain = copyPlain(props, problems);
  const read = platform(isObject(plain) ? plain : {}, at)?.platform ?? {};
  const { unknown, misshapen } = checkProps({ proxy: ofProxy, proxyImage }, OBJECTS);
  problems.add(...unknown, ...misshapen);
  if (misshapen.length > 0 || !ofProxy) return { platform: read, problems: problems.all };
  const model = proxyOf(ofProxy);
  problems.add(...checkProxy(model, ['proxy']));
  return { platform: { ...read, proxy: copy(model as JsonObject) as typeof model }, problems: problems.all };
}

/** Text of a form, for which empty means unset. */
function named(form: Form): Reader<string> {
  return withSchema((value, at) => formed(form, text(value, at), at), text.schema);
}

/** Text of a form that must say something. */
function required(form: Form): Reader<string> {
  return withSchema((value: Json, at: Place) => formed(form, word(value, at), at), word.schema);
}

function formed(form: Form, given: string | undefined, at: Place): string | undefined {
  checkForm(at.path, given, form, at.problems);
  return given;
}
