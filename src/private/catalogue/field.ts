/** One setting as the tables write it: `int!*`, `=oldest|newest`, `string!@ma`. */

export type ValueType = 'string' | 'bool' | 'int' | 'number' | 'duration' | 'bytesize' | 'list' | 'ints';

export interface Field {
  readonly name: string;
  readonly type: ValueType;
  /** The closed list that the value is from. */
  readonly values?: readonly string[];
  /** Between the values of a list from that closed list. */
  readonly separator?: string;
  readonly required: boolean;
  readonly sensitive: boolean;
  readonly deprecated: boolean;
  /** Required, or of use, in one direction of a component only. */
  readonly direction?: 'input' | 'output';
  /** Of KEDA: where it is read from. */
  readonly metadata: boolean;
  readonly environment: boolean;
  readonly authentication: boolean;
}

/** Type, or `=` and a list; `!` required, `*` sensitive, `~` deprecated, `<` input, `>` output; `@` and places. */
const WORD = /^(=?)(.*?)([,;]?)([!*~<>]*)(?:@([mea]*))?$/;

export function fieldOf(name: string, word: string): Field {
  const [, list, type, separator, marks, places = 'm'] = WORD.exec(word) as RegExpExecArray;
  return {
    name,
    type: (list === '' ? type : 'string') as ValueType,
    ...(list !== '' && { values: type.split('|') }),
    ...(separator !== '' && { separator }),
    required: marks.includes('!'),
    sensitive: marks.includes('*'),
    deprecated: marks.includes('~'),
    ...(marks.includes('<') && { direction: 'input' as const }),
    ...(marks.includes('>') && { direction: 'output' as const }),
    metadata: places.includes('m'),
    environment: places.includes('e'),
    authentication: places.includes('a'),
  };
}
