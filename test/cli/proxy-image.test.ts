import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import { run } from '../../src/cli/program';
import { DaprProxyImage } from '../../src/dapr-proxy-image';
import { buildCommands, pushCommands } from '../../src/private/image/tools';

const REPOSITORY = 'registry.acme.io/dapr-proxy';
const VERSION = DaprProxyImage.bundledVersion;
const searchPath = process.env.PATH;
let folder: string;

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'proxy-image-'));
});

afterEach(() => {
  process.env.PATH = searchPath;
  delete process.env.JSII_AGENT;
  rmSync(folder, { recursive: true });
});

async function command(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  const result = { code: 0, out: '', err: '' };
  result.code = await run(['proxy-image', ...args], {
    out: (text) => { result.out += text; },
    err: (text) => { result.err += text; },
  });
  return result;
}

/** A container tool that writes down what it was asked, in an otherwise empty search path. */
function tool(name: string, exitCode = 0): () => string[] {
  const log = path.join(folder, 'log');
  writeFileSync(path.join(folder, name), `#!/bin/sh\necho "$*" >> '${log}'\nexit ${exitCode}\n`);
  chmodSync(path.join(folder, name), 0o755);
  process.env.PATH = folder;
  return () => readFileSync(log, 'utf8').trim().split('\n');
}

describe('proxy-image', () => {
  test('tag prints the tag that fromSource writes into manifests', async () => {
    expect(await command('tag', '-r', REPOSITORY)).toEqual({ code: 0, out: `${REPOSITORY}:${VERSION}\n`, err: '' });
    expect(DaprProxyImage.fromSource({ repository: REPOSITORY })._model()).toMatchObject({ reference: `${REPOSITORY}:${VERSION}` });
  });

  test('tag without a repository prints the tag alone', async () => {
    expect((await command('tag')).out).toBe(`${VERSION}\n`);
  });

  test('a repository with a tag is wrong usage that says what is expected', async () => {
    const { code, out, err } = await command('tag', '-r', 'registry.acme.io/dapr-proxy:1');
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toBe('error: --repository: "registry.acme.io/dapr-proxy:1" is not a valid image repository; give it without tag and digest, '
      + 'such as "registry.acme.io/dapr-proxy"\n');
  });

  test('context copies Dockerfile and bundle, and nothing else is needed to build', async () => {
    const output = path.join(folder, 'context');
    expect((await command('context', '-o', output)).code).toBe(0);
    const dockerfile = readFileSync(path.join(output, 'Dockerfile'), 'utf8');
    const copied = [...dockerfile.matchAll(/^COPY (\S+)/gm)].map(([, file]) => file);
    expect(copied).toEqual(['bundle/index.js']);
    expect(copied.every((file) => existsSync(path.join(output, file)))).toBe(true);
  });

  test('context below a file, or without a name, is wrong usage and one line', async () => {
    writeFileSync(path.join(folder, 'file'), '');
    const { code, out, err } = await command('context', '-o', path.join(folder, 'file'));
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toMatch(/^error: \S+\/file: cannot be written: ENOTDIR.*\n$/);
    expect(await command('context', '-o', '')).toEqual({ code: 2, out: '', err: 'error: --output: give the path of a folder\n' });
  });

  test('context without a folder prints the packaged one', async () => {
    const { out } = await command('context');
    expect(existsSync(path.join(out.trim(), 'Dockerfile'))).toBe(true);
  });

  test('context wants a folder where jsii runs the command, whose own folder is gone when it ends', async () => {
    process.env.JSII_AGENT = 'Python/3.11.7';
    expect(await command('context')).toEqual({
      code: 2, out: '', err: 'error: this installation unpacks the folder for one run only: give a folder to copy it to with --output\n',
    });
    expect((await command('context', '-o', path.join(folder, 'context'))).code).toBe(0);
  });

  test('build runs the tool that is there and prints the image it made', async () => {
    const log = tool('podman');
    expect(await command('build', '-r', REPOSITORY)).toMatchObject({ code: 0, out: `${REPOSITORY}:${VERSION}\n` });
    expect(log()).toHaveLength(1);
    expect(log()[0]).toMatch(new RegExp(`^build --build-arg VERSION=${VERSION} --tag ${REPOSITORY}:${VERSION} --file \\S+Dockerfile \\S+$`));
  });

  test('another base gives another tag, the same for build, tag and manifests', async () => {
    const log = tool('podman');
    const image = `${REPOSITORY}:${VERSION}-8a02eda3`;
    expect(await command('build', '-r', REPOSITORY, '--base', 'node:22')).toMatchObject({ code: 0, out: `${image}\n` });
    expect(log()[0]).toContain(`--build-arg BASE_IMAGE=node:22 --build-arg VERSION=${VERSION}-8a02eda3 --tag ${image} `);
    expect((await command('tag', '-r', REPOSITORY, '--base', 'node:22')).out).toBe(`${image}\n`);
    const options = { repository: REPOSITORY, baseImage: 'node:22' };
    expect(DaprProxyImage.fromSource(options)._model()).toEqual({ kind: 'image', reference: image, version: `${VERSION}-8a02eda3` });
    expect((await command('tag', '-r', REPOSITORY, '--base', 'node:24')).out).not.toBe(`${image}\n`);
    expect(await command('tag', '--base', 'Node:22')).toEqual({
      code: 2, out: '', err: 'error: --base: "Node:22" is not a valid image reference: names are in lower case; did you mean "node:22"?\n',
    });
  });

  test('push builds first', async () => {
    const log = tool('buildah');
    expect((await command('push', '-r', REPOSITORY)).code).toBe(0);
    expect(log().map((line) => line.split(' ')[0])).toEqual(['build', 'push']);
  });

  test('a build that fails pushes nothing and ends with exit code 1', async () => {
    const log = tool('docker', 125);
    const { code, out, err } = await command('push', '-r', REPOSITORY);
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(err).toMatch(/^error: docker build .*: ended with exit code 125\n$/);
    expect(log()).toHaveLength(1);
  });

  test('without any container tool the error names those that would do', async () => {
    process.env.PATH = folder;
    const { code, err } = await command('build', '-r', REPOSITORY);
    expect(code).toBe(1);
    expect(err).toBe('error: no container tool found: install one of docker, podman, buildah, or build the folder printed by '
      + '"proxy-image context" by other means\n');
  });

  test('a tool that is asked for and not there is reported by name', async () => {
    process.env.PATH = folder;
    expect((await command('build', '-r', REPOSITORY, '--tool', 'buildah')).err).toMatch(/^error: buildah build .*: spawnSync buildah ENOENT\n$/);
  });

  test('build without a repository is wrong usage', async () => {
    expect((await command('build')).code).toBe(2);
  });
});

describe('several platforms', () => {
  const options = { context: 'proxy', image: 'r/p:1', version: '1', platforms: ['linux/amd64', 'linux/arm64'] };

  test.each([
    ['docker', ['buildx', 'build', '--platform']],
    ['podman', ['build', '--platform', '--manifest']],
    ['buildah', ['build', '--platform', '--manifest']],
  ] as const)('%s makes a manifest list', (name, words) => {
    const [{ args }] = buildCommands({ ...options, tool: name });
    expect(args).toEqual(expect.arrayContaining([...words, 'linux/amd64,linux/arm64', 'r/p:1']));
  });

  test('docker pushes while it builds, the others push the list with all its images', () => {
    expect(pushCommands({ ...options, tool: 'docker' })[0].args).toContain('--push');
    expect(pushCommands({ ...options, tool: 'podman' })).toEqual([{ tool: 'podman', args: ['manifest', 'push', '--all', 'r/p:1', 'docker://r/p:1'] }]);
  });
});
