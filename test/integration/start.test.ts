/** The bundle as a process: how soon it is there, and what it says of settings it cannot use. */
import { connect } from 'node:net';
import { freePort, run, startProcess, stopAll } from '../testbed';
import { proxyBundle } from './support/artifacts';
import { functionContext } from './support/proxy';

afterAll(stopAll);

const accepts = (port: number) => new Promise<boolean>((resolve) => {
  const socket = connect(port, '127.0.0.1', () => { socket.destroy(); resolve(true); });
  socket.once('error', () => resolve(false));
});

it('the bundle listens soon after its start, without a pod and without a name service', async () => {
  const times: number[] = [];
  for (let round = 0; round < 5; round++) {
    const port = await freePort();
    const began = Date.now();
    const proxy = await startProcess({
      name: 'proxy-start',
      command: process.execPath,
      args: [proxyBundle],
      env: {
        FUNC_CONTEXT: functionContext({ port, inputs: [] }),
        POD_NAMESPACE: 'test',
        DAPR_PROXY_FUNCTION_HOST: 'no-such-host.invalid',
        DAPR_PROXY_ADMIN_PORT: String(await freePort()),
        DAPR_PROXY_SCALER_PORT: String(await freePort()),
      },
    });
    await proxy.waitFor(() => accepts(port), { what: 'the app port accepting', intervalMs: 5 });
    times.push(Date.now() - began);
    expect(await proxy.stop()).toBe(0);
  }
  const median = times.sort((a, b) => a - b)[2]!;
  process.stderr.write(`the proxy listened after ${median} ms (median of ${times.join(', ')})\n`);
  // 200 ms on a machine of its own; this one may be busy.
  expect(median).toBeLessThan(2_000);
});

it.each([
  ['DAPR_PROXY_HOLD_TIMEOUT', 'soon'], ['DAPR_PROXY_LISTEN_PORT', '70000'], ['APP_PROTOCOL', 'soap'], ['FUNC_CONTEXT', '{not json'],
])('%s=%s ends the process with exit code 2 and one line', async (variable, value) => {
  const failure = await run(process.execPath, [proxyBundle], {
    env: { FUNC_CONTEXT: functionContext({ port: 8080, inputs: [] }), POD_NAMESPACE: 'test', [variable]: value },
  }).then(() => { throw new Error('it started'); }, (error: Error) => error.message);
  expect(failure).toContain('ended with code 2');
  const lines = failure.trim().split('\n').slice(1);
  expect(lines).toHaveLength(1);
  expect(lines[0]).toContain(variable);
  expect(lines[0]).toContain(value);
});
