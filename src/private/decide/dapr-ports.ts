/** Ports of Dapr in a pod, and those of the proxy and the function beside them (docs/spec M30, M104). */
import type { Check, Outline } from './outline';
import type { FunctionModel } from '../function/function-model';
import { PROXY_SETTINGS, ProxyModel } from '../function/proxy-settings';
import {
  DAPR_APP_PORT, DAPR_DEFAULT_METRICS_PORT, DAPR_KNATIVE_METRICS_PORT, DAPR_METRICS_PORT, DAPR_PORTS, DEFAULT_PORT,
} from '../kubernetes/constants';
import type { StringMap } from '../kubernetes/json';
import { Path, Problems, show } from '../problem/problem';

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
  const port = (key: string, standard: number) => {
    const given = annotations[key] ?? '';
    return /^\d{1,5}$/.test(given) ? Number(given) : standard;
  };
  return {
    http,
    open,
    grpc: port('dapr.io/grpc-port', grpc),
    internal: port('dapr.io/internal-grpc-port', internal),
    metrics: port(DAPR_METRICS_PORT, DAPR_DEFAULT_METRICS_PORT),
  };
}

export interface ProxyPorts {
  readonly admin: number;
  /** Where KEDA has a trigger that the proxy pushes to. */
  readonly scaler?: number;
  /** For the kubelet's probes: no policy opens it, so that nobody else can use it up. */
  readonly probe: number;
}

const PROBE_PORT = 18_083;
const MAX_PORT = 65_535;

/** The proxy's own ports, which nothing else in its pod uses. */
export function proxyPorts(
  { serving, port }: Outline, given: ProxyModel, pushes: boolean, problems: Problems,
): ProxyPorts {
  const taken = new Set([port, ...Object.values(sidecarPorts(serving.annotations))]);
  const free = (standard: number): number => {
    let candidate = standard;
    while (taken.has(candidate)) candidate += 10; // keeps them apart in any order
    taken.add(candidate);
    return candidate;
  };
  const settled = (field: 'adminPort' | 'scalerPort'): number => {
    const asked = given[field];
    if (asked === undefined) return free(PROXY_SETTINGS[field].default);
    if (taken.has(asked)) problems.error(['proxy', field], `${asked} is taken in the proxy's pod`);
    taken.add(asked);
    return asked;
  };
  const [admin, scaler, probe] = [settled('adminPort'), settled('scalerPort'), free(PROBE_PORT)];
  return { admin, probe, scaler: pushes ? scaler : undefined };
}

const ANNOTATIONS: Path = ['serving', 'annotations'];

/** No field of a Function says on which port an asynchronous one listens, so Dapr's annotation does. */
export function portOf({ serving: { http, annotations } }: FunctionModel): number {
  const asked = Number(annotations[DAPR_APP_PORT]);
  return http?.port ?? (http === undefined && isPort(asked) ? asked : DEFAULT_PORT);
}

function isPort(number: number): boolean {
  return Number.isInteger(number) && number >= 1 && number <= MAX_PORT;
}

function noPort(given: string): string {
  return `${show(given)} is not a port; give "1" to "${MAX_PORT}"`;
}

export const appPort: Check = ({ serving, port, engine }, problems) => {
  const given = serving.annotations[DAPR_APP_PORT];
  if (given === undefined || given === String(port)) return;
  const problem = engine === undefined
    ? noPort(given)
    : `${show(given)} is not the port of the function, ${port}; leave the annotation out`;
  problems.error([...ANNOTATIONS, DAPR_APP_PORT], problem);
};

export const metricsPortNumber: Check = ({ serving }, problems) => {
  const given = serving.annotations[DAPR_METRICS_PORT];
  if (given !== undefined && !(/^\d{1,5}$/.test(given) && isPort(Number(given)))) {
    problems.error([...ANNOTATIONS, DAPR_METRICS_PORT], noPort(given));
  }
};

export const portFreeOfDapr: Check = ({ serving, workload, port, dapr }, problems) => {
  if (dapr.mode === 'off') return;
  const standard = workload === 'KnativeService' ? DAPR_KNATIVE_METRICS_PORT : DAPR_DEFAULT_METRICS_PORT;
  const metrics = Number(serving.annotations[DAPR_METRICS_PORT] ?? standard);
  const path = serving.http?.port !== undefined ? ['serving', 'triggers', 'http', 'port']
    : [...ANNOTATIONS, port === DEFAULT_PORT ? DAPR_METRICS_PORT : DAPR_APP_PORT];
  if (DAPR_PORTS.includes(port)) {
    problems.error(path, `${port} is a port of Dapr in the same pod, as are ${DAPR_PORTS.join(', ')}`);
  } else if (port === metrics) {
    problems.error(path, `${port} is the port of Dapr's metrics in the same pod`);
  }
};
