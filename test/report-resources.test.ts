// Memory and CPU of a function in either Dapr mode (docs/spec M127q).
import { ApiObject, JsonPatch } from 'cdk8s';
import { FunctionReports } from '../src';
import { scaler } from './support/components';
import { asyncFunction, v1beta2 } from './support/functions';
import { synthManifest, SynthOptions } from './support/synth';

const resources = (manifest: object, options?: SynthOptions) => synthManifest(manifest, options).fn.report.resources;
const SIDECAR = { 'openfunction.io/dapr-service-mode': 'sidecar' };
const container = (name: string, given: object) => ({ name, image: 'acme/other:1', resources: given });
const SIZED = { containers: [container('function', { requests: { memory: '64Mi', cpu: '0.1' }, limits: { memory: '100M' } }), container('helper', { limits: { cpu: 1, memory: '1.5Gi' } })] };
const FUNCTION = { name: 'function', minReplicas: 3, maxReplicas: 3, cpuRequest: '0.1', memoryRequest: '64Mi', memoryLimit: '100M' };
const HELPER = { name: 'helper', minReplicas: 3, maxReplicas: 3, cpuRequest: '1', cpuLimit: '1', memoryRequest: '1.5Gi', memoryLimit: '1.5Gi' };
const PROXY = { name: 'dapr-proxy', minReplicas: 2, maxReplicas: 2, cpuRequest: '50m', memoryRequest: '96Mi', memoryLimit: '256Mi' };
const DAPRD = { name: 'daprd', minReplicas: 2, maxReplicas: 2, cpuRequest: '50m', memoryRequest: '96Mi', memoryLimit: '512Mi' };
const SCALED = { minReplicas: 3, maxReplicas: 3, keda: { triggers: [scaler('kafka')] } };
const two = { settings: { proxy: { replicas: 2 } } };
const three = (annotations: object) => asyncFunction({ annotations, template: SIZED, scaleOptions: SCALED });

test.each([['standalone', {}], ['sidecar', SIDECAR]])('both modes are the same, whichever of them was decided: %s', (mode, annotations) => {
  const { report } = synthManifest(three(annotations), two).fn;
  expect(report.daprMode).toBe(mode);
  // 3 × 64Mi + 3 × 1536Mi, and 2 × 192Mi; limits in bytes: 3 × 100 MB, 3 × 1536 MiB and 2 × 768 MiB.
  const standalone = { cpuRequest: '3500m', memoryRequest: '5184Mi', memoryLimit: String(3 * 100e6 + (3 * 1536 + 2 * 768) * 2 ** 20), without: [] };
  const sidecar = { cpuRequest: '3300m', memoryRequest: '4800Mi', without: ['daprd'] };
  expect(report.resources).toEqual([
    { daprMode: 'standalone', containers: [FUNCTION, HELPER, PROXY, DAPRD], atMinimum: standalone, atMaximum: standalone },
    { daprMode: 'sidecar', containers: [FUNCTION, HELPER, { name: 'daprd', minReplicas: 3, maxReplicas: 3 }], atMinimum: sidecar, atMaximum: sidecar },
  ]);
});

test('a container that starts before the others and runs on is in the sum, one that ends is not', () => {
  const requests = { memory: '32Mi', cpu: '0.1' };
  const template = { ...SIZED, initContainers: [{ ...container('log', { requests }), restartPolicy: 'Always' }, container('once', { requests })] };
  const [standalone] = resources(asyncFunction({ template, scaleOptions: SCALED }), two);
  expect([standalone.containers.map(({ name }) => name), standalone.atMaximum]).toEqual([
    ['function', 'helper', 'log', 'dapr-proxy', 'daprd'], { cpuRequest: '3800m', memoryRequest: '5280Mi', without: [] },
  ]);
});

test.each([['standalone', {}], ['sidecar', SIDECAR]])('annotations of the sidecar, and what settings make of the proxy, are in both modes: %s', (_mode, mode) => {
  const sized = { 'dapr.io/sidecar-memory-limit': '1Gi', 'dapr.io/sidecar-cpu-request': '200m', 'dapr.io/max-body-size': '100Mi' };
  const [standalone, sidecar] = resources(three({ ...mode, ...sized }), { settings: { proxy: { resources: { cpu: { request: { amount: '1' } } } } } });
  expect([standalone.containers.slice(2), sidecar.containers.slice(2)]).toEqual([
    [
      { ...PROXY, minReplicas: 1, maxReplicas: 1, cpuRequest: '1', memoryLimit: '328Mi' },
      { ...DAPRD, minReplicas: 1, maxReplicas: 1, cpuRequest: '200m', memoryLimit: '1Gi' },
    ],
    [{ name: 'daprd', minReplicas: 3, maxReplicas: 3, cpuRequest: '200m', memoryRequest: '1Gi', memoryLimit: '1Gi' }],
  ]);
});

test('what a program adds to the objects is in it', () => {
  const { fn } = synthManifest(asyncFunction({ scaleOptions: SCALED }));
  const patch = (object: ApiObject | undefined, memory: string) => object?.addJsonPatch(JsonPatch.add('/spec/template/spec/containers/0/resources', { limits: { memory } }));
  patch(fn.workload, '32Mi');
  patch(fn.proxy, '1Gi');
  expect(fn.report.resources[0].containers.slice(0, 2)).toEqual([
    { name: 'function', minReplicas: 3, maxReplicas: 3, memoryRequest: '32Mi', memoryLimit: '32Mi' },
    { name: 'dapr-proxy', minReplicas: 1, maxReplicas: 1, memoryRequest: '1Gi', memoryLimit: '1Gi' },
  ]);
});

test('without a limit of replicas there is no maximum, and nothing is invented where nothing is set', () => {
  const [, sidecar] = resources(v1beta2({ annotations: SIDECAR, outputs: [{ dapr: { name: 'web', type: 'bindings.http' } }], scaleOptions: { minReplicas: 1 } }));
  expect(sidecar).toEqual({
    daprMode: 'sidecar',
    containers: [{ name: 'function', minReplicas: 1 }, { name: 'daprd', minReplicas: 1 }],
    atMinimum: { without: ['function', 'daprd'] },
  });
});

test('bytes that are not whole kibibytes, and fractions of a CPU, are summed all the same', () => {
  const odd = { template: { containers: [container('function', { limits: { memory: '1001', cpu: '0.0015' } })] }, scaleOptions: { minReplicas: 3, maxReplicas: 3 } };
  const report = synthManifest(v1beta2(odd)).fn.report;
  expect(report.resources[0].atMaximum).toEqual({ cpuRequest: '5m', cpuLimit: '5m', memoryRequest: '3003', memoryLimit: '3003', without: [] });
  expect(FunctionReports.text([report])).toContain('    all at maximum: memory 3003, CPU 5m\n');
});
