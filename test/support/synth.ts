// A function synthesized as users do it: App, chart, construct, and the objects that come out.
import { App, Chart, Testing } from 'cdk8s';
import { Construct } from 'constructs';
import { FunctionOptions, OpenFunctionApp, OpenFunctionAppProps, PlatformSettings, PlatformSettingsProps } from '../../src';
import { bundledVersion } from '../../src/private/image/bundle';

export interface KubeObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string; readonly labels?: StringMap; readonly annotations?: StringMap };
  readonly spec?: Tree;
  readonly [field: string]: unknown;
}
export type StringMap = Record<string, string>;
/** Plain JSON that a test walks into; a wrong step shows as `undefined`. */
export type Tree = { readonly [key: string]: Tree } & ReadonlyArray<Tree>;

export interface Synthesized {
  readonly app: App;
  readonly chart: Chart;
  readonly fn: OpenFunctionApp;
  readonly objects: KubeObject[];
  /** Lines on standard error. */
  readonly printed: string[];
}

export interface SynthOptions extends FunctionOptions {
  readonly settings?: PlatformSettingsProps;
  /** `null` is a chart without one. */
  readonly chartNamespace?: string | null;
}

export function newChart(namespace: string | null = 'ns'): { app: App; chart: Chart } {
  const app = Testing.app();
  return { app, chart: new Chart(app, 'chart', namespace === null ? {} : { namespace }) };
}

export function synthManifest(manifest: object, { settings, chartNamespace, ...options }: SynthOptions = {}): Synthesized {
  return synthWith((chart) => OpenFunctionApp.fromManifest(chart, 'fn', { ...manifest }, options), { settings, chartNamespace });
}

export function synthProps(props: OpenFunctionAppProps, options: SynthOptions = {}): Synthesized {
  return synthWith((chart) => new OpenFunctionApp(chart, 'fn', props), options);
}

function synthWith(make: (chart: Chart) => OpenFunctionApp, { settings, chartNamespace }: SynthOptions): Synthesized {
  const { app, chart } = newChart(chartNamespace);
  if (settings !== undefined) PlatformSettings.of(app).set(settings);
  const fn = make(chart);
  const printed: string[] = [];
  const objects = quietly(() => synthChart(chart), printed);
  return { app, chart, fn, objects, printed };
}

export function synthChart(chart: Chart): KubeObject[] {
  return shortened(Testing.synth(chart) as KubeObject[]);
}

/** Without the text of the bundled proxy, which no failing test should print. */
export function shortened(objects: KubeObject[]): KubeObject[] {
  return objects.map((object) => {
    const entries = Object.entries((object.data ?? {}) as StringMap);
    return entries.some(([, text]) => bundledVersion(text) !== undefined) ? { ...object, data: Object.fromEntries(entries.map(([file]) => [file, BUNDLE])) } : object;
  });
}
export const BUNDLE = '<bundle>';

/** Runs with standard error caught. */
export function quietly<T>(run: () => T, printed: string[] = []): T {
  const write = jest.spyOn(process.stderr, 'write').mockImplementation((text) => {
    printed.push(String(text).trimEnd());
    return true;
  });
  try {
    return run();
  } finally {
    write.mockRestore();
  }
}

/** The one object of a kind and name; fails when there is none. */
export function one(objects: readonly KubeObject[], kind: string, name?: string): KubeObject {
  const found = all(objects, kind).filter(({ metadata }) => name === undefined || metadata.name === name);
  if (found.length !== 1) throw new Error(`${found.length} objects ${kind} ${name ?? ''} among ${objects.map((object) => `${object.kind} ${object.metadata.name}`).join(', ')}`);
  return found[0];
}

export function all(objects: readonly KubeObject[], kind: string): KubeObject[] {
  return objects.filter((object) => object.kind === kind || `${object.kind}.${object.apiVersion.split('/')[0]}` === kind);
}

export function list(objects: readonly KubeObject[]): string[] {
  return objects.map(({ kind, metadata }) => `${kind} ${metadata.name}`);
}

/** Pod template of whatever runs the function. */
export function podTemplate(objects: readonly KubeObject[], name: string): { metadata: { annotations: StringMap; labels: StringMap }; spec: Tree } {
  const workload = objects.find(({ kind, apiVersion, metadata }) => WORKLOADS.includes(kind) || (kind === 'Service' && apiVersion.startsWith('serving.'))
    ? metadata.name === name || (kind === 'Job' && metadata.name.startsWith(`${name}-`)) : false);
  if (workload?.spec === undefined) throw new Error(`no workload of ${name} among ${list(objects).join(', ')}`);
  const template: Tree = workload.kind === 'ScaledJob' ? workload.spec.jobTargetRef.template : workload.spec.template;
  return template as unknown as ReturnType<typeof podTemplate>;
}
const WORKLOADS = ['Deployment', 'StatefulSet', 'Job', 'ScaledJob'];

export function container(pod: { spec: Tree }, name = 'function'): Tree {
  const found = [...pod.spec.containers].find((candidate) => String(candidate.name) === name);
  if (found === undefined) throw new Error(`no container ${name}`);
  return found;
}

/** Variables by name: the value, or what it comes from. */
export function environment(pod: { spec: Tree }, name = 'function'): Record<string, unknown> {
  return Object.fromEntries([...container(pod, name).env].map((entry) => [String(entry.name), entry.value ?? entry.valueFrom]));
}

/** A context variable as the kubelet hands it over. */
export function context(pod: { spec: Tree }, variable: 'FUNC_CONTEXT' | 'FUNC_CONTEXT_V1BETA2' = 'FUNC_CONTEXT', name = 'function'): Tree {
  return JSON.parse(String(environment(pod, name)[variable]).replaceAll('$$', '$')) as Tree;
}

export function proxyTemplate(objects: readonly KubeObject[], name: string): ReturnType<typeof podTemplate> {
  return podTemplate(objects, `${name}-dapr-proxy`);
}

/** The message of what a call throws, or the synthesis of the construct that it makes, without which the test fails. */
export function thrownBy(run: () => unknown): string {
  try {
    quietly(() => {
      const made = run();
      if (made instanceof Construct) Testing.synth(Chart.of(made));
    });
  } catch (error) {
    return (error as Error).message;
  }
  throw new Error('nothing was thrown');
}

/** Sets the parent's words aside: only the problem lines. */
export function problemsOf(run: () => unknown): string[] {
  return thrownBy(run).split('\n').filter((line) => line.startsWith('  ')).map((line) => line.trim());
}

export function inScope<T extends Construct>(scope: T, run: (scope: T) => void): T {
  run(scope);
  return scope;
}
