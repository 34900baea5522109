/** Findings as SARIF 2.1.0, which code scanning and editors read. */
import { isAbsolute, normalize, sep } from 'node:path';
import { pathToFileURL } from 'node:url';
import { formatPath, Problem, SourcePosition } from '../../private/problem/problem';
import type { Judged, Verdict } from '../print';
import { packageVersion } from '../version';

const HOME = 'https://github.com/cdk8s-openfunction/cdk8s-openfunction';

/** Kinds of findings; the message says the rest. */
const RULES = {
  'function': 'A Function that cannot become the objects that it describes, or not all of them.',
  'manifest': 'A document that is not a Kubernetes object, or an object that conflicts with another one.',
  'platform-settings': 'Platform settings that cannot be read, or not all of them.',
};

export function sarif({ judged }: Verdict): string {
  const results = judged.flatMap((each) => each.problems.map((problem) => resultOf(problem, ruleOf(each))));
  const rules = Object.entries(RULES).map(([id, text]) => (
    { id, shortDescription: { text }, helpUri: `${HOME}/blob/main/docs/reference/errors.md` }));
  const driver = { name: 'cdk8s-openfunction', version: packageVersion(), informationUri: HOME, rules };
  const log = {
    $schema: 'https://json.schemastore.org/sarif-2.1.0.json',
    version: '2.1.0',
    runs: [{ tool: { driver }, columnKind: 'utf16CodeUnits', results }],
  };
  return `${JSON.stringify(log, null, 2)}\n`;
}

function ruleOf({ source }: Judged): keyof typeof RULES {
  return source === undefined ? 'platform-settings' : source.intake === undefined ? 'manifest' : 'function';
}

function resultOf({ severity, path, message, position }: Problem, ruleId: string): object {
  const field = formatPath(path);
  return {
    ruleId,
    level: severity === 'information' ? 'note' : severity,
    message: { text: `${field}: ${message}` },
    locations: [{
      ...(position && position.file !== '-' && { physicalLocation: physical(position) }),
      logicalLocations: [{ fullyQualifiedName: field }],
    }],
  };
}

function physical({ file, line, column }: SourcePosition): object {
  const uri = isAbsolute(file) ? pathToFileURL(file).href
    : normalize(file).split(sep).map(encodeURIComponent).join('/');
  return { artifactLocation: { uri }, region: { startLine: line, startColumn: column } };
}
