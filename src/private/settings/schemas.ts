/** JSON Schemas of what people write: functions of both API versions, and platform settings. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
// A type import: the compiler copies the file beside the module, which then loads it only when it is asked for.
import type settings from './field-docs.json';
import { platform } from './platform';
import { DocTable, withDocs } from '../function/describe';
import { FUNCTION_DOCS } from '../function/field-docs';
import { metadata, spec } from '../function/fields';
import { ApiVersion, schemaOf } from '../function/readers';
import { API_GROUP } from '../kubernetes/constants';
import type { JsonObject } from '../kubernetes/json';

const DIALECT = 'http://json-schema.org/draft-07/schema#';

/** Texts of the typed settings' own documentation, which a test writes, and of what is written as in a Function. */
export function platformDocs(): DocTable {
  const ofFunction = Object.entries(FUNCTION_DOCS).flatMap(([path, doc]) => (
    path.startsWith('serving.tracing.provider.') ? [[path.slice('serving.'.length), doc] as const] : []));
  const texts = JSON.parse(readFileSync(join(__dirname, 'field-docs.json'), 'utf8')) as typeof settings;
  const typed = texts as unknown as DocTable;
  return { ...Object.fromEntries(ofFunction), 'hooks.order': ORDER, ...typed };
}

const ORDER: DocTable[string] = ['Plugins before the function; after it they run in reverse.'];

export function functionSchema(version: ApiVersion): JsonObject {
  const schema = {
    type: 'object',
    properties: {
      apiVersion: { const: `${API_GROUP}/${version}` },
      kind: { const: 'Function' },
      metadata: schemaOf(metadata, version),
      spec: schemaOf(spec, version),
      status: {},
    },
    required: ['apiVersion', 'kind', 'metadata', 'spec'],
    additionalProperties: false,
  };
  return { $schema: DIALECT, title: `OpenFunction Function, ${version}`, ...withDocs(schema, FUNCTION_DOCS) };
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

export function platformSchema(): JsonObject {
  const title = 'Platform settings of cdk8s-openfunction';
  return { $schema: DIALECT, title, ...withDocs(schemaOf(platform), platformDocs()) };
}
