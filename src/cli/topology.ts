/** `topology`: who publishes what, who gets it, who calls whom, as text, pictures, JSON or a catalogue of events. */
import { App } from 'cdk8s';
import { Option } from 'commander';
import { AddCommand, examples, EXIT, Streams, UsageError } from './command';
import { addInputOptions, evaluate, InputOptions } from './input';
import { EventCatalogue } from '../event-catalogue';
import { FunctionTopology } from '../function-topology';
import type { OpenFunctionApp } from '../openfunction-app';
import { didYouMean } from '../private/problem/problem';

type Scope = App | OpenFunctionApp;

const FORMATS = {
  text: (scope: Scope) => FunctionTopology.of(scope).text(),
  mermaid: (scope: Scope) => FunctionTopology.of(scope).mermaid().join('\n'),
  svg: (scope: Scope) => FunctionTopology.of(scope).svg(),
  json: (scope: Scope) => FunctionTopology.of(scope).json(),
  asyncapi: (scope: Scope) => EventCatalogue.of(scope).yaml(),
};

interface TopologyOptions extends InputOptions {
  readonly format: keyof typeof FORMATS;
  readonly function?: string;
}

export const addTopology: AddCommand = (program, streams, done) => {
  const command = addInputOptions(program.command('topology'))
    .description('show how functions are wired: topics, bindings, stores, hosts and calls')
    .addOption(new Option('--format <format>', 'format').choices(Object.keys(FORMATS)).default('text'))
    .option('--function <name>', 'one function and what it is wired with, as <name> or <namespace>/<name>')
    .action((paths: string[], options: TopologyOptions) => done(topology(paths, options, streams)));
  examples(command, [
    ['topology functions/ -n shop', 'who is wired with whom, and what is probably not meant'],
    ['topology functions/ --format svg > shop.svg', 'a picture for a page or a review'],
    ['topology functions/ --format mermaid --function orders', 'one function, for a page that draws Mermaid'],
    ['topology functions/ --format asyncapi > events.yaml', 'the topics as an AsyncAPI 3 document'],
  ]);
};

function topology(paths: readonly string[], options: TopologyOptions, streams: Streams): number {
  const { out, err } = streams;
  const { functions, verdict } = evaluate(paths, options, streams);
  [...verdict.errors, ...verdict.warnings].forEach((line) => err(`${line}\n`));
  if (verdict.errors.length > 0) {
    err(`${verdict.summary}; no topology was made\n`);
    return EXIT.invalidInput;
  }
  out(FORMATS[options.format](scopeOf(functions, options.function)));
  return EXIT.ok;
}

function scopeOf(functions: readonly OpenFunctionApp[], wanted: string | undefined): Scope {
  const [first] = functions as readonly (OpenFunctionApp | undefined)[];
  if (wanted === undefined) return first === undefined ? new App() : first.node.root as App;
  const named = functions.filter(({ functionName, namespace }) => (
    functionName === wanted || `${namespace}/${functionName}` === wanted));
  if (named.length === 1) return named[0];
  if (named.length > 1) {
    const all = named.map(({ functionName, namespace }) => `${namespace}/${functionName}`);
    throw new UsageError(`--function ${wanted}: there are ${all.join(' and ')}; give one of them`);
  }
  const known = functions.map(({ functionName }) => functionName);
  throw new UsageError(`--function ${wanted}: there is no such function${didYouMean(wanted, known)}`);
}
