/** Ports on which the sidecar listens: Dapr's own, or what its annotations say. */
import { DAPR_DEFAULT_METRICS_PORT, DAPR_METRICS_PORT, DAPR_PORTS } from '../kubernetes/constants';
import type { StringMap } from '../kubernetes/json';

export interface SidecarPorts {
  readonly http: number;
  /** What anybody may ask, such as its health. */
  readonly open: number;
  readonly grpc: number;
  /** Between sidecars, under mTLS. */
  readonly internal: number;
  readonly metrics: number;
}

export function sidecarPorts(annotations: StringMap): SidecarPorts {
  const [http, open, grpc, internal] = DAPR_PORTS;
  const port = (key: string, standard: number) => (/^\d{1,5}$/.test(annotations[key] ?? '') ? Number(annotations[key]) : standard);
  return {
    http,
    open,
    grpc: port('dapr.io/grpc-port', grpc),
    internal: port('dapr.io/internal-grpc-port', internal),
    metrics: port(DAPR_METRICS_PORT, DAPR_DEFAULT_METRICS_PORT),
  };
}
