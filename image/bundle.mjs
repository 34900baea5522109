// Bundles the command line to image/bundle/, the context of its container image: one file of JavaScript, and beside it
// what it reads at run time.
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const root = join(dirname(fileURLToPath(import.meta.url)), '..');
const target = join(root, 'image', 'bundle');
const main = join(root, 'src', 'cli');

/** Sources find files beside them by their own folder, which in one file is that of the main module for all of them. */
const ownFolders = {
  name: 'own-folders',
  setup: ({ onLoad }) => onLoad({ filter: /[/\\]src[/\\].*\.ts$/ }, ({ path }) => {
    const folder = JSON.stringify(relative(main, dirname(path)));
    const contents = readFileSync(path, 'utf8').replace(/\b__dirname\b/g, `require('node:path').join(__dirname, ${folder})`);
    return { contents, loader: 'ts' };
  }),
};

rmSync(target, { recursive: true, force: true });
mkdirSync(join(target, 'lib', 'cli'), { recursive: true });
await build({
  entryPoints: [join(main, 'main.ts')],
  outfile: join(target, 'lib', 'cli', 'main.js'),
  bundle: true,
  platform: 'node',
  target: 'node20',
  minify: true,
  plugins: [ownFolders],
  logLevel: 'error',
});
const { version, peerDependencies, bundledDependencies } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
writeFileSync(join(target, 'package.json'), `${JSON.stringify({ version, peerDependencies })}\n`);
cpSync(join(root, 'src', 'private'), join(target, 'lib', 'private'), {
  recursive: true,
  filter: (path) => statSync(path).isDirectory() || path.endsWith('.json'),
});
// The licences of what is in the one file.
mkdirSync(join(target, 'licences'));
for (const file of ['LICENSE', 'NOTICE']) cpSync(join(root, file), join(target, 'licences', file));
for (const name of [...bundledDependencies, ...Object.keys(peerDependencies)]) {
  const folder = join(root, 'node_modules', name);
  for (const file of readdirSync(folder)) if (/^(LICEN[CS]E|NOTICE)/i.test(file)) cpSync(join(folder, file), join(target, 'licences', `${name.replace('/', '-')}-${file}`));
}
for (const file of ['Dockerfile', 'bundle']) cpSync(join(root, 'proxy', file), join(target, 'proxy', file), { recursive: true });
