/** A probe of typed props → a core/v1 Probe. */
import { PROBES } from './known-options';
import type { ProbeOptions } from '../../probe-options';
import { defined, Json, JsonObject } from '../kubernetes/json';
import { failOn } from '../problem/problem';
import { checkProps, Names } from '../settings/known-props';

type Action = keyof typeof PROBES;

export interface ProbeModel {
  readonly action: Action;
  readonly details: JsonObject;
  /** Of a probe that connects; the function's port where it is absent. */
  readonly port?: number;
  readonly timing: JsonObject;
}

const FACTORIES: { readonly [A in Action]: string } = {
  httpGet: 'fromHttpGet', tcpSocket: 'fromTcpSocket', grpc: 'fromGrpc', exec: 'fromCommand',
};

/** Where the probe is made: its options have no other name. */
export function checkProbe(action: Action, options: ProbeOptions, own: object = {}, names: Names = {}): void {
  const { unknown, misshapen } = checkProps({ ...options, ...own }, { ...PROBES[action], ...names });
  failOn(`FunctionProbe.${FACTORIES[action]}`, [...misshapen, ...unknown]);
}

export function probeOf(
  action: Action, { port, ...timing }: ProbeOptions & { readonly port?: number },
  details: { readonly [field: string]: Json | undefined } = {},
): ProbeModel {
  const { initialDelaySeconds, periodSeconds, timeoutSeconds, failureThreshold, successThreshold } = timing;
  // A fraction of a second is a problem like any other, told where the pod is checked.
  const seconds = (duration: ProbeOptions['periodSeconds']) => duration?.toSeconds({ integral: false });
  const model = {
    initialDelaySeconds: seconds(initialDelaySeconds),
    periodSeconds: seconds(periodSeconds),
    timeoutSeconds: seconds(timeoutSeconds),
    failureThreshold,
    successThreshold,
  };
  return { action, port, details: defined(details) as JsonObject, timing: defined(model) as JsonObject };
}

export function probeJson({ action, details, port, timing }: ProbeModel, functionPort: number): JsonObject {
  return { [action]: action === 'exec' ? details : { ...details, port: port ?? functionPort }, ...timing };
}
