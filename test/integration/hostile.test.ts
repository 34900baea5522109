/** Odd and hostile callers: many, repeated and binary headers, slow and random bytes on every port. The proxy stays up and goes on. */
import { randomBytes } from 'node:crypto';
import { connect, Socket } from 'node:net';
import { stopAll, waitFor } from '../testbed';
import { faultOptions, nothingLost, publish, repeated, startFaultWorld } from './support/fault-world';
import { APP_CALLBACK, onInvokeRequest } from './support/messages';
import { openDescriptors, residentMiB } from './support/process-stats';
import { rawGrpcCall } from './support/raw-http2';
import { World } from './support/world';

afterAll(stopAll);

let world: World;
afterEach(() => world.stop());

const onInvoke = `${APP_CALLBACK}/OnInvoke`;

describe('metadata', () => {
  beforeEach(async () => {
    world = await World.create(faultOptions('grpc'));
    await world.startProxy();
    await world.startPod({ kind: 'raw-grpc' });
  });

  const seenByFunction = async (lines: readonly (readonly [string, string])[]) => {
    const answer = await rawGrpcCall(world.port, onInvoke, lines, onInvokeRequest('greet', 'hello'));
    const { rawHeaders } = JSON.parse(answer.body.toString()) as { rawHeaders: string[] };
    const pairs = rawHeaders.flatMap((name, index) => (index % 2 === 0 ? [[name, rawHeaders[index + 1]!] as const] : []));
    return { answer, pairs };
  };

  it('1,000 header lines arrive whole and in order', async () => {
    const lines = Array.from({ length: 1_000 }, (_, index) => [`x-line-${index}`, `value ${index}`] as const);
    const { pairs } = await seenByFunction(lines);
    expect(pairs.filter(([name]) => name.startsWith('x-line-'))).toEqual(lines);
  });

  it('repeated and binary metadata pass in both directions', async () => {
    const binary = Buffer.from([0, 1, 2, 253, 254, 255]).toString('base64');
    const lines = [['x-many', 'one'], ['x-many', 'two'], ['x-many', 'one'], ['x-data-bin', binary]] as const;
    const { answer, pairs } = await seenByFunction(lines);
    expect(pairs.filter(([name]) => name === 'x-many' || name === 'x-data-bin')).toEqual(lines);
    // The test client joins repeated lines with a comma, as HTTP allows.
    expect([answer.headers['x-repeated'], answer.headers['x-head-bin']]).toEqual(['one, two', Buffer.from([0, 1, 255]).toString('base64')]);
    expect([answer.trailers['grpc-status'], answer.trailers['x-trailer'], answer.trailers['x-trailer-bin']]).toEqual(
      ['0', 'three, four', Buffer.from([9, 8]).toString('base64')]);
  });

  it('2,500 header lines are refused, and the next call is served', async () => {
    const lines = Array.from({ length: 2_500 }, (_, index) => [`x-line-${index}`, 'value'] as const);
    const refused = await rawGrpcCall(world.port, onInvoke, lines, onInvokeRequest('greet', '')).then(({ headers, trailers }) => headers['grpc-status'] ?? trailers['grpc-status'] ?? headers[':status'], (error: Error) => error.message);
    expect(refused).not.toBe('0');
    expect((await seenByFunction([['x-next', 'yes']])).answer.trailers['grpc-status']).toBe('0');
  });
});

/** A connection that may be cut by the other side at any time. */
function open(port: number, host = '127.0.0.1'): Promise<Socket> {
  return new Promise((resolve) => {
    const socket = connect(port, host, () => resolve(socket));
    socket.on('error', () => resolve(socket));
    socket.on('data', () => undefined);
  });
}

const H2_PREFACE = 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n';

describe.each(['grpc', 'http'] as const)('connections to a proxy that speaks %s', (protocol) => {
  it('slow-loris and random bytes on each port disturb no event, and leave nothing behind', async () => {
    world = await startFaultWorld(faultOptions(protocol));
    await world.startPod();
    const before = await publish(world, 100);
    await nothingLost(world, before);
    const { pid } = world.proxy.process;
    const base = { descriptors: openDescriptors(pid), memory: residentMiB(pid) };

    const ports = [world.proxy.port, world.proxy.adminPort, world.proxy.scalerPort];
    const slow: Socket[] = [];
    for (const port of ports) {
      for (let index = 0; index < 100; index++) {
        const socket = await open(port);
        socket.write(index % 2 === 0 ? H2_PREFACE.slice(0, 10) : 'GET /healthz HTTP/1.1\r\nx-slow: ');
        slow.push(socket);
      }
    }
    for (let round = 0; round < 100; round++) {
      for (const port of ports) {
        const socket = await open(port);
        // Half of them with a valid beginning, so that the frame parser sees the rest.
        if (round % 2 === 0) socket.write(H2_PREFACE);
        socket.end(randomBytes(1 + Math.floor(4096 * round / 100)));
      }
      for (const socket of slow) if (!socket.destroyed && socket.writable) socket.write('x');
    }
    const ids = (await publish(world, 1_000)).concat(before);
    await nothingLost(world, ids);
    expect((await fetch(`${world.proxy.adminUrl}/healthz`)).status).toBe(200);

    for (const socket of slow) socket.destroy();
    await waitFor(() => openDescriptors(pid) <= base.descriptors + 5, { what: 'the connections let go', timeoutMs: 60_000 });
    expect(residentMiB(pid)).toBeLessThan(base.memory + 60);
    expect(world.proxy.process.endedWith).toBeUndefined();
    // The first hundred ids were published twice.
    expect(repeated(world).filter((id) => !before.includes(id))).toEqual([]);
  });
});
