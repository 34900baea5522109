/** A probe of typed props → a core/v1 Probe. */
import type { ProbeOptions } from '../../probe-options';
import { Json, JsonObject, defined } from '../kubernetes/json';

type Action = 'httpGet' | 'tcpSocket' | 'grpc' | 'exec';

export interface ProbeModel {
  readonly action: Action;
  readonly details: JsonObject;
  /** Of a probe that connects; the function's port where it is absent. */
  readonly port?: number;
  readonly timing: JsonObject;
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
