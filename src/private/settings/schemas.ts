/** JSON Schemas of what people write: functions of both API versions, and platform settings. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
// A type import: the compiler copies the file beside the module, which then loads it only when it is asked for.
import type settings from './field-docs.json';
import { platform } from './platform';
import { DocTable, withDescriptions, withDocs } from '../function/describe';
import { BY_SERVER, metadata, spec } from '../function/fields';
import { ApiVersion, Doc, documented, schemaOf } from '../function/readers';
import { API_GROUP } from '../kubernetes/constants';
import type { JsonObject } from '../kubernetes/json';

const DIALECT = 'http://json-schema.org/draft-07/schema#';

/** Texts of the typed settings' own documentation, which a test writes. */
function platformDocs(): DocTable {
  const texts = JSON.parse(readFileSync(join(__dirname, 'field-docs.json'), 'utf8')) as typeof settings;
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
