/**
 * Objects → multi-document YAML that YAML 1.1 parsers and kubectl read back the same.
 *
 * cdk8s' own text leaves `0o7` and `0X1F` unquoted, which kubectl takes for numbers, and `=`, which PyYAML cannot read.
 */
import { Scalar, ScalarTag, Schema, stringify } from 'yaml';
import type { StringifyContext } from 'yaml/util';
import { stringifyString } from 'yaml/util';
import { KUBERNETES_TAGS } from '../private/yaml/yaml-schema';

export function toYaml(objects: readonly unknown[]): string {
  return objects.map((object) => stringify(object, { schema: SCHEMA, lineWidth: 0, aliasDuplicateObjects: false })).join('---\n');
}

/** Characters that end a line for some parsers and are refused by others; only an escape is safe. */
const UNSAFE = /[\u007F-\u009F\u2028\u2029\uFEFF\uFFFE\uFFFF\p{Surrogate}]/u;
const UNSAFE_BUT_SURROGATES = /[\u007F-\u009F\u2028\u2029\uFEFF\uFFFE\uFFFF]/g;
/** PyYAML refuses a tab in a text without quotes, kubectl one where it looks for the indentation of a block; both lose blanks there. */
const UNSAFE_BLANKS = /^[^\n]*\t[^\n]*$|^[ \n]*\t|^ +\n/;

const text: Required<Pick<ScalarTag, 'identify' | 'stringify'>> = {
  identify: (value) => typeof value === 'string',
  stringify: (item, context, onComment, onChompKeep) => {
    const string = String(item.value);
    // The flag makes the library compare a plain string with the tags of numbers and booleans.
    const asString: StringifyContext = Object.assign({ actualString: true }, context);
    if (!UNSAFE.test(string) && !UNSAFE_BLANKS.test(string)) return stringifyString(item as Scalar<string>, asString, onComment, onChompKeep);
    return JSON.stringify(string).replace(UNSAFE_BUT_SURROGATES, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`);
  },
};
const plain = (identify: (value: unknown) => boolean) => ({ identify, stringify: (item: Scalar) => String(item.value) });
/** JavaScript rounds the digits of large integers; to YAML 1.1 an exponent without a point before it is a string. */
const number = ({ value: amount }: Scalar) => {
  const digits = Number.isInteger(amount) && Math.abs(amount as number) < FIRST_WITH_EXPONENT ? BigInt(amount as number) : amount;
  return String(digits).replace(/^(-?\d+)e/, '$1.0e');
};
const FIRST_WITH_EXPONENT = 1e21;

/** How JavaScript's values are written; the tests of the tags tell which strings need quotes. */
const WRITERS: Readonly<Record<string, Pick<ScalarTag, 'identify' | 'stringify'>>> = {
  'tag:yaml.org,2002:null': plain((value) => value === null || value === undefined),
  'tag:yaml.org,2002:bool': plain((value) => typeof value === 'boolean'),
  'tag:yaml.org,2002:int': { identify: (value) => typeof value === 'bigint' || typeof value === 'number', stringify: number },
  'tag:yaml.org,2002:str': text,
};

/** PyYAML fails to read it unquoted: a tag of YAML 1.1 that nobody knows. */
const value: ScalarTag = { tag: 'tag:yaml.org,2002:value', default: true, test: /^=$/, resolve: (source) => source };

/** Of the library's own tags only those of lists and objects, since the first that fits a string would write it. */
const SCHEMA = new Schema({
  schema: 'failsafe',
  compat: 'yaml-1.1',
  customTags: (tags) => [...tags.filter((tag) => typeof tag === 'object' && tag.collection !== undefined), ...KUBERNETES_TAGS.map((tag) => ({ ...tag, ...WRITERS[tag.tag] })), value],
});
