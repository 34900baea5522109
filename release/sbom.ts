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

interface PackageJson { readonly name: string; readonly version: string; readonly bundledDependencies: readonly string[] }

const packageJson = (...folder: string[]): PackageJson => JSON.parse(readFileSync(join(ROOT, ...folder, 'package.json'), 'utf8')) as PackageJson;

/** In CycloneDX: what npm says of the bundled packages, with the proxy, which npm does not know. */
export function sbomOf(): Sbom {
  const { name, version, bundledDependencies } = packageJson();
  // Nothing is omitted: npm would leave out what a peer or a tool needs as well.
  const args = ['sbom', '--package-lock-only', '--sbom-format=cyclonedx', '--sbom-type=library'];
  const made = JSON.parse(execFileSync('npm', args, { cwd: ROOT, encoding: 'utf8', maxBuffer: 16 * 1024 * 1024 })) as Sbom;
  const bundled = bundledDependencies.map((each) => `${each}@${packageJson('node_modules', each).version}`);
  const proxy = proxyComponent();
  const own = `${name}@${version}`;
  // npm takes the name of the folder, and the version of the lock file.
  const component = { ...made.metadata.component, 'bom-ref': own, name, version, 'purl': `pkg:npm/${own}` };
  return {
    ...made,
    metadata: { ...made.metadata, component },
    components: [...bundled.map((ref) => foundIn(made, ref)), proxy],
    dependencies: [
      { ref: own, dependsOn: [...bundled, proxy['bom-ref']] },
      ...made.dependencies.filter(({ ref }) => bundled.includes(ref)),
      { ref: proxy['bom-ref'], dependsOn: [] },
    ],
  };
}

/**
 * The copy that is bundled. Tools may bundle the same version: npm lists theirs under the same reference, without the digest
 * that the lock file has of ours.
 */
function foundIn({ components }: Sbom, ref: string): Component {
  const found = components.find((component) => component['bom-ref'] === ref);
  if (found === undefined) throw new Error(`the lock file does not have ${ref}`);
  const { packages } = JSON.parse(readFileSync(join(ROOT, 'package-lock.json'), 'utf8')) as { packages: Record<string, { integrity: string }> };
  const content = Buffer.from(packages[`node_modules/${found.name}`]!.integrity.replace('sha512-', ''), 'base64').toString('hex');
  return { ...found, hashes: [{ alg: 'SHA-512', content }], properties: [{ name: 'cdx:npm:package:bundled', value: 'true' }] };
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
