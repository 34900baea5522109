// From a cdk8s app to what a case is judged by: the YAML that would be applied, read as Kubernetes reads it, and the reports.
import { App, Chart, Testing } from 'cdk8s';
import type { IConstruct } from 'constructs';
import { parseAllDocuments } from 'yaml';
import type { Change, Rendered } from './case';
import { changeManifest } from './change-manifest';
import { OpenFunctionApp, type FunctionReport, type PlatformSettingsProps } from '../../../src';
import type { KubeObject } from '../../testbed';
import type { Manifest } from '../generate';

/** The objects of a Function manifest, as YAML would have them. */
export function renderManifest(manifest: Manifest, platform: PlatformSettingsProps = {}, changes: readonly Change[] = []): Rendered {
  return renderApp(appOf(manifest, platform, changes));
}

/** The same without the way through YAML, which takes most of the time; for judges that are asked a thousand times. */
export function renderQuickly(manifest: Manifest, platform: PlatformSettingsProps = {}, changes: readonly Change[] = []): Rendered {
  const app = appOf(manifest, platform, changes);
  const objects = withoutWarnings(() => app.charts.flatMap((chart) => Testing.synth(chart) as KubeObject[]));
  return { objects, reports: reportsOf(app) };
}

function appOf(manifest: Manifest, platform: PlatformSettingsProps, changes: readonly Change[]): App {
  const app = new App();
  OpenFunctionApp.fromManifest(new Chart(app, 'case', { namespace: 'shop' }), 'fn', changes.reduce(changeManifest, manifest), { platform });
  return app;
}

export function renderApp(app: App): Rendered {
  return { objects: readYaml(withoutWarnings(() => app.synthYaml())), reports: reportsOf(app) };
}

/** By a member, not by the class: examples are loaded with a copy of the library. */
export function reportsOf(root: IConstruct): FunctionReport[] {
  return root.node.findAll().filter((each): each is OpenFunctionApp => 'daprAppId' in each).map(({ report }) => report);
}

/** Reads YAML as Kubernetes' own readers do, where `on` and `012` unquoted are no strings. */
export function readYaml(text: string): KubeObject[] {
  return parseAllDocuments(text, { version: '1.1', merge: false })
    .map((document) => {
      if (document.errors.length > 0) throw document.errors[0];
      return document.toJS() as KubeObject | null;
    })
    .filter((object): object is KubeObject => object !== null);
}

/** Hundreds of functions print thousands of warnings; they stand in the report too. */
export function withoutWarnings<T>(synth: () => T): T {
  const write = process.stderr.write;
  process.stderr.write = () => true;
  try {
    return synth();
  } finally {
    process.stderr.write = write;
  }
}
