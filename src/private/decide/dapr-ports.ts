/** Ports on which the sidecar listens: Dapr's own, or what its annotations say. */
import type { Check } from './outline';
import { DAPR_APP_PORT, DAPR_DEFAULT_METRICS_PORT, DAPR_KNATIVE_METRICS_PORT, DAPR_METRICS_PORT, DAPR_PORTS } from '../kubernetes/constants';
import type { StringMap } from '../kubernetes/json';
import { Path, show } from '../problem/problem';

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

const ANNOTATIONS: Path = ['serving', 'annotations'];

export const appPort: Check = ({ serving, port }, problems) => {
  const given = serving.annotations[DAPR_APP_PORT];
  if (given === undefined || given === String(port)) return;
  problems.error([...ANNOTATIONS, DAPR_APP_PORT], `${show(given)} is not the port of the function, ${port}; leave the annotation out`);
};

export const metricsPortNumber: Check = ({ serving }, problems) => {
  const given = serving.annotations[DAPR_METRICS_PORT];
  if (given !== undefined && !(/^\d{1,5}$/.test(given) && Number(given) >= 1 && Number(given) <= 65535)) {
    problems.error([...ANNOTATIONS, DAPR_METRICS_PORT], `${show(given)} is no port; give "1" to "65535"`);
  }
};

export const portFreeOfDapr: Check = ({ serving, workload, port, dapr }, problems) => {
  if (dapr.mode === 'off') return;
  const standard = workload === 'KnativeService' ? DAPR_KNATIVE_METRICS_PORT : DAPR_DEFAULT_METRICS_PORT;
  const metrics = Number(serving.annotations[DAPR_METRICS_PORT] ?? standard);
  const path = serving.http?.port === undefined ? [...ANNOTATIONS, DAPR_METRICS_PORT] : ['serving', 'triggers', 'http', 'port'];
  if (DAPR_PORTS.includes(port)) problems.error(path, `${port} is a port of Dapr in the same pod, as are ${DAPR_PORTS.join(', ')}`);
  else if (port === metrics) problems.error(path, `${port} is the port of Dapr's metrics in the same pod`);
};
