/**
 * Objects → multi-document YAML that YAML 1.1 parsers and kubectl read back the same.
 *
 * cdk8s leaves `0o7` and `0X1F` unquoted, which kubectl reads as numbers, and `=`, which PyYAML cannot read.
 */
import type { Scalar, ScalarTag, Schema } from 'yaml';
import type { StringifyContext } from 'yaml/util';
import { PlainYaml } from '../private/yaml/write-plain';
import { KUBERNETES_TAGS, yamlLibrary } from '../private/yaml/yaml-plain';

export function toYaml(objects: readonly unknown[]): string {
  return objects.map((object) => WRITER.write(object)).join(SEPARATOR);
}

/** The same in pieces: the text of ten thousand functions is not in memory at once. */
export function* yamlPieces(objects: Iterable<unknown>): Generator<string> {
  let piece = '';
  let isFirst = true;
  for (const object of objects) {
    piece += isFirst ? WRITER.write(object) : SEPARATOR + WRITER.write(object);
    isFirst = false;
    if (piece.length < PIECE_LENGTH) continue;
    yield piece;
    piece = '';
  }
  if (piece !== '') yield piece;
}

const SEPARATOR = '---\n';
const PIECE_LENGTH = 64 * 1024;

/** By the library alone, which the writer has to equal. */
export function toYamlOfLibrary(object: unknown, indent = 2): string {
  const options = {
    schema: schema ??= schemaOfLibrary(),
    lineWidth: 0,
    aliasDuplicateObjects: false,
    indent,
    doubleQuotedMinMultiLineLength: ONE_LINE,
  };
  return yamlLibrary().stringify(object, options);
}

/** Where it writes such a string in several lines, the library makes a backslash of a line that is a blank. */
const ONE_LINE = Number.MAX_SAFE_INTEGER;

/** Characters that some parsers take for line ends and others reject; only an escape is safe. */
const UNSAFE = /[\u007F-\u009F\u2028\u2029\uFEFF\uFFFE\uFFFF\p{Surrogate}]/u;
const UNSAFE_BUT_SURROGATES = /[\u007F-\u009F\u2028\u2029\uFEFF\uFFFE\uFFFF]/g;
/**
 * PyYAML rejects tabs in plain scalars, kubectl in the indentation of blocks; both drop leading blanks, and those of
 * blocks that have nothing else.
 */
const UNSAFE_BLANKS = /^[^\n]*\t[^\n]*$|^[ \n]*\t|^ +\n|^\n+ [ \n]*$/;

const text: Required<Pick<ScalarTag, 'identify' | 'stringify'>> = {
  identify: (value) => typeof value === 'string',
  stringify: (item, context, onComment, onChompKeep) => {
    const string = String(item.value);
    // With the flag, the library quotes strings that look like numbers or booleans.
    const asString: StringifyContext = Object.assign({ actualString: true }, context);
    if (!UNSAFE.test(string) && !UNSAFE_BLANKS.test(string)) {
      // eslint-disable-next-line @typescript-eslint/no-require-imports
      const { stringifyString } = require('yaml/util') as typeof import('yaml/util');
      return stringifyString(item as Scalar<string>, asString, onComment, onChompKeep);
    }
    return JSON.stringify(string).replace(UNSAFE_BUT_SURROGATES, escaped);
  },
};
const escaped = (char: string) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`;
const plain = (identify: (value: unknown) => boolean) => (
  { identify, stringify: (item: Scalar) => String(item.value) }
);
/** JavaScript rounds the digits of large integers; YAML 1.1 reads an exponent without a decimal point as a string. */
const number = (amount: unknown) => {
  if (Number.isSafeInteger(amount)) return String(amount);
  const isExact = Number.isInteger(amount) && Math.abs(amount as number) < FIRST_WITH_EXPONENT;
  const digits = isExact ? BigInt(amount as number) : amount;
  return String(digits).replace(/^(-?\d+)e/, '$1.0e');
};
const FIRST_WITH_EXPONENT = 1e21;

/** How JavaScript values are written; the patterns of the tags tell which strings need quotes. */
const WRITERS: Readonly<Record<string, Pick<ScalarTag, 'identify' | 'stringify'>>> = {
  'tag:yaml.org,2002:null': plain((value) => value === null || value === undefined),
  'tag:yaml.org,2002:bool': plain((value) => typeof value === 'boolean'),
  'tag:yaml.org,2002:int': {
    identify: (value) => typeof value === 'bigint' || typeof value === 'number',
    stringify: ({ value: amount }: Scalar) => number(amount),
  },
  'tag:yaml.org,2002:str': text,
};

/**
 * PyYAML cannot read an unquoted `=`, which has a tag of its own in YAML 1.1; kubectl takes what begins with any blank
 * of Unicode and a brace for JSON.
 */
const value: ScalarTag = {
  tag: 'tag:yaml.org,2002:value', default: true, test: /^(?:=$|\s)/, resolve: (source) => source,
};

let schema: Schema | undefined;

/** Only the library's tags for lists and objects: its scalar tags would match strings before ours. */
function schemaOfLibrary(): Schema {
  return new (yamlLibrary().Schema)({
    schema: 'failsafe',
    compat: 'yaml-1.1',
    customTags: (tags) => [
      ...tags.filter((tag) => typeof tag === 'object' && tag.collection !== undefined),
      ...KUBERNETES_TAGS.map((tag) => ({ ...tag, ...WRITERS[tag.tag] })),
      value,
    ],
  });
}

/** Of a day, with its zone. */
const TIME = '\\d\\d?(?::\\d\\d?){2}(?:\\.\\d+)?(?:[ \\t]*(?:Z|[-+][012]?\\d(?::\\d\\d)?))?';
/** Text that YAML 1.1, 1.2 or kubectl takes for something else, as the tags of the library and ours say it. */
const AMBIGUOUS = new RegExp(`^(?:${[
  '|~|=|<<|[Nn]ull|NULL|[Nn]o?|NO|[Yy](?:es)?|YES|[Tt]rue|TRUE|[Ff]alse|FALSE|[Oo]n|ON|[Oo]ff|OFF',
  '\\.(?:nan|NaN|NAN)|[-+]?\\.(?:inf|Inf|INF)',
  '[-+]?0(?:x[\\da-fA-F_]+|b[01_]+)',
  '(?:[-+]_*)?(?:0_*(?:[xX][\\da-fA-F_]*[\\da-fA-F]|[oO][0-7_]*[0-7]|[bB][01_]*[01])|\\d[\\d_]*)_*',
  '(?:(?:[-+]_*)?\\d[\\d_]*(?:\\.[\\d_]*)?|[-+]_*\\._*\\d[\\d_]*)(?:[eE]_*(?:[-+]_*)?\\d[\\d_]*)?',
  '\\.\\d+(?:_\\d+)*(?:[eE][-+]?\\d+(?:_\\d+)*)?|\\s[^]*',
  '[-+]?(?:\\d[\\d_]*)?(?:\\.[\\d_]*|(?:\\.[\\d_]*)?[eE][-+]?\\d+)',
  '[-+]?\\d[\\d_]*(?::[0-5]?\\d)+(?:\\.[\\d_]*)?',
  `\\d{4}-\\d\\d?-\\d\\d?(?:(?:[tT]|[ \\t]+)${TIME})?`,
].join('|')})$`);

const WRITER = new PlainYaml({
  isAmbiguous: (given) => AMBIGUOUS.test(given),
  number,
  value: (given, indent) => toYamlOfLibrary({ k: given }, indent).slice('k: '.length, -1),
  key: (given) => toYamlOfLibrary({ [given]: 0 }).slice(0, -': 0\n'.length),
  document: (given) => toYamlOfLibrary(given),
});
