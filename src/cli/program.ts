/** The command `cdk8s-openfunction`: arguments and streams in, exit code out. */
import { Command, CommanderError } from 'commander';
import { AddCommand, examples, EXIT, Streams, UsageError } from './command';
import { packageVersion } from './version';

/* eslint-disable @typescript-eslint/no-require-imports -- loading all of them takes longer than one of them runs */
const COMMANDS: Readonly<Record<string, () => AddCommand>> = {
  'init': () => (require('./init/init') as typeof import('./init/init')).addInit,
  'render': () => (require('./render') as typeof import('./render')).addRender,
  'validate': () => (require('./validate') as typeof import('./validate')).addValidate,
  'diff': () => (require('./diff/diff') as typeof import('./diff/diff')).addDiff,
  'report': () => (require('./report') as typeof import('./report')).addReport,
  'topology': () => (require('./topology') as typeof import('./topology')).addTopology,
  'explain': () => (require('./explain') as typeof import('./explain')).addExplain,
  'schema': () => (require('./schema') as typeof import('./schema')).addSchema,
  'krm': () => (require('./krm') as typeof import('./krm')).addKrm,
  'monitoring': () => (require('./monitoring') as typeof import('./monitoring')).addMonitoring,
  'proxy-image': () => (require('./proxy-image') as typeof import('./proxy-image')).addProxyImage,
  'completion': () => (require('./completion') as typeof import('./completion')).addCompletion,
};
/* eslint-enable @typescript-eslint/no-require-imports */

/** The command that is called, if it needs no other: `completion` and help name all of them. */
function wanted([called]: readonly string[]): ReadonlyArray<() => AddCommand> {
  const isAlone = called !== 'completion' && Object.hasOwn(COMMANDS, called);
  return isAlone ? [COMMANDS[called]] : Object.values(COMMANDS);
}

export async function run(argv: readonly string[], streams: Streams): Promise<number> {
  let code: number = EXIT.ok;
  const program = createProgram(argv, streams, (result) => {
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

function createProgram(argv: readonly string[], streams: Streams, done: (code: number) => void): Command {
  const program = new Command('cdk8s-openfunction')
    .description('OpenFunction functions as Kubernetes objects, without an operator')
    .version(packageVersion())
    .exitOverride()
    .allowExcessArguments(false)
    .showHelpAfterError('(add --help for usage)')
    .configureOutput({ writeOut: streams.out, writeErr: streams.err });
  for (const load of wanted(argv)) load()(program, streams, done);
  examples(program, [
    ['init my-functions', 'a folder to start with'],
    ['render functions/ -n shop | kubectl diff -f -', 'what would change in the cluster'],
  ]);
  return program;
}
