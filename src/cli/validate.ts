/** `validate`: prints every problem with its position, and a summary; or the same for machines. */
import { Option } from 'commander';
import { AddCommand, examples, EXIT, Streams } from './command';
import { FINDING_FORMATS } from './findings/formats';
import { addInputOptions, evaluate, InputOptions } from './input';

interface ValidateOptions extends InputOptions {
  readonly format: keyof typeof FINDING_FORMATS;
}

export const addValidate: AddCommand = (program, streams, done) => {
  const formats = Object.keys(FINDING_FORMATS);
  const command = addInputOptions(program.command('validate'))
    .description('print every problem of functions with file, line and path')
    .option('--information', 'also what may well be meant so, such as a topic that nothing here reads')
    .addOption(new Option('--format <format>', 'format of the problems').choices(formats).default('text'))
    .action((paths: string[], options: ValidateOptions) => done(validate(paths, options, streams)));
  examples(command, [
    ['validate functions/ --strict', 'in CI: warnings fail, too'],
    ['validate functions/ --format sarif > functions.sarif', 'for code scanning'],
    ['validate functions/ --format github', 'annotations on a pull request'],
  ]);
};

function validate(paths: readonly string[], options: ValidateOptions, streams: Streams): number {
  const { verdict } = evaluate(paths, options, streams);
  streams.out(FINDING_FORMATS[options.format](verdict, streams.colours));
  return verdict.errors.length > 0 ? EXIT.invalidInput : EXIT.ok;
}
