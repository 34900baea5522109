// Daemons of a suite: each with a log of its own, none of them outliving the run.
import { spawn, type ChildProcess } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { cacheFolder } from './paths';
import { removeScratchFolders } from './scratch';
import { GiveUp, waitFor, type WaitOptions } from './wait';

export interface ProcessOptions {
  /** Names the log file. */
  readonly name: string;
  readonly command: string;
  readonly args?: readonly string[];
  /** Laid over the environment of this process. */
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
  /** Network namespace (`ip netns add …`) to run in. */
  readonly netns?: string;
}

const running = new Set<RunningProcess>();
let sequence = 0;
/** Test files share the process, and each has a sequence of its own. */
const RUN = `${process.pid}-${Date.now().toString(36)}`;

export class RunningProcess {
  public readonly name: string;
  public readonly pid: number;
  public readonly logFile: string;
  /** Settles when the process has ended: its exit code, or the signal that ended it. */
  public readonly ended: Promise<number | NodeJS.Signals>;
  private end?: number | NodeJS.Signals;

  /** @internal use `startProcess` */
  public constructor(name: string, logFile: string, private readonly child: ChildProcess) {
    this.name = name;
    this.logFile = logFile;
    this.pid = child.pid!;
    this.ended = new Promise((resolve) => child.once('exit', (code, signal) => {
      this.end = code ?? signal!;
      running.delete(this);
      resolve(this.end);
    }));
  }

  /** How the process ended, undefined while it runs. */
  public get endedWith(): number | NodeJS.Signals | undefined {
    return this.end;
  }

  /** Everything the process wrote so far. */
  public log(): string {
    return readFileSync(this.logFile, 'utf8');
  }

  /** Waits for a condition, and fails at once with the end of the log when the process ends before. */
  public waitFor<T>(condition: () => T | undefined | false | Promise<T | undefined | false>, options: WaitOptions): Promise<T> {
    return waitFor(() => {
      if (this.end !== undefined) {
        throw new GiveUp(`${this.name} ended with ${this.end} while waiting for: ${options.what}\n${this.log().slice(-4000)}`);
      }
      return condition();
    }, options);
  }

  public signal(signal: NodeJS.Signals): void {
    this.child.kill(signal);
  }

  /** Asks the process to end, and makes it end after `graceMs`. */
  public async stop(graceMs = 5000): Promise<number | NodeJS.Signals> {
    if (this.end !== undefined) return this.end;
    this.child.kill('SIGTERM');
    const timer = setTimeout(() => this.child.kill('SIGKILL'), graceMs);
    const end = await this.ended;
    clearTimeout(timer);
    return end;
  }
}

/** Starts a process; rejects when the command cannot be started. */
export async function startProcess(options: ProcessOptions): Promise<RunningProcess> {
  const logFile = join(cacheFolder('logs'), `${options.name}-${RUN}-${++sequence}.log`);
  const log = openSync(logFile, 'w');
  // The kernel ends the daemon together with this process, however that ends: jest gives tests no exit hook.
  const words = ['setpriv', '--pdeathsig', 'KILL', '--', ...(options.netns ? ['ip', 'netns', 'exec', options.netns] : []),
    options.command, ...(options.args ?? [])];
  try {
    const child = spawn(words[0], words.slice(1), {
      cwd: options.cwd,
      env: { ...process.env, ...options.env },
      stdio: ['ignore', log, log],
    });
    await new Promise<void>((resolve, reject) => {
      child.once('spawn', resolve);
      child.once('error', reject);
    });
    const started = new RunningProcess(options.name, logFile, child);
    running.add(started);
    return started;
  } finally {
    closeSync(log);
  }
}

/** Stops everything this test file started, the last one first, and removes its folders. For `afterAll`. */
export async function stopAll(): Promise<void> {
  for (const each of [...running].reverse()) await each.stop();
  removeScratchFolders();
}

// Below the range that the kernel gives to outgoing connections: one of those could take a port between the moment it
// was found free and the moment its daemon listens.
const FIRST_PORT = 12_000;
const LAST_PORT = 32_000;

/** A port that nobody listens on at loopback. */
export async function freePort(): Promise<number> {
  for (;;) {
    const port = FIRST_PORT + Math.floor(Math.random() * (LAST_PORT - FIRST_PORT));
    // One that was given out may not be listened on yet.
    if (given.has(port)) continue;
    given.add(port);
    if (await isFree(port)) return port;
  }
}

const given = new Set<number>();

function isFree(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once('error', () => resolve(false));
    server.listen(port, () => server.close(() => resolve(true)));
  });
}
