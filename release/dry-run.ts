// A release without its uploads: the version and the changelog of a clone with commits of each kind, the packages that the
// languages have built, the SBOM, the notes, and the workflows, judged by actionlint.
import { strict as assert } from 'node:assert';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import Ajv from 'ajv';
import addFormats from 'ajv-formats';
import { notesOf, writePapers } from './papers';
import { Sbom } from './sbom';
import { goBinary, repositoryRoot, run, scratchFolder, step, stopAll } from '../test/testbed';

const read = (...names: string[]): string => readFileSync(join(...names), 'utf8');

/** A clone of the last commit with this machine's node_modules; the committed tree, as a release has it. */
async function clone(): Promise<string> {
  const folder = join(scratchFolder('release'), 'clone');
  await run('git', ['clone', '--quiet', '--no-tags', repositoryRoot, folder]);
  symlinkSync(join(repositoryRoot, 'node_modules'), join(folder, 'node_modules'));
  return folder;
}

async function bump(folder: string): Promise<{ version: string; changelog: string }> {
  await run('npx', ['projen', 'bump'], { cwd: folder });
  const version = read(folder, 'dist', 'version.txt');
  assert.equal((JSON.parse(read(folder, 'package.json')) as { version: string }).version, version);
  assert.equal(read(folder, 'dist', 'releasetag.txt'), `v${version}`);
  const changelog = read(folder, 'dist', 'changelog.md');
  await run('git', ['checkout', '--quiet', '--', 'package.json'], { cwd: folder });
  return { version, changelog };
}

/** Plain sentences are for those who work here; what begins with `feat:` or `fix:` is for users. */
async function versions(): Promise<void> {
  const folder = await clone();
  const git = (...args: string[]) => run('git', ['-c', 'user.name=dry run', '-c', 'user.email=dry@run.invalid', ...args], { cwd: folder });
  const commit = (subject: string) => git('commit', '--quiet', '--allow-empty', '--message', subject);
  const first = await bump(folder);
  assert.equal(first.version, '0.1.0');
  await git('tag', 'v0.1.0');
  await commit('Tables of the mapping are read once');
  assert.equal((await bump(folder)).version, '0.1.0');
  await commit('fix: a route without rules keeps its path');
  const second = await bump(folder);
  assert.equal(second.version, '0.1.1');
  assert.match(second.changelog, /^## \[0\.1\.1\].*\n+### Bug Fixes\n+\* a route without rules keeps its path .*\n+## 0\.1\.0 /m);
  assert.doesNotMatch(second.changelog, /Tables of the mapping/);
  await git('tag', 'v0.1.1');
  await commit('feat!: the port is named as the props name it');
  const third = await bump(folder);
  assert.equal(third.version, '0.2.0');
  const notes = notesOf(third.changelog);
  assert.match(notes, /^## \[0\.2\.0\][^]*the port is named as the props name it/);
  assert.doesNotMatch(notes, /a route without rules/);
  assert.match(third.changelog, /a route without rules keeps its path/);
}

const built = join(repositoryRoot, '.cache', 'languages', 'packages');
const packed = join(repositoryRoot, 'dist', 'js');

function find(folder: string, end: string): string {
  const found = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith(end) && file.includes('openfunction'));
  assert.equal(found.length, 1, `${folder} has ${found.join(', ') || 'nothing'} that ends with ${end}`);
  return join(folder, found[0]!);
}

/** What other steps of `.ci/run` have packed is taken; in a clean clone it is made here. */
async function pack(): Promise<void> {
  const npm = (...scripts: string[]) => run('bash', ['-c', scripts.map((script) => `npm run --silent ${script}`).join(' && ')], { cwd: repositoryRoot, env: { CI: 'true' } });
  if (!existsSync(packed)) await step('packing for npm', () => npm('pre-compile', 'compile', 'package:js'));
  if (!(await isOfOneBuild())) await step('packing for Python, Java and Go (some minutes)', () => npm('test:languages'));
  assert.ok(await isOfOneBuild(), 'dist/js/ and the packages of other languages are of different sources: remove dist/js/');
}

/** All languages carry the npm package; here it is the same one. */
async function isOfOneBuild(): Promise<boolean> {
  if (!['python', 'java', 'go'].every((language) => existsSync(join(built, language)))) return false;
  const [one, other] = await Promise.all([find(join(built, 'go'), '.tgz'), find(packed, '.tgz')].map((tarball) => run('tar', ['-xzOf', tarball, 'package/.jsii'])));
  return one === other;
}

/** Packages of all languages have the same name and version, and carry the licences. */
async function packages(): Promise<void> {
  await pack();
  const { version } = JSON.parse(read(repositoryRoot, 'package.json')) as { version: string };
  const wheel = find(join(built, 'python'), `-${version}-py3-none-any.whl`);
  const metadata = await run('unzip', ['-p', wheel, '*/METADATA']);
  assert.match(metadata, new RegExp(`^Name: cdk8s-openfunction\nVersion: ${version}\n`, 'm'));
  assert.deepEqual([...metadata.matchAll(/\]\((?!https:|#)[^)]*\)/g)].map(([link]) => link), []);
  const pom = read(find(join(built, 'java'), `-${version}.pom`));
  for (const element of ['<groupId>io.github.cdk8s-openfunction</groupId>', `<version>${version}</version>`, '<license>', '<scm>', '<developer>']) assert.ok(pom.includes(element), element);
  const jar = find(join(built, 'java'), `-${version}.jar`);
  assert.match(await run('unzip', ['-l', jar]), /cdk8s-openfunction@.*\.jsii\.tgz/);
  const [module] = readdirSync(join(built, 'go'), { recursive: true, encoding: 'utf8' }).filter((file) => /openfunction\/go\.mod$/.test(file));
  assert.match(read(built, 'go', module!), /^module github\.com\/cdk8s-openfunction\/cdk8s-openfunction-go\/\S+$/m);
  for (const tarball of [find(join(built, 'go'), '.tgz'), find(packed, '.tgz')]) {
    const files = (await run('tar', ['-tzf', tarball])).split('\n');
    for (const file of ['LICENSE', 'NOTICE', 'CHANGELOG.md']) assert.ok(files.includes(`package/${file}`), `${tarball} lacks ${file}`);
  }
}

function papers(): void {
  const dist = join(scratchFolder('papers'), 'dist');
  mkdirSync(dist);
  writeFileSync(join(dist, 'changelog.md'), '### [0.1.1](x)\n\n* one\n\n## 0.1.0\n\n* two\n');
  writePapers(dist);
  assert.equal(read(dist, 'notes.md'), '### [0.1.1](x)\n\n* one\n');
  const sbom = JSON.parse(read(dist, 'sbom.cdx.json')) as Sbom;
  const { version, bundledDependencies } = JSON.parse(read(repositoryRoot, 'package.json')) as { version: string; bundledDependencies: string[] };
  const { component } = sbom.metadata;
  assert.deepEqual([component.name, component.version, component.purl], ['cdk8s-openfunction', version, `pkg:npm/cdk8s-openfunction@${version}`]);
  assert.deepEqual(sbom.components.map(({ name }) => name), [...bundledDependencies, 'dapr-proxy']);
  const { packages: locked } = JSON.parse(read(repositoryRoot, 'package-lock.json')) as { packages: Record<string, { integrity: string }> };
  for (const { name, hashes, licenses, version: ofPackage } of sbom.components.slice(0, -1)) {
    const installed = JSON.parse(read(repositoryRoot, 'node_modules', name, 'package.json')) as { version: string; license: string };
    assert.deepEqual([ofPackage, licenses], [installed.version, [{ license: { id: installed.license } }]]);
    const [{ alg, content }] = hashes as [{ alg: string; content: string }];
    assert.deepEqual([alg, `sha512-${Buffer.from(content, 'hex').toString('base64')}`], ['SHA-512', locked[`node_modules/${name}`]!.integrity]);
  }
  assert.equal(read(dist, 'proxy-tag.txt'), sbom.components.at(-1)!.version);
  const hash = execFileSync('sha256sum', [join(repositoryRoot, 'proxy', 'bundle', 'index.js')], { encoding: 'utf8' }).split(' ')[0];
  assert.deepEqual(sbom.components.at(-1)!.hashes, [{ alg: 'SHA-256', content: hash }]);
  const ajv = new Ajv({ strict: false, validateFormats: false });
  addFormats(ajv);
  const schemas = join(repositoryRoot, 'node_modules', '@cyclonedx', 'cyclonedx-library', 'res', 'schema');
  // They name each other by their files.
  for (const file of ['spdx', 'jsf-0.82'].map((name) => `${name}.SNAPSHOT.schema.json`)) {
    ajv.addSchema({ ...JSON.parse(read(schemas, file)) as object, $id: `http://cyclonedx.org/schema/${file}` });
  }
  const validate = ajv.compile(JSON.parse(read(schemas, 'bom-1.5.SNAPSHOT.schema.json')) as object);
  assert.ok(validate(sbom), JSON.stringify(validate.errors));
}

/** Shell and Python in them are not linted: their linters are other programs. */
async function workflows(): Promise<void> {
  const actionlint = await goBinary('actionlint', { package: 'github.com/rhysd/actionlint/cmd/actionlint', title: 'actionlint (about ½ min cold)' });
  const folder = join(repositoryRoot, '.github', 'workflows');
  await run(actionlint, ['-shellcheck=', '-pyflakes=', ...readdirSync(folder).map((file) => join(folder, file))]);
}

async function main(): Promise<void> {
  await step('version and changelog, by commits of each kind', versions);
  await step('packages of all languages', packages);
  await step('SBOM, notes and the tag of the image', () => Promise.resolve(papers()));
  await step('workflows', workflows);
  console.log('release: everything but the uploads passed');
}

main().finally(stopAll).catch((error: Error) => {
  console.error(error.message);
  process.exitCode = 1;
});
