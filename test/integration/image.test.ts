/** The image from proxy/Dockerfile, on a base assembled from this machine's Node since no registry is reached: it runs and says that it is healthy. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ensurePackages, freePort, repositoryRoot, startProcess, stopAll } from '../testbed';
import { ImageStore } from './support/image';
import { functionContext } from './support/proxy';

const BASE = 'localhost/node-base:test';
const IMAGE = 'localhost/dapr-proxy:test';

const store = new ImageStore();
beforeAll(async () => {
  await ensurePackages({ buildah: 'buildah' });
  await store.nodeBase(BASE);
  await store.build(join(repositoryRoot, 'proxy'), IMAGE, { BASE_IMAGE: BASE, VERSION: '1.2.3' });
});
afterAll(async () => {
  await stopAll();
  store.remove();
});

/** The user that the process with these arguments runs as. */
function userOf(args: readonly string[]): string | undefined {
  const pid = readdirSync('/proc').filter((name) => /^\d+$/.test(name)).find((name) => {
    try {
      return readFileSync(`/proc/${name}/cmdline`, 'utf8') === `${args.join('\0')}\0`;
    } catch {
      return false; // it ended while we looked
    }
  });
  return pid && /^Uid:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
}

it('is not root and carries the OCI labels', async () => {
  const { User, Labels } = await store.config(IMAGE);
  expect(Number(User.split(':')[0])).toBeGreaterThan(0);
  expect(Labels).toMatchObject({ 'org.opencontainers.image.version': '1.2.3', 'org.opencontainers.image.title': expect.any(String) });
});

it('runs as that user and answers on its health endpoint', async () => {
  const [listen, admin, scaler] = [await freePort(), await freePort(), await freePort()];
  const { command, args } = await store.command(IMAGE, {
    FUNC_CONTEXT: functionContext({ port: listen, inputs: [] }),
    POD_NAMESPACE: 'test',
    DAPR_PROXY_ADMIN_PORT: String(admin),
    DAPR_PROXY_SCALER_PORT: String(scaler),
    DAPR_PROXY_FUNCTION_HOST: '127.0.0.1',
  });
  const container = await startProcess({ name: 'proxy-image', command, args });
  await container.waitFor(async () => (await fetch(`http://127.0.0.1:${admin}/healthz`)).ok, { what: 'the health endpoint' });
  const { User, Entrypoint, Cmd } = await store.config(IMAGE);
  expect(userOf([...Entrypoint, ...Cmd])).toBe(User.split(':')[0]);
  await container.stop();
});
