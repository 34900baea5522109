/** `schema`: prints the JSON Schema of functions or of platform settings, for editors and other tools. */
import { Argument } from 'commander';
import { AddCommand, examples, EXIT } from './command';
import { anyFunctionSchema, functionSchema, platformSchema } from '../private/settings/schemas';

const SCHEMAS = {
  function: anyFunctionSchema,
  v1beta1: () => functionSchema('v1beta1'),
  v1beta2: () => functionSchema('v1beta2'),
  platform: platformSchema,
};

export const addSchema: AddCommand = (program, { out }, done) => {
  const command = program.command('schema')
    .description('print a JSON Schema: of functions of either API version, of one version, or of platform settings')
    .addArgument(new Argument('[what]', 'what the schema is of').choices(Object.keys(SCHEMAS)).default('function'))
    .action((what: keyof typeof SCHEMAS) => {
      out(`${JSON.stringify(SCHEMAS[what](), null, 2)}\n`);
      done(EXIT.ok);
    });
  examples(command, [
    ['schema > function.schema.json', 'for an editor; manifests name it in a comment (see docs/guides/cli.md)'],
    ['schema platform > platform.schema.json', 'the same for platform settings'],
  ]);
};
