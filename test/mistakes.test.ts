// Typical mistakes of users: each is an error of the compiler or of the function, or at least a warning, and none is silent.
import * as path from 'node:path';
import { App, Chart, Duration, Size, Testing } from 'cdk8s';
import * as kplus from 'cdk8s-plus-28';
import * as ts from 'typescript';
import * as library from '../src';
import { diagnosticsOf } from './support/compile';
import { existing } from './support/existing-component';
import { MISTAKES as OTHERS } from './support/mistakes';
import { SHAPE_MISTAKES } from './support/shape-mistakes';
import { quietly } from './support/synth';

const MISTAKES = [...OTHERS, ...SHAPE_MISTAKES];
/** What each program finds. */
const FIXTURE = `
import { App, Chart, Duration, Size } from 'cdk8s';
import * as kplus from 'cdk8s-plus-28';
import { ${Object.keys(library).join(', ')}, IDaprComponent } from '../src';
declare const app: App;
declare const chart: Chart;
declare const secret: kplus.ISecret;
declare const bus: IDaprComponent;
declare const queue: IDaprComponent;
`;
const OPTIONS: ts.CompilerOptions = {
  strict: true,
  noEmit: true,
  skipLibCheck: true,
  esModuleInterop: true,
  target: ts.ScriptTarget.ES2022,
  module: ts.ModuleKind.Node16,
  moduleResolution: ts.ModuleResolutionKind.Node16,
  types: ['node'],
};
const fileOf = (index: number) => path.join(__dirname, `mistake-${index}.ts`);

test('mistakes in types are errors of the compiler', () => {
  const files = new Map(MISTAKES.map(([code], index) => [fileOf(index), `${FIXTURE}${code};\nexport {};\n`]));
  const diagnostics = diagnosticsOf(files, OPTIONS);
  const found = MISTAKES.map(([code], index) => ({ code, compiler: diagnostics[index].map((each) => each.code) }));
  expect(found).toEqual(MISTAKES.map(([code, compiler]) => ({ code, compiler })));
}, 120_000);

test.each(MISTAKES)('%s', (code, _compiler, found) => {
  const lines: string[] = [];
  const printed: string[] = [];
  try {
    quietly(() => run(code), printed);
  } catch (error) {
    lines.push(...(error as Error).message.split('\n').filter((line) => line.startsWith('  ')).map((line) => line.trim()));
  }
  lines.push(...printed.map((line) => line.replace(/^\S+: /, '')));
  expect(lines).toEqual(found);
  expect(lines).not.toEqual([]);
});

/** As plain JavaScript, in which nothing has checked the types. */
function run(code: string): void {
  const app = Testing.app();
  const chart = new Chart(app, 'c', { namespace: 'ns' });
  const scope: Record<string, unknown> = {
    ...library, App, Chart, Duration, Size, kplus, app, chart,
    secret: kplus.Secret.fromSecretName(chart, 'secret', 'orders'),
    bus: existing('bus', 'pubsub.kafka'),
    queue: existing('queue', 'bindings.kafka'),
  };
  (new Function(...Object.keys(scope), code) as (...values: unknown[]) => void)(...Object.values(scope));
  for (const each of app.node.children) if (Chart.isChart(each)) Testing.synth(each);
}
