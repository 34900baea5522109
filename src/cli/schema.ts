/** `schema`: prints the JSON Schema of functions or of platform settings, for editors and other tools. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Argument } from 'commander';
import { AddCommand, examples, EXIT } from './command';
import { platform } from '../private/decide/platform';
import { DocTable, withDescriptions, withDocs } from '../private/function/describe';
import { BY_SERVER, metadata, spec } from '../private/function/fields';
import { ApiVersion, Doc, documented, schemaOf } from '../private/function/readers';
import { API_GROUP } from '../private/kubernetes/constants';
import type { JsonObject } from '../private/kubernetes/json';
// A type import: the compiler copies the file, which is loaded only when it is asked for.
import type settings from '../private/settings/field-docs.json';

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

const DIALECT = 'http://json-schema.org/draft-07/schema#';

/** Texts of the typed settings' own documentation, which a test writes. */
function platformDocs(): DocTable {
  const file = join(__dirname, '..', 'private', 'settings', 'field-docs.json');
  const texts = JSON.parse(readFileSync(file, 'utf8')) as typeof settings;
  const typed = texts as unknown as DocTable;
  return { 'hooks.order': ORDER, ...typed };
}

const ORDER: Doc = ['Plugins before the function; after it they run in reverse.'];

/** With the documentation of each field beside it, as `explain` reads it. */
export function documentedFunction(version: ApiVersion): JsonObject {
  return {
    type: 'object',
    properties: {
      apiVersion: documented({ const: `${API_GROUP}/${version}` }, API_VERSION),
      kind: documented({ const: 'Function' }, ['Function.']),
      metadata: documented(schemaOf(metadata, version), ['Name, namespace, labels and annotations.']),
      spec: schemaOf(spec, version),
      status: documented({}, BY_SERVER),
    },
    required: ['apiVersion', 'kind', 'metadata', 'spec'],
    additionalProperties: false,
  };
}
const API_VERSION: Doc = ['"core.openfunction.io/v1beta2" or "core.openfunction.io/v1beta1".'];

export function functionSchema(version: ApiVersion): JsonObject {
  const title = `OpenFunction Function, ${version}`;
  return { $schema: DIALECT, title, ...withDescriptions(documentedFunction(version)) };
}

/** Of either version, by the `apiVersion` of the manifest. */
export function anyFunctionSchema(): JsonObject {
  const { $schema, title: _, ...older } = functionSchema('v1beta1');
  const { $schema: __, title: ___, ...newer } = functionSchema('v1beta2');
  return {
    $schema,
    title: 'OpenFunction Function',
    if: { type: 'object', properties: { apiVersion: { const: `${API_GROUP}/v1beta1` } }, required: ['apiVersion'] },
    then: older,
    else: newer,
  };
}

export function documentedPlatform(): JsonObject {
  return withDocs(schemaOf(platform), platformDocs());
}

export function platformSchema(): JsonObject {
  const title = 'Platform settings of cdk8s-openfunction';
  return { $schema: DIALECT, title, ...withDescriptions(documentedPlatform()) };
}
