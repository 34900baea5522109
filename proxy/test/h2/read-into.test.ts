import { once } from 'node:events';
import { AddressInfo, connect, createServer, Socket } from 'node:net';
import { PassThrough } from 'node:stream';
import { readInto } from '../../src/h2/read-into';
import { cleanUp, onCleanup, until } from '../support/harness';

afterEach(cleanUp);

test('sockets that were accepted and sockets that were opened are read into one and the same buffer, to their end', async () => {
  const memory = new Set<ArrayBufferLike>();
  const texts: string[] = [];
  const reading = (name: string, socket: Socket) => {
    readInto(socket, (chunk) => {
      memory.add(chunk.buffer);
      texts.push(`${name}: ${chunk.toString()}`);
    });
    socket.on('end', () => texts.push(`${name}: end`));
  };
  const server = createServer((socket) => {
    reading('accepted', socket);
    socket.write('one');
    socket.once('end', () => server.close());
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const opened = connect((server.address() as AddressInfo).port, '127.0.0.1');
  onCleanup(() => opened.destroy());
  reading('opened', opened);
  await until(() => texts.length === 1);
  opened.write('two');
  await until(() => texts.length === 2);
  opened.end('three');
  await once(server, 'close');
  await until(() => texts.length === 5);
  expect(texts).toEqual(['opened: one', 'accepted: two', 'accepted: three', 'accepted: end', 'opened: end']);
  expect(memory.size).toBe(1);
});

test('a stream without a place for a buffer is read all the same', async () => {
  const stream = new PassThrough();
  const texts: string[] = [];
  readInto(stream as unknown as Socket, (chunk) => texts.push(chunk.toString()));
  stream.write('one');
  stream.end('two');
  await once(stream, 'end');
  expect(texts).toEqual(['one', 'two']);
});
