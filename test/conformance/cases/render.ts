// From a Function manifest to what a case is judged by: the objects, as the YAML that would be applied, and the report.
import { App, Chart } from 'cdk8s';
import { parseAllDocuments } from 'yaml';
import { OpenFunctionApp, type FunctionReport, type PlatformSettingsProps } from '../../../src';
import type { KubeObject } from '../../testbed';
import type { Manifest } from '../generate';

export interface Rendered {
  readonly manifest: Manifest;
  readonly objects: readonly KubeObject[];
  readonly report: FunctionReport;
}

export function render(manifest: Manifest, platform: PlatformSettingsProps = {}): Rendered {
  const app = new App();
  const fn = OpenFunctionApp.fromManifest(new Chart(app, 'case', { disableResourceNameHashes: true }), 'fn', manifest, { platform });
  return { manifest, objects: readYaml(withoutWarnings(() => app.synthYaml())), report: fn.report };
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
function withoutWarnings<T>(synth: () => T): T {
  const write = process.stderr.write;
  process.stderr.write = () => true;
  try {
    return synth();
  } finally {
    process.stderr.write = write;
  }
}
