/** What may answer at a pod's address and is no function, and a function that shows what it got, header line by header line. */
import { randomBytes } from 'node:crypto';
import * as http from 'node:http';
import * as http2 from 'node:http2';
import * as net from 'node:net';
import { PodConfig } from './pod-config';

/** Random bytes to whoever connects, and to whatever it says. */
function garbage() {
  return net.createServer((socket) => {
    socket.on('error', () => socket.destroy());
    socket.write(randomBytes(512));
    socket.on('data', () => socket.write(randomBytes(64)));
  });
}

/** Takes connections and resets each as soon as something is said. */
function reset() {
  return net.createServer((socket) => {
    socket.on('error', () => socket.destroy());
    socket.on('data', () => socket.resetAndDestroy());
  });
}

/** A web server without our function, another container behind the same port: over HTTP/1.1 … */
function plain404Http1() {
  return http.createServer((_request, response) => {
    response.writeHead(404, { 'content-type': 'text/plain' });
    response.end('404 page not found');
  });
}

/** … and over HTTP/2. */
function plain404() {
  const server = http2.createServer();
  server.on('stream', (stream) => {
    stream.respond({ ':status': 404, 'content-type': 'text/plain' });
    stream.end('404 page not found');
  });
  return server;
}

const grpcFrame = (payload: Buffer) => {
  const head = Buffer.alloc(5);
  head.writeUInt32BE(payload.length, 1);
  return Buffer.concat([head, payload]);
};

/** Answers every unary call with its own header lines and body as JSON, and with repeated and binary metadata. */
function rawGrpc() {
  const server = http2.createServer({
    maxHeaderListPairs: 8192,
    maxSessionMemory: 64,
    settings: { maxHeaderListSize: 4 * 1024 * 1024, initialWindowSize: 1024 * 1024 },
  });
  server.on('stream', (stream, _headers, _flags, ...rest: string[][]) => {
    // The types leave out what Node has passed since version 8.
    const rawHeaders = rest[0];
    const chunks: Buffer[] = [];
    stream.on('data', (chunk: Buffer) => chunks.push(chunk));
    stream.on('error', () => stream.destroy());
    stream.on('end', () => {
      stream.respond({
        ':status': 200, 'content-type': 'application/grpc', 'x-repeated': ['one', 'two'], 'x-head-bin': Buffer.from([0, 1, 255]).toString('base64'),
      }, { waitForTrailers: true });
      stream.on('wantTrailers', () => stream.sendTrailers({ 'grpc-status': '0', 'x-trailer': ['three', 'four'], 'x-trailer-bin': Buffer.from([9, 8]).toString('base64') }));
      stream.end(grpcFrame(Buffer.from(JSON.stringify({ rawHeaders, size: Buffer.concat(chunks).length }))));
    });
  });
  return server;
}

const SERVERS = { 'garbage': garbage, 'reset': reset, 'plain-404': plain404, 'plain-404-http1': plain404Http1, 'raw-grpc': rawGrpc };
export type OddKind = keyof typeof SERVERS;

export async function startOddServer(kind: OddKind, config: PodConfig): Promise<void> {
  const server = SERVERS[kind]();
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(config.port, config.address, resolve));
  process.once('SIGTERM', () => process.exit(0));
}
