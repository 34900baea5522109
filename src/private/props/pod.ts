/** What typed props say of the function's pod: variables, resources, command, probes, template. */
import { isDeepStrictEqual } from 'node:util';
import { GrownProps, movedBy } from './growth';
import { probeJson } from './probe';
import type { SecretKey } from '../../component-options';
import type { ContainerResources, ICpu } from '../../container-resources';
import type { IEnvValue } from '../../env-value';
import type { FunctionProbe } from '../../function-probe';
import type { OpenFunctionAppProps } from '../../function-props';
import type { FunctionModel } from '../function/function-model';
import type { Move } from '../function/readers';
import { DAPR_APP_PORT, DEFAULT_PORT, FUNCTION_CONTAINER } from '../kubernetes/constants';
import { copy, defined, entriesOf, isObject, Json, JsonObject, objectsIn } from '../kubernetes/json';
import { withKubernetesNames } from '../kubernetes/pod-schema';
import { inOrderOfUse, parseQuantity, QUANTITY_FORM } from '../kubernetes/syntax';
import { Path, Problems, show } from '../problem/problem';
import { copyPlain } from '../yaml/copy-plain';

export interface Variables {
  /** core/v1 EnvVars, each with its place in the props. */
  readonly env: readonly { readonly path: Path; readonly entry: JsonObject }[];
  /** core/v1 EnvFromSources, likewise. */
  readonly envFrom: Variables['env'];
}

type VariableProps = Pick<GrownProps, 'secretEnv' | 'envVariables' | 'envFromSecrets' | 'envFromConfigMaps'>;

export function variablesOf(props: VariableProps, problems: Problems): Variables {
  const secret = entriesOf<SecretKey>(props.secretEnv).map(([name, from]) => {
    const valueFrom = { secretKeyRef: { name: from.secret.name, key: from.key } };
    return { path: ['secretEnv', name], entry: { name, valueFrom } };
  });
  const values = entriesOf(props.envVariables).map(([name, value]) => (
    { name, ...partsOf(value, ['envVariables', name], problems) }));
  const other = inOrderOfUse(values).map((entry) => ({ path: ['envVariables', entry.name], entry }));
  return {
    env: [...secret, ...other],
    envFrom: [
      ...(props.envFromSecrets ?? []).map(({ name }, index) => (
        { path: ['envFromSecrets', index], entry: { secretRef: { name } } })),
      ...(props.envFromConfigMaps ?? []).map(({ name }, index) => (
        { path: ['envFromConfigMaps', index], entry: { configMapRef: { name } } })),
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
  const plain = copyPlain({ value, valueFrom }, unplain);
  problems.add(...unplain.all.map((problem) => ({ ...problem, path: [...path, ...problem.path] })));
  return isObject(plain) ? defined(plain) as JsonObject : {};
}

/** The same function, with these variables after those of its template. */
export function withVariables(model: FunctionModel, { env, envFrom }: Variables): FunctionModel {
  if (env.length === 0 && envFrom.length === 0) return model;
  const template = copy(model.serving.template ?? {});
  const container = functionContainer(template);
  const known = listOf(container.env);
  const knownFrom = listOf(container.envFrom);
  const place = ['serving', 'template', 'containers', listOf(template.containers).indexOf(container)];
  const movesFrom = envFrom.flatMap(({ path }, index): Move[] => {
    const entry = [...place, 'envFrom', knownFrom.length + index];
    return [[], ['secretRef', 'name'], ['configMapRef', 'name']].map((below): Move => [[...entry, ...below], path]);
  });
  const moves = env.flatMap(({ path }, index): Move[] => {
    const entry = [...place, 'env', known.length + index];
    const from = [...entry, 'valueFrom', 'secretKeyRef'];
    const secret: Move[] = [[[...from, 'name'], [...path, 'secret']], [[...from, 'key'], [...path, 'key']]];
    return [[entry, path], [[...entry, 'name'], path], ...(path[0] === 'secretEnv' ? secret : [])];
  });
  if (env.length > 0) container.env = [...known, ...env.map(({ entry }) => entry)];
  if (envFrom.length > 0) container.envFrom = [...knownFrom, ...envFrom.map(({ entry }) => entry)];
  return {
    ...model,
    source: { ...model.source, originalPath: movedBy([...moves, ...movesFrom], model.source.originalPath) },
    serving: { ...model.serving, template },
  };
}

function listOf(value: Json | undefined): Json[] {
  return Array.isArray(value) ? value : [];
}

/** Names of resources in Kubernetes. */
const NAMES = { cpu: 'cpu', memory: 'memory', ephemeralStorage: 'ephemeral-storage' } as const;
const BOUNDS = { request: 'requests', limit: 'limits' } as const;
type Field = keyof typeof NAMES;
type Bound = keyof typeof BOUNDS;

/** Adds what the prop says to what the container of `pod` says. */
function addResources(container: JsonObject, resources: ContainerResources, problems: Problems): void {
  for (const field of Object.keys(NAMES) as Field[]) {
    for (const bound of Object.keys(BOUNDS) as Bound[]) {
      const quantity = quantityOf(resources[field]?.[bound], ['resources', field, bound], problems);
      if (quantity !== undefined) addQuantity(container, field, bound, quantity, problems);
    }
  }
}

/** What checks find in the container, at `place`, is told in the words of the prop. */
export function resourceMoves(place: Path, resources: ContainerResources): Move[] {
  return (Object.keys(NAMES) as Field[]).flatMap((field) => (Object.keys(BOUNDS) as Bound[])
    .filter((bound) => resources[field]?.[bound] !== undefined)
    .map((bound): Move => [[...place, 'resources', BOUNDS[bound], NAMES[field]], ['resources', field, bound]]));
}

interface Sized { asString(): string }

function quantityOf(given: ICpu | Sized | undefined | null, path: Path, problems: Problems): string | undefined {
  if (given === undefined || given === null) return undefined;
  const quantity: unknown = 'asString' in given ? given.asString() : given.amount;
  const amount = typeof quantity === 'string' ? parseQuantity(quantity) : undefined;
  if (amount === undefined) problems.error(path, `must be ${QUANTITY_FORM}, got ${show(quantity)}`);
  else if (amount < 0) problems.error(path, `${show(quantity)} is below 0`);
  else return quantity as string;
  return undefined;
}

function addQuantity(
  container: JsonObject, field: Field, bound: Bound, quantity: string, problems: Problems,
): void {
  const [list, name] = [BOUNDS[bound], NAMES[field]];
  const resources = objectIn(container, 'resources');
  const amounts = objectIn(resources, list);
  const given = amounts[name] ?? quantity;
  amounts[name] = quantity;
  if (parseQuantity(String(given)) !== parseQuantity(quantity)) {
    const message = `${show(quantity)} contradicts ${list}.${name} of the container in pod, which is ${show(given)}`;
    problems.error(['resources', field, bound], message);
  }
}

/** What is not an object is reported where the manifest is read. */
function objectIn(parent: JsonObject, key: string): JsonObject {
  const given = parent[key] ?? {};
  if (!isObject(given)) return {};
  return parent[key] = given;
}

/** What a prop is called in the container. */
export const CONTAINER_FIELDS = {
  command: 'command',
  args: 'args',
  liveness: 'livenessProbe',
  readiness: 'readinessProbe',
  startup: 'startupProbe',
} as const;

type Prop = keyof typeof CONTAINER_FIELDS;

/** A field that `pod` gives the same way is fine. */
function addContainerProps(container: JsonObject, props: OpenFunctionAppProps, problems: Problems): void {
  for (const [prop, value] of Object.entries(containerFields(props)) as [Prop, Json][]) {
    const field = CONTAINER_FIELDS[prop];
    const given = container[field] ?? undefined;
    if (given !== undefined && !isDeepStrictEqual(given, value)) {
      problems.error([prop], `${show(value)} contradicts ${field} of pod, which is ${show(given)}`);
    }
    container[field] = value;
  }
}

function containerFields(props: OpenFunctionAppProps): { readonly [P in Prop]?: Json } {
  const { command, args, liveness, readiness, startup, annotations = {}, port } = props;
  const functionPort = port ?? (Number(annotations[DAPR_APP_PORT]) || DEFAULT_PORT);
  const probe = (given: FunctionProbe | undefined) => given && probeJson(given._probe, functionPort);
  return defined({
    command: command && [...command],
    args: args && [...args],
    liveness: probe(liveness),
    readiness: probe(readiness),
    startup: probe(startup),
  });
}

const TEMPLATE: Path = ['serving', 'template'];
/** As it would be without `pod`. */
const OWN_CONTAINER = { name: FUNCTION_CONTAINER, imagePullPolicy: 'IfNotPresent' };

export function templateOf(props: OpenFunctionAppProps, problems: Problems): unknown {
  const { pod, serviceAccount, resources } = props;
  const completes = Object.keys(containerFields(props)).length > 0;
  if (pod === undefined && serviceAccount === undefined && resources === undefined && !completes) return undefined;
  const unplain = new Problems();
  const plain = copyPlain(pod ?? {}, unplain);
  const template = plain && withKubernetesNames(plain, 'PodSpec');
  problems.add(...unplain.all.map((problem) => ({ ...problem, path: [...TEMPLATE, ...problem.path] })));
  if (!isObject(template)) return template; // reported where the manifest is read
  if (serviceAccount !== undefined) setAccount(template, serviceAccount.name, problems);
  if (resources !== undefined) addResources(functionContainer(template), resources, problems);
  if (completes) addContainerProps(functionContainer(template), props, problems);
  return template;
}

function setAccount(template: JsonObject, name: string, problems: Problems): void {
  const given = template.serviceAccountName ?? name;
  if (given !== name) {
    const message = `${show(given)} contradicts the prop serviceAccount, which is ${show(name)}`;
    problems.error([...TEMPLATE, 'serviceAccountName'], message);
  }
  template.serviceAccountName = name;
}

/** The container of the function, added to the others where `pod` has none. */
export function functionContainer(template: JsonObject): JsonObject {
  template.containers ??= [];
  const { containers } = template;
  const known = objectsIn(containers).find(([{ name }]) => name === FUNCTION_CONTAINER)?.[0];
  const container = known ?? { ...OWN_CONTAINER };
  // What is not a list is reported where the manifest is read.
  if (known === undefined && Array.isArray(containers)) containers.push(container);
  return container;
}
