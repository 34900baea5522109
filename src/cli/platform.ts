/**
 * Platform settings from a file: YAML with the fields of the typed settings, or the ConfigMap `openfunction-config` as
 * the operator reads it.
 */
import { platform, PlatformRead } from '../private/decide/platform';
import { readHooksText, readPlugins, readTracingText } from '../private/function/hooks';
import { below, Place, stringMap, wrongType } from '../private/function/readers';
import { JsonObject, isObject } from '../private/kubernetes/json';
import { Problem, Problems } from '../private/problem/problem';
import { checkProxyImage, ignoredProxy, isOperatorsProxy } from '../private/settings/operators-proxy';
import { copyPlain } from '../private/yaml/copy-plain';
import { readValues } from '../private/yaml/read-yaml';

export interface ReadPlatformResult extends PlatformRead {
  readonly problems: Problem[];
}

export function readPlatformText(content: string | Buffer, file: string): ReadPlatformResult {
  const values = readValues(content, file);
  const unreadable = values.flatMap((value) => ('problem' in value ? [value.problem] : []));
  const [first] = values;
  if ('problem' in first || unreadable.length > 0) return { platform: {}, problems: unreadable };
  if (values.length > 1) {
    const message = `holds ${values.length} documents; one with the platform settings is expected`;
    return { platform: {}, problems: [{ severity: 'error', path: [], message, position: first.find([[]]) }] };
  }
  const read = readPlatform(first.value);
  return { ...read, problems: read.problems.map((problem) => ({ ...problem, position: first.find([problem.path]) })) };
}

/** Of plain data, in either form. */
export function readPlatform(value: unknown): ReadPlatformResult {
  const problems = new Problems();
  const plain = copyPlain(value, problems);
  const at: Place = { path: [], problems };
  const isConfigMap = isObject(plain) && plain.kind === 'ConfigMap';
  const other = isObject(plain) && !isConfigMap ? otherObject(plain) : undefined;
  if (other !== undefined) {
    problems.error([], other);
    return { platform: {}, problems: problems.all };
  }
  const read = isConfigMap ? fromConfigMap(plain, at) : fromSettings(plain, at);
  return { ...read, problems: problems.all };
}

function otherObject({ apiVersion, kind }: JsonObject): string | undefined {
  if (typeof apiVersion !== 'string' || typeof kind !== 'string') return undefined;
  const expected = 'give platform settings, or the ConfigMap openfunction-config';
  return kind === 'Gateway' && apiVersion.startsWith('networking.openfunction.io/')
    ? 'is a Gateway of OpenFunction; write the Kubernetes Gateway that it names, its domain and clusterDomain under '
      + '"gateway" in a file of platform settings'
    : `is a ${kind}; ${expected}`;
}

const IMAGE_KEY = 'openfunction.dapr-proxy.image';

/** Keys of the operator; the newer one of two wins, and all others are its own business. */
function fromConfigMap(map: JsonObject, at: Place): PlatformRead {
  const place = below(at, 'data');
  const data = stringMap(map.data ?? {}, place) ?? {};
  const read = <T>(keys: Record<string, (yaml: string, at: Place) => T | undefined>): T | undefined => {
    const key = Object.keys(keys).find((candidate) => data[candidate]);
    return key === undefined ? undefined : keys[key](data[key], below(place, key));
  };
  const hooks = read({ hooks: readHooksText, plugins: readPlugins });
  const tracing = read({ 'tracing': readTracingText, 'plugins.tracing': readTracingText });
  const given = data[IMAGE_KEY] || undefined;
  const operators = given !== undefined && isOperatorsProxy(given);
  if (operators) at.problems.add(ignoredProxy([...place.path, IMAGE_KEY], given));
  const proxyImage = operators ? undefined : image(given, below(place, IMAGE_KEY));
  return {
    platform: { ...(hooks && { hooks }), ...(tracing && { tracing }) },
    ...(proxyImage !== undefined && { proxyImage }),
  };
}

function fromSettings(value: JsonObject[string] | undefined, at: Place): PlatformRead {
  if (!isObject(value)) {
    wrongType('an object with platform settings', value ?? null, at);
    return { platform: {} };
  }
  const { proxyImage, ...read } = platform(value, at) ?? { platform: {} };
  const reference = image(proxyImage, below(at, 'proxyImage'));
  return { ...read, ...(reference !== undefined && { proxyImage: reference }) };
}

/** One that cannot be is reported, and left out. */
function image(reference: string | undefined, at: Place): string | undefined {
  const problems = reference === undefined ? [] : checkProxyImage(at.path, reference);
  at.problems.add(...problems);
  return problems.length > 0 ? undefined : reference;
}
