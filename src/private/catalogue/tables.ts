/**
 * What components-contrib, daprd and KEDA say of their components and scalers, condensed to two tables; sources and
 * licences are in them. A table is read when first asked for, a type's part taken apart when the type first occurs.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type dapr from './dapr-components.json';
import type keda from './keda-scalers.json';
import { isGoDuration } from '../kubernetes/syntax';
import { notOneOf, show } from '../problem/problem';

export type Words = Readonly<Record<string, string>>;

export interface NamesTable {
  readonly fields: Words;
  readonly aliases?: Words;
}

export interface ProfileTable {
  readonly title: string;
  readonly fields: Words;
}

export interface ComponentTable extends NamesTable {
  /** Groups of names that several components read. */
  readonly names?: readonly string[];
  readonly profiles?: readonly ProfileTable[];
  /** Shared profiles, and what this component reads beside each. */
  readonly builtIn?: Readonly<Record<string, Words>>;
  /** Works without any of the profiles. */
  readonly open?: boolean;
  readonly operations?: readonly string[];
}

export interface DaprTable {
  readonly source: string;
  /** By first word of a type: what the runtime itself reads. */
  readonly runtime: Readonly<Record<string, Words>>;
  readonly names: Readonly<Record<string, NamesTable>>;
  readonly profiles: Readonly<Record<string, readonly ProfileTable[]>>;
  /** Type → version → directions and component. */
  readonly types: Readonly<Record<string, Words>>;
  readonly components: Readonly<Record<string, ComponentTable>>;
}

export interface ScalerTable extends NamesTable {
  /** Takes any name. */
  readonly open?: boolean;
  /** Groups of which one must hold; names joined by `+` go together, and `!` is for one that is not given. */
  readonly needs?: readonly (readonly string[])[];
  /** Names, joined by `+`, that do not go together. */
  readonly excludes?: readonly string[];
  /** Needed unless a formula over all triggers decides. */
  readonly target?: string;
}

export interface KedaTable {
  readonly source: string;
  readonly scalers: Readonly<Record<string, ScalerTable>>;
}

export const daprTable = once((): DaprTable => read<typeof dapr>('dapr-components.json') as unknown as DaprTable);
export const kedaTable = once((): KedaTable => read<typeof keda>('keda-scalers.json') as unknown as KedaTable);
/** Newer ones have more. */
export const daprRelease = once((): string => `Dapr ${release(daprTable())}`);
export const kedaRelease = once((): string => `KEDA ${release(kedaTable())}`);

function release({ source }: { readonly source: string }): string {
  return / (\d+\.\d+)\.\d+$/.exec(source)?.[1] ?? '';
}

/** Fields by name; Dapr compares names in lower case, KEDA as they are. */
export class Names {
  private readonly byKey = new Map<string, Field>();
  private readonly aliases = new Map<string, string>();
  private readonly patterns: Field[] = [];

  public constructor(private readonly key: (name: string) => string) {}

  public add({ fields, aliases = {} }: NamesTable): void {
    for (const [name, word] of Object.entries(fields)) {
      const field = fieldOf(name, word);
      if (name.includes('*')) this.patterns.push(field);
      else if (!this.byKey.has(this.key(name))) this.byKey.set(this.key(name), field);
    }
    for (const [alias, name] of Object.entries(aliases)) this.aliases.set(this.key(alias), name);
  }

  public get(name: string): Field | undefined {
    const own = this.byKey.get(this.key(name));
    if (own !== undefined) return own;
    const target = this.aliases.get(this.key(name));
    if (target !== undefined) return this.byKey.get(this.key(target)) ?? fieldOf(target, 'string');
    return this.patterns.find(({ name: pattern }) => fits(name, pattern));
  }

  public get fields(): Field[] {
    return [...this.byKey.values()];
  }
}

/** `*.jsonschema`, `query.*` */
function fits(name: string, pattern: string): boolean {
  const [head, tail] = pattern.split('*');
  return name.length > head.length + tail.length && name.startsWith(head) && name.endsWith(tail);
}

function read<T>(file: string): T {
  return JSON.parse(readFileSync(join(__dirname, file), 'utf8')) as T;
}

function once<T>(make: () => T): () => T {
  let made: T | undefined;
  return () => (made ??= make());
}

export type ValueType =
  'string' | 'bool' | 'int' | 'number' | 'duration' | 'goduration' | 'bytesize' | 'list' | 'ints' | 'pem';

export interface Field {
  readonly name: string;
  readonly type: ValueType;
  /** The closed list that the value is from. */
  readonly values?: readonly string[];
  /** Between the values of a list from that closed list. */
  readonly separator?: string;
  /** The values are read in any case. */
  readonly anyCase: boolean;
  /** Another value is taken for the first of the list. */
  readonly lenient: boolean;
  /** The name is read in this case alone. */
  readonly exact: boolean;
  readonly required: boolean;
  readonly sensitive: boolean;
  readonly deprecated: boolean;
  /** The least number that is taken: above zero, or zero. */
  readonly least?: 'positive' | 'zero';
  /** Required, or of use, in one direction of a component only. */
  readonly direction?: 'input' | 'output';
  /** Of KEDA: where it is read from. */
  readonly metadata: boolean;
  readonly environment: boolean;
  readonly authentication: boolean;
}

/**
 * Type, or `=` and a list: `&` in any case, `?` the first one is taken for all that is not in it; `!` required, `*`
 * sensitive, `~` deprecated, `<` input, `>` output, `+` above zero, `^` zero or more, `#` a name whose case matters;
 * `@` and places.
 */
const WORD = /^(=?)(.*?)([,;]?)([!*~<>+^&?#]*)(?:@([mea]*))?$/;

export function fieldOf(name: string, word: string): Field {
  const [, list, type, separator, marks, places = 'm'] = WORD.exec(word) as RegExpExecArray;
  return {
    name,
    type: (list === '' ? type : 'string') as ValueType,
    ...(list !== '' && { values: type.split('|') }),
    ...(separator !== '' && { separator }),
    anyCase: marks.includes('&'),
    lenient: marks.includes('?'),
    exact: marks.includes('#'),
    required: marks.includes('!'),
    sensitive: marks.includes('*'),
    deprecated: marks.includes('~'),
    ...(/[+^]/.test(marks) && { least: marks.includes('+') ? 'positive' as const : 'zero' as const }),
    ...(marks.includes('<') && { direction: 'input' as const }),
    ...(marks.includes('>') && { direction: 'output' as const }),
    metadata: places.includes('m'),
    environment: places.includes('e'),
    authentication: places.includes('a'),
  };
}

const TRUTH = /^(y|yes|true|t|on|1|n|no|false|f|off|0)?$/i;
const INTEGER = /^[-+]?(\d+|0x[\da-f]+)$/i;
const NUMBER = /^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i;
const INTEGERS = /^\s*\d+(-\d+)?\s*(,\s*\d+(-\d+)?\s*)*$/;
const QUANTITY = /^\d+(\.\d+)?([kMGTPE]i?|m)?$/;

type Types = Readonly<Partial<Record<ValueType, readonly [fits: (text: string) => boolean, what: string]>>>;

const TYPES: Types = {
  bool: [(text) => TRUTH.test(text), 'true or false'],
  int: [(text) => INTEGER.test(text), 'an integer'],
  number: [(text) => NUMBER.test(text) || INTEGER.test(text), 'a number'],
  // Without a unit, Dapr takes it for seconds and KEDA for milliseconds.
  duration: [(text) => isGoDuration(text) || INTEGER.test(text), 'a duration such as "30s" or "1m30s"'],
  goduration: [isGoDuration, 'a duration with its unit, such as "30s" or "1m30s"'],
  bytesize: [(text) => QUANTITY.test(text), 'a size such as "4Mi"'],
  ints: [(text) => INTEGERS.test(text), 'a list of integers such as "1,2,5-7"'],
};

/** As Go's ParseBool and JSON have them: no "yes", no "+5", no ".5". */
const STRICT_TYPES: Types = {
  bool: [(text) => /^(1|t|T|TRUE|true|True|0|f|F|FALSE|false|False)$/.test(text), 'true or false'],
  int: [(text) => /^-?(0|[1-9]\d*)$/.test(text), 'an integer'],
  number: [(text) => /^-?(0|[1-9]\d*)(\.\d+)?(e[-+]?\d+)?$/i.test(text), 'a number'],
  duration: [
    (text) => /^\d+$/.test(text) || (!text.startsWith('-') && isGoDuration(text)),
    'a duration such as "30s" or "1m30s"',
  ],
};

/** How values are read. */
export type Reader = Types;

export const DAPR: Reader = TYPES;
export const KEDA: Reader = { ...TYPES, ...STRICT_TYPES };

const NO_PEM = 'must be PEM text with "-----BEGIN"; no file is read';

/** What is wrong with the value of a setting; `undefined` when nothing is, or when only the cluster knows it. */
export function valueProblem(
  { type, values, separator, least, anyCase, lenient }: Field, text: string, types: Reader,
): string | undefined {
  if (text.trim() === '' || isTemplate(text)) return undefined;
  if (values !== undefined) {
    const given = (separator === undefined ? [text] : text.split(separator)).map((part) => part.trim());
    const known = (each: string) => values.some((value, at) =>
      value === each || ((anyCase || (lenient && at === 0)) && value.toLowerCase() === each.toLowerCase()));
    const wrong = given.find((each) => !known(each));
    return wrong === undefined ? undefined : notOneOf(wrong, values);
  }
  // A key is not shown.
  if (type === 'pem') return text.includes('-----BEGIN ') ? undefined : NO_PEM;
  const check = types[type];
  if (check !== undefined && !check[0](text.trim())) return `must be ${check[1]}, got ${show(text)}`;
  if (least === 'positive' && Number(text) <= 0) return `must be above 0, got ${show(text)}`;
  return least === 'zero' && Number(text) < 0 ? `must be 0 or more, got ${show(text)}` : undefined;
}

/** `{namespace}` and `{uuid}` are Dapr's, `${VAR}` and `$(VAR)` those of tools that come later. */
export function isTemplate(text: string): boolean {
  return /\$\{|\$\(|\{\{|^\{[\w-]+\}$|\{(uuid|podName|namespace|appID)\}/.test(text);
}

/** What somebody is to fill in, as samples have it: `<your-key>`, `[your key]`, `****`. */
export function isPlaceholder(text: string): boolean {
  return /^[^\n]*<["a-z][\w ./:"|-]*>[^\n]*$/i.test(text) || /^(\[[a-z][a-z_ /]{2,}\]|\*{3,})$/i.test(text);
}

/** `host:port` */
export function isAddress(text: string): boolean {
  return /^(\[[\da-f:.]+\]|[^\s/:,@]+):\d{1,5}$/i.test(text) && wrongPort(text) === undefined;
}

/** A number behind the host that is none of a port. */
export function wrongPort(text: string): string | undefined {
  const port = /^(?:[a-z][a-z0-9+.-]*:\/\/)?(?:[^/@]*@)?(?:\[[^\]]*\]|[^\s/:,@[\]]+):(\d+)(?:[/?#]|$)/i.exec(text)?.[1];
  return port !== undefined && (Number(port) < 1 || Number(port) > 65_535) ? port : undefined;
}

/** `user:password@host`, with a scheme or as MySQL's drivers write it. */
const WITH_PASSWORD = /(^|\/\/)[^\s/:@]*:[^\s/@]+@/;
/** `password=…`, `SharedAccessKey=…` */
const PART_WITH_SECRET = /(password|pwd|passphrase|secret|token|key|signature|sig)\s*=\s*[^\s;&]/i;
/** Names whose values are addresses, secret only if they contain a password. */
const ADDRESS_NAME = /(url|uri|host|hosts|server|address|endpoint)$/i;
/** A connection string without a secret: an address, a file, or parts none of which is a secret. */
const PLAIN_CONNECTION = /^([a-z][a-z0-9+.-]*:|[\w.-]+:\d+|:memory:|[./]|[\w-]+\s*=)|\.(db|sqlite3?)(\?|$)/i;

/** Plain to see, whatever the catalogue says of the setting: `tcp://user:password@host`. */
export function isAddressWithPassword(text: string): boolean {
  return /\/\/[^\s/:@]*:[^\s/@]+@/.test(text) && !isTemplate(text);
}

/** Of a key that may be text or the name of a file with it; text of its own has lines or is longer. */
const KEY_FILE = /^[\w./-]{1,200}\.(pem|key|p8)$/i;

export function holdsSecret(name: string, text: string): boolean {
  if (text === '' || isTemplate(text) || (/(private|client)[_-]?key$/i.test(name) && KEY_FILE.test(text))) return false;
  if (WITH_PASSWORD.test(text) || PART_WITH_SECRET.test(text)) return true;
  return !(ADDRESS_NAME.test(name) || (/connection[_-]?string$/i.test(name) && PLAIN_CONNECTION.test(text)));
}
