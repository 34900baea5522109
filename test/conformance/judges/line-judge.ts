// A judge that reads questions as JSON lines and answers each with one line, in order: one process start for all cases.
import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { createInterface } from 'node:readline';

interface Waiting<A> {
  resolve(answer: A): void;
  reject(error: Error): void;
}

export class LineJudge<Q, A> {
  private readonly child: ChildProcessWithoutNullStreams;
  private readonly waiting: Waiting<A>[] = [];
  private errors = '';
  private ended = false;

  public constructor(private readonly program: string, args: readonly string[] = []) {
    // The judge ends with this process even if nobody closes it, as the daemons of the testbed do.
    this.child = spawn('setpriv', ['--pdeathsig', 'KILL', '--', program, ...args]);
    this.child.stderr.on('data', (chunk: Buffer) => { this.errors += chunk.toString(); });
    this.child.stdin.on('error', () => undefined);
    this.child.on('error', (error) => this.fail(error.message));
    this.child.on('close', (code) => this.fail(`ended with code ${code}`));
    createInterface({ input: this.child.stdout }).on('line', (line) => this.waiting.shift()?.resolve(JSON.parse(line) as A));
  }

  public ask(question: Q): Promise<A> {
    return new Promise((resolve, reject) => {
      if (this.ended) return reject(this.problem('is no longer running'));
      this.waiting.push({ resolve, reject });
      this.child.stdin.write(`${JSON.stringify(question)}\n`);
    });
  }

  public close(): void {
    this.child.stdin.end();
  }

  private fail(reason: string): void {
    this.ended = true;
    for (const each of this.waiting.splice(0)) each.reject(this.problem(reason));
  }

  private problem(reason: string): Error {
    return new Error(`${this.program} ${reason}\n${this.errors}`);
  }
}
