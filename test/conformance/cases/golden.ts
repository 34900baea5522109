// The golden cases of the unit tests.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import type { Case } from './case';
import { renderManifest } from './render';
import { goldenSettings } from '../../support/golden-settings';
import { repositoryRoot } from '../../testbed';
import type { Manifest } from '../generate';

const FOLDER = join(repositoryRoot, 'test', 'golden');

export function goldenCases(): Case[] {
  return (existsSync(FOLDER) ? readdirSync(FOLDER) : [])
    .map((name) => ({ name, file: join(FOLDER, name, 'function.yaml') }))
    .filter(({ file }) => existsSync(file))
    .map(({ name, file }) => {
      const manifest = parse(readFileSync(file, 'utf8')) as Manifest;
      const settings = join(FOLDER, name, 'settings.yaml');
      const platform = existsSync(settings) ? goldenSettings(readFileSync(settings, 'utf8')) : {};
      return { source: 'golden', name, render: (changes) => renderManifest(manifest, platform, changes) };
    });
}
