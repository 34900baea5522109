// The validation plugin as cdk8s-cli runs it.
import { spawnSync } from 'node:child_process';
import { readFileSync, rmSync, mkdtempSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { InstalledCommand, installCommand } from '../support/installed-command';

const ROOT = join(__dirname, '../..');
const SLOW = 120_000;
const PROGRAM = `
const { App, ApiObject, Chart } = require('cdk8s');
const app = new App();
const chart = new Chart(app, 'shop', { namespace: 'shop' });
new ApiObject(chart, 'orders', {
  apiVersion: 'core.openfunction.io/v1beta2', kind: 'Function', metadata: { name: 'orders' },
  spec: { image: 'acme/orders:1', serving: { triggers: { http: { port: 70000 } }, workloadType: process.env.WORKLOAD } },
});
app.synth();
`;

let installed: InstalledCommand;
let root: string;
beforeAll(() => {
  installed = installCommand();
});
afterAll(() => installed.remove());
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'plugin-'));
  symlinkSync(join(ROOT, 'node_modules'), join(root, 'node_modules'));
});
afterEach(() => rmSync(root, { recursive: true }));

function synth(program: string, strict = false) {
  const plugin = installed.main.replace('main.js', 'cdk8s-plugin.js');
  writeFileSync(join(root, 'main.js'), program);
  writeFileSync(join(root, 'cdk8s.yaml'), [
    'language: typescript', 'app: node main.js', 'output: dist', 'validations:', `  - package: ${plugin}`, '    version: 1.0.0',
    '    class: OpenFunctionValidation', '    properties:', `      strict: ${strict}`, '',
  ].join('\n'));
  const args = [join(ROOT, 'node_modules/cdk8s-cli/bin/cdk8s'), 'synth', '--check-upgrade=false', '--validation-reports-output-file', 'report.json'];
  const { status } = spawnSync(process.execPath, args, { cwd: root, encoding: 'utf8', env: { ...process.env, WORKLOAD: strict ? 'Job' : undefined } });
  const { reports } = JSON.parse(readFileSync(join(root, 'report.json'), 'utf8')) as { reports: { violations: object[]; summary: object }[] };
  return { status, reports: reports.map(({ violations, summary }) => ({ violations, summary })), plugin };
}

const PORT = (constructPath: string, location: string) => ({
  ruleName: 'serving.triggers.http.port', recommendation: '70000 is outside 1..65535', fix: 'change serving.triggers.http.port',
  violatingConstructs: [{ resourceName: 'orders', locations: [location], manifestPath: 'dist/shop.k8s.yaml', constructPath }],
});

test('a Function among the manifests of an app fails cdk8s synth, with construct path, manifest path and place', () => {
  const { status, reports, plugin } = synth(PROGRAM);
  expect(status).toBe(2);
  expect(reports).toEqual([{
    violations: [PORT('shop/orders', '11:9 serving.triggers.http.port')],
    summary: { status: 'failure', plugin, version: '1.0.0', metadata: { Summary: '1 problem in 1 of 1 function' } },
  }]);
}, SLOW);

test('properties are those of the command: with strict, warnings are violations, and advice is how to fix', () => {
  const { status, reports } = synth(PROGRAM.replace('http: { port: 70000 }', 'http: { prt: 1 }'), true);
  expect(status).toBe(2);
  expect(reports[0].violations).toEqual([
    {
      ruleName: 'serving.triggers.http.prt', recommendation: 'unknown field', fix: 'did you mean "port"?',
      violatingConstructs: [{ resourceName: 'orders', locations: ['11:9 serving.triggers.http.prt'], manifestPath: 'dist/shop.k8s.yaml', constructPath: 'shop/orders' }],
    },
    {
      ruleName: 'serving.workloadType', recommendation: 'has no effect on a Knative Service', fix: 'change serving.workloadType',
      violatingConstructs: [{ resourceName: 'orders', locations: ['12:5 serving.workloadType'], manifestPath: 'dist/shop.k8s.yaml', constructPath: 'shop/orders' }],
    },
  ]);
}, SLOW);

test('a wiring that is probably not meant is a violation of the function, with the place of the other one', () => {
  const bus = "{ type: 'pubsub.kafka', version: 'v1', metadata: [{ name: 'brokers', value: 'kafka:9092' }, { name: 'authType', value: 'none' }, { name: 'consumerGroup', value: 'all' }] }";
  const fn = (name: string) => `new ApiObject(chart, '${name}', { apiVersion: 'core.openfunction.io/v1beta2', kind: 'Function', metadata: { name: '${name}' }, `
    + `spec: { image: 'acme/fn:1', serving: { triggers: { dapr: [{ name: 'bus', topic: 'placed' }] }, pubsub: { bus: ${bus} } } } });`;
  const { status, reports } = synth(`const { App, ApiObject, Chart } = require('cdk8s');\nconst app = new App();\nconst chart = new Chart(app, 'shop', { namespace: 'shop' });\n${fn('a')}\n${fn('b')}\napp.synth();\n`);
  expect([status, reports[0].violations]).toEqual([0, [{
    ruleName: 'serving.triggers.dapr[0].topic', fix: 'give each function its own',
    recommendation: 'warning: the consumer group "all" of "bus" is that of function shop/a (dist/shop.k8s.yaml:23:11) too, so each event reaches one of the two alone',
    violatingConstructs: [{ resourceName: 'b', locations: ['47:11 serving.triggers.dapr[0].topic'], manifestPath: 'dist/shop.k8s.yaml', constructPath: 'shop/b' }],
  }]]);
}, SLOW);

test('an app without problems passes', () => {
  const { status, reports, plugin } = synth(PROGRAM.replace('70000', '7000'));
  expect(status).toBe(0);
  expect(reports).toEqual([{ violations: [], summary: { status: 'success', plugin, version: '1.0.0', metadata: { Summary: 'no problems in 1 function' } } }]);
}, SLOW);
