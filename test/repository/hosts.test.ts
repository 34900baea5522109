// Behind a mirror of the package registries everything works unchanged, so nothing names their hosts.
import { execFileSync } from 'node:child_process';
import * as path from 'node:path';

const HOSTS = [['npmjs', 'org'], ['yarnpkg', 'com'], ['pypi', 'org'], ['pythonhosted', 'org'], ['repo1', 'maven', 'org'], ['proxy', 'golang', 'org']]
  .map((parts) => parts.join('\\.'));

test('no file names the host of a package registry', () => {
  const root = path.join(__dirname, '..', '..');
  const find = (pattern: string) => {
    try {
      return execFileSync('git', ['grep', '--untracked', '--ignore-case', '-l', '-E', pattern], { cwd: root, encoding: 'utf8' }).trim().split('\n');
    } catch (error) {
      if ((error as { status: number }).status === 1) return [];
      throw error;
    }
  };
  expect(find('openfunction\\.io')).toContain('README.md');
  expect(find(HOSTS.join('|'))).toEqual([]);
});
