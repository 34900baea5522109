// The versions that pages and docstrings name are those of the table of targets.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT, tableOf } from './markdown';
import { TARGETS } from '../../src/private/settings/targets';

const SUPPORTED = Object.entries(TARGETS);

test.each(['README.md', 'docs/reference/compatibility.md'])('the versions of %s are those that the library supports', (page) => {
  expect(tableOf(page, 'target', '', 'oldest')).toEqual(SUPPORTED.map(([name, { title, oldest, newest }]) => [`\`${name}\``, title, oldest, newest]));
});

test('the page on targets has each of them', () => {
  expect(tableOf('docs/concepts/platform-settings.md', 'target', 'what depends on it').map(([name]) => name)).toEqual(SUPPORTED.map(([name]) => `\`${name}\``));
});

test.each(SUPPORTED)('the docstring of %s has its range and its default', (name, { oldest, newest }) => {
  const text = readFileSync(join(ROOT, 'src/platform-settings-props.ts'), 'utf8');
  const [, doc] = new RegExp(`/\\*\\*((?:(?!/\\*\\*)[^])*?)\\*/\\s*readonly ${name}\\?: string;`).exec(text)!;
  expect(doc).toContain(`, ${oldest} to ${newest}.`);
  expect(doc).toContain(`@default "${newest}"`);
});
