// Copies the package as users get it to `.stage/`, from which every language is packed: what runs, what compilers read,
// and the licences. Sources, settings of development and pages that the repository shows stay out.
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, posix, relative } from 'node:path';
import { transformSync } from 'esbuild';
import { declarationsFrom } from './declarations';

const ROOT = join(__dirname, '..');
const STAGE = join(ROOT, '.stage');

const UNRELEASED = '0.0.0';
/** Of our own package.json: the rest is for those who develop it. */
const FIELDS = [
  'name', 'version', 'description', 'keywords', 'homepage', 'bugs', 'repository', 'author', 'license', 'stability', 'engines', 'bin', 'main', 'types', 'exports',
  'dependencies', 'bundledDependencies', 'peerDependencies', 'publishConfig', 'jsii',
];
/** Of bundled packages: no builds for browsers, types, pages or command lines. */
const BUNDLED: Record<string, readonly RegExp[]> = {
  '@dagrejs/dagre': [/^package\.json$/, /^LICENSE$/, /^dist\/dagre\.cjs$/],
  '@dagrejs/graphlib': [/^package\.json$/, /^LICENSE$/, /^dist\/graphlib\.cjs$/],
  'commander': [/^package\.json$/, /^LICENSE$/, /^index\.js$/, /^lib\/.*\.js$/],
  'ignore': [/^package\.json$/, /^LICENSE-MIT$/, /^index\.js$/],
  'yaml': [/^package\.json$/, /^LICENSE$/, /^dist\/(?!test-events).*\.js$/],
};

/** Of theirs: what only their developers and registries read. */
const UNUSED = ['scripts', 'files', 'keywords', 'devDependencies', 'funding', 'browserslist', 'prettier'];

interface PackageJson { [field: string]: unknown; readonly version: string; readonly bundledDependencies: readonly string[] }

function stage(): void {
  const whole = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as PackageJson;
  const own = Object.fromEntries(FIELDS.filter((field) => field in whole).map((field) => [field, whole[field]]));
  const readme = withFullLinks(readFileSync(join(ROOT, 'README.md'), 'utf8'), whole.version);
  rmSync(STAGE, { recursive: true, force: true });
  mkdirSync(STAGE);
  writeFileSync(join(STAGE, 'package.json'), `${JSON.stringify(own, null, 2)}\n`);
  writeFileSync(join(STAGE, 'README.md'), readme);
  writeFileSync(join(STAGE, '.jsii'), assembly(whole.version, readme));
  for (const file of ['LICENSE', 'NOTICE', 'proxy/Dockerfile', 'proxy/bundle/index.js']) copy(file);
  // In the repository it says where the list is, which releases write from the commits.
  const changelog = join(ROOT, whole.version === UNRELEASED ? 'CHANGELOG.md' : 'dist/changelog.md');
  cpSync(changelog, join(STAGE, 'CHANGELOG.md'));
  const declarations = declarationsFrom(ROOT, ['lib/index.d.ts', 'lib/jest-serializer.d.ts']);
  for (const file of filesOf('lib')) {
    if (file.endsWith('.js')) writeCode(file, file.startsWith('lib/cli/'), !posix.relative('lib', file).includes('/'));
    else if (file.endsWith('.json')) copy(file);
    else if (declarations.has(file)) write(file, declarations.get(file)!);
  }
  for (const name of whole.bundledDependencies) {
    const wanted = BUNDLED[name];
    if (wanted === undefined) throw new Error(`release/stage.ts does not say which files of ${name} are needed`);
    const folder = `node_modules/${name}`;
    for (const file of filesOf(folder)) {
      if (!wanted.some((form) => form.test(posix.relative(folder, file)))) continue;
      if (/\.c?js$/.test(file)) writeCode(file, true);
      else if (file.endsWith('/package.json')) write(file, JSON.stringify(JSON.parse(readFileSync(join(ROOT, file), 'utf8')), used));
      else copy(file);
    }
  }
}

/** Pages that registries show have no folder beside them. A version that was never tagged is that of the main branch. */
function withFullLinks(markdown: string, version: string): string {
  const revision = version === UNRELEASED ? 'main' : `v${version}`;
  const base = 'https://github.com/cdk8s-openfunction/cdk8s-openfunction';
  return markdown.replace(/(!?)\]\((?![a-z]+:|#)([^)\s]+)\)/g, (_, __, target: string) => {
    const [file] = target.split('#');
    if (!existsSync(join(ROOT, file!))) throw new Error(`README.md links to ${file}, which does not exist`);
    return `](${base}/${statSync(join(ROOT, file!)).isDirectory() ? 'tree' : 'blob'}/${revision}/${target})`;
  });
}

/** The README of Python's and Java's packages comes from here, and so does the version of all of them. */
function assembly(version: string, readme: string): string {
  const read = JSON.parse(readFileSync(join(ROOT, '.jsii'), 'utf8')) as { version: string };
  if (read.version !== version) throw new Error(`compiled as ${read.version}, but package.json says ${version}: compile again`);
  const text = JSON.stringify({ ...read, readme: { markdown: readme }, fingerprint: '**********' }, withoutPlaces);
  return `${text}\n`;
}

/** Lines of sources that the package does not have. */
function withoutPlaces(key: string, value: unknown): unknown {
  return key === 'locationInModule' || key === 'symbolId' ? undefined : value;
}

function used(key: string, value: unknown): unknown {
  return UNUSED.includes(key) ? undefined : value;
}

function filesOf(folder: string): string[] {
  return readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' })
    .map((file) => `${folder}/${file}`)
    .filter((file) => statSync(join(ROOT, file)).isFile())
    .sort();
}

/**
 * Without comments, which users read in the sources, and of what is public in the declarations. Licences are files of their
 * own. Lines of the library stay, and so do the names of its functions, so that a stack trace says something; those of the
 * command and of others are nobody's to debug here. `isEntry`: Node.js looks for the names that ES modules import in statements as the compiler wrote them.
 */
function writeCode(file: string, minify: boolean, isEntry = false): void {
  const shorter = { minify, minifySyntax: !isEntry, minifyIdentifiers: !isEntry };
  const options = { loader: 'js', legalComments: 'none', charset: 'utf8', target: 'node20', ...shorter } as const;
  const { code } = transformSync(readFileSync(join(ROOT, file), 'utf8'), options);
  write(file, code);
}

function write(file: string, text: string): void {
  mkdirSync(join(STAGE, dirname(file)), { recursive: true });
  writeFileSync(join(STAGE, file), text, { mode: statSync(join(ROOT, file)).mode });
}

function copy(file: string): void {
  mkdirSync(join(STAGE, dirname(file)), { recursive: true });
  cpSync(join(ROOT, file), join(STAGE, file));
}

stage();
console.log(`${relative(process.cwd(), STAGE)}/ has ${readdirSync(STAGE, { recursive: true }).length} files and folders`);
