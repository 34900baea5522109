/** Requests to the Kubernetes API with the pod's own token. */
import { readFile } from 'node:fs/promises';
import { IncomingMessage } from 'node:http';
import type { Agent } from 'node:https';
import { KubernetesApi } from '../config/config';

/** The answer to a request, its body in pieces of text. */
export interface KubernetesAnswer {
  readonly status: number;
  readonly text: AsyncIterable<string>;
  destroy(): void;
}
/** A GET, or with a patch a JSON merge patch. */
export type KubernetesCall = (path: string, patch?: object) => Promise<KubernetesAnswer>;

const CONNECT_MS = 5000;
/** A watch that is silent for so long, bookmarks included, hangs. */
const SILENCE_MS = 330_000;

/**
 * The token is read for each request, since the kubelet replaces the file. TLS takes 3 MiB, which a proxy that asks
 * nothing does not load.
 */
export function kubernetesCall({ host, port, tokenFile, caFile }: KubernetesApi): KubernetesCall {
  let agent: Agent | undefined;
  return async (path, patch) => {
    const https = await import('node:https');
    agent ??= new https.Agent({ keepAlive: false });
    const [token, ca] = await Promise.all([readFile(tokenFile, 'utf8'), readFile(caFile)]);
    return new Promise((resolve, reject) => {
      const headers = {
        authorization: `Bearer ${token.trim()}`,
        accept: 'application/json',
        ...(patch !== undefined && { 'content-type': 'application/merge-patch+json' }),
      };
      const method = patch === undefined ? 'GET' : 'PATCH';
      const outgoing = https.request({ host, port, method, path, ca, agent, timeout: CONNECT_MS, headers });
      outgoing.on('timeout', () => outgoing.destroy(new Error('no answer from the Kubernetes API')));
      outgoing.on('error', reject);
      outgoing.on('response', (response: IncomingMessage) => {
        outgoing.setTimeout(SILENCE_MS);
        response.setEncoding('utf8');
        resolve({ status: response.statusCode ?? 0, text: response, destroy: () => void outgoing.destroy() });
      });
      outgoing.end(patch && JSON.stringify(patch));
    });
  };
}
