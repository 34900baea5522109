// The text of src/private/catalogue/keda-scalers.json: KEDA's own schema of its scalers, with the types of the fields that
// the parameters are read into, which the schema leaves out.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CATALOGUE_VERSIONS, kedaFolder, printTable } from './catalogue-sources';
import { EXCLUDES, LISTS, NEEDS, NOT_NEGATIVE, POSITIVE, TARGETS } from './keda-corrections';
import { scalerFields, type ScalerFields } from './keda-fields';

interface Parameter {
  readonly name: string;
  readonly optional?: boolean;
  readonly default?: string;
  readonly allowedValue?: readonly string[];
  readonly separator?: string;
  readonly deprecated?: string;
  readonly metadataVariableReadable?: boolean;
  readonly envVariableReadable?: boolean;
  readonly triggerAuthenticationVariableReadable?: boolean;
}

interface SchemaFile {
  readonly scalers: ReadonlyArray<{ readonly type: string; readonly parameters: readonly Parameter[] }>;
}

/** They hand all of their metadata on to a server, so no name is unknown. */
const OPEN = ['external', 'external-push'];

/** Read by older releases and ignored by this one; manifests still give them, to no harm. */
const LEFT_OVER = (type: string): string[][] => [['metricName', 'string@m'], ...(type === 'forgejo-runner' ? [['name', 'string@m']] : [])];

export async function kedaCatalogue(): Promise<string> {
  const folder = await kedaFolder();
  const { scalers } = JSON.parse(readFileSync(join(folder, 'schema', 'generated', 'scalers-schema.json'), 'utf8')) as SchemaFile;
  const fields = scalerFields(folder);
  const rows = scalers.map(({ type, parameters }) => [type, scaler(type, withOldPlaces(parameters), fields[type])] as const);
  return printTable({
    source: `github.com/kedacore/keda/v2 ${CATALOGUE_VERSIONS.keda}`,
    licence: 'Copyright The KEDA Authors, Apache-2.0',
  }, { scalers: Object.fromEntries(rows) });
}

/** Of a name that is listed once more for a place where it is deprecated, the schema's reader would know the other places alone. */
function withOldPlaces(parameters: readonly Parameter[]): Parameter[] {
  return parameters.map((parameter) => {
    const old = parameters.find(({ name, deprecated }) => name === parameter.name && deprecated !== undefined);
    return old === undefined ? parameter : { ...old, ...parameter };
  });
}

function scaler(type: string, parameters: readonly Parameter[], { types, aliases, places }: ScalerFields): Record<string, unknown> {
  const placesOf = (name: string): string => [name, ...[...aliases].filter(([, target]) => target === name).map(([alias]) => alias)].map((each) => places.get(each) ?? '').join('');
  const fields = parameters
    .filter(({ name }) => !aliases.has(name))
    .map((parameter) => [parameter.name, word(corrected(type, parameter), types.get(parameter.name) ?? 'string', placesOf(parameter.name), leastOf(type, parameter.name))]);
  const names = new Set(parameters.map(({ name }) => name));
  const unlisted = [...places].filter(([name]) => !names.has(name) && !aliases.has(name)).map(([name, place]) => [name, `string@${[...new Set(place)].join('')}`]);
  return {
    fields: Object.fromEntries([...LEFT_OVER(type), ...unlisted, ...fields].sort(([a], [b]) => (a < b ? -1 : 1))),
    ...(aliases.size > 0 && { aliases: Object.fromEntries([...aliases].sort()) }),
    ...(OPEN.includes(type) && { open: true }),
    ...(NEEDS[type] && { needs: NEEDS[type] }),
    ...(EXCLUDES[type] && { excludes: EXCLUDES[type] }),
    ...(TARGETS[type] && { target: TARGETS[type] }),
  };
}

function corrected(type: string, parameter: Parameter): Parameter {
  return { ...parameter, allowedValue: LISTS[type]?.[parameter.name] ?? parameter.allowedValue };
}

function leastOf(type: string, name: string): string {
  if (POSITIVE[type]?.includes(name) === true || TARGETS[type] === name) return '+';
  return NOT_NEGATIVE[type]?.includes(name) === true ? '^' : '';
}

/** `int!@ma`: the marks of Dapr's table, then where it may come from: trigger metadata, environment, authentication. */
function word(parameter: Parameter, type: string, more: string, least: string): string {
  const { optional, default: preset, allowedValue, separator, deprecated } = parameter;
  const places = [
    parameter.metadataVariableReadable || more.includes('m') ? 'm' : '', parameter.envVariableReadable || more.includes('e') ? 'e' : '',
    parameter.triggerAuthenticationVariableReadable || more.includes('a') ? 'a' : '',
  ].join('');
  const required = optional !== true && preset === undefined && deprecated === undefined;
  const values = allowedValue === undefined ? type : `=${allowedValue.join('|')}`;
  const list = type === 'list' && allowedValue !== undefined ? `${separator ?? ','}` : '';
  return `${values}${list}${required ? '!' : ''}${deprecated === undefined ? '' : '~'}${least}@${places}`;
}
