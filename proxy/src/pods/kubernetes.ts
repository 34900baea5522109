/** GET requests to the Kubernetes API with the pod's own token. */
import { readFile } from 'node:fs/promises';
import { IncomingMessage } from 'node:http';
import { Agent, request } from 'node:https';
import { KubernetesGet } from './endpoint-slices';
import { KubernetesApi } from '../config/config';

const CONNECT_MS = 5000;
/** A watch that is silent for so long, bookmarks included, hangs. */
const SILENCE_MS = 330_000;

/** The token is read for each request, since the kubelet replaces the file. */
export function kubernetesGet({ host, port, tokenFile, caFile }: KubernetesApi): KubernetesGet {
  const agent = new Agent({ keepAlive: false });
  return async (path) => {
    const [token, ca] = await Promise.all([readFile(tokenFile, 'utf8'), readFile(caFile)]);
    return new Promise((resolve, reject) => {
      const headers = { authorization: `Bearer ${token.trim()}`, accept: 'application/json' };
      const outgoing = request({ host, port, path, ca, agent, timeout: CONNECT_MS, headers });
      outgoing.on('timeout', () => outgoing.destroy(new Error('no answer from the Kubernetes API')));
      outgoing.on('error', reject);
      outgoing.on('response', (response: IncomingMessage) => {
        outgoing.setTimeout(SILENCE_MS);
        response.setEncoding('utf8');
        resolve({ status: response.statusCode ?? 0, text: response, destroy: () => void outgoing.destroy() });
      });
      outgoing.end();
    });
  };
}
