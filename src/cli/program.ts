/** The command `cdk8s-openfunction`: arguments and streams in, exit code out. */
import { Command, CommanderError } from 'commander';
import { AddCommand, examples, EXIT, Streams, UsageError } from './command';
import { addCompletion } from './completion';
import { addDiff } from './diff/diff';
import { addExplain } from './explain';
import { addInit } from './init/init';
import { addKrm } from './krm';
import { addMonitoring } from './monitoring';
import { addProxyImage } from './proxy-image';
import { addRender } from './render';
import { addReport } from './report';
import { addSchema } from './schema';
import { addTopology } from './topology';
import { addValidate } from './validate';
import { packageVersion } from './version';

const COMMANDS: readonly AddCommand[] = [
  addInit, addRender, addValidate, addDiff, addReport, addTopology, addExplain, addSchema, addKrm, addMonitoring,
  addProxyImage, addCompletion,
];

export async function run(argv: readonly string[], streams: Streams): Promise<number> {
  let code: number = EXIT.ok;
  const program = createProgram(streams, (result) => {
    code = result;
  });
  try {
    await program.parseAsync([...argv], { from: 'user' });
    return code;
  } catch (error) {
    if (error instanceof CommanderError) return error.exitCode === 0 ? EXIT.ok : EXIT.wrongUsage;
    if (!(error instanceof UsageError)) throw error;
    streams.err(`error: ${error.message}\n`);
    return EXIT.wrongUsage;
  }
}

function createProgram(streams: Streams, done: (code: number) => void): Command {
  const program = new Command('cdk8s-openfunction')
    .description('OpenFunction functions as Kubernetes objects, without an operator')
    .version(packageVersion())
    .exitOverride()
    .showHelpAfterError('(add --help for usage)')
    .configureOutput({ writeOut: streams.out, writeErr: streams.err });
  for (const add of COMMANDS) add(program, streams, done);
  examples(program, [
    ['init my-functions', 'a folder to start with'],
    ['render functions/ -n shop | kubectl diff -f -', 'what would change in the cluster'],
  ]);
  return program;
}
