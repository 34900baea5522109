// The command as a shell runs it, without a process of its own.
import { run } from '../../src/cli/program';

export interface CommandResult {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

export async function command(...argv: string[]): Promise<CommandResult> {
  let out = '';
  let err = '';
  const code = await run(argv, {
    out: (text) => {
      out += text;
    },
    err: (text) => {
      err += text;
    },
  });
  return { code, out, err };
}
