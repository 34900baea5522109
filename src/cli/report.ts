/** `report`: prints what was decided for each function, and what its objects need from the cluster. */
import { Option } from 'commander';
import { AddCommand, examples, EXIT, Streams } from './command';
import { addInputOptions, evaluate, InputOptions } from './input';
import type { FunctionReport } from '../function-report';
import { FunctionReports } from '../function-reports';

const FORMATS = {
  text: (reports: FunctionReport[]) => FunctionReports.text(reports),
  markdown: (reports: FunctionReport[]) => FunctionReports.markdown(reports),
  json: (reports: FunctionReport[]) => FunctionReports.json(reports),
  mermaid: (reports: FunctionReport[]) => FunctionReports.mermaid(reports),
};

interface ReportOptions extends InputOptions {
  readonly format: keyof typeof FORMATS;
}

export const addReport: AddCommand = (program, streams, done) => {
  const command = addInputOptions(program.command('report'))
    .description('print what was decided for functions, their objects and what these need from the cluster')
    .addOption(new Option('--format <format>', 'format of the report').choices(Object.keys(FORMATS)).default('text'))
    .action((paths: string[], options: ReportOptions) => done(report(paths, options, streams)));
  examples(command, [
    ['report functions/ -n shop', 'what was decided, why, and what the cluster must have'],
    ['report functions/ --format markdown', 'the same, for a comment on a pull request'],
    ['report functions/ --format mermaid', 'a diagram for a page of your own'],
  ]);
};

function report(paths: readonly string[], options: ReportOptions, streams: Streams): number {
  const { out, err } = streams;
  const { functions, verdict } = evaluate(paths, options, streams);
  [...verdict.errors, ...verdict.warnings].forEach((line) => err(`${line}\n`));
  if (verdict.errors.length > 0) {
    err(`${verdict.summary}; nothing was reported\n`);
    return EXIT.invalidInput;
  }
  out(FORMATS[options.format](functions.map(({ report: of }) => of)));
  return EXIT.ok;
}
