/** Compares what an example synthesizes with its `expected.yaml`, as text. `UPDATE_GOLDEN=1 npx jest examples` writes the files anew. */
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { App, Chart, Yaml } from 'cdk8s';
import { DaprProxyImage } from 'cdk8s-openfunction';

const VERSION = DaprProxyImage.bundledVersion;
const HASH = VERSION.slice(VERSION.lastIndexOf('-') + 1);

export function compareWithGolden(folder: string, synthesized: string): void {
  const file = join(folder, 'expected.yaml');
  if (process.env.UPDATE_GOLDEN !== undefined) writeFileSync(file, synthesized);
  expect(synthesized).toBe(readFileSync(file, 'utf8'));
}

/** What the files in `dist/` hold, one chart after the other, with the proxy's bundle and its hash shortened. */
export function synthesizedText(app: App): string {
  const charts = app.node.children.filter((child) => Chart.isChart(child));
  return charts.map((chart) => Yaml.stringify(...chart.toJson().map(withoutBundle))).join('---\n')
    .replaceAll(VERSION, '<version>')
    .replaceAll(HASH, '<hash>');
}

/** The bundle is a hundred kilobytes of JavaScript in one string. */
function withoutBundle(manifest: { kind: string; immutable?: boolean; data?: Record<string, string> }): object {
  if (manifest.kind !== 'ConfigMap' || manifest.immutable !== true) return manifest;
  return { ...manifest, data: Object.fromEntries(Object.keys(manifest.data ?? {}).map((file) => [file, '<the bundled dapr-proxy>'])) };
}
