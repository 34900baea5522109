// Bundles proxy/src/main.ts to one file. The same sources give the same bytes on any machine: the only inputs besides
// them are the version and the Dockerfile. The hash is taken of a first build that carries a placeholder in its place,
// and of the Dockerfile, so that an image on another base has another tag.
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildSync } from 'esbuild';
import { ownNames, wordsOf } from './own-names.cjs';

const HASH_LENGTH = 12;
const PLACEHOLDER = '0'.repeat(HASH_LENGTH);
/** It travels in a ConfigMap, in every chart. */
const MAX_BYTES = 120_000;

const here = dirname(fileURLToPath(import.meta.url));
const { version } = JSON.parse(readFileSync(join(here, 'package.json'), 'utf8'));
const read = (folder, pattern) => readdirSync(folder, { recursive: true }).filter((name) => pattern.test(name))
  .map((name) => readFileSync(join(folder, name), 'utf8'));
const packageFolder = (name) => dirname(createRequire(import.meta.url).resolve(`${name}/package.json`));
const foreign = wordsOf([
  ...read(packageFolder('@types/node'), /\.d\.ts$/),
  ...read(join(packageFolder('typescript'), 'lib'), /^lib\.es.*\.d\.ts$/),
]);
const names = ownNames(read(join(here, 'src'), /\.ts$/), foreign);

function bundle(hash, minify = true) {
  const result = buildSync({
    absWorkingDir: here,
    entryPoints: ['src/main.ts'],
    bundle: true,
    minify,
    mangleProps: minify ? new RegExp(`^(?:${names.join('|')})$`) : undefined,
    platform: 'node',
    target: 'node20',
    // `${` would be a variable to Flux, which substitutes in all manifests.
    supported: { 'template-literal': false },
    format: 'cjs',
    legalComments: 'none',
    banner: { js: '/* dapr-proxy, Copyright The cdk8s-openfunction authors, Apache-2.0 */' },
    metafile: true,
    tsconfigRaw: { compilerOptions: { target: 'ES2022' } },
    define: { PROXY_VERSION: JSON.stringify(`${version}+${hash}`) },
    write: false,
  });
  // The banner and NOTICE say that nothing of others is in it.
  const foreign = Object.keys(result.metafile.inputs).filter((file) => !file.startsWith('src/'));
  if (foreign.length > 0) throw new Error(`NOTICE does not name what the bundle has of ${foreign.join(', ')}`);
  return result.outputFiles[0].text;
}

// What is renamed below are names that the minifier made, and nothing of the program's own, in a string for example.
const VARIABLE = /\$[A-Za-z_{]/;
if (VARIABLE.test(bundle(PLACEHOLDER, false))) throw new Error('the sources have what envsubst would take for a variable');

/** Other names for those that envsubst would take for variables: the minifier makes names such as `$e`. */
function withoutVariables(code) {
  let renamed = code;
  let next = 0;
  for (const name of new Set(code.match(/(?<![\w$])[\w$]*\$[A-Za-z_][\w$]*/g))) {
    let other;
    do other = `v${next++}`; while (new RegExp(`(?<![\\w$])${other}(?![\\w$])`).test(renamed));
    renamed = renamed.replace(new RegExp(`(?<![\\w$])${name.replaceAll('$', '\\$')}(?![\\w$])`, 'g'), other);
  }
  if (VARIABLE.test(renamed)) throw new Error('the bundle has what envsubst would take for a variable');
  return renamed;
}

const hash = createHash('sha256').update(withoutVariables(bundle(PLACEHOLDER)))
  .update(readFileSync(join(here, 'Dockerfile'))).digest('hex').slice(0, HASH_LENGTH);
const bytes = Buffer.from(withoutVariables(bundle(hash)));
if (bytes.length > MAX_BYTES) throw new Error(`the bundle has ${bytes.length} bytes, more than ${MAX_BYTES}`);
const target = join(here, 'bundle', 'index.js');
mkdirSync(dirname(target), { recursive: true });
// A file that is right already may be in use.
if (!existsSync(target) || !readFileSync(target).equals(bytes)) writeFileSync(target, bytes);
console.log(`proxy/bundle/index.js ${version}+${hash} ${bytes.length} bytes`);
