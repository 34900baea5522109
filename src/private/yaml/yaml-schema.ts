/**
 * YAML scalars as Kubernetes reads them: kubectl parses with sigs.k8s.io/yaml, which is YAML 1.1 as Go has it.
 *
 * `on`, `y` and `0o17` are not strings there, but dates and `1:30` are: test/private/yaml/yaml-schema.test.ts.
 */
import type { ScalarTag, Schema } from 'yaml';

type Library = typeof import('yaml');

let library: Library | undefined;

/** Loaded for the first text that takes it: most manifests are read and written without. */
export function yamlLibrary(): Library {
  // eslint-disable-next-line @typescript-eslint/no-require-imports
  return library ??= require('yaml') as Library;
}

const CORE = 'tag:yaml.org,2002:';

const nothing: ScalarTag = { tag: `${CORE}null`, default: true, test: /^(?:~|[Nn]ull|NULL)?$/, resolve: () => null };
const YES = /^(?:[Yy]|[Yy]es|YES|[Tt]rue|TRUE|[Oo]n|ON)$/;
const NO = /^(?:[Nn]|[Nn]o|NO|[Ff]alse|FALSE|[Oo]ff|OFF)$/;
const yes: ScalarTag = { tag: `${CORE}bool`, default: true, test: YES, resolve: () => true };
const no: ScalarTag = { tag: `${CORE}bool`, default: true, test: NO, resolve: () => false };
const integer: ScalarTag = {
  tag: `${CORE}int`,
  default: true,
  test: /^[-+]?(?:0[xX][0-9a-fA-F_]*[0-9a-fA-F]|0[oO]?[0-7_]*[0-7]|0[bB][01_]*[01]|[0-9][0-9_]*)_*$/,
  resolve: readInteger,
};
const float: ScalarTag = {
  tag: `${CORE}float`,
  default: true,
  test: /^[-+]?(?:\.[0-9][0-9_]*|[0-9][0-9_]*(?:\.[0-9_]*)?)(?:[eE][-+]?[0-9_]+)?$/,
  resolve: readFloat,
};
const special: ScalarTag = {
  tag: `${CORE}float`,
  default: true,
  test: /^(?:[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN))$/,
  resolve: (text) => (/nan/i.test(text) ? NaN : text.startsWith('-') ? -Infinity : Infinity),
};
const text: ScalarTag = { tag: `${CORE}str`, default: true, resolve: (value) => value };
/** In Go a string of bytes, and so a string in JSON. */
const binary: ScalarTag = {
  tag: `${CORE}binary`, default: false, resolve: (value) => Buffer.from(value, 'base64').toString(),
};

export const KUBERNETES_TAGS: readonly ScalarTag[] = [nothing, yes, no, integer, float, special, text, binary];

let schema: Schema | undefined;

/** One instance for all documents; it also overrules `%YAML 1.2`, which kubectl does not know. */
export function kubernetesSchema(): Schema {
  return schema ??= new (yamlLibrary().Schema)({ schema: 'failsafe', customTags: [...KUBERNETES_TAGS] });
}

const MAX_UINT64 = 2n ** 64n - 1n;
const MIN_INT64 = -(2n ** 63n);

function readInteger(source: string): number | bigint | string {
  const plain = source.replaceAll('_', '');
  const negative = plain.startsWith('-');
  const digits = plain.replace(/^[-+]/, '');
  // Go reads a leading zero as octal; `08` is not octal and becomes a float.
  const octal = /^0[oO]?[0-7]+$/.test(digits);
  const leading = octal ? /^0[oO]?/ : /^0+(?=[0-9])/;
  const amount = BigInt(digits.replace(leading, octal ? '0o' : ''));
  const value = negative ? -amount : amount;
  if (value > MAX_UINT64 || value < MIN_INT64) return Number(value);
  // What a number of JavaScript would change passes through as it is.
  return BigInt(Number(value)) === value ? Number(value) : value;
}

/** What Go's float64 cannot hold stays a string. */
function readFloat(source: string): number | string {
  const value = Number(source.replaceAll('_', ''));
  return Number.isFinite(value) ? value : source;
}
