/** What cdk8s writes as YAML, byte by byte, in a fraction of the time. */
import { Yaml } from 'cdk8s';
import { PlainYaml } from './write-plain';

const { stringify } = Yaml;
const ofCdk8s: typeof stringify = (...documents) => stringify.apply(Yaml, documents);

/**
 * cdk8s writes everything through `Yaml.stringify`, and has no other place where a writer could be given. It is
 * replaced while a synthesis runs, which nothing interrupts; names, order and number of files stay cdk8s' own. One that
 * somebody else has replaced stays.
 */
export function withFastYaml<T>(synthesis: () => T): T {
  if (Yaml.stringify !== stringify) return synthesis();
  Yaml.stringify = fastStringify;
  try {
    return synthesis();
  } finally {
    Yaml.stringify = stringify;
  }
}

export function fastStringify(...documents: unknown[]): string {
  return documents.map((each) => (each === undefined ? ofCdk8s(each) : WRITER.write(each))).join('---\n');
}

/** Texts repeat, and asking cdk8s costs more than all the rest. */
const ambiguous = new Map<string, boolean>();
const MAX_TEXTS = 10_000;

function isAmbiguous(text: string): boolean {
  const known = ambiguous.get(text);
  if (known !== undefined) return known;
  const found = ofCdk8s({ k: text }) !== `k: ${text}\n`;
  if (ambiguous.size < MAX_TEXTS) ambiguous.set(text, found);
  return found;
}

const WRITER = new PlainYaml({
  isAmbiguous,
  number: (amount) => (
    Number.isSafeInteger(amount) && !Object.is(amount, -0) ? String(amount) : ofCdk8s(amount).slice(0, -1)),
  value: (text, indent) => {
    let nested: unknown = text;
    for (let depth = 0; depth < indent; depth += 2) nested = { k: nested };
    return ofCdk8s(nested).replace(/^(?: *k:\n)* *k: /, '').slice(0, -1);
  },
  key: (text) => ofCdk8s({ [text]: 0 }).slice(0, -': 0\n'.length),
  document: ofCdk8s,
  writesAll: true,
});
