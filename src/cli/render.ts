/** `render`: prints the objects as YAML, or writes each to a file. */
import { InvalidArgumentError } from 'commander';
import { AddCommand, EXIT, Streams, UsageError } from './command';
import { writeFiles } from './files';
import { addInputOptions, evaluate, InputOptions } from './input';
import { toYaml } from './yaml-text';

interface RenderOptions extends InputOptions {
  readonly output?: string;
}

export const addRender: AddCommand = (program, streams, done) => {
  addInputOptions(program.command('render'))
    .description('print the Kubernetes objects of functions as YAML; other objects pass through')
    .option('-o, --output <folder>', 'write one file per object instead', folder)
    .action((options: RenderOptions) => done(render(options, streams)));
};

/** An unset shell variable would otherwise mean the current folder. */
function folder(value: string): string {
  if (value === '') throw new InvalidArgumentError('Give the path of a folder.');
  return value;
}

function render(options: RenderOptions, { out, err }: Streams): number {
  const { objects, verdict } = evaluate(options);
  [...verdict.errors, ...verdict.warnings].forEach((line) => err(`${line}\n`));
  if (verdict.errors.length > 0) {
    err(`${verdict.summary}; nothing was written\n`);
    return EXIT.invalidInput;
  }
  if (options.output === undefined) {
    out(toYaml(objects));
    return EXIT.ok;
  }
  try {
    writeFiles(options.output, objects);
  } catch (error) {
    throw new UsageError(`${options.output}: cannot be written: ${(error as Error).message}`);
  }
  return EXIT.ok;
}
