// The documentation of the proxy's settings against their table: docstrings by hand, tables of two pages written from both by
// `UPDATE_DOCS=1 npx jest test/docs/proxy-settings`; without the variable nothing is ever written.
import { readFileSync, writeFileSync } from 'node:fs';
import * as path from 'node:path';
import { pageText, ROOT, tableOf } from './markdown';
import { ProxyDiscovery, ProxyLogLevel } from '../../src';
import { PROXY_SETTINGS, ProxySetting } from '../../src/private/function/proxy-settings';

const UPDATE = process.env.UPDATE_DOCS === '1';
const ENUMS = { ProxyDiscovery, ProxyLogLevel };
const SCALES: Readonly<Record<string, [amount: number, unit: string, prop: string][]>> = {
  seconds: [[3_600, 'h', 'hours'], [1, 's', 'seconds']],
  milliseconds: [[3_600_000, 'h', 'hours'], [1_000, 's', 'seconds'], [1, 'ms', 'millis']],
  limitInSeconds: [[3_600, 'h', 'hours'], [1, 's', 'seconds']],
  limitInMilliseconds: [[3_600_000, 'h', 'hours'], [1, 'ms', 'millis']],
  bytes: [[2 ** 30, 'GiB', 'gibibytes'], [2 ** 20, 'MiB', 'mebibytes'], [1, 'byte', 'bytes']],
};

interface Doc { readonly text: string; readonly standard: string }

/** Docstrings of the struct, by field. */
function docs(): Record<string, Doc> {
  const [, struct] = readFileSync(path.join(ROOT, 'src/dapr-proxy-props.ts'), 'utf8').split('export interface DaprProxyProps {');
  const found = [...struct.split('\n}')[0].matchAll(/\/\*\*(.*?)@default (.*?)\*\/\s+readonly (\w+)\?:/gs)];
  const plain = (text: string) => text.replaceAll(/\s*\n\s*\*\s*/g, ' ').replace(/@see .*/, '').trim();
  return Object.fromEntries(found.map(([, text, standard, field]) => [field, { text: plain(text), standard: plain(standard) }]));
}

/** The largest unit of which it is a whole number. */
function scaled(value: number, kind: string): [count: number, unit: string, prop: string] {
  const [amount, unit, prop] = SCALES[kind].find(([size]) => value % size === 0 && value >= size) ?? SCALES[kind].slice(-1)[0];
  return [value / amount, unit, prop];
}

function quantity(value: number, kind: string): string {
  if (!(kind in SCALES)) return value.toLocaleString('en-US');
  const [count, unit] = scaled(value, kind);
  return value === 0 ? '0' : `${count} ${unit}`;
}

/** As code gives it. */
function asCode(value: unknown, kind: string): string {
  if (kind.startsWith('limitIn')) return value === 0 ? 'TimeLimit.none()' : `TimeLimit.of(${asCode(value, kind.replace('limitInS', 's').replace('limitInM', 'm'))})`;
  if (typeof value === 'number' && kind in SCALES) {
    const [count, , prop] = value === 0 ? [0, '', 'seconds'] : scaled(value, kind);
    return `${kind === 'bytes' ? 'Size' : 'Duration'}.${prop}(${count})`;
  }
  if (kind === 'word') {
    const [name, members] = Object.entries(ENUMS).find(([, each]) => Object.values<string>(each).includes(String(value))) ?? [];
    return `${name}.${Object.entries(members ?? {}).find(([, word]) => word === value)?.[0]}`;
  }
  if (kind !== 'container') return String(value);
  const { cpuRequest, memoryRequest, memoryLimit } = value as Record<string, string>;
  return `requests ${cpuRequest} and ${memoryRequest}, limit ${memoryLimit}`;
}

/** As a table shows it. */
function asText({ kind, default: standard }: ProxySetting): string {
  if (standard === undefined) return '–';
  if (standard === 0 && kind.startsWith('limitIn')) return 'no limit';
  if (typeof standard === 'number') return kind in SCALES ? quantity(standard, kind) : String(standard);
  return kind === 'word' ? `\`${String(standard)}\`` : asCode(standard, kind);
}

const DOCS = docs();
const LINES: [string, ProxySetting][] = Object.entries(PROXY_SETTINGS);
const summary = (field: string) => DOCS[field].text.split(/\. |\.$/)[0];

test('the struct documents every setting, and no other', () => {
  expect(Object.keys(DOCS).sort()).toEqual(Object.keys(PROXY_SETTINGS).sort());
});

describe('the documentation of a setting gives range, unit and default', () => {
  test.each(LINES)('%s', (field, { kind, range, default: standard }) => {
    const { text, standard: documented } = DOCS[field];
    const bounds = range?.map((bound) => quantity(bound, kind)) ?? [];
    const said = kind.startsWith('limitIn') ? `up to ${bounds[1]} or without limit` : bounds.join(' to ');
    if (range !== undefined) expect(text.split(/, |\. |; |\.$/)).toContain(said);
    if (standard === undefined) expect(documented).toMatch(/^- /);
    else expect(documented.replace(/^- /, '').startsWith(asCode(standard, kind))).toBe(true);
  });
});

describe('a table of settings', () => {
  const rowsOf = (lines: [string, ProxySetting][], row: (field: string, setting: ProxySetting) => string[]) => lines.map((line) => row(...line));
  const order = Object.keys(DOCS);
  const byDocs = [...LINES].sort(([one], [other]) => order.indexOf(one) - order.indexOf(other));

  test.each([
    ['docs/concepts/dapr-proxy.md', ['field', 'default', 'what it is'],
      rowsOf(byDocs, (field, setting) => [
        `\`${field}\``, DOCS[field].standard.replace(/^- /, '').replace(asCode(setting.default, setting.kind), asText(setting)), summary(field),
      ])],
    ['proxy/README.md', ['variable', 'default', 'setting', 'what it is'],
      rowsOf(byDocs.filter(([, { variable }]) => variable !== undefined), (field, setting) => (
        [`\`${setting.variable}\``, asText(setting).replace(/(\d) (\w+)$/, '$1$2').replace('no limit', '`0`: no limit'), `\`${field}\``, summary(field)]))],
  ])('in %s has a row for each', (page, header, rows) => {
    if (UPDATE) {
      const lines = pageText(page).split('\n');
      const start = lines.indexOf(`| ${header.join(' | ')} |`) + 2;
      const end = lines.findIndex((line, index) => index >= start && !line.startsWith('|'));
      lines.splice(start, end - start, ...rows.map((row) => `| ${row.join(' | ')} |`));
      writeFileSync(path.join(ROOT, page), lines.join('\n'));
    }
    expect(tableOf(page, ...header)).toEqual(rows);
  });
});
