/** HTTP/2 with prior knowledge, both ends: frames on plain sockets. */
export { ChunkQueue } from './chunk-queue';
export { ClientConnection, HeadersTooLargeError } from './client-connection';
export type { ClientObserver } from './client-connection';
export { checkFields } from './field-check';
export { KEEPER_TIMES } from './keeper';
export type { KeeperTimes, Timers } from './keeper';
export { Code } from './protocol';
export type { RawHeaders } from './protocol';
export { H2Server } from './server';
export type { H2ServerOptions } from './server';
export { H2Stream } from './stream';
export type { Ending, StreamHandler } from './stream';
