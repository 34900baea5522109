/** `validate`: prints every problem with its position, and a summary. */
import { AddCommand, EXIT, Streams } from './command';
import { addInputOptions, evaluate, InputOptions } from './input';

export const addValidate: AddCommand = (program, streams, done) => {
  addInputOptions(program.command('validate'))
    .description('print every problem of functions with file, line and path')
    .action((options: InputOptions) => done(validate(options, streams)));
};

function validate(options: InputOptions, { out }: Streams): number {
  const { verdict: { errors, warnings, summary } } = evaluate(options);
  out([...errors, ...warnings, summary].map((line) => `${line}\n`).join(''));
  return errors.length > 0 ? EXIT.invalidInput : EXIT.ok;
}
