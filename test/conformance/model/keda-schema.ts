// KEDA's structures that a user may pass through, named and worded like those of the Kubernetes packages. Read from the
// CRDs: KEDA's Go types would bring a second Kubernetes client to compile.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { goModuleDir } from '../../testbed/go-binary';
import { VERSIONS } from '../../testbed/versions';

export type Schema = Record<string, Record<string, string>>;

interface OpenApi {
  readonly 'type': string;
  readonly 'properties'?: Record<string, OpenApi>;
  readonly 'items'?: OpenApi;
  readonly 'additionalProperties'?: OpenApi;
  readonly 'x-kubernetes-int-or-string'?: boolean;
}

const SCALARS: Record<string, string> = { string: 'string', boolean: 'bool', integer: 'int', number: 'number' };

// Go's names where they are not the property's own.
const NAMES: Record<string, string> = {
  advanced: 'AdvancedConfig',
  behavior: 'HorizontalPodAutoscalerBehavior',
  scaleUp: 'HPAScalingRules',
  scaleDown: 'HPAScalingRules',
  policies: 'HPAScalingPolicy',
  triggers: 'ScaleTriggers',
};

export async function kedaSchema(): Promise<Schema> {
  const folder = join(await goModuleDir('github.com/kedacore/keda/v2', `v${VERSIONS.keda}`), 'config', 'crd', 'bases');
  const into: Schema = {};
  const scaledObject = spec(join(folder, 'keda.sh_scaledobjects.yaml'));
  for (const property of ['advanced', 'fallback', 'triggers']) word(property, scaledObject[property], into);
  const scaledJob = spec(join(folder, 'keda.sh_scaledjobs.yaml'));
  word('scalingStrategy', scaledJob.scalingStrategy, into);
  return into;
}

function spec(file: string): Record<string, OpenApi> {
  const crd = parse(readFileSync(file, 'utf8')) as { spec: { versions: { schema: { openAPIV3Schema: OpenApi } }[] } };
  return crd.spec.versions[0].schema.openAPIV3Schema.properties!.spec.properties!;
}

function word(property: string, schema: OpenApi, into: Schema): string {
  // The only such values are quantities.
  if (schema['x-kubernetes-int-or-string']) return 'quantity';
  if (schema.type in SCALARS) return SCALARS[schema.type];
  if (schema.items) return `[]${word(property, schema.items, into)}`;
  if (schema.additionalProperties) return `map[string]${word(property, schema.additionalProperties, into)}`;
  const name = NAMES[property] ?? property[0].toUpperCase() + property.slice(1);
  into[name] = Object.fromEntries(Object.entries(schema.properties!).map(([key, value]) => [key, word(key, value, into)]));
  return name;
}
