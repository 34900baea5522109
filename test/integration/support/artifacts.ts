/** The programs under test and their test functions, made once per run. */
import { join } from 'node:path';
import { buildSync } from 'esbuild';
import { builtFolder, cacheFolder, goBinary, repositoryRoot, run, step } from '../../testbed';

export const proxyBundle = join(repositoryRoot, 'proxy', 'bundle', 'index.js');

/** The bundle of the function programs in `function/`, so that a pod starts as fast as Node does. */
export const functionBundle = () => join(cacheFolder('integration'), 'function.js');

export const goFunction = () => goBinary('go-function', {
  folder: join(repositoryRoot, 'test', 'integration', 'go', 'function'),
  title: 'a function as a Go gRPC server (about 1 min cold)',
});

export async function hyperFunction(): Promise<string> {
  const sources = join(repositoryRoot, 'test', 'integration', 'hyper');
  const folder = await builtFolder('hyper', { sources, script: 'cargo build --quiet', title: 'a function on hyper (about 1 min cold)' });
  return join(folder, 'target', 'debug', 'hyper-function');
}

export async function bundleProxy(): Promise<void> {
  await step('bundling the proxy', () => run('node', [join('proxy', 'bundle.mjs')], { cwd: repositoryRoot }));
}

export function bundleFunction(): void {
  buildSync({
    entryPoints: [join(repositoryRoot, 'test', 'integration', 'function', 'main.ts')],
    bundle: true,
    platform: 'node',
    target: 'node20',
    outfile: functionBundle(),
    // grpc-js refers to its own package.json; nothing else is outside.
    logLevel: 'error',
  });
}
