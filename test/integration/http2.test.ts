/** The HTTP/2 of the proxy on each of its listeners: judged by h2spec, and called by programs that others wrote. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { cacheFolder, ensurePackages, goBinary, run, startProcess, stopAll } from '../testbed';
import { hyperFunction } from './support/artifacts';
import { RawGrpcClient } from './support/grpc-client';
import { APP_CALLBACK, APP_HEALTH, grpcFrame, topicEventRequest } from './support/messages';
import { Protocol, PUBSUB, World } from './support/world';

afterAll(stopAll);

let world: World;
afterEach(() => world.stop());

const OWN_METHOD = `${APP_HEALTH}/HealthCheck`;
const event = topicEventRequest({ id: '1', component: PUBSUB, topic: 'placed', data: 'x'.repeat(1000) });

async function start(protocol: Protocol): Promise<void> {
  world = await World.create({ via: 'proxy', protocol, subscriptions: [{ component: PUBSUB, topic: 'placed' }] });
  await world.startProxy();
}

/** What h2spec finds wrong, by section and title. */
async function h2spec(port: number, path: string): Promise<{ failed: string[]; passed: number; skipped: number }> {
  const judge = await goBinary('h2spec', { package: 'github.com/summerwind/h2spec/cmd/h2spec', title: 'h2spec 2.2.1' });
  const report = join(cacheFolder('h2spec'), `${port}.xml`);
  await run(judge, ['--host', '127.0.0.1', '--port', String(port), '--path', path, '--timeout', '5', '--junit-report', report])
    .catch(() => 'the report says what failed');
  const cases = await run('cat', [report]);
  const count = (pattern: RegExp) => (cases.match(pattern) ?? []).length;
  const failed = [...cases.matchAll(/<testcase package="[^"]*" classname="([^"]*)"[^>]*>\s*<error/g)].map(([, title]) => title!);
  const [all, skipped] = [count(/<testcase /g), count(/<skipped>/g)];
  return { failed, skipped, passed: all - skipped - failed.length };
}

describe('h2spec', () => {
  it('passes all of its 145 cases on the app port, over gRPC', async () => {
    await start('grpc');
    expect(await h2spec(world.port, OWN_METHOD)).toEqual({ failed: [], passed: 145, skipped: 0 });
  });

  it('passes all on the app port over h2c, but for one that wants a longer answer than `ok`', async () => {
    await start('h2c');
    expect(await h2spec(world.port, '/dapr-proxy/healthz')).toEqual({ failed: [], passed: 144, skipped: 1 });
  });

  // It sends no gRPC message, so the scaler answers each call at once with a status and without a body.
  it('passes on the scaler port but where it waits for a body, or for calls that stay open', async () => {
    await start('grpc');
    expect(await h2spec(world.proxy.scalerPort, '/externalscaler.ExternalScaler/GetMetricSpec')).toEqual({
      failed: [
        'Sends a WINDOW_UPDATE frame on half-closed (remote) stream',
        'Sends a PRIORITY frame on half-closed (remote) stream',
        'Sends HEADERS frames that causes their advertised concurrent stream limit to be exceeded',
      ],
      passed: 138,
      skipped: 4,
    });
  });
});

describe('callers that others wrote reach the function through the proxy', () => {
  beforeEach(() => start('grpc'));

  it('grpc-js, with a deadline and metadata', async () => {
    await world.startPod({ kind: 'raw-grpc' });
    const client = new RawGrpcClient(`127.0.0.1:${world.port}`);
    await client.unary(`${APP_CALLBACK}/OnTopicEvent`, event, { traceparent: '00-1-2-01' });
    client.close();
  });

  it('curl', async () => {
    await ensurePackages({ curl: 'curl' });
    const file = join(cacheFolder('h2spec'), 'health.bin');
    writeFileSync(file, grpcFrame(Buffer.alloc(0)));
    const answer = await run('curl', [
      '--silent', '--show-error', '--http2-prior-knowledge', '--include', '--data-binary', `@${file}`, '--header', 'content-type: application/grpc',
      '--header', 'te: trailers', '--output', '/dev/null', '--write-out', '%{http_version} %{http_code} %{size_download}', `http://127.0.0.1:${world.port}${OWN_METHOD}`,
    ]);
    expect(answer).toBe('2 200 5');
  });

  it('nghttp and h2load, of the library in node:http2 but in a client of its own', async () => {
    await ensurePackages({ h2load: 'nghttp2-client', nghttp: 'nghttp2-client' });
    await world.startPod({ kind: 'go-grpc' });
    const file = join(cacheFolder('h2spec'), 'event.bin');
    writeFileSync(file, grpcFrame(event));
    const url = `http://127.0.0.1:${world.port}${APP_CALLBACK}/OnTopicEvent`;
    const headers = ['--header', 'te: trailers', '--header', 'content-type: application/grpc'];
    const load = await run('h2load', ['--requests', '5000', '--clients', '4', '--max-concurrent-streams', '25', '--data', file, ...headers, url]);
    expect(/requests: .*/.exec(load)![0]).toBe('requests: 5000 total, 5000 started, 5000 done, 5000 succeeded, 0 failed, 0 errored, 0 timeout');
    const one = await run('nghttp', ['--verbose', '--no-dep', '--data', file, ...headers.map((text) => (text === '--header' ? '-H' : text)), url]);
    expect(one).toMatch(/recv .*grpc-status: 0/);
  });
});

// Those of grpc-go, grpc-js and node:http2 are in the other suites, those of grpc-java and Python's grpcio in sdk.test.ts.
it('a function on hyper answers through the proxy, whatever the size of its messages', async () => {
  await start('grpc');
  const address = world.nextAddress();
  const pod = await startProcess({ name: 'hyper', command: await hyperFunction(), env: { LISTEN: `${address}:${world.port}` } });
  await pod.waitFor(() => pod.log().includes('listening'), { what: 'hyper listening' });
  world.list([address]);
  const client = new RawGrpcClient(`127.0.0.1:${world.port}`);
  const messages = Array.from({ length: 200 }, (_, index) => (
    topicEventRequest({ id: String(index), component: PUBSUB, topic: 'placed', data: 'x'.repeat(1000 * index) })));
  const answers = await Promise.all(messages.map((message) => client.unary(`${APP_CALLBACK}/OnTopicEvent`, message)));
  expect(answers.filter((answer, index) => !answer.equals(messages[index]!))).toEqual([]);
  client.close();
  await pod.stop();
});
