// Runs the suite in a network namespace of its own: pods get addresses as in a cluster (the API server takes no loopback
// address into an EndpointSlice), no port is taken by others, and everything is gone with the last process.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import integrationSetup from '../integration/support/global-setup';
import { kedaOperator, kubeApiServer, kubectl, repositoryRoot } from '../testbed';
import { POD_NETWORK } from './support/addresses';

// On the loopback device every address of a network is local, as with 127.0.0.0/8.
const ENTER = `ip link set lo up && ip address add ${POD_NETWORK} dev lo && exec "$@"`;

async function main(args: readonly string[]): Promise<void> {
  // Builds download modules, so they come first.
  await integrationSetup();
  await kedaOperator();
  await kubeApiServer();
  await kubectl();
  const jest = [join('node_modules', '.bin', 'jest'), '--config', 'test/scaling/jest.config.json', '--runInBand', '--ci', ...args];
  const child = spawn('unshare', ['--net', 'sh', '-c', ENTER, 'enter', process.execPath, ...jest], { cwd: repositoryRoot, stdio: 'inherit' });
  process.exitCode = await new Promise<number>((resolve) => child.once('close', (code) => resolve(code ?? 1)));
}

void main(process.argv.slice(2));
