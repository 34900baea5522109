// The packed package with each package manager, module system and line of Node that it supports. The same program must
// give the same manifests in all of them.
import { strict as assert } from 'node:assert';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { examplesWithPeers } from './peers';
import { builtFolder, repositoryRoot, run, scratchFolder, step, stopAll } from '../testbed';

const platform = `${process.platform}-${process.arch}`;
const bunPlatform = platform.replace('arm64', 'aarch64');
const NODE_LINES = ['20', '22', '24'] as const;
const TOOLS = [
  'pnpm@10.34.9', '@yarnpkg/cli-dist@4.18.1', `@oven/bun-${bunPlatform}@1.4.5`,
  ...NODE_LINES.map((line) => `node${line}@npm:node-${platform}@${line}`),
];

/** `load` is how a module system gets at the packages; everything after it is the same. */
const program = (load: string): string => `${load}
const app = new App();
const chart = new Chart(app, 'shop', { namespace: 'shop' });
new OpenFunctionApp(chart, 'orders', {
  image: 'acme/orders:1',
  inputs: [FunctionInput.fromBinding(DaprComponent.fromComponentName(chart, 'queue', { componentName: 'queue', componentType: 'bindings.kafka' }))],
});
const { version } = readPackage();
process.stdout.write(version + '\\n' + app.synthYaml());
`;
const FILES: Record<string, string> = {
  'program.cjs': program(`const { App, Chart } = require('cdk8s');
const { DaprComponent, FunctionInput, OpenFunctionApp } = require('cdk8s-openfunction');
const readPackage = () => require('cdk8s-openfunction/package.json');`),
  'program.mjs': program(`import { createRequire } from 'node:module';
import { App, Chart } from 'cdk8s';
import { DaprComponent, FunctionInput, OpenFunctionApp } from 'cdk8s-openfunction';
const readPackage = () => createRequire(import.meta.url)('cdk8s-openfunction/package.json');`),
  'private.cjs': "require('cdk8s-openfunction/lib/private/decide/plan');\n",
};
const TYPED = `import { App, Chart } from 'cdk8s';
import { OpenFunctionApp, type OpenFunctionAppProps } from 'cdk8s-openfunction';
import { serialize } from 'cdk8s-openfunction/lib/jest-serializer';

const props: OpenFunctionAppProps = { image: 'acme/orders:1' };
export const fn: OpenFunctionApp = new OpenFunctionApp(new Chart(new App(), 'shop'), 'orders', props);
export const text: string = serialize(fn.node.id);
// @ts-expect-error: what is private cannot be imported.
export type { FunctionPlan } from 'cdk8s-openfunction/lib/private/decide/plan';
`;
const STRICT = { strict: true, noEmit: true, noUncheckedIndexedAccess: true, types: [], target: 'ES2022', lib: ['ES2022'] };

interface Installer {
  readonly name: string;
  readonly files?: Record<string, string>;
  readonly install: readonly string[];
  /** What runs a program. */
  readonly run: readonly string[];
  readonly env?: Record<string, string>;
}

interface Tools { readonly node: Record<typeof NODE_LINES[number], string>; readonly installers: readonly Installer[] }

async function tools(): Promise<Tools> {
  const folder = await builtFolder('package-managers', {
    title: 'a folder with package managers and lines of Node', sources: join(__dirname, 'tools'),
    script: `npm install --silent --no-audit --no-fund --save-exact ${TOOLS.join(' ')}`,
  });
  const module = (...names: string[]): string => join(folder, 'node_modules', ...names);
  const yarn = module('@yarnpkg', 'cli-dist', 'bin', 'yarn.js');
  const bun = module('@oven', `bun-${bunPlatform}`, 'bin', 'bun');
  const quiet = { YARN_ENABLE_TELEMETRY: '0', YARN_ENABLE_IMMUTABLE_INSTALLS: 'false', YARN_ENABLE_HARDENED_MODE: '0' };
  const yarnrc = (linker: string) => ({ '.yarnrc.yml': `nodeLinker: ${linker}\npnpEnableEsmLoader: true\n`, 'yarn.lock': '' });
  return {
    node: Object.fromEntries(NODE_LINES.map((line) => [line, module(`node${line}`, 'bin', 'node')])) as Tools['node'],
    installers: [
      { name: 'npm', install: ['npm', 'install', '--silent', '--no-audit', '--no-fund', '--prefer-offline'], run: ['node'] },
      { name: 'pnpm', install: ['node', module('pnpm', 'bin', 'pnpm.cjs'), 'install', '--prefer-offline', '--silent'], run: ['node'] },
      { name: 'Yarn', files: yarnrc('node-modules'), install: ['node', yarn, 'install'], run: ['node'], env: quiet },
      { name: 'Yarn Plug\'n\'Play', files: yarnrc('pnp'), install: ['node', yarn, 'install'], run: ['node', yarn, 'node'], env: quiet },
      { name: 'Bun', install: [bun, 'install', '--silent'], run: [bun] },
    ],
  };
}

function projectWith(tarball: string, files: Record<string, string>): string {
  const folder = scratchFolder('installed');
  const { peerDependencies } = JSON.parse(readFileSync(join(repositoryRoot, 'package.json'), 'utf8')) as { peerDependencies: Record<string, string> };
  const dependencies = { 'cdk8s-openfunction': `file:${tarball}`, ...peerDependencies };
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ name: 'user', version: '1.0.0', private: true, dependencies }));
  for (const [name, text] of Object.entries({ ...FILES, ...files })) writeFileSync(join(folder, name), text);
  return folder;
}

const start = (words: readonly string[], more: readonly string[], cwd: string, env?: Record<string, string>): Promise<string> => (
  run(words[0]!, [...words.slice(1), ...more], { cwd, env }));

async function typesIn(folder: string, module: string, moduleResolution: string): Promise<void> {
  const project = join(folder, module);
  mkdirSync(project);
  writeFileSync(join(project, 'package.json'), JSON.stringify({ type: module === 'NodeNext' ? 'module' : 'commonjs' }));
  writeFileSync(join(project, 'main.ts'), TYPED);
  writeFileSync(join(project, 'tsconfig.json'), JSON.stringify({ compilerOptions: { ...STRICT, module, moduleResolution }, files: ['main.ts'] }));
  await run(process.execPath, [join(repositoryRoot, 'node_modules', 'typescript', 'bin', 'tsc'), '--project', project], { cwd: folder });
}

async function main(): Promise<void> {
  const packed = join(repositoryRoot, 'dist', 'js');
  const [tarball] = readdirSync(packed).filter((file) => file.endsWith('.tgz'));
  if (tarball === undefined) throw new Error('dist/js/ has no package: run "npx projen package:js" first');
  const { node, installers } = await tools();
  const outputs: string[] = [];
  for (const { name, files = {}, install, run: runs, env } of installers) {
    await step(`${name}: installing the package, and both module systems`, async () => {
      const folder = projectWith(join(packed, tarball), files);
      await start(install, [], folder, env);
      for (const file of ['program.cjs', 'program.mjs']) outputs.push(await start(runs, [file], folder, env));
      if (name !== 'npm') return;
      for (const line of NODE_LINES) for (const file of ['program.cjs', 'program.mjs']) outputs.push(await start([node[line]], [file], folder));
      await assert.rejects(start(runs, ['private.cjs'], folder), /ERR_PACKAGE_PATH_NOT_EXPORTED/);
      await typesIn(folder, 'NodeNext', 'NodeNext');
      await typesIn(folder, 'Preserve', 'Bundler');
    });
  }
  assert.match(outputs[0]!, /^\d+\.\d+\.\d+\S*\n.*apiVersion: apps\/v1\nkind: Deployment\n/s);
  assert.deepEqual([...new Set(outputs)], [outputs[0]]);
  console.log(`installers: ${outputs.length} runs gave the same manifests`);
  console.log(await examplesWithPeers(join(packed, tarball), node));
}

main().finally(stopAll).catch((error: Error) => {
  console.error(error.message);
  process.exitCode = 1;
});
