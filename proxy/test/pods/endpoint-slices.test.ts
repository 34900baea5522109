import { createLogger } from '../../src/observe/log';
import { EndpointSlices } from '../../src/pods/endpoint-slices';
import { KubernetesAnswer } from '../../src/pods/kubernetes';
import { FakeClock } from '../support/fake-clock';

interface Endpoint {
  readonly ready?: boolean | null;
  readonly address: string;
}

function slice(name: string, version: number, endpoints: Endpoint[], addressType = 'IPv4') {
  return {
    metadata: { name, resourceVersion: String(version) },
    addressType,
    endpoints: endpoints.map(({ ready = true, address }) => ({ addresses: [address], conditions: ready === null ? {} : { ready } })),
  };
}

const ready = (...addresses: string[]) => addresses.map((address) => ({ address }));

/** An API server of which the test writes each line. */
function apiServer() {
  const asked: string[] = [];
  const answers: (KubernetesAnswer | Error)[] = [];
  const waiting: ((answer: KubernetesAnswer | Error) => void)[] = [];
  const give = (answer: KubernetesAnswer | Error) => {
    const next = waiting.shift();
    if (next) next(answer);
    else answers.push(answer);
  };
  const text = async function* (lines: AsyncIterable<string>) {
    yield* lines;
  };
  return {
    asked,
    get: async (path: string) => {
      asked.push(path);
      const answer = answers.shift() ?? await new Promise<KubernetesAnswer | Error>((resolve) => waiting.push(resolve));
      if (answer instanceof Error) throw answer;
      return answer;
    },
    fail: (error: Error | number) => give(error instanceof Error ? error : { status: error, text: text(from([])), destroy: () => undefined }),
    list: (version: number, items: unknown[]) =>
      give({ status: 200, text: from([JSON.stringify({ metadata: { resourceVersion: String(version) }, items })]), destroy: () => undefined }),
    watch: () => {
      const lines = new Lines();
      give({ status: 200, text: lines, destroy: () => lines.end() });
      return lines;
    },
  };
}

async function* from(pieces: string[]): AsyncGenerator<string> {
  yield* pieces;
}

class Lines implements AsyncIterable<string> {
  private readonly pieces: (string | undefined)[] = [];
  private wake: () => void = () => undefined;

  public event(type: string, object: unknown): void {
    this.raw(`${JSON.stringify({ type, object })}\n`);
  }

  public raw(piece: string | undefined): void {
    this.pieces.push(piece);
    this.wake();
  }

  public end(): void {
    this.raw(undefined);
  }

  public async* [Symbol.asyncIterator](): AsyncGenerator<string> {
    for (;;) {
      while (this.pieces.length === 0) await new Promise<void>((resolve) => this.wake = resolve);
      const piece = this.pieces.shift();
      if (piece === undefined) return;
      yield piece;
    }
  }
}

function start() {
  const api = apiServer();
  const clock = new FakeClock();
  const found: string[][] = [];
  const log: string[] = [];
  const slices = new EndpointSlices({
    clock,
    service: 'orders',
    namespace: 'shop',
    port: 8080,
    get: api.get,
    found: (addresses) => found.push(addresses.map(({ host }) => host)),
    log: createLogger('debug', (line) => log.push(line), () => new Date(0)),
  });
  slices.start();
  return { api, clock, found, log, slices, settle: () => clock.advance(0) };
}

describe('watching endpoint slices', () => {
  test('lists the slices of the function, and watches from there', async () => {
    const { api, found, settle } = start();
    api.list(7, [slice('a', 5, ready('10.0.0.1')), slice('b', 6, ready('10.0.0.2', '10.0.0.1'))]);
    await settle();
    const selector = 'labelSelector=kubernetes.io%2Fservice-name%3Dorders';
    expect(api.asked[0]).toBe(`/apis/discovery.k8s.io/v1/namespaces/shop/endpointslices?${selector}`);
    expect(api.asked[1]).toContain(`${selector}&watch=1&allowWatchBookmarks=true`);
    expect(api.asked[1]).toContain('resourceVersion=7');
    expect(found).toEqual([['10.0.0.1', '10.0.0.2']]);
  });

  test('follows added, modified and deleted slices', async () => {
    const { api, found, settle } = start();
    api.list(1, []);
    const watch = api.watch();
    watch.event('ADDED', slice('a', 2, ready('10.0.0.1')));
    watch.event('MODIFIED', slice('a', 3, [{ address: '10.0.0.1', ready: false }, { address: '10.0.0.2' }]));
    watch.event('DELETED', slice('a', 4, ready('10.0.0.2')));
    await settle();
    expect(found).toEqual([[], ['10.0.0.1'], ['10.0.0.2'], []]);
  });

  test('reads events that come in pieces', async () => {
    const { api, found, settle } = start();
    api.list(1, []);
    const watch = api.watch();
    const line = JSON.stringify({ type: 'ADDED', object: slice('a', 2, ready('10.0.0.1')) });
    for (const piece of [line.slice(0, 20), line.slice(20), '\n']) {
      watch.raw(piece);
      await settle();
    }
    expect(found).toEqual([[], ['10.0.0.1']]);
  });

  test('takes unknown readiness for ready', async () => {
    const { api, found, settle } = start();
    api.list(1, [slice('a', 1, [{ address: '10.0.0.1', ready: null }])]);
    await settle();
    expect(found).toEqual([['10.0.0.1']]);
  });

  test('keeps to IPv4 where both families are there', async () => {
    const { api, found, settle } = start();
    api.list(1, [slice('six', 1, ready('fd00::1'), 'IPv6'), slice('four', 1, ready('10.0.0.1'))]);
    await settle();
    expect(found).toEqual([['10.0.0.1']]);
  });

  test('opens an ended watch again from the last version, bookmarks included', async () => {
    const { api, settle } = start();
    api.list(1, []);
    const watch = api.watch();
    watch.event('BOOKMARK', { metadata: { resourceVersion: '42' } });
    watch.end();
    await settle();
    expect(api.asked).toHaveLength(3);
    expect(api.asked[2]).toContain('resourceVersion=42');
  });

  test('opens watches that end at once again with pauses, up to 5 s', async () => {
    const { api, clock } = start();
    api.list(1, []);
    for (let at = 0; at < 30; at++) api.watch().end();
    const asked: number[] = [];
    for (const ms of [0, 100, 200, 60_000]) {
      await clock.advance(ms);
      asked.push(api.asked.length);
    }
    expect(asked).toEqual([3, 4, 5, expect.any(Number)]);
    expect(asked[3]).toBeLessThan(25);
  });

  test('lists again after 410 Gone, and keeps the pods meanwhile', async () => {
    const { api, found, settle } = start();
    api.list(1, [slice('a', 1, ready('10.0.0.1'))]);
    api.watch().event('ERROR', { code: 410, message: 'too old resource version' });
    await settle();
    expect(api.asked[2]).not.toContain('watch');
    expect(found).toEqual([['10.0.0.1']]);
    api.list(9, [slice('b', 8, ready('10.0.0.2'))]);
    await settle();
    expect(found).toEqual([['10.0.0.1'], ['10.0.0.2']]);
  });

  test.each([
    ['a refused connection', new Error('connect ECONNREFUSED')],
    ['403', 403],
  ])('tries again after %s, says so once and keeps the pods', async (_what, failure) => {
    const { api, clock, found, log } = start();
    api.list(1, [slice('a', 1, ready('10.0.0.1'))]);
    for (let at = 0; at < 4; at++) api.fail(failure);
    await clock.advance(3000);
    expect(found).toEqual([['10.0.0.1']]);
    expect(api.asked.length).toBeGreaterThan(3);
    expect(log.filter((line) => line.includes('watch of endpoint slices failed'))).toHaveLength(1);
  });

  test('asks no more once it is stopped', async () => {
    const { api, clock, slices } = start();
    api.list(1, []);
    const watch = api.watch();
    await clock.advance(0);
    slices.stop();
    watch.end();
    await clock.advance(60_000);
    expect(api.asked).toHaveLength(2);
  });
});
