// The packed package beside the oldest and the newest packages that it goes with: the examples, copied into a project of
// their own, give the same manifests with each, on each line of Node.
import { strict as assert } from 'node:assert';
import { cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseAllDocuments } from 'yaml';
import { repositoryRoot, run, scratchFolder, step } from '../testbed';

interface Peers {
  readonly name: string;
  readonly packages: Record<string, string>;
  /** The package of cdk8s-plus whose values the examples use. */
  readonly plus: string;
}

const PEERS: readonly Peers[] = [
  { name: 'the oldest cdk8s and cdk8s-plus-28', packages: { 'cdk8s': '2.70.0', 'constructs': '10.3.0', 'cdk8s-plus-28': '2.5.6' }, plus: 'cdk8s-plus-28' },
  { name: 'the newest cdk8s and cdk8s-plus-34', packages: { 'cdk8s': '^2', 'constructs': '^10', 'cdk8s-plus-28': '^2', 'cdk8s-plus-34': '^2' }, plus: 'cdk8s-plus-34' },
];
const loader = String(pathToFileURL(join(repositoryRoot, 'node_modules', 'tsx', 'dist', 'loader.mjs')));

interface KubeObject { readonly metadata: { readonly labels?: Record<string, string> } }

/**
 * What the library made, by file, and how many objects there are besides: those of cdk8s-plus have other defaults in each
 * of its releases, and releases of cdk8s break long lines of text in other places.
 */
type Manifests = Record<string, readonly [ours: KubeObject[], others: number]>;

/** Each example with both sets of peers and every Node that is given. */
export async function examplesWithPeers(tarball: string, nodes: Readonly<Record<string, string>>): Promise<string> {
  const outputs: Manifests[] = [];
  for (const { name, packages, plus } of PEERS) {
    await step(`${name}: installing the package, and the examples`, async () => {
      const folder = scratchFolder('peers');
      const dependencies = { 'cdk8s-openfunction': `file:${tarball}`, ...packages };
      writeFileSync(join(folder, 'package.json'), JSON.stringify({ name: 'user', version: '1.0.0', private: true, dependencies }));
      await run('npm', ['install', '--silent', '--no-audit', '--no-fund', '--prefer-offline'], { cwd: folder });
      copyExamples(join(folder, 'examples'), plus);
      await compiles(folder);
      for (const [line, node] of Object.entries(nodes)) outputs.push(await synthesize(folder, line, node));
    });
  }
  const [first] = outputs;
  assert.ok(first !== undefined && Object.values(first).flatMap(([ours]) => ours).length > 50, 'the examples wrote too little');
  for (const output of outputs) assert.deepEqual(output, first);
  return `examples: ${outputs.length} runs with ${PEERS.map(({ name }) => name).join(', and ')}, gave the same ${Object.keys(first).length} files`;
}

function copyExamples(to: string, plus: string): void {
  const sources = join(repositoryRoot, 'examples');
  cpSync(sources, to, { recursive: true, filter: (file) => !/(\.test|golden)\.ts$/.test(file) });
  for (const file of readdirSync(to, { recursive: true, encoding: 'utf8' }).filter((each) => each.endsWith('.ts'))) {
    const path = join(to, file);
    writeFileSync(path, readFileSync(path, 'utf8').replaceAll("'cdk8s-plus-28'", `'${plus}'`));
  }
}

/** The types of both packages fit together, those of Node are our own. */
async function compiles(folder: string): Promise<void> {
  const compilerOptions = {
    strict: true, noEmit: true, skipLibCheck: true, target: 'ES2022', lib: ['ES2022'], module: 'Node16', moduleResolution: 'Node16',
    types: ['node'], typeRoots: [join(repositoryRoot, 'node_modules', '@types')],
  };
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: ['examples/main.ts'] }));
  await run(process.execPath, [join(repositoryRoot, 'node_modules', 'typescript', 'bin', 'tsc'), '--project', '.'], { cwd: folder });
}

async function synthesize(folder: string, line: string, node: string): Promise<Manifests> {
  const out = join(folder, `dist-${line}`);
  mkdirSync(out);
  await run(node, ['--import', loader, 'examples/main.ts'], { cwd: folder, env: { CDK8S_OUTDIR: out } });
  return Object.fromEntries(readdirSync(out).sort().map((file) => {
    const objects = parseAllDocuments(readFileSync(join(out, file), 'utf8'), { version: '1.1' }).map((each) => each.toJS() as KubeObject);
    const ours = objects.filter(({ metadata: { labels } }) => labels?.['openfunction.io/managed'] === 'true');
    return [file, [ours, objects.length - ours.length]];
  }));
}
