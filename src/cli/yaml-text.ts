/**
 * Objects → multi-document YAML that YAML 1.1 parsers and kubectl read back the same.
 *
 * cdk8s' own text leaves `0o7` and `0X1F` unquoted, which kubectl takes for numbers.
 */
import { Scalar, ScalarTag, Schema, stringify } from 'yaml';
import { stringifyString } from 'yaml/util';
import { KUBERNETES_TAGS } from '../private/input/yaml-schema';

export function toYaml(objects: readonly unknown[]): string {
  return objects.map((object) => stringify(object, { schema: SCHEMA, lineWidth: 0, aliasDuplicateObjects: false })).join('---\n');
}

/** Characters that end a line for some parsers and are refused by others; only an escape is safe. */
const UNSAFE = /[\u007F-\u009F\u2028\u2029\uFEFF\p{Surrogate}]/u;
const UNSAFE_BUT_SURROGATES = /[\u007F-\u009F\u2028\u2029\uFEFF]/g;

const text: Required<Pick<ScalarTag, 'identify' | 'stringify'>> = {
  identify: (value) => typeof value === 'string',
  stringify: (item, context, onComment, onChompKeep) => {
    const value = String(item.value);
    if (!UNSAFE.test(value)) return stringifyString(item as Scalar<string>, context, onComment, onChompKeep);
    return JSON.stringify(value).replace(UNSAFE_BUT_SURROGATES, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`);
  },
};
const plain = (identify: (value: unknown) => boolean) => ({ identify, stringify: (item: Scalar) => String(item.value) });

/** How JavaScript's values are written; the tests of the tags tell which strings need quotes. */
const WRITERS: Readonly<Record<string, Pick<ScalarTag, 'identify' | 'stringify'>>> = {
  'tag:yaml.org,2002:null': plain((value) => value === null || value === undefined),
  'tag:yaml.org,2002:bool': plain((value) => typeof value === 'boolean'),
  'tag:yaml.org,2002:int': plain((value) => typeof value === 'bigint' || typeof value === 'number'),
  'tag:yaml.org,2002:str': text,
};

const SCHEMA = new Schema({ schema: 'failsafe', compat: 'yaml-1.1', customTags: KUBERNETES_TAGS.map((tag) => ({ ...tag, ...WRITERS[tag.tag] })) });
