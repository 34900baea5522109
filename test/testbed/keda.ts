// KEDA: the operator, and the admission webhooks that a stock installation has.
import { copyFileSync, readFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { parse } from 'yaml';
import { goBinary, goModuleDir, type GoBinaryOptions } from './go-binary';
import type { RunningApiServer } from './kube-apiserver';
import type { KubeObject } from './kube-client';
import { freePort, startProcess, type RunningProcess } from './processes';
import { scratchFolder } from './scratch';
import { VERSIONS } from './versions';

export const KEDA_VERSION = VERSIONS.keda;

const build = (command: string, cold: string): GoBinaryOptions => ({
  title: `KEDA ${KEDA_VERSION} ${command} (about ${cold} cold)`,
  folder: join(__dirname, 'go', 'keda'),
  package: `github.com/kedacore/keda/v2/cmd/${command}`,
  variables: { 'github.com/kedacore/keda/v2/version.Version': KEDA_VERSION },
});

/** Path of KEDA's operator. */
export const kedaOperator = (): Promise<string> => goBinary('keda-operator', build('operator', '6 min'));

/** Path of KEDA's admission webhooks. */
export const kedaWebhooks = (): Promise<string> => goBinary('keda-webhooks', build('webhooks', '3 min'));

interface WebhookConfiguration extends KubeObject {
  readonly webhooks: { readonly clientConfig: { readonly service: { readonly path: string } } }[];
}

/** Starts KEDA's admission webhooks and registers them: from then on the API server refuses what KEDA refuses. */
export async function startKedaWebhooks(server: RunningApiServer): Promise<RunningProcess> {
  const port = await freePort();
  const health = await freePort();
  // The API server's own certificate is good for 127.0.0.1.
  const certificates = scratchFolder('keda');
  copyFileSync(server.certificate.certFile, join(certificates, 'tls.crt'));
  copyFileSync(server.certificate.keyFile, join(certificates, 'tls.key'));
  const webhooks = await startProcess({
    name: 'keda-webhooks',
    command: await kedaWebhooks(),
    args: [
      `--cert-dir=${certificates}`, `--port=${port}`, `--health-probe-bind-address=127.0.0.1:${health}`,
      '--metrics-bind-address=0', '--cache-miss-to-direct-client',
    ],
    env: { KUBECONFIG: server.kubeconfig },
  });
  await webhooks.waitFor(async () => (await fetch(`http://127.0.0.1:${health}/readyz`)).ok && listens(port), { what: "KEDA's webhooks are ready" });
  await register(server, port);
  return webhooks;
}

async function register(server: RunningApiServer, port: number): Promise<void> {
  const file = join(await goModuleDir('github.com/kedacore/keda/v2', `v${KEDA_VERSION}`), 'config', 'webhooks', 'validation_webhooks.yaml');
  const released = parse(readFileSync(file, 'utf8')) as WebhookConfiguration;
  const caBundle = readFileSync(server.certificate.certFile).toString('base64');
  const { status, body } = await server.client.apply({
    ...released,
    webhooks: released.webhooks.map((webhook) => ({
      ...webhook,
      // A webhook that is down must not pass for one that agrees.
      failurePolicy: 'Fail',
      clientConfig: { url: `https://127.0.0.1:${port}${webhook.clientConfig.service.path}`, caBundle },
    })),
  }, 'testbed');
  if (status >= 300) throw new Error(`KEDA's webhooks cannot be registered: ${body.message}`);
}

/** The health probe answers before the webhooks listen. */
function listens(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => { socket.destroy(); resolve(true); });
    socket.once('error', () => resolve(false));
  });
}
