/** Findings as JUnit XML: a test for each function, and one for whatever else has problems. */
import { isObject } from '../../private/kubernetes/json';
import { formatProblem, Problem } from '../../private/problem/problem';
import type { Judged, Verdict } from '../print';

export function junit({ judged }: Verdict): string {
  const shown = judged.filter(({ source, problems }) => source?.intake !== undefined || problems.length > 0);
  const cases = shown.flatMap(testcase);
  const failures = shown.filter(({ problems }) => problems.some(isError)).length;
  const counts = `tests="${shown.length}" failures="${failures}"`;
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites ${counts}>`,
    `  <testsuite name="cdk8s-openfunction validate" ${counts}>`,
    ...cases.map((line) => `    ${line}`),
    '  </testsuite>',
    '</testsuites>',
    '',
  ].join('\n');
}

const isError = ({ severity }: Problem) => severity === 'error';

function testcase({ source, problems }: Judged): string[] {
  const [first] = problems;
  const file = source?.file ?? first.position?.file ?? '';
  const start = `<testcase classname="${escaped(file)}" name="${escaped(nameOf(source))}"`;
  if (first === undefined) return [`${start}/>`];
  const errors = problems.filter(isError).map(formatProblem);
  const warnings = problems.filter((problem) => !isError(problem)).map(formatProblem);
  return [
    `${start}>`,
    ...(errors.length > 0 ? [failure(errors)] : []),
    ...(warnings.length > 0 ? [`  <system-out>${escaped(warnings.join('\n'))}</system-out>`] : []),
    '</testcase>',
  ];
}

function failure(errors: readonly string[]): string {
  return `  <failure message="${escaped(errors[0])}">${escaped(errors.join('\n'))}</failure>`;
}

function nameOf(source: Judged['source']): string {
  if (source === undefined) return 'platform settings';
  const { kind, metadata } = isObject(source.value) ? source.value : {};
  const { namespace, name } = isObject(metadata) ? metadata : {};
  if (typeof name !== 'string') return 'document';
  const place = typeof namespace === 'string' ? `${namespace}/${name}` : name;
  return source.intake === undefined ? `${String(kind)} ${place}` : place;
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', '\n': '&#10;',
};

/** XML 1.0 has no way to write most control characters. */
function escaped(text: string): string {
  return text.replace(/[\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF]/g, '\uFFFD')
    .replace(/[&<>"\n]/g, (char) => ENTITIES[char]);
}
