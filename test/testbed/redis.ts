// A private Redis, empty and without persistence unless it is given a folder.
import { connect } from 'node:net';
import { ensurePackages } from './debian';
import { freePort, startProcess, type RunningProcess } from './processes';
import { scratchFolder } from './scratch';

export interface RunningRedis {
  readonly host: string;
  readonly port: number;
  /** `host:port`, as Dapr's `redisHost` wants it. */
  readonly address: string;
  readonly process: RunningProcess;
  stop(): Promise<void>;
}

export interface RedisOptions {
  /** Address to listen on; a network namespace needs one that others reach. @default '127.0.0.1' */
  readonly host?: string;
  readonly port?: number;
  readonly netns?: string;
  /** Folder for the data, which then survive a restart. @default - nothing is kept */
  readonly dir?: string;
}

export async function startRedis(options: RedisOptions = {}): Promise<RunningRedis> {
  await ensurePackages({ 'redis-server': 'redis-server' });
  const host = options.host ?? '127.0.0.1';
  const port = options.port ?? await freePort();
  const redis = await startProcess({
    name: 'redis',
    command: 'redis-server',
    args: [
      '--bind', host, '--protected-mode', 'no', '--port', String(port), '--save', '', '--appendonly', options.dir === undefined ? 'no' : 'yes', '--appendfsync', 'always',
      '--dir', options.dir ?? scratchFolder('redis'),
    ],
    netns: options.netns,
  });
  // In a namespace the port may be out of reach from here, so the log decides.
  await redis.waitFor(() => redis.log().includes('Ready to accept connections'), { what: `redis on ${host}:${port}` });
  if (!options.netns) await redis.waitFor(() => answers(host, port), { what: `a connection to redis on ${host}:${port}` });
  return { host, port, address: `${host}:${port}`, process: redis, stop: async () => { await redis.stop(); } };
}

function answers(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, host, () => { socket.destroy(); resolve(true); });
    socket.once('error', () => resolve(false));
  });
}
