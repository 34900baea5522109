/** The ways in, brought to one shape: a model and all its problems. */
import type { FunctionOptions, OpenFunctionAppProps } from '../../function-props';
import { checkFunction, outlineOf } from '../decide/checks';
import type { Outline } from '../decide/outline';
import type { FunctionModel } from '../function/function-model';
import { readFunction } from '../function/read-function';
import { defined } from '../kubernetes/json';
import { checkForm, dns1123Label } from '../kubernetes/syntax';
import { byPath, formatPath, Path, Problem, Problems, show, SourcePosition, dropErrorsAtKnownPaths } from '../problem/problem';
import { withOptions, withProps } from '../props/extras-from-props';
import { fromProps } from '../props/from-props';
import { checkProxy, proxyOf } from '../settings/proxy';

export interface FunctionInput {
  /** Absent where the problems leave nothing, and for a function that is only built. */
  readonly model?: Outline;
  readonly problems: readonly Problem[];
  /** Of the options, for a function that names no namespace itself. */
  readonly namespace?: string;
}

type Position = (path: Path) => SourcePosition | undefined;

export function inputFromProps(id: string, props: OpenFunctionAppProps): FunctionInput {
  const { manifest, problems } = fromProps(props.name ?? id, props);
  // The namespace is in the manifest too, which is read like any other.
  const read = readAndCheck(manifest, (model) => withProps(model, props));
  const options = { proxy: props.proxy, onPendingEvents: props.scaling?.onPendingEvents ?? props.onPendingEvents };
  return { model: read.model, problems: [...problems, ...read.problems, ...checkOptions(options)], namespace: props.namespace };
}

export function inputFromManifest(manifest: unknown, options: FunctionOptions, position?: Position): FunctionInput {
  const { model, problems } = readAndCheck(manifest, (read) => withOptions(read, options), position);
  return { model, problems: [...problems, ...checkOptions(options)], namespace: options.namespace };
}

/** Checks run on what could be read, however little; what reading has said already is not said twice. */
function readAndCheck(
  manifest: unknown, complete: (model: FunctionModel) => FunctionModel, position?: Position,
): Pick<FunctionInput, 'model' | 'problems'> {
  const { model, draft, problems } = readFunction(manifest, { position });
  if (draft === undefined) return { problems };
  const fn = outlineOf(complete(draft));
  const { originalPath } = draft.source;
  const wrong = new Set(problems.filter(({ severity }) => severity === 'error').map(({ path }) => formatPath(path)));
  const found = asWritten(checkFunction(fn, (path) => wrong.has(formatPath(originalPath(path)))), draft);
  return { model: model && fn, problems: found.length === 0 ? problems : [...problems, ...dropErrorsAtKnownPaths(found, problems)].sort(byPath) };
}

/** Paths of the shape that was decided on → paths and positions of what the user wrote. */
export function asWritten(problems: readonly Problem[], { source: { originalPath, position } }: FunctionModel): Problem[] {
  return problems.map((problem) => {
    const path = originalPath(problem.path);
    return position === undefined ? { ...problem, path } : { ...problem, path, position: position(path) };
  });
}

function checkOptions({ proxy, namespace, onPendingEvents }: FunctionOptions): Problem[] {
  const problems = new Problems();
  if (proxy) problems.add(...checkProxy(proxyOf(proxy), ['proxy']));
  checkForm(['metadata', 'namespace'], namespace, dns1123Label, problems);
  const { targetPerReplica = 1, activation = 0 } = defined({ ...onPendingEvents });
  if (!(targetPerReplica >= 1)) problems.error(['onPendingEvents', 'targetPerReplica'], `${show(targetPerReplica)} is below 1`);
  if (!(activation >= 0)) problems.error(['onPendingEvents', 'activation'], `${show(activation)} is below 0`);
  return problems.all;
}
