// What an attacker of the supply chain would look for in the workflows.
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { parse } from 'yaml';

const ROOT = path.join(__dirname, '..', '..');
const FOLDER = path.join(ROOT, '.github', 'workflows');

interface Step { readonly uses?: string; readonly run?: string; readonly with?: Record<string, unknown>; readonly env?: Record<string, string> }
interface Job { readonly permissions?: Record<string, string>; readonly environment?: string; readonly steps: Step[]; readonly needs?: string | string[] }
interface Workflow { readonly defaults?: unknown; readonly on: Record<string, unknown>; readonly permissions?: Record<string, string>; readonly jobs: Record<string, Job> }

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

  test('stops at a failure within a pipe', () => {
    expect(read(file).defaults).toEqual({ run: { shell: 'bash' } });
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
    'release.yml site': 'id-token,pages',
  });
});

test('a job with credentials needs the environment that somebody approves, and neither builds nor runs scripts of packages', () => {
  for (const [name, { environment, permissions, steps }] of jobsOf('release.yml')) {
    const secrets = JSON.stringify(steps).includes('secrets.') || Object.values(permissions ?? {}).includes('write');
    const wanted = name === 'site' ? 'github-pages' : 'release';
    expect([name, environment]).toEqual([name, secrets ? wanted : undefined]);
    const installs = steps.flatMap(({ run }) => run?.match(/npm (ci|install).*/g) ?? []);
    expect([name, secrets ? installs.filter((line) => !line.includes('--ignore-scripts')) : []]).toEqual([name, []]);
    expect([name, secrets ? steps.filter(({ run }) => /\bnpx\b/.test(run ?? '')) : []]).toEqual([name, []]);
  }
});

test('installing runs no scripts of packages, wherever something is packed or published', () => {
  const installs = stepsOf('release.yml').flatMap(({ run }) => run?.match(/npm (ci|install|i)\b.*/g) ?? []);
  expect(installs.length).toBeGreaterThan(2);
  expect(installs.filter((line) => !line.includes('--ignore-scripts'))).toEqual([]);
});

test('each publishing job compares what arrived with the digest of what was packed, before anything else uses it', () => {
  const check = 'test "$(cd dist && find . -type f -not -path \'*/.*\' -print0 | LC_ALL=C sort -z | xargs -0 sha256sum | sha256sum | cut -d\' \' -f1)" = "$PACKED"';
  const after = jobsOf('release.yml').flatMap(([name, { steps }]) => steps.flatMap(({ uses }, index) => (
    uses?.startsWith('actions/download-artifact@') ? [[name, steps[index + 1].run, steps[index + 1].env]] : [])));
  expect(after).toEqual(['npm', 'pypi', 'maven', 'go', 'image', 'github'].map((name) => [name, check, { PACKED: '${{ needs.build.outputs.packed }}' }]));
});

test('the digest of what is packed sees a change of any file, and not where it was packed', () => {
  const script = stepsOf('release.yml').find(({ run }) => run?.startsWith('echo "packed='))!.run!;
  const folder = mkdtempSync(path.join(tmpdir(), 'packed-'));
  const digest = (): string => {
    execFileSync('bash', ['-eo', 'pipefail', '-c', script], { cwd: folder, env: { ...process.env, GITHUB_OUTPUT: path.join(folder, 'output') } });
    return readFileSync(path.join(folder, 'output'), 'utf8').trim().split('\n').at(-1)!;
  };
  mkdirSync(path.join(folder, 'dist', 'js'), { recursive: true });
  writeFileSync(path.join(folder, 'dist', 'js', 'a b.tgz'), 'one');
  const [first, again] = [digest(), digest()];
  writeFileSync(path.join(folder, 'dist', 'js', 'a b.tgz'), 'two');
  const changed = digest();
  rmSync(folder, { recursive: true });
  expect([first, again]).toEqual([first, first]);
  expect(first).toMatch(/^packed=[0-9a-f]{64}$/);
  expect(changed).not.toBe(first);
});

test('what builds the image is named by digest, and its base is the one whose signature was checked', () => {
  const { steps } = read('release.yml').jobs.image;
  const { BUILDKIT, SBOM_SCANNER, BASE } = Object.assign({}, ...steps.map(({ env }) => env)) as Record<string, string>;
  expect([BUILDKIT, SBOM_SCANNER].filter((image) => !/@sha256:[0-9a-f]{64}$/.test(image))).toEqual([]);
  expect(BASE).toBe('${{ steps.base.outputs.image }}');
  const scripts = steps.map(({ run }) => run ?? '');
  const [verified, built] = ['cosign verify "$BASE:nonroot"', '--build-arg "BASE_IMAGE=$BASE"'].map((part) => scripts.findIndex((run) => run.includes(part)));
  expect([verified >= 0, built > verified]).toEqual([true, true]);
  expect(readFileSync(path.join(ROOT, 'proxy', 'Dockerfile'), 'utf8')).toContain(`ARG BASE_IMAGE=${steps[verified].env!.BASE}:nonroot\n`);
});

test('nothing is released of a commit on which the workflow build has not passed', () => {
  const { tested, build } = read('release.yml').jobs;
  expect([build.needs, tested.permissions]).toEqual(['tested', { actions: 'read' }]);
  expect(tested.steps[0].run).toContain('--workflow build.yml --commit "$GITHUB_SHA" --status success');
});

test('a secret is in the environment of the one step that needs it', () => {
  const release = jobsOf('release.yml').flatMap(([name, { steps }]) => steps
    .filter(({ env }) => JSON.stringify(env ?? {}).includes('secrets.')).map(({ run }) => `${name}: ${run?.split(/[\s(]/)[0]}`));
  expect(release).toEqual(['maven: release/publib/node_modules/.bin/publib-maven', 'go: release/publib/node_modules/.bin/publib-golang', 'image: docker', 'github: tag=$']);
  expect(FILES.filter((file) => file !== 'release.yml' && JSON.stringify(read(file)).includes('secrets.'))).toEqual([]);
});

test('the page on releases names each secret and each environment that a person has to set up', () => {
  const page = readFileSync(path.join(ROOT, 'docs', 'reference', 'releases.md'), 'utf8');
  const text = readFileSync(path.join(FOLDER, 'release.yml'), 'utf8');
  const used = [...new Set([...text.matchAll(/secrets\.(\w+)/g)].map(([, name]) => name))].filter((name) => name !== 'GITHUB_TOKEN').sort();
  expect([...page.matchAll(/`((?:MAVEN|GO)_\w+)`/g)].map(([, name]) => name).sort()).toEqual(used);
  const environments = new Set(jobsOf('release.yml').flatMap(([, { environment }]) => environment ?? []));
  expect([...environments].filter((name) => !page.includes(`\`${name}\``))).toEqual([]);
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
  const { updates } = parse(readFileSync(path.join(ROOT, '.github', 'dependabot.yml'), 'utf8')) as { updates: { readonly 'package-ecosystem': string; readonly 'directories': string[] }[] };
  const locked = execFileSync('git', ['ls-files', '*package-lock.json'], { cwd: ROOT, encoding: 'utf8' }).trim().split('\n').map((file) => `/${path.dirname(file)}`.replace('/.', '/'));
  expect([...updates[0].directories].sort()).toEqual(locked.sort());
  expect(updates.map((update) => update['package-ecosystem'])).toEqual(['npm', 'github-actions', 'gomod', 'pip', 'maven', 'docker']);
});
