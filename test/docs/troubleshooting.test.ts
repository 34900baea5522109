// What the page on troubleshooting tells people to look for exists: metrics, outcomes and lines of the proxy's log.
import { readdirSync, readFileSync } from 'node:fs';
import * as path from 'node:path';
import { pageText, ROOT } from './markdown';

const TEXT = pageText('docs/guides/troubleshooting.md');
const SOURCES = readdirSync(path.join(ROOT, 'proxy/src'), { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.ts'))
  .map((file) => readFileSync(path.join(ROOT, 'proxy/src', file), 'utf8'))
  .join('\n');

test.each([
  ['metrics', /`(dapr_proxy_\w+)`/g, 4],
  ['outcomes', /outcome `(\w+)`/g, 2],
])('its %s are the proxy\'s', (_, pattern, atLeast) => {
  const named = [...TEXT.matchAll(pattern)].map(([, name]) => name);
  expect(named.length).toBeGreaterThanOrEqual(atLeast);
  expect(named.filter((name) => !SOURCES.includes(`'${name}'`) && !SOURCES.includes(`${name}{`))).toEqual([]);
});

test('its lines of the log are the proxy\'s', () => {
  const rows = TEXT.split('\n').filter((line) => /^\| (?:.*; )?log `|the log says `/.test(line));
  const lines = rows.flatMap((row) => [...row.matchAll(/`([a-z]+ [a-z ,]+|draining|drained)`/g)].map(([, line]) => line));
  expect(lines.length).toBeGreaterThanOrEqual(8);
  expect(lines.filter((line) => !SOURCES.includes(`'${line}'`))).toEqual([]);
});
