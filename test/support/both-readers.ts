/** A text through the quick reader of YAML and through the library. */
import { inspect } from 'node:util';
import { decodeText } from '../../src/private/yaml/decode-text';
import { quickDocuments } from '../../src/private/yaml/quick-yaml';
import { readExactly, readValues } from '../../src/private/yaml/read-yaml';
import { YamlSource } from '../../src/private/yaml/yaml-source';

type Values = ReturnType<typeof readExactly>;

/** Values, problems, warnings and the places of all paths in them and of paths that go on, as text. */
function shown(values: Values): string {
  return inspect(values.map((read) => ('problem' in read ? read : {
    value: read.value, warnings: read.warnings, places: pathsIn(read.value).map((path) => [path, read.find([path]), read.wordAt(path)]),
  })), { depth: null, maxArrayLength: null, maxStringLength: null });
}

function pathsIn(value: unknown): (string | number)[][] {
  if (typeof value !== 'object' || value === null) return [[], ['more'], [7]];
  const entries: [string | number, unknown][] = Array.isArray(value) ? [...value.entries()] : Object.entries(value);
  return [[], ['missing'], [99], ...entries.flatMap(([key, item]) => pathsIn(item).map((path) => [key, ...path]))];
}

/** Nothing where both read the same, or the quick reader leaves the text to the library. */
export function differenceIn(text: string): string | undefined {
  const decoded = decodeText(text, 'f.yaml');
  if ('problem' in decoded || quickDocuments(decoded.text) === undefined) return undefined;
  const [quick, exact] = [shown(readValues(text, 'f.yaml')), shown(readExactly(new YamlSource(decoded.text, 'f.yaml')))];
  return quick === exact ? undefined : `${JSON.stringify(text)}\n${text}\nis read as\n${quick}\nand by the library as\n${exact}`;
}
