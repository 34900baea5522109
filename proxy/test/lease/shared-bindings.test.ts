// Events of a stream in a replica that is not the leader, and then is: what the sidecar hears, and what the pod gets.
import { connect } from 'node:net';
import { callHttp, startHttpPod } from '../support/h1';
import { BINDING_EVENT, frame } from '../support/h2';
import { cleanUp, onCleanup, podOf, Running, startProxy, StartOptions, until } from '../support/harness';
import { ApiServer } from '../support/lease-server';

afterEach(cleanUp);

/** `name: "tick", data: "on"` of a BindingEventRequest. */
const MESSAGE = Buffer.from('\x0a\x04tick\x12\x02on');
const LOST = 'event lost after a change of the leader';

let server: ApiServer;
beforeEach(() => {
  server = new ApiServer();
  server.object.spec = { holderIdentity: 'other', leaseDurationSeconds: 1, renewTime: '2026-01-01T00:00:00.000000Z' };
});

/** A replica beside one that has just died. */
const follower = (options: StartOptions) => startProxy({
  ...options,
  deps: { kubernetes: server.call },
  env: {
    POD_NAME: 'own', POD_NAMESPACE: 'ns', DAPR_PROXY_LEASE: 'fn-dapr-proxy', DAPR_PROXY_LEASE_DURATION: '1s', DAPR_PROXY_SHARED_STREAMS: 'tick', ...options.env,
  },
});

const events = async ({ metric }: Running, outcome: string) => (await metric('dapr_proxy_events_total')).filter((line) => line.includes(`outcome="${outcome}"`));

test('over gRPC it is acknowledged at once, and reaches the pod when the replica has taken the Lease', async () => {
  const pod = await podOf();
  const running = await follower({ pods: [pod.host], podPort: pod.port });
  const { grpcStatus } = await running.sidecar.call(BINDING_EVENT, MESSAGE);
  expect([grpcStatus, pod.received.length, server.holder]).toEqual(['0', 0, 'other']);
  await until(() => pod.received.length > 0);
  expect([pod.received.map(({ body }) => body), server.holder]).toEqual([[frame(MESSAGE)], 'own']);
  await until(async () => (await events(running, 'ok')).length > 0);
});

test('over HTTP as well', async () => {
  const pod = await startHttpPod();
  onCleanup(pod.close);
  const running = await follower({ pods: [pod.host], podPort: pod.port, sidecar: false, env: { APP_PROTOCOL: 'http' } });
  // As a sidecar has it, whose health checks never end.
  const kept = connect(running.port, '127.0.0.1');
  onCleanup(() => kept.destroy());
  const { status, body } = await callHttp(running.port, 'POST', '/tick', { body: '"on"' });
  expect([status, body, pod.received.length]).toEqual([200, '', 0]);
  await until(() => pod.received.length > 0);
  expect(pod.received.map((each) => [each.method, each.path, each.body.toString()])).toEqual([['POST', '/tick', '"on"']]);
});

test('one that then finds no pod in time is a line of the log, since nobody waits for its answer', async () => {
  const running = await follower({ env: { DAPR_PROXY_HOLD_TIMEOUT: '50ms' } });
  await running.sidecar.call(BINDING_EVENT, MESSAGE);
  expect(await running.logged(LOST)).toMatchObject({ level: 'warn', component: 'tick', why: 'hold-over' });
});

test('is counted as that of another replica when the leader is alive', async () => {
  const running = await follower({});
  const renewed = setInterval(() => { server.object.spec!.renewTime = new Date().toISOString(); }, 100);
  onCleanup(() => clearInterval(renewed));
  await running.sidecar.call(BINDING_EVENT, MESSAGE);
  await until(async () => (await events(running, 'elsewhere')).length > 0);
  expect(await events(running, 'elsewhere')).toEqual(['dapr_proxy_events_total{kind="binding",component="tick",outcome="elsewhere"} 1']);
});
