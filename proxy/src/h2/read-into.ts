/**
 * Reads of all sockets into one buffer. Left alone, Node.js makes one of 64 KiB for each read, cuts it to what came and
 * leaves it to the garbage collector: a sixth of the CPU at one event at a time.
 */
import { Socket } from 'node:net';

const BYTES = 64 * 1024;

const buffer = Buffer.allocUnsafeSlow(BYTES);

/** What Node.js gives sockets that are opened with `onread`; those that a server accepts have no such option. */
interface Insides {
  readonly _handle?: { useUserBuffer?(buffer: Buffer): void } | null;
  [symbol: symbol]: unknown;
}

/** `read` gets a view that is good only during the call. */
export function readInto(socket: Socket, read: (chunk: Buffer) => void): void {
  const insides = socket as unknown as Insides;
  const symbols = Object.getOwnPropertySymbols(socket);
  const [target, callback] = ['kBuffer', 'kBufferCb'].map((name) => symbols.find((one) => one.description === name));
  const handle = insides._handle;
  if (target === undefined || callback === undefined || typeof handle?.useUserBuffer !== 'function') {
    socket.on('data', read);
    return;
  }
  insides[target] = buffer;
  insides[callback] = (bytes: number) => {
    read(buffer.subarray(0, bytes));
    return true;
  };
  handle.useUserBuffer(buffer);
}
