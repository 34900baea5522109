// One command, run to its end.
import { spawn } from 'node:child_process';

export interface CommandOptions {
  readonly cwd?: string;
  /** Laid over the environment of this process. */
  readonly env?: Record<string, string>;
  readonly stdin?: string;
}

/** Runs a command and returns what it wrote on standard output; rejects with its standard error otherwise. */
export function run(command: string, args: readonly string[], options: CommandOptions = {}): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: options.cwd, env: { ...process.env, ...options.env }, stdio: 'pipe' });
    const out: Buffer[] = [];
    const err: Buffer[] = [];
    child.stdout.on('data', (chunk: Buffer) => out.push(chunk));
    child.stderr.on('data', (chunk: Buffer) => err.push(chunk));
    // A command that ends without reading its input makes the write fail; its exit code tells the story.
    child.stdin.on('error', () => undefined);
    child.stdin.end(options.stdin ?? '');
    child.on('error', reject);
    child.on('close', (code, signal) => {
      if (code === 0) return resolve(Buffer.concat(out).toString());
      const end = signal ? `was ended by ${signal}` : `ended with code ${code}`;
      reject(new Error(`${command} ${args.join(' ')} ${end}\n${Buffer.concat(err).toString() || Buffer.concat(out).toString()}`));
    });
  });
}
