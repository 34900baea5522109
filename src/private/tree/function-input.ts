/** The ways in, brought to one shape: a model and all its problems. */
import type { FunctionOptions, OpenFunctionAppProps } from '../../function-props';
import type { FunctionModel } from '../function/function-model';
import { readFunction } from '../function/read-function';
import { dns1123Label } from '../kubernetes/syntax';
import { Path, Problem, show, SourcePosition } from '../problem/problem';
import { pendingEventsOf, withOptions, withProps } from '../props/extras-from-props';
import { fromProps } from '../props/from-props';
import { checkProxyProps } from '../settings/platform-from-props';

export interface FunctionInput {
  /** Absent where the problems leave nothing, and for a function that is only built. */
  readonly model?: FunctionModel;
  readonly problems: readonly Problem[];
  /** Of the options, for a function that names no namespace itself. */
  readonly namespace?: string;
}

export function inputFromProps(id: string, props: OpenFunctionAppProps): FunctionInput {
  const { manifest, problems } = fromProps(props.name ?? id, props);
  // The namespace is in the manifest too, which is read like any other.
  const read = readFunction(manifest, { complete: (model) => withProps(model, props) });
  const options = { proxy: props.proxy, onPendingEvents: props.scaling?.onPendingEvents ?? props.onPendingEvents };
  return { model: read.model, problems: [...problems, ...read.problems, ...checkOptions(options)], namespace: props.namespace };
}

export function inputFromManifest(manifest: unknown, options: FunctionOptions, position?: (path: Path) => SourcePosition | undefined): FunctionInput {
  const { model, problems } = readFunction(manifest, { position, complete: (read) => withOptions(read, options) });
  return { model, problems: [...problems, ...checkOptions(options)], namespace: options.namespace };
}

function checkOptions({ proxy, namespace, onPendingEvents }: FunctionOptions): Problem[] {
  const problems = proxy === undefined ? [] : checkProxyProps(proxy);
  const error = (path: Path, message: string): Problem => ({ severity: 'error', path, message });
  const wrongNamespace = namespace === undefined ? undefined : dns1123Label(namespace);
  if (wrongNamespace !== undefined) problems.push(error(['metadata', 'namespace'], wrongNamespace));
  const { targetPerReplica = 1, activation = 0 } = (onPendingEvents && pendingEventsOf(onPendingEvents)) ?? {};
  if (!(targetPerReplica >= 1)) problems.push(error(['onPendingEvents', 'targetPerReplica'], `${show(targetPerReplica)} is below 1`));
  if (!(activation >= 0)) problems.push(error(['onPendingEvents', 'activation'], `${show(activation)} is below 0`));
  return problems;
}
