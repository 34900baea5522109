/** One measurement: builds an app, synthesizes it to YAML text, and prints what it took. Loading modules and inputs is not counted. */
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import * as path from 'node:path';
import { ApiObject, App, Chart } from 'cdk8s';
import { functionManifest } from './functions';
import type { FastApp as FastAppType, OpenFunctionApp as OpenFunctionAppType } from '../../src';

// Compiled, as users have it: the loader that runs this file would wrap each function of the sources once more.
const { FastApp, OpenFunctionApp } = createRequire(__filename)(path.join(__dirname, '..', '..', 'lib')) as {
  FastApp: typeof FastAppType; OpenFunctionApp: typeof OpenFunctionAppType;
};
const MIB = 1024;
const MICROSECONDS = 1000;
const [kind, size, charts, file] = [process.argv[2], Number(process.argv[3]), Number(process.argv[4]), process.argv[5]];

interface PlainObject { readonly apiVersion: string; readonly kind: string; readonly metadata: { readonly name: string } }

/** Warnings of the made-up functions are beside the point here. */
process.stderr.write = () => true;

function libraryApp(functions: object[]): App {
  const app = kind === 'fast' ? new FastApp() : new App();
  const all = Array.from({ length: charts }, (_, index) => new Chart(app, `chart-${index}`));
  functions.forEach((manifest, index) => OpenFunctionApp.fromManifest(all[index % charts], `fn-${index}`, manifest as Record<string, unknown>));
  return app;
}

function bareApp(objects: PlainObject[][]): App {
  const app = new App();
  objects.forEach((list, at) => {
    const chart = new Chart(app, `chart-${at}`);
    list.forEach((object, index) => new ApiObject(chart, `object-${index}`, object));
  });
  return app;
}

function objectsOf(app: App): number {
  return app.node.findAll().filter((construct) => ApiObject.isApiObject(construct)).length;
}

const functions = Array.from({ length: size }, (_, index) => functionManifest(index));
if (kind === 'write') {
  writeFileSync(file, JSON.stringify(libraryApp(functions).charts.map((chart) => chart.toJson() as unknown)));
  process.stdout.write('{}');
} else {
  const objects = kind === 'bare' ? JSON.parse(readFileSync(file, 'utf8')) as PlainObject[][] : [];
  const start = performance.now();
  const cpuBefore = process.cpuUsage();
  const app = kind === 'bare' ? bareApp(objects) : libraryApp(functions);
  const text = app.synthYaml() as string;
  const milliseconds = performance.now() - start;
  const { user, system } = process.cpuUsage(cpuBefore);
  process.stdout.write(JSON.stringify({
    objects: objectsOf(app),
    milliseconds,
    cpuMilliseconds: (user + system) / MICROSECONDS,
    peakMebibytes: process.resourceUsage().maxRSS / MIB,
    sha256: createHash('sha256').update(text).digest('hex'),
  }));
}
