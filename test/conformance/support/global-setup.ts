// Builds or finds everything that the suite runs, before the first test: a cold machine takes minutes here.
import { rm } from 'node:fs/promises';
import ownTempFolder from '../../support/own-temp-folder';
import { cacheFolder, daprd, ensurePackages, kedaWebhooks, kubeApiServer, kubectl, repositoryRoot, run } from '../../testbed';
import { judgeBinaries } from '../judges/binaries';

export default async function globalSetup(): Promise<void> {
  ownTempFolder();
  await rm(cacheFolder('conformance'), { recursive: true });
  await ensurePackages({ 'etcd': 'etcd-server', 'redis-server': 'redis-server' });
  // The library puts the bundled proxy into its manifests.
  await run('node', ['proxy/bundle.mjs'], { cwd: repositoryRoot });
  // One at a time: each build uses all cores.
  for (const build of [kubeApiServer, kubectl, daprd, kedaWebhooks, ...judgeBinaries]) await build();
}
