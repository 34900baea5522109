// The package as its users get it: packed, installed into an empty project with its peers and nothing else, driven by its
// command line, from JavaScript, and from TypeScript by cdk8s synth.
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const MAX_BYTES = 500_000;
const BUNDLED = ['@dagrejs/dagre', '@dagrejs/graphlib', 'commander', 'ignore', 'yaml'];
const root = path.join(path.dirname(fileURLToPath(import.meta.url)), '..', '..');
const [tarball] = readdirSync(path.join(root, 'dist', 'js')).filter((file) => file.endsWith('.tgz'));
const project = mkdtempSync(path.join(tmpdir(), 'package-smoke-'));
const { bundledDependencies, peerDependencies } = JSON.parse(execFileSync('tar', ['-xzOf', path.join(root, 'dist', 'js', tarball), 'package/package.json'], { encoding: 'utf8' }));

const FUNCTION = `apiVersion: core.openfunction.io/v1beta2
kind: Function
metadata: { name: greeter, namespace: shop }
spec:
  image: acme/greeter:1
  serving:
    triggers: { http: { port: 8080 } }
    outputs: [{ dapr: { name: queue, type: bindings.kafka, operation: create } }]
`;
const PROGRAM = `import { App, Chart } from 'cdk8s';
import { DaprMode, OpenFunctionApp, OpenFunctionManifests } from 'cdk8s-openfunction';

const app = new App();
const chart = new Chart(app, 'typed', { namespace: 'shop' });
const { functions: [greeter] } = new OpenFunctionManifests(chart, 'functions', { paths: ['greeter.yaml'] });
if (greeter.daprMode !== DaprMode.STANDALONE) throw new Error(greeter.daprMode);
new OpenFunctionApp(new Chart(app, 'hello', { namespace: 'shop' }), 'hello', { image: 'acme/hello:1' });
app.synth();
`;
/** Strict, without types of Node and with every declaration checked: a project that has none of our development packages. */
const COMPILER_OPTIONS = { strict: true, noEmit: true, skipLibCheck: false, types: [], target: 'ES2022', lib: ['ES2022'], module: 'Node16', moduleResolution: 'Node16' };

try {
  const files = execFileSync('tar', ['-tzf', path.join(root, 'dist', 'js', tarball)], { encoding: 'utf8' }).split('\n');
  const outside = files.filter((file) => file !== '' && !/^package\/(lib|node_modules\/[^/]+)\//.test(file)).sort();
  assert.deepEqual(outside, ['.jsii', 'CHANGELOG.md', 'LICENSE', 'NOTICE', 'README.md', 'package.json', 'proxy/Dockerfile', 'proxy/bundle/index.js'].map((file) => `package/${file}`));
  const kinds = [...new Set(files.filter((file) => /^package\/(lib|node_modules)\//.test(file)).map((file) => /(\.d\.ts|\.[a-z]+)?$/.exec(file)[0]))].sort();
  assert.deepEqual(kinds, ['', '.cjs', '.d.ts', '.js', '.json']);
  assert.deepEqual(files.filter((file) => /^package\/node_modules\/.*(browser|\.d\.ts$)/.test(file)), []);
  assert.deepEqual(files.filter((file) => /^package\/lib\/(private|cli)\/.*\.d\.ts$/.test(file)), [], 'a public declaration imports a private one');
  const bytes = statSync(path.join(root, 'dist', 'js', tarball)).size;
  assert.ok(bytes <= MAX_BYTES, `the package has ${bytes} bytes, more than ${MAX_BYTES}`);
  const readFile = (file) => execFileSync('tar', ['-xzOf', path.join(root, 'dist', 'js', tarball), `package/${file}`], { encoding: 'utf8', maxBuffer: 16 * 1024 * 1024 });
  assert.deepEqual([...readFile('README.md').matchAll(/\]\((?!https:|#)[^)]*\)/g)].map(([link]) => link), []);
  const assembly = JSON.parse(readFile('.jsii'));
  assert.equal(assembly.readme.markdown, readFile('README.md'));
  assert.doesNotMatch(readFile('.jsii'), /"(locationInModule|symbolId)"/);
  const manifest = JSON.parse(readFile('package.json'));
  assert.equal(manifest.version, assembly.version);
  assert.deepEqual(Object.keys(manifest), [
    'name', 'version', 'description', 'keywords', 'homepage', 'bugs', 'repository', 'author', 'license', 'stability', 'engines', 'bin', 'main',
    'types', 'exports', 'dependencies', 'bundledDependencies', 'peerDependencies', 'publishConfig', 'jsii',
  ]);
  for (const page of [manifest.homepage, manifest.bugs.url]) assert.match(page, /^https:\/\//);
  const bundled = [...new Set(files.map((file) => /^package\/node_modules\/((?:@[^/]+\/)?[^/]+)/.exec(file)?.[1]).filter(Boolean))].sort();
  assert.deepEqual([bundled, bundledDependencies], [BUNDLED, BUNDLED]);
  const [mode] = execFileSync('tar', ['-tvzf', path.join(root, 'dist', 'js', tarball), 'package/lib/cli/main.js'], { encoding: 'utf8' }).split(' ');
  assert.equal(mode, '-rwxr-xr-x');

  writeFileSync(path.join(project, 'package.json'), JSON.stringify({ name: 'smoke', private: true }));
  const peers = Object.entries(peerDependencies).map(([name, range]) => `${name}@${range}`);
  execFileSync('npm', ['install', '--silent', '--no-audit', '--no-fund', '--prefer-offline', path.join(root, 'dist', 'js', tarball), ...peers], { cwd: project, stdio: 'inherit' });
  writeFileSync(path.join(project, 'greeter.yaml'), FUNCTION);

  const cli = (...args) => spawnSync(path.join(project, 'node_modules', '.bin', 'cdk8s-openfunction'), args, { cwd: project, encoding: 'utf8' });
  const rendered = cli('render', '-f', 'greeter.yaml');
  assert.equal(rendered.status, 0, rendered.stderr);
  assert.match(rendered.stdout, /kind: Service\n/);
  assert.match(rendered.stdout, /name: greeter-dapr-proxy\n/);
  writeFileSync(path.join(project, 'wrong.yaml'), FUNCTION.replace('8080', '80800'));
  assert.equal(cli('render', '-f', 'wrong.yaml').status, 1);
  assert.equal(cli('render', '--no-such-option').status, 2);
  for (const words of [['explain', 'platform.syncWaves'], ['schema'], ['completion', 'bash'], ['init', 'started'], ['diff', 'greeter.yaml', 'greeter.yaml']]) {
    const { status, stderr } = cli(...words);
    assert.equal(status, 0, stderr);
  }
  const tag = cli('proxy-image', 'tag', '--repository', 'registry.example/dapr-proxy');
  assert.match(tag.stdout, /^registry\.example\/dapr-proxy:\d+\.\d+\.\d+-[0-9a-f]+\n$/);
  const installed = path.join(project, 'node_modules', 'cdk8s-openfunction');
  assert.equal(cli('proxy-image', 'context').stdout, `${path.join(installed, 'proxy')}\n`);
  const copied = cli('proxy-image', 'context', '--output', 'context');
  assert.equal(copied.status, 0, copied.stderr);
  for (const file of ['Dockerfile', 'bundle/index.js']) {
    assert.equal(readFileSync(path.join(project, 'context', file), 'utf8'), readFileSync(path.join(root, 'proxy', file), 'utf8'));
  }

  const program = `
    const { App, Chart, Yaml } = require('cdk8s');
    const { OpenFunctionManifests } = require('cdk8s-openfunction');
    const chart = new Chart(new App(), 'chart');
    new OpenFunctionManifests(chart, 'functions', { paths: ['greeter.yaml'] });
    process.stdout.write(Yaml.stringify(...chart.toJson()));`;
  const synthesized = execFileSync(process.execPath, ['-e', program], { cwd: project, encoding: 'utf8', maxBuffer: 16 * 1024 * 1024 });
  // The command line prints shared objects first, since it has no chart to put them into.
  const documents = (text) => text.split(/^---\n/m).sort();
  const [ofProgram, ofCommand] = [synthesized, rendered.stdout].map(documents);
  ofProgram.forEach((text, index) => assert.ok(text === ofCommand[index], `the command line writes another ${text.slice(0, 200)}`));
  assert.equal(ofProgram.length, ofCommand.length);

  // Tools come from this repository: the project itself has the package and its peers.
  const tool = (name, ...args) => spawnSync(path.join(root, 'node_modules', '.bin', name), args, { cwd: project, encoding: 'utf8' });
  writeFileSync(path.join(project, 'main.ts'), PROGRAM);
  writeFileSync(path.join(project, 'tsconfig.json'), JSON.stringify({ compilerOptions: COMPILER_OPTIONS, files: ['main.ts'] }));
  const checked = tool('tsc', '--project', 'tsconfig.json');
  assert.equal(checked.status, 0, checked.stdout);
  const tsx = pathToFileURL(path.join(root, 'node_modules', 'tsx', 'dist', 'loader.mjs'));
  writeFileSync(path.join(project, 'cdk8s.yaml'), `language: typescript\napp: node --import ${tsx} main.ts\n`);
  const synth = tool('cdk8s', 'synth', '--check-upgrade=false');
  assert.equal(synth.status, 0, synth.stderr);
  assert.deepEqual(readdirSync(path.join(project, 'dist')).sort(), ['hello.k8s.yaml', 'typed.k8s.yaml']);
  assert.ok(readFileSync(path.join(project, 'dist', 'typed.k8s.yaml'), 'utf8') === synthesized, 'cdk8s synth writes something else');

  // What a user of jest loads from the package.
  const serializer = "process.stdout.write(Object.keys(require('cdk8s-openfunction/lib/jest-serializer')).sort().join())";
  assert.equal(execFileSync(process.execPath, ['-e', serializer], { cwd: project, encoding: 'utf8' }), 'serialize,test');
  for (const name of ['typescript', '@types/node', 'jest']) assert.ok(!existsSync(path.join(project, 'node_modules', name)), `${name} came with the package`);
  console.log(`package: ${files.length - 1} files, ${bytes} bytes; command line, program and cdk8s synth agree`);
} finally {
  rmSync(project, { recursive: true });
}
