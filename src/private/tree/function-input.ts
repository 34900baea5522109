/** The ways in, brought to one shape: a model, what goes beyond it, and all problems of both. */
import type { FunctionOptions, OpenFunctionAppProps } from '../../function-props';
import type { FunctionExtras } from '../function/extras';
import type { FunctionModel } from '../function/function-model';
import { readFunction } from '../function/read-function';
import { Path, Problem, show, SourcePosition } from '../problem/problem';
import { pendingEventsOf, proxyOf } from '../props/extras-from-props';
import { fromProps } from '../props/from-props';
import { checkProxyProps } from '../settings/platform-from-props';

export interface FunctionInput {
  /** Absent where the problems leave nothing, and for a function that is only built. */
  readonly model?: FunctionModel;
  readonly extras: FunctionExtras;
  readonly problems: readonly Problem[];
  /** Of the options, for a function that names no namespace itself. */
  readonly namespace?: string;
}

export function inputFromProps(id: string, props: OpenFunctionAppProps): FunctionInput {
  const { manifest, extras, problems } = fromProps(props.name ?? id, props);
  // The namespace is in the manifest too, which is read like any other.
  const read = readFunction(manifest, { pendingEvents: isAsked(extras) });
  const found = [...problems, ...read.problems, ...checkOptions({ proxy: props.proxy }, extras)];
  return { model: read.model, extras, problems: found, namespace: props.namespace };
}

export function inputFromManifest(manifest: unknown, options: FunctionOptions, position?: (path: Path) => SourcePosition | undefined): FunctionInput {
  const { proxy, onPendingEvents, namespace } = options;
  const extras: FunctionExtras = {
    ...(proxy !== undefined && { proxy: proxyOf(proxy) }),
    ...(onPendingEvents !== undefined && { pendingEvents: pendingEventsOf(onPendingEvents) }),
  };
  const { model, problems } = readFunction(manifest, { position, pendingEvents: isAsked(extras) });
  return { model, extras, problems: [...problems, ...checkOptions(options, extras)], namespace };
}

/** Pending events alone make a scaler, so what only a scaler reads has an effect. */
function isAsked({ pendingEvents }: FunctionExtras): boolean {
  return pendingEvents !== undefined && pendingEvents.enabled !== false;
}

function checkOptions({ proxy, namespace }: FunctionOptions, { pendingEvents }: FunctionExtras): Problem[] {
  const problems = proxy === undefined ? [] : checkProxyProps(proxy);
  const error = (path: Path, message: string): Problem => ({ severity: 'error', path, message });
  if (namespace !== undefined && !/^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/.test(namespace)) {
    problems.push(error(['metadata', 'namespace'], `${show(namespace)} is no DNS label (lower-case letters, digits and "-", at most 63 characters)`));
  }
  const { targetPerReplica = 1, activation = 0 } = pendingEvents ?? {};
  if (!(targetPerReplica >= 1)) problems.push(error(['onPendingEvents', 'targetPerReplica'], `${show(targetPerReplica)} is below 1`));
  if (!(activation >= 0)) problems.push(error(['onPendingEvents', 'activation'], `${show(activation)} is below 0`));
  return problems;
}
