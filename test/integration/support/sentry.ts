/** Dapr's sentry, which gives sidecars the identities by which they know each other. */
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DAPR_VERSION, freePort, goBinary, repositoryRoot, RunningProcess, startProcess } from '../../testbed';

export const sentryBinary = () => goBinary('dapr-sentry', {
  title: `Dapr's sentry ${DAPR_VERSION} (about 1 min cold)`,
  package: 'github.com/dapr/dapr/cmd/sentry',
  folder: join(repositoryRoot, 'test', 'testbed', 'go', 'daprd'),
});

export interface Sentry {
  readonly address: string;
  /** Certificates that sidecars trust. */
  readonly anchors: string;
  readonly process: RunningProcess;
}

export async function startSentry(): Promise<Sentry> {
  const folder = mkdtempSync(join(tmpdir(), 'sentry-'));
  const config = join(folder, 'config.yaml');
  writeFileSync(config, JSON.stringify({ apiVersion: 'dapr.io/v1alpha1', kind: 'Configuration', metadata: { name: 'sentry' }, spec: { mtls: { enabled: true } } }));
  const [port, health, metrics] = await Promise.all([freePort(), freePort(), freePort()]);
  const process = await startProcess({
    name: 'dapr-sentry',
    command: await sentryBinary(),
    args: [
      '--port', String(port), '--listen-address', '127.0.0.1', '--issuer-credentials', folder, '--config', config,
      '--healthz-port', String(health), '--healthz-listen-address', '127.0.0.1', '--metrics-port', String(metrics), '--metrics-listen-address', '127.0.0.1',
    ],
    env: { NAMESPACE: 'default' },
  });
  await process.waitFor(async () => (await fetch(`http://127.0.0.1:${health}/healthz`)).ok, { what: 'the sentry healthy' });
  return { address: `127.0.0.1:${port}`, anchors: readFileSync(join(folder, 'ca.crt'), 'utf8'), process };
}
