/** `validate`: prints every problem with its position, and a summary. */
import { AddCommand, examples, EXIT, Streams } from './command';
import { addInputOptions, evaluate, InputOptions } from './input';

export const addValidate: AddCommand = (program, streams, done) => {
  const command = addInputOptions(program.command('validate'))
    .description('print every problem of functions with file, line and path')
    .action((paths: string[], options: InputOptions) => done(validate(paths, options, streams)));
  examples(command, [
    ['validate functions/ --strict', 'in CI: warnings fail, too'],
  ]);
};

function validate(paths: readonly string[], options: InputOptions, streams: Streams): number {
  const { verdict: { errors, warnings, summary } } = evaluate(paths, options, streams);
  streams.out([...errors, ...warnings, summary].map((line) => `${line}\n`).join(''));
  return errors.length > 0 ? EXIT.invalidInput : EXIT.ok;
}
