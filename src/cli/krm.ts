/**
 * `krm`: a KRM function as kustomize and kpt run it. A `ResourceList` comes in on standard input and goes out on
 * standard output, with objects where the functions were.
 *
 * @see https://github.com/kubernetes-sigs/kustomize/blob/master/cmd/config/docs/api-conventions/functions-spec.md
 */
import { collectObject } from './collect';
import { AddCommand, EXIT, examples, Streams } from './command';
import { settingsOf, usage } from './input';
import { readPlatform, readPlatformText, ReadPlatformResult } from './platform';
import { Judged, verdictOf } from './print';
import { objectsOf, synthesize } from './synthesize';
import { toYaml } from './yaml-text';
import { jsonObject, object, Reader, string, text } from '../private/function/readers';
import { defined, isObject, Json, JsonObject } from '../private/kubernetes/json';
import { formatPath, formatProblem, oneLine, Problem, Problems, show } from '../private/problem/problem';
import { copyPlain } from '../private/yaml/copy-plain';
import { readPaths } from '../private/yaml/read-paths';
import { readValues } from '../private/yaml/read-yaml';

export const addKrm: AddCommand = (program, streams, done) => {
  const command = program.command('krm')
    .description('run as a KRM function: a ResourceList on standard input becomes one on standard output')
    .action(() => done(krm(streams)));
  examples(command, [['krm < resource-list.yaml', 'what kustomize and kpt do']]);
};

const KINDS = ['ResourceList', 'v1', 'config.kubernetes.io'] as const;
const PATHS = ['internal.config.kubernetes.io/path', 'config.kubernetes.io/path'];

function krm(streams: Streams): number {
  const [{ content, file }] = usage(() => readPaths(['-']));
  const [first, ...others] = readValues(content, file);
  if ('problem' in first) return refuse([first.problem], streams);
  const { value } = first;
  if (others.length > 0 || !isResourceList(value)) {
    const message = `must be one ${KINDS[0]} of ${KINDS[2]}/${KINDS[1]}, got ${show(value)}`;
    return refuse([{ severity: 'error', path: [], message }], streams);
  }
  return transform(value, streams);
}

function refuse(problems: readonly Problem[], { err }: Streams): number {
  problems.forEach((problem) => err(`${formatProblem(problem)}\n`));
  return EXIT.invalidInput;
}

interface ResourceList extends JsonObject { readonly items: Json[] }

function isResourceList(value: unknown): value is ResourceList {
  return isObject(value) && value.kind === KINDS[0] && String(value.apiVersion).startsWith(`${KINDS[2]}/`)
    && (value.items === undefined || value.items === null || Array.isArray(value.items));
}

function transform(list: ResourceList, streams: Streams): number {
  const items = list.items ?? [];
  const { namespace, read, problems } = readConfig(list.functionConfig);
  const { settings, strict } = settingsOf(read, undefined, false);
  const documents = items.flatMap((item, index) => collectObject(item, titleOf(item, index), namespace));
  const { emitted, findings } = synthesize(documents, settings);
  const { judged, errors, summary } = verdictOf(findings, [...problems, ...read.problems], strict);
  const results = judged.flatMap((each) => each.problems.map((problem) => resultOf(problem, each)));
  const failed = errors.length > 0;
  const after = failed ? items : [...objectsOf(emitted)];
  streams.out(toYaml([{ ...list, items: after, ...(results.length > 0 && { results }) }]));
  judged.forEach(({ source, problems: found }) => found.forEach((problem) => {
    const title = oneLine(source?.title ?? 'functionConfig');
    streams.err(`${title}: ${formatProblem({ ...problem, position: undefined })}\n`);
  }));
  if (failed) streams.err(`${summary}; nothing was changed\n`);
  return failed ? EXIT.invalidInput : EXIT.ok;
}

/** `Function shop/orders (functions/orders.yaml)` */
function titleOf(item: Json, index: number): string {
  const { kind, metadata } = isObject(item) ? item : {};
  const { namespace, name } = isObject(metadata) ? metadata : {};
  if (typeof name !== 'string') return `item ${index + 1}`;
  const { path } = fileOf(item);
  const place = typeof namespace === 'string' ? `${namespace}/${name}` : name;
  return `${String(kind)} ${place}${path === undefined ? '' : ` (${path})`}`;
}

function fileOf(item: unknown): { path?: string } {
  const { metadata } = isObject(item) ? item : {};
  const annotations = isObject(metadata) && isObject(metadata.annotations) ? metadata.annotations : {};
  const path = PATHS.map((key) => annotations[key]).find((value) => typeof value === 'string');
  return typeof path === 'string' ? { path } : {};
}

function resultOf({ severity, path, message }: Problem, { source }: Judged): JsonObject {
  const { apiVersion, kind, metadata } = isObject(source?.value) ? source.value as JsonObject : {};
  const { name, namespace } = isObject(metadata) ? metadata : {};
  const file = fileOf(source?.value);
  return {
    message: `${formatPath(path)}: ${message}`,
    severity,
    ...(typeof name === 'string' && { resourceRef: defined({ apiVersion, kind, name, namespace }) }),
    field: { path: formatPath(path) },
    ...(file.path !== undefined && { file }),
  };
}

interface Config {
  readonly namespace?: string;
  readonly read: ReadPlatformResult;
  readonly problems: Problem[];
}

/** A ConfigMap has texts under `data`, and any other kind has objects under `spec`. */
function readConfig(config: Json | undefined): Config {
  const problems = new Problems();
  const plain = copyPlain(config ?? {}, problems);
  const isText = isObject(plain) && plain.kind === 'ConfigMap';
  const place = isText ? 'data' : 'spec';
  const given = isObject(plain) ? plain[place] ?? {} : {};
  const platform: Reader<string | JsonObject> = isText ? string : jsonObject;
  const fields = object({ namespace: text, platform })(given, { path: [place], problems }) ?? {};
  const read = readSettings(fields.platform);
  const found = read.problems.map((problem) => ({ ...problem, path: [place, 'platform', ...problem.path] }));
  return { namespace: fields.namespace, read: { ...read, problems: found }, problems: problems.all };
}

function readSettings(platform: string | JsonObject | undefined): ReadPlatformResult {
  if (platform === undefined) return { platform: {}, problems: [] };
  return typeof platform === 'string' ? readPlatformText(platform, '') : readPlatform(platform);
}
