/** A watch on one resource of the API server: what happens there is known here within a millisecond or two. */
import { readFileSync } from 'node:fs';
import { request } from 'node:https';
import type { KubeObject, RunningApiServer } from '../../testbed';

interface WatchEvent {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED' | 'ERROR';
  readonly object: KubeObject;
}

/** Calls back with each state of the objects below a path, the present one first. Returns what ends it. */
export function watch(api: RunningApiServer, path: string, fieldSelector: string, onState: (object: KubeObject) => void): () => void {
  const query = new URLSearchParams({ watch: '1', fieldSelector });
  const call = request(`${api.baseUrl}${path}?${query}`, {
    ca: readFileSync(api.certificate.certFile), headers: { authorization: `Bearer ${api.token}` }, agent: false,
  }, (response) => {
    let rest = '';
    response.setEncoding('utf8');
    response.on('data', (chunk: string) => {
      const lines = (rest + chunk).split('\n');
      rest = lines.pop()!;
      for (const line of lines) {
        const event = JSON.parse(line) as WatchEvent;
        if (event.type === 'ADDED' || event.type === 'MODIFIED') onState(event.object);
      }
    });
    // The API server ends when the suite does.
    response.on('error', () => undefined);
  });
  call.on('error', () => undefined);
  call.end();
  return () => call.destroy();
}
