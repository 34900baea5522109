// The program that users want to write (support/api-sketch.ts, as the project's owners wrote it) runs as it is; that it compiles is up to `npm run typecheck`.
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import * as path from 'node:path';
import * as ts from 'typescript';
import { parseAllDocuments, stringify } from 'yaml';
import { DaprComponent, DaprMode, OpenFunctionApp, FunctionOutput } from '../src';
import { v1beta1, v1beta2 } from './support/functions';
import { all, KubeObject, newChart, one, proxyTemplate, quietly, shortened, synthChart } from './support/synth';

const PROGRAM = readFileSync(path.join(__dirname, 'support', 'api-sketch.ts'), 'utf8');

function run(source: string): void {
  const compilerOptions = { module: ts.ModuleKind.CommonJS, target: ts.ScriptTarget.ES2022, esModuleInterop: true };
  const { outputText } = ts.transpileModule(source, { compilerOptions });
  new Function('require', 'exports', outputText)(require, {});
}

describe('the program of the API sketch', () => {
  const before = process.cwd();
  let folder: string;
  let objects: KubeObject[];

  beforeAll(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'api-sketch-'));
    mkdirSync(path.join(folder, 'functions'));
    writeFileSync(path.join(folder, 'functions', 'greeter.yaml'), stringify(v1beta2({}, {}, { name: 'greeter', namespace: 'greetings' })));
    process.chdir(folder);
  });
  afterAll(() => {
    process.chdir(before);
    rmSync(folder, { recursive: true });
  });

  test('reports one function that is read twice, since both its ways in lead into one cluster', () => {
    expect(() => quietly(() => run(PROGRAM))).toThrow('function greetings/greeter is claimed by shop/');
  });

  test('writes its manifests when the folder holds other functions than the file', () => {
    const source = PROGRAM.replace("paths: ['functions/']", "paths: ['legacy/']");
    mkdirSync(path.join(folder, 'legacy'));
    writeFileSync(path.join(folder, 'legacy', 'old.yaml'), stringify(v1beta1({}, {}, { name: 'old', namespace: 'old' })));
    quietly(() => run(source));
    expect(readdirSync(path.join(folder, 'dist'))).toEqual(['shop.k8s.yaml']);
    const documents = parseAllDocuments(readFileSync(path.join(folder, 'dist', 'shop.k8s.yaml'), 'utf8'));
    objects = shortened(documents.map((document) => document.toJS() as KubeObject));
    expect(all(objects, 'Service.serving.knative.dev').map(({ metadata }) => metadata.name).sort()).toEqual(['audit', 'greeter', 'hello', 'old', 'orders']);
    expect(all(objects, 'Deployment').map(({ metadata }) => metadata.name).sort()).toEqual(['invoices', 'invoices-dapr-proxy', 'orders-dapr-proxy']);
  });

  test('applies platform settings at its end to the functions above them', () => {
    const image = String(proxyTemplate(objects, 'orders').spec.containers[0].image);
    expect(image).toMatch(/^registry\.acme\.io\/dapr-proxy:\d+\.\d+\.\d+.*-[0-9a-f]{12}$/);
    expect(one(objects, 'HTTPRoute', 'hello').spec?.parentRefs).toEqual([{ group: 'gateway.networking.k8s.io', kind: 'Gateway', name: 'public', namespace: 'gateways' }]);
    expect(all(objects, 'ConfigMap').map(({ metadata }) => metadata.name)).toEqual([expect.stringMatching(/links/)]);
  });

  test('collects the app-ids of all functions that use the shared component', () => {
    expect(one(objects, 'Component', 'kafka').scopes).toEqual(['audit-shop', 'orders-shop']);
  });

  test('patches the workload, and hands addresses to other objects', () => {
    const orders = one(objects, 'Service.serving.knative.dev', 'orders');
    expect(orders.spec?.template.metadata.annotations.team).toBe('checkout');
    expect(all(objects, 'ConfigMap')[0].data).toEqual({ orders: 'http://orders.shop.svc.cluster.local', appId: 'orders-shop' });
  });
});

test('the test of the API sketch reads a Dapr mode off the construct', () => {
  const { chart } = newChart();
  const kafka = new DaprComponent(chart, 'kafka', { componentType: 'bindings.kafka', metadata: { brokers: 'kafka:9092', authType: 'none', publishTopic: 'orders' } });
  const fn = new OpenFunctionApp(chart, 'orders', { name: 'orders', image: 'acme/orders:1', outputs: [FunctionOutput.toBinding(kafka, { name: 'o' })] });
  expect(fn.daprMode).toBe(DaprMode.STANDALONE);
  expect(quietly(() => synthChart(chart)).map(({ kind, metadata }) => `${kind} ${metadata.name}`)).toEqual([
    'Component kafka', 'Service orders', 'NetworkPolicy orders-dapr-proxy', expect.stringMatching(/^ConfigMap dapr-proxy-/), 'Deployment orders-dapr-proxy',
  ]);
});
