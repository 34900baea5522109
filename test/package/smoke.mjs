// The package as its users get it: packed, installed into an empty project, driven by its command line and from JavaScript.
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = path.join(path.dirname(fileURLToPath(import.meta.url)), '..', '..');
const [tarball] = readdirSync(path.join(root, 'dist', 'js')).filter((file) => file.endsWith('.tgz'));
const project = mkdtempSync(path.join(tmpdir(), 'package-smoke-'));
const { peerDependencies } = JSON.parse(execFileSync('tar', ['-xzOf', path.join(root, 'dist', 'js', tarball), 'package/package.json'], { encoding: 'utf8' }));

const FUNCTION = `apiVersion: core.openfunction.io/v1beta2
kind: Function
metadata: { name: greeter, namespace: shop }
spec:
  image: acme/greeter:1
  serving:
    triggers: { http: { port: 8080 } }
    outputs: [{ dapr: { name: queue, type: bindings.kafka } }]
`;

try {
  const files = execFileSync('tar', ['-tzf', path.join(root, 'dist', 'js', tarball)], { encoding: 'utf8' }).split('\n');
  for (const wanted of ['proxy/Dockerfile', 'proxy/bundle/index.js', '.jsii', 'lib/index.js', 'lib/cli/main.js', 'LICENSE', 'README.md']) {
    assert.ok(files.includes(`package/${wanted}`), `${wanted} is missing from the package`);
  }
  const unwanted = files.filter((file) => /^package\/(src|test|examples|bench|\.ci|\.cache|proxy\/(src|test))\//.test(file) || file.endsWith('.test.js'));
  assert.deepEqual(unwanted, []);

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
  const tag = cli('proxy-image', 'tag', '--repository', 'registry.example/dapr-proxy');
  assert.match(tag.stdout, /^registry\.example\/dapr-proxy:\d+\.\d+\.\d+-[0-9a-f]+\n$/);

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
  console.log(`package: ${files.length - 1} files, command line and program agree`);
} finally {
  rmSync(project, { recursive: true });
}
