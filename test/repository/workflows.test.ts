// What an attacker of the supply chain would look for in the workflows.
import { readdirSync, readFileSync } from 'node:fs';
import * as path from 'node:path';
import { parse } from 'yaml';

const ROOT = path.join(__dirname, '..', '..');
const FOLDER = path.join(ROOT, '.github', 'workflows');

interface Step { readonly uses?: string; readonly run?: string; readonly with?: Record<string, unknown>; readonly env?: Record<string, string> }
interface Job { readonly permissions?: Record<string, string>; readonly environment?: string; readonly steps: Step[]; readonly needs?: string | string[] }
interface Workflow { readonly on: Record<string, unknown>; readonly permissions?: Record<string, string>; readonly jobs: Record<string, Job> }

const FILES = readdirSync(FOLDER).sort();
const read = (file: string): Workflow => parse(readFileSync(path.join(FOLDER, file), 'utf8')) as Workflow;
const jobsOf = (file: string): [string, Job][] => Object.entries(read(file).jobs);
const stepsOf = (file: string): Step[] => jobsOf(file).flatMap(([, { steps }]) => steps);

test('the workflows are those of builds, code analysis and releases', () => {
  expect(FILES).toEqual(['build.yml', 'codeql.yml', 'release.yml']);
});

describe.each(FILES)('%s', (file) => {
  test('names every action by the digest of a commit', () => {
    const loose = stepsOf(file).map(({ uses }) => uses).filter((uses) => uses !== undefined && !/^[\w./-]+@[0-9a-f]{40}$/.test(uses));
    expect(loose).toEqual([]);
  });

  test('gives no permission to all jobs, and to each job what it names', () => {
    expect(read(file).permissions).toEqual({});
    expect(jobsOf(file).filter(([, { permissions }]) => permissions === undefined).map(([name]) => name)).toEqual([]);
  });

  test('runs no code of a pull request with rights of the repository', () => {
    expect(Object.keys(read(file).on).filter((event) => ['pull_request_target', 'workflow_run', 'issue_comment'].includes(event))).toEqual([]);
  });

  test('leaves no token behind after a checkout', () => {
    const kept = stepsOf(file).filter(({ uses, with: options }) => uses?.startsWith('actions/checkout@') && options?.['persist-credentials'] !== false);
    expect(kept).toEqual([]);
  });

  test('puts no expression into a script, where its value would be code', () => {
    expect(stepsOf(file).filter(({ run }) => run?.includes('${{')).map(({ run }) => run)).toEqual([]);
  });
});

test('only what publishes may write, each job to its own place', () => {
  const writes = FILES.flatMap((file) => jobsOf(file).map(([job, { permissions }]) => [
    `${file} ${job}`, Object.keys(permissions ?? {}).filter((name) => permissions?.[name] === 'write').sort().join(),
  ]));
  expect(Object.fromEntries(writes.filter(([, names]) => names !== ''))).toEqual({
    'codeql.yml analyze': 'security-events',
    'release.yml npm': 'id-token',
    'release.yml pypi': 'id-token',
    'release.yml image': 'id-token,packages',
    'release.yml github': 'attestations,contents,id-token',
  });
});

test('a job with credentials needs the environment that somebody approves, and neither builds nor runs scripts of packages', () => {
  for (const [name, { environment, permissions, steps }] of jobsOf('release.yml')) {
    const secrets = JSON.stringify(steps).includes('secrets.') || Object.values(permissions ?? {}).includes('write');
    expect([name, environment]).toEqual([name, secrets ? 'release' : undefined]);
    const installs = steps.flatMap(({ run }) => run?.match(/npm (ci|install).*/g) ?? []);
    expect([name, secrets ? installs.filter((line) => !line.includes('--ignore-scripts')) : []]).toEqual([name, []]);
    expect([name, secrets ? steps.filter(({ run }) => /\bnpx\b/.test(run ?? '')) : []]).toEqual([name, []]);
  }
});

test('a secret is in the environment of the one step that needs it', () => {
  const release = jobsOf('release.yml').flatMap(([name, { steps }]) => steps
    .filter(({ env }) => JSON.stringify(env ?? {}).includes('secrets.')).map(({ run }) => `${name}: ${run?.split(/[\s(]/)[0]}`));
  expect(release).toEqual(['maven: release/publib/node_modules/.bin/publib-maven', 'go: release/publib/node_modules/.bin/publib-golang', 'image: docker', 'github: tag=$']);
  expect(FILES.filter((file) => file !== 'release.yml' && JSON.stringify(read(file)).includes('secrets.'))).toEqual([]);
});

test('pull requests run everything that must pass', () => {
  expect(Object.keys(read('build.yml').on)).toContain('pull_request');
  expect(stepsOf('build.yml').map(({ run }) => run)).toContain('.ci/run');
});

test('the lock file of what publishes has the digest of every package', () => {
  const { packages } = JSON.parse(readFileSync(path.join(ROOT, 'release', 'publib', 'package-lock.json'), 'utf8')) as { packages: Record<string, { integrity?: string }> };
  expect(Object.keys(packages).filter((name) => name !== '' && packages[name].integrity === undefined)).toEqual([]);
});

test('dependencies of each kind are updated', () => {
  const { updates } = parse(readFileSync(path.join(ROOT, '.github', 'dependabot.yml'), 'utf8')) as { updates: Record<string, string>[] };
  expect(updates.map((update) => update['package-ecosystem'])).toEqual(['npm', 'github-actions', 'gomod', 'docker']);
});
