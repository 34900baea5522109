// The software bill of materials of the npm package, and so of the packages of other languages, which contain it.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { imageTag } from '../src/private/image/bundle';

const ROOT = join(__dirname, '..');

export interface Component { readonly 'bom-ref': string; readonly 'name': string; readonly 'version': string; readonly [field: string]: unknown }
export interface Sbom {
  readonly metadata: { readonly component: Component };
  readonly components: readonly Component[];
  readonly dependencies: readonly { readonly ref: string; readonly dependsOn: readonly string[] }[];
}

/** In CycloneDX: what npm says of the lock file, with the bundled proxy, which npm does not know. */
export function sbomOf(): Sbom {
  const { name, version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { name: string; version: string };
  const args = ['sbom', '--package-lock-only', '--omit=dev', '--omit=peer', '--sbom-format=cyclonedx', '--sbom-type=library'];
  const made = JSON.parse(execFileSync('npm', args, { cwd: ROOT, encoding: 'utf8' })) as Sbom;
  const proxy = proxyComponent();
  const own = `${name}@${version}`;
  // npm takes the name of the folder, and the version of the lock file.
  const component = { ...made.metadata.component, 'bom-ref': own, name, version, 'purl': `pkg:npm/${own}` };
  return {
    ...made,
    metadata: { ...made.metadata, component },
    components: [...made.components, proxy],
    dependencies: [
      ...made.dependencies.map(({ ref, dependsOn }) => (ref === made.metadata.component['bom-ref']
        ? { ref: own, dependsOn: [...dependsOn, proxy['bom-ref']] } : { ref, dependsOn })),
      { ref: proxy['bom-ref'], dependsOn: [] },
    ],
  };
}

function proxyComponent(): Component {
  const content = createHash('sha256').update(readFileSync(join(ROOT, 'proxy', 'bundle', 'index.js'))).digest('hex');
  const version = imageTag();
  return {
    'bom-ref': `dapr-proxy@${version}`, 'type': 'application', 'name': 'dapr-proxy', version, 'scope': 'required',
    'hashes': [{ alg: 'SHA-256', content }],
    'licenses': [{ license: { id: 'Apache-2.0' } }],
  };
}
