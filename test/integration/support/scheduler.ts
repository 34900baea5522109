/** Dapr's scheduler, which fires jobs; it keeps them in an etcd of its own inside the process. */
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DAPR_VERSION, freePort, goBinary, repositoryRoot, RunningProcess, startProcess } from '../../testbed';

export const schedulerBinary = () => goBinary('dapr-scheduler', {
  title: `Dapr's scheduler ${DAPR_VERSION} (about 2 min cold)`,
  package: 'github.com/dapr/dapr/cmd/scheduler',
  folder: join(repositoryRoot, 'test', 'testbed', 'go', 'dapr-scheduler'),
});

export async function startScheduler(): Promise<{ address: string; process: RunningProcess }> {
  const [port, client, peer, health, metrics] = await Promise.all([freePort(), freePort(), freePort(), freePort(), freePort()]);
  const address = `127.0.0.1:${port}`;
  const process = await startProcess({
    name: 'dapr-scheduler',
    command: await schedulerBinary(),
    args: [
      '--id', 'test', '--port', String(port), '--listen-address', '127.0.0.1', '--override-broadcast-host-port', address,
      '--etcd-data-dir', mkdtempSync(join(tmpdir(), 'scheduler-')), '--etcd-client-port', String(client), '--etcd-initial-cluster', `test=http://127.0.0.1:${peer}`,
      '--healthz-port', String(health), '--healthz-listen-address', '127.0.0.1', '--metrics-port', String(metrics), '--metrics-listen-address', '127.0.0.1',
    ],
  });
  await process.waitFor(async () => (await fetch(`http://127.0.0.1:${health}/healthz`)).ok, { what: 'the scheduler healthy', timeoutMs: 60_000 });
  return { address, process };
}
