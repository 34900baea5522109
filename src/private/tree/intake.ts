/** The ways in, brought to one shape: a model and all its problems. */
import { Construct } from 'constructs';
import { DaprMode } from '../../choices';
import type { FunctionOptions, ManifestOptions } from '../../function-options';
import type { OpenFunctionAppProps } from '../../function-props';
import type { IDaprComponent } from '../../i-dapr-component';
import type { ITriggerAuthentication } from '../../trigger-authentication-props';
import { checkFunction, outlineOf } from '../decide/checks';
import type { Outline } from '../decide/outline';
import { image as imageReader } from '../function/fields';
import type { FunctionModel } from '../function/function-model';
import { readFunction } from '../function/read-function';
import { stringMap } from '../function/readers';
import { defined } from '../kubernetes/json';
import { SECURITY_LEVELS } from '../kubernetes/pod-security';
import { checkForm, dns1123Label } from '../kubernetes/syntax';
import {
  byPath, dropErrorsAtKnownPaths, formatPath, Path, Position, Problem, Problems, show,
} from '../problem/problem';
import { positioned } from '../problem/shared';
import { withProps } from '../props/components';
import { fromProps, propPaths } from '../props/from-props';
import { grownProps, Growth, hasHttpTrigger, NO_GROWTH, withGrowth } from '../props/growth';
import { checkOptionNames, checkPropNames } from '../props/known-props';
import { variablesOf, withVariables } from '../props/pod';
import { checkProxy, proxyOf } from '../settings/proxy';
import { copyPlain } from '../yaml/copy-plain';

/** A function as it came in. */
export interface Intake {
  /** Absent where the problems leave nothing, and for a function that is only built. */
  readonly model?: Outline;
  readonly problems: readonly Problem[];
  /** Of the options, for a function that names no namespace itself. */
  readonly namespace?: string;
  /** Components that typed props and additions name. */
  readonly uses: readonly ComponentUse[];
  /** Those of KEDA triggers in typed props. */
  readonly authentications?: readonly AuthenticationUse[];
}

/** Reads the function again, with what was added since. */
export type Read = (growth: Growth) => Intake;

interface Manifest {
  readonly value?: unknown;
  readonly position?: Position;
}

/** The source is read at the first call, so that its problems are those of the function. */
export function manifestReader(source: () => Manifest, options: ManifestOptions): Read {
  let manifest: Manifest | undefined;
  return (growth) => {
    manifest ??= source();
    const { value, position } = manifest;
    const { problems, ...intake } = intakeFromManifest(value, options, position, growth);
    return { ...intake, problems: [...problems, ...checkOptionNames(options).unknown] };
  };
}

export interface AuthenticationUse {
  readonly path: Path;
  readonly authentication: ITriggerAuthentication;
}

export interface ComponentUse {
  readonly path: Path;
  readonly component: IDaprComponent;
}

/** The props of a class of the user's own are `isExtended`. */
export function intakeFromProps(id: string, given: OpenFunctionAppProps, growth: Growth, isExtended = false): Intake {
  const props = growth === NO_GROWTH ? given : grownProps(given, growth);
  const names = checkPropNames(props, isExtended);
  if (names.misshapen.length > 0) return { problems: [...names.misshapen, ...names.unknown], uses: [] };
  const { manifest, props: valid, scalingExtras, problems } = fromProps(props.name ?? id, props);
  const inProps = propPaths(props);
  // The namespace is in the manifest too, which is read like any other.
  const unusable = new Problems();
  const variables = variablesOf(props, unusable);
  const read = readAndCheck(manifest, (model) => (
    withVariables(withProps(withOptions(model, props), valid, scalingExtras), variables)));
  const said = [...problems, ...read.problems].map((problem) => {
    const path = inProps(problem.path);
    // `env` has no place for a reference.
    return { ...problem, path, message: path[0] === 'env' ? inVariables(problem.message) : problem.message };
  });
  const options = { proxy: props.proxy, pendingEvents: props.pendingEvents, podSecurity: props.podSecurity };
  const found = [
    ...names.unknown, ...said, ...unusable.all, ...checkOptions(options), ...checkPlain(read.model),
    ...unusedProps(props, read.model),
  ];
  const model = read.model && inWordsOf(read.model, inProps);
  const authentications = authenticationsOf(props);
  return { model, problems: found, namespace: props.namespace, uses: usesOf(props), authentications };
}

function inVariables(message: string): string {
  return message.replace('refer to it with secretKeyRef', 'give it in envVariables');
}

/** Adds the options to the model. */
function withOptions(model: FunctionModel, options: FunctionOptions): FunctionModel {
  const { proxy, pendingEvents, podSecurity } = options;
  if ((proxy ?? pendingEvents ?? podSecurity ?? undefined) === undefined) return model;
  const { serving } = model;
  const scaling = { ...serving.scaling, pendingEvents: pendingEvents && defined({ ...pendingEvents }) };
  return { ...model, proxy: proxy && proxyOf(proxy), podSecurity, serving: { ...serving, scaling } };
}

function inWordsOf(model: Outline, inProps: (path: Path) => Path): Outline {
  const { source } = model;
  return { ...model, source: { ...source, originalPath: (path) => inProps(source.originalPath(path)) } };
}

export function intakeFromManifest(
  manifest: unknown, options: ManifestOptions, position?: Position, growth: Growth = NO_GROWTH,
): Intake {
  const isGrown = growth !== NO_GROWTH;
  const names = isGrown ? checkPropNames(growth) : NO_PROBLEMS;
  const misshapen = [...names.misshapen, ...checkOptionNames(options).misshapen];
  if (misshapen.length > 0) return { problems: [...misshapen, ...names.unknown], uses: [] };
  const added = isGrown ? addedModel(growth) : undefined;
  const unusable = new Problems();
  const complete = (read: FunctionModel) => {
    const model = replaced(withOptions(read, options), options);
    if (added === undefined) return model;
    const variables = variablesOf(growth, unusable);
    return withVariables(withGrowth(model, added.model, growth, hasHttpTrigger(manifest)), variables);
  };
  const { model, problems } = readAndCheck(manifest, complete, position);
  const found = [
    ...problems, ...added?.problems ?? [], ...names.unknown, ...unusable.all,
    ...checkOptions(options), ...checkReplaced(options),
  ];
  return { model, problems: found, namespace: options.namespace, uses: usesOf(growth) };
}

const NO_PROBLEMS = { unknown: [], misshapen: [] } as const;

/** The image and the variables of the options are taken before those of the manifest. */
function replaced(model: FunctionModel, { image, env }: ManifestOptions): FunctionModel {
  if ((image ?? env ?? undefined) === undefined) return model;
  const { serving } = model;
  return { ...model, image: image ?? model.image, serving: { ...serving, params: { ...serving.params, ...env } } };
}

/** The additions, read like a function of their own. */
function addedModel(growth: Growth): { readonly model: FunctionModel; readonly problems: readonly Problem[] } {
  const props = {
    ...growth,
    inputs: [...growth.inputs],
    outputs: [...growth.outputs],
    states: [...growth.states],
    image: 'added',
  };
  const { manifest, problems } = fromProps('added', props);
  const { draft, problems: unread } = readFunction(manifest);
  const inProps = propPaths(props);
  const said = [...problems, ...unread].map((problem) => ({ ...problem, path: inProps(problem.path) }));
  return { model: withProps(draft!, props), problems: said };
}

function usesOf({ inputs = [], outputs = [], states = [] }: Partial<Growth>): ComponentUse[] {
  return [
    ...inputs.map(({ component }, index): ComponentUse => ({ path: ['inputs', index, 'component'], component })),
    ...outputs.map(({ component }, index): ComponentUse => ({ path: ['outputs', index, 'component'], component })),
    ...states.map((component, index): ComponentUse => ({ path: ['states', index], component })),
  ];
}

/** Anything else in its place was reported when the names were checked. */
function authenticationsOf({ scaling }: OpenFunctionAppProps): AuthenticationUse[] {
  return (scaling?.triggers ?? []).flatMap(({ authentication }, index) => {
    if (authentication === undefined || !Construct.isConstruct(authentication)) return [];
    return [{ path: ['scaling', 'triggers', index, 'authentication'], authentication }];
  });
}

/** Checks run on what could be read, however little; what reading has said already is not said twice. */
function readAndCheck(
  manifest: unknown, complete: (model: FunctionModel) => FunctionModel, position?: Position,
): Pick<Intake, 'model' | 'problems'> {
  const { model, draft, problems } = readFunction(manifest, { position });
  if (draft === undefined) return { problems };
  const fn = outlineOf(complete(draft));
  const { originalPath } = draft.source;
  const wrong = new Set(problems.filter(({ severity }) => severity === 'error').map(({ path }) => formatPath(path)));
  const unread = (path: Path) => wrong.size > 0 && wrong.has(formatPath(originalPath(path)));
  const found = asWritten(checkFunction(fn, unread), fn);
  if (found.length === 0) return { model: model && fn, problems };
  return { model: model && fn, problems: [...problems, ...dropErrorsAtKnownPaths(found, problems)].sort(byPath) };
}

/** Paths of the shape that was decided on → paths and positions of what the user wrote. */
export function asWritten(problems: readonly Problem[], { source }: FunctionModel): Problem[] {
  const { originalPath, position } = source;
  return problems.map((problem) => {
    const path = originalPath(problem.path);
    return position === undefined ? { ...problem, path } : positioned({ ...problem, path }, position);
  });
}

/** Checks typed props that are not part of the manifest. */
function checkPlain(model: Outline | undefined): Problem[] {
  const { dapr = [], outputs = [] } = model?.serving ?? {};
  const check = (value: object | undefined, ...place: Path): Problem[] => {
    const problems = new Problems();
    copyPlain(value, problems);
    return problems.all.map((problem) => ({ ...problem, path: [...place, ...problem.path] }));
  };
  return [
    ...dapr.flatMap(({ delivery }) => check(delivery, 'inputs', delivery?.index ?? 0)),
    ...outputs.flatMap(({ resiliency }, index) => check(resiliency, 'outputs', index, 'resiliency')),
  ];
}

/** The tokens are those of a sidecar, too. */
const OF_SIDECAR: readonly string[] = ['apiToken', 'appToken'];

/** Options of many functions may concern some of them only; what one function's props say should matter to it. */
function unusedProps({ proxy, dapr }: OpenFunctionAppProps, model: Outline | undefined): Problem[] {
  const { mode = 'standalone' } = model?.dapr ?? {};
  if (mode === 'standalone') return [];
  const problems = new Problems();
  const { dapr: events, scaling } = model!.serving;
  // With triggers of KEDA's, the function may well read its queue by itself.
  if (dapr === DaprMode.OFF && events.length > 0 && scaling.triggers.length === 0) {
    problems.warn(['dapr'], 'is off, so no event of its inputs reaches the function');
  }
  for (const field of Object.keys(defined({ ...proxy }))) {
    if (mode === 'sidecar' && OF_SIDECAR.includes(field)) continue;
    problems.warn(['proxy', field], `has no effect on a function whose Dapr mode is ${show(mode)}`);
  }
  return problems.all;
}

function checkReplaced({ image, env }: ManifestOptions): Problem[] {
  const problems = new Problems();
  if (image !== undefined) imageReader(image, { path: ['image'], problems });
  if (env !== undefined) stringMap(env, { path: ['env'], problems });
  return problems.all;
}

function checkOptions({ proxy, namespace, pendingEvents, podSecurity }: FunctionOptions): Problem[] {
  const problems = new Problems();
  if (proxy) problems.add(...checkProxy(proxyOf(proxy), ['proxy']));
  checkForm(['metadata', 'namespace'], namespace, dns1123Label, problems);
  const { targetPerReplica = 1, activation = 0 } = defined({ ...pendingEvents });
  if (!(targetPerReplica >= 1)) {
    problems.error(['pendingEvents', 'targetPerReplica'], `${show(targetPerReplica)} is below 1`);
  }
  if (!(activation >= 0)) problems.error(['pendingEvents', 'activation'], `${show(activation)} is below 0`);
  if ((podSecurity ?? undefined) !== undefined && !SECURITY_LEVELS.some((level) => level === podSecurity)) {
    problems.notOneOf(['podSecurity'], podSecurity, SECURITY_LEVELS);
  }
  return problems.all;
}
