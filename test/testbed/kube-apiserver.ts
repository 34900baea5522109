// A private Kubernetes API server on loopback, with etcd behind it and the CRDs of a function's objects in it.
import { generateKeyPairSync, randomUUID } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { run } from './command';
import { CRD_SOURCES, installCrds, type CrdSource } from './crds';
import { ensurePackages, findCommand } from './debian';
import { goBinary, type GoBinaryOptions } from './go-binary';
import { KubeClient } from './kube-client';
import { freePort, startProcess, type RunningProcess } from './processes';
import { step } from './progress';
import { scratchFolder } from './scratch';
import { VERSIONS } from './versions';

export const KUBERNETES_VERSION = VERSIONS.kubernetes;

export interface RunningApiServer {
  readonly baseUrl: string;
  readonly token: string;
  /** Path of a kubeconfig with the token in it. */
  readonly kubeconfig: string;
  readonly client: KubeClient;
  /** Of the server, for 127.0.0.1; good for webhooks beside it too. */
  readonly certificate: { readonly certFile: string; readonly keyFile: string };
  /** Runs kubectl of the same version; rejects with what it printed when it fails. */
  kubectl(args: readonly string[], stdin?: string, env?: Record<string, string>): Promise<string>;
  stop(): Promise<void>;
}

export interface ApiServerOptions {
  /** @default - Knative Serving, Dapr, KEDA with its HTTP add-on, Gateway API */
  readonly crds?: readonly CrdSource[];
  /** Ask RBAC what a service account may do; the suite's own token may do everything either way. @default false */
  readonly rbac?: boolean;
  /** Further flags. */
  readonly args?: readonly string[];
}

const build = (command: string, cold: string): GoBinaryOptions => ({
  title: `${command} ${KUBERNETES_VERSION} (about ${cold} cold)`,
  folder: join(__dirname, 'go', 'kube-apiserver'),
  package: `k8s.io/kubernetes/cmd/${command}`,
  variables: Object.fromEntries(['k8s.io/component-base/version', 'k8s.io/client-go/pkg/version'].flatMap((path) => [
    [`${path}.gitVersion`, `v${KUBERNETES_VERSION}`],
    [`${path}.gitMajor`, KUBERNETES_VERSION.split('.')[0]],
    [`${path}.gitMinor`, KUBERNETES_VERSION.split('.')[1]],
  ])),
});

/** Path of the API server. */
export const kubeApiServer = (): Promise<string> => goBinary('kube-apiserver', build('kube-apiserver', '4 min'));

/** Path of kubectl, of the server's minor version: the machine's own where it has one, else built. */
export async function kubectl(): Promise<string> {
  const installed = await findCommand('kubectl');
  if (installed !== undefined && await minorVersionOf(installed) === minor(`v${KUBERNETES_VERSION}`)) return installed;
  return goBinary('kubectl', build('kubectl', '1 min'));
}

const minor = (version: string): string => version.split('.').slice(0, 2).join('.');

async function minorVersionOf(command: string): Promise<string> {
  const answer = await run(command, ['version', '--client', '--output=json']);
  return minor((JSON.parse(answer) as { clientVersion: { gitVersion: string } }).clientVersion.gitVersion);
}

export async function startApiServer(options: ApiServerOptions = {}): Promise<RunningApiServer> {
  await ensurePackages({ etcd: 'etcd-server' });
  const command = await kubeApiServer();
  const kubectlCommand = await kubectl();
  // etcd syncs every write; in memory that costs nothing.
  const folder = scratchFolder('apiserver', existsSync('/dev/shm') ? '/dev/shm' : undefined);
  return step(`starting kube-apiserver ${KUBERNETES_VERSION}`, async () => {
    const etcd = await startEtcd(folder);
    const server = await startServer(command, folder, etcd.url, options);
    const client = new KubeClient(server);
    await server.process.waitFor(async () => (await client.send('GET', '/readyz')).status === 200, { what: 'the API server is ready', timeoutMs: 120_000 });
    await installCrds(client, options.crds ?? CRD_SOURCES);
    return {
      baseUrl: server.baseUrl,
      token: server.token,
      kubeconfig: server.kubeconfig,
      client,
      certificate: { certFile: join(folder, 'apiserver.crt'), keyFile: join(folder, 'apiserver.key') },
      kubectl: (args, stdin, env) => run(kubectlCommand, args, { env: { KUBECONFIG: server.kubeconfig, ...env }, stdin }),
      stop: async () => {
        client.close();
        await server.process.stop();
        await etcd.process.stop();
        await rm(folder, { recursive: true, force: true });
      },
    };
  });
}

async function startEtcd(folder: string): Promise<{ url: string; process: RunningProcess }> {
  const [url, peer] = [`http://127.0.0.1:${await freePort()}`, `http://127.0.0.1:${await freePort()}`];
  const etcd = await startProcess({
    name: 'etcd',
    command: 'etcd',
    args: [
      '--data-dir', join(folder, 'etcd'),
      '--listen-client-urls', url, '--advertise-client-urls', url,
      '--listen-peer-urls', peer, '--initial-advertise-peer-urls', peer, '--initial-cluster', `default=${peer}`,
    ],
  });
  await etcd.waitFor(async () => (await fetch(`${url}/health`)).ok, { what: 'etcd is healthy' });
  return { url, process: etcd };
}

interface Server {
  readonly baseUrl: string;
  readonly token: string;
  readonly ca: string;
  readonly kubeconfig: string;
  readonly process: RunningProcess;
}

async function startServer(command: string, folder: string, etcd: string, options: ApiServerOptions): Promise<Server> {
  const port = await freePort();
  const token = randomUUID();
  const file = (name: string): string => join(folder, name);
  // The group is beyond authorization and beyond request limits.
  writeFileSync(file('tokens'), `${token},conformance,conformance,system:masters\n`, { mode: 0o600 });
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  writeFileSync(file('service-accounts.key'), privateKey.export({ type: 'pkcs1', format: 'pem' }), { mode: 0o600 });
  const server = await startProcess({
    name: 'kube-apiserver',
    command,
    args: [
      `--etcd-servers=${etcd}`,
      '--bind-address=127.0.0.1', `--secure-port=${port}`, `--cert-dir=${folder}`,
      `--token-auth-file=${file('tokens')}`, `--authorization-mode=${options.rbac ? 'RBAC' : 'AlwaysAllow'}`,
      // No controller makes the service account that every pod would need.
      '--disable-admission-plugins=ServiceAccount',
      '--service-account-issuer=https://kubernetes.default.svc',
      `--service-account-key-file=${file('service-accounts.key')}`, `--service-account-signing-key-file=${file('service-accounts.key')}`,
      '--service-cluster-ip-range=10.96.0.0/12', '--endpoint-reconciler-type=none', '--profiling=false',
      ...(options.args ?? []),
    ],
  });
  const certificate = file('apiserver.crt');
  // The key is written last, so that with it the certificate is whole.
  await server.waitFor(() => existsSync(file('apiserver.key')), { what: 'the API server has a certificate' });
  const baseUrl = `https://127.0.0.1:${port}`;
  writeFileSync(file('kubeconfig'), kubeconfig(baseUrl, certificate, token), { mode: 0o600 });
  return { baseUrl, token, ca: readFileSync(certificate, 'utf8'), kubeconfig: file('kubeconfig'), process: server };
}

function kubeconfig(server: string, certificate: string, token: string): string {
  return JSON.stringify({
    'apiVersion': 'v1',
    'kind': 'Config',
    'clusters': [{ name: 'c', cluster: { server, 'certificate-authority': certificate } }],
    'users': [{ name: 'u', user: { token } }],
    'contexts': [{ name: 'c', context: { cluster: 'c', user: 'u' } }],
    'current-context': 'c',
  });
}
