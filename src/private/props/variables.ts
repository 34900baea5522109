/** Environment from Secrets, ConfigMaps and fields: the props that say it → variables of the function's container. */
import type { GrownProps } from './growth';
import { functionContainer } from './template';
import type { SecretKey } from '../../component-options';
import type { IEnvValue } from '../../env-value';
import type { FunctionModel } from '../function/function-model';
import { originalPaths } from '../function/places';
import type { Move } from '../function/readers';
import { defined, isObject, Json, JsonObject } from '../kubernetes/json';
import { Path, Problems, show } from '../problem/problem';
import { copyPlain } from '../yaml/copy-plain';

export interface Variables {
  /** core/v1 EnvVars, each with its place in the props. */
  readonly env: readonly { readonly path: Path; readonly entry: JsonObject }[];
  /** core/v1 EnvFromSources. */
  readonly envFrom: readonly JsonObject[];
}

type VariableProps = Pick<GrownProps, 'secretEnv' | 'envVariables' | 'envFromSecrets' | 'envFromConfigMaps'>;

export function variablesOf(props: VariableProps, problems: Problems): Variables {
  const secret = Object.entries(props.secretEnv ?? {}).map(([name, from]: [string, SecretKey]) => {
    const valueFrom = { secretKeyRef: { name: from.secret.name, key: from.key } };
    return { path: ['secretEnv', name], entry: { name, valueFrom } };
  });
  const other = Object.entries(props.envVariables ?? {}).map(([name, value]) => {
    const path = ['envVariables', name];
    return { path, entry: { name, ...partsOf(value, path, problems) } };
  });
  return {
    env: [...secret, ...other],
    envFrom: [
      ...(props.envFromSecrets ?? []).map(({ name }) => ({ secretRef: { name } })),
      ...(props.envFromConfigMaps ?? []).map(({ name }) => ({ configMapRef: { name } })),
    ],
  };
}

/** Of whatever version or copy of cdk8s-plus the value is. */
function partsOf(given: IEnvValue, path: Path, problems: Problems): JsonObject {
  if (typeof given !== 'object' || given === null) {
    const form = 'must be an EnvValue, such as EnvValue.fromSecretValue gives it';
    problems.error(path, `${form}, got ${show(given)}; text goes into env`);
    return {};
  }
  const { value, valueFrom } = given;
  const unplain = new Problems();
  const copy = copyPlain({ value, valueFrom }, unplain);
  problems.add(...unplain.all.map((problem) => ({ ...problem, path: [...path, ...problem.path] })));
  return isObject(copy) ? defined(copy) as JsonObject : {};
}

/** The same function, with these variables after those of its template. */
export function withVariables(model: FunctionModel, { env, envFrom }: Variables): FunctionModel {
  if (env.length === 0 && envFrom.length === 0) return model;
  const template = structuredClone(model.serving.template ?? {});
  const container = functionContainer(template);
  const known = listOf(container.env);
  const place = ['serving', 'template', 'containers', listOf(template.containers).indexOf(container), 'env'];
  const moves = env.flatMap(({ path }, index): Move[] => {
    const entry = [...place, known.length + index];
    return [[entry, path], [[...entry, 'name'], path]];
  });
  if (env.length > 0) container.env = [...known, ...env.map(({ entry }) => entry)];
  if (envFrom.length > 0) container.envFrom = [...listOf(container.envFrom), ...envFrom];
  return {
    ...model,
    source: { ...model.source, originalPath: placedAs(model, moves) },
    serving: { ...model.serving, template },
  };
}

function placedAs({ source: { originalPath } }: FunctionModel, moves: readonly Move[]): (path: Path) => Path {
  const moved = originalPaths(moves);
  return (path) => {
    const inProps = moved(path);
    return inProps === path ? originalPath(path) : inProps;
  };
}

function listOf(value: Json | undefined): Json[] {
  return Array.isArray(value) ? value : [];
}
