// The package as Python users get it: wheel, virtual environment, a program. Java and Go go through the same jsii kernel.
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

const root = path.join(path.dirname(fileURLToPath(import.meta.url)), '..', '..');
const folder = mkdtempSync(path.join(tmpdir(), 'package-python-'));
const PROGRAM = `
import json
from cdk8s import App, Chart, Testing
from cdk8s_openfunction import (
    DaprComponent, DaprMode, DaprOptions, FunctionOutput, FunctionScaling, HttpRouteOptions, HttpTrigger, OpenFunctionApp, OpenFunctionManifests, PlatformSettings,
)

chart = Chart(App(), "shop", namespace="shop")
kafka = DaprComponent(chart, "kafka", component_type="bindings.kafka", metadata={"brokers": "kafka:9092", "retries": 3})
orders = OpenFunctionApp(
    chart, "orders", image="acme/orders:2", http=HttpTrigger(port=8080, route=HttpRouteOptions(hostnames=["orders.acme.io"])),
    outputs=[FunctionOutput(component=kafka, name="placed", operation="create")], scaling=FunctionScaling(min_replicas=0, max_replicas=20),
)
OpenFunctionApp(
    chart, "audit", image="acme/audit:1", outputs=[FunctionOutput(component=kafka, name="log")], dapr=DaprOptions(mode=DaprMode.SIDECAR),
    pod={"containers": [{"name": "function", "resources": {"limits": {"memory": "256Mi"}}}]},
)
OpenFunctionApp.from_manifest(chart, "given", {
    "apiVersion": "core.openfunction.io/v1beta2", "kind": "Function", "metadata": {"name": "given"}, "spec": {"image": "acme/given:1", "serving": {}},
})
PlatformSettings.of(chart).set(cluster_domain="cluster.example")
refusal = ""
try:
    OpenFunctionApp(chart, "Bad", image="")
except Exception as error:
    refusal = str(error)
print(json.dumps({"objects": Testing.synth(chart), "mode": orders.dapr_mode.name, "url": orders.internal_url, "refusal": refusal}))
`;

try {
  const run = (command, args) => execFileSync(command, args, { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'], maxBuffer: 64 * 1024 * 1024 });
  run('npx', ['jsii-pacmak', '--target', 'python', '--npmignore=false', '--outdir', folder, '.']);
  const wheel = readdirSync(path.join(folder, 'python')).find((file) => file.endsWith('.whl'));
  run('python3', ['-m', 'venv', path.join(folder, 'venv')]);
  run(path.join(folder, 'venv', 'bin', 'pip'), ['install', '--quiet', '--disable-pip-version-check', path.join(folder, 'python', wheel)]);
  writeFileSync(path.join(folder, 'app.py'), PROGRAM);
  const { objects, mode, url, refusal } = JSON.parse(run(path.join(folder, 'venv', 'bin', 'python'), [path.join(folder, 'app.py')]));

  assert.equal(mode, 'STANDALONE');
  assert.equal(url, 'http://orders.shop.svc.cluster.example');
  const find = (kind, name) => objects.find((object) => object.kind === kind && object.metadata.name === name);
  assert.deepEqual(find('Component', 'kafka').scopes, ['audit-shop', 'orders-shop']);
  assert.equal(find('Service', 'audit').spec.template.spec.containers[0].resources.limits.memory, '256Mi');
  assert.equal(find('Service', 'given').apiVersion, 'serving.knative.dev/v1');
  assert.ok(find('Deployment', 'orders-dapr-proxy'));
  assert.ok(objects.find(({ kind }) => kind === 'ConfigMap').data['index.js'].length > 10_000, 'the bundled proxy did not reach the manifest');
  assert.match(refusal, /shop\/Bad: 2 problems\n {2}image: .*\n {2}metadata\.name: /);
  console.log(`python: ${objects.length} objects, the bundled proxy among them`);
} finally {
  rmSync(folder, { recursive: true });
}
