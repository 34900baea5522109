/**
 * The heart of the library: does a function use Dapr, and how? (docs/spec M17.)
 *
 * Input: the two annotations and what the function defines. Output: one of three modes with the rule that decided.
 * Values that the table does not know were reported by the input rules already and are treated as unset here.
 */
import type { Check, DaprDecision, Outline } from './outline';
import type { FunctionModel, ServingModel } from '../function/function-model';
import { PROXY_SETTINGS, ProxyModel } from '../function/proxy-settings';
import {
  DAPR_APP_ID, DAPR_APP_PORT, DAPR_APP_PROTOCOL, DAPR_DEFAULT_METRICS_PORT, DAPR_ENABLED, DAPR_KNATIVE_METRICS_PORT,
  DAPR_METRICS_PORT, DAPR_PORTS, DAPR_SERVICE_MODE, DEFAULT_PORT, ENABLE_DAPR,
} from '../kubernetes/constants';
import type { JsonObject, StringMap } from '../kubernetes/json';
import { notOneOf, Path, Problems, show } from '../problem/problem';
import { reaches, TargetsModel, titleOf } from '../settings/targets';

export function decideDapr(serving: ServingModel): DaprDecision {
  const enable = serving.annotations[ENABLE_DAPR];
  const defined = whatIsDefined(serving);
  if (enable === 'false') return { mode: 'off', reason: `${ENABLE_DAPR} is "false"` };
  if (enable !== 'true' && defined.length === 0) {
    return { mode: 'off', reason: `${ENABLE_DAPR} is not set, and the function defines no inputs, outputs or states` };
  }
  const why = enable === 'true'
    ? `${ENABLE_DAPR} is "true"` : `${ENABLE_DAPR} is not set, and the function defines ${defined.join(', ')}`;
  const mode = serving.annotations[DAPR_SERVICE_MODE];
  if (mode === 'sidecar') return { mode: 'sidecar', reason: `${why}; ${DAPR_SERVICE_MODE} is "sidecar"` };
  const given = mode === undefined ? 'not set' : '"standalone"';
  return { mode: 'standalone', reason: `${why}; ${DAPR_SERVICE_MODE} is ${given}` };
}

function whatIsDefined(serving: ServingModel): string[] {
  const counts: [string, number][] = [
    ['Dapr triggers', serving.dapr.length],
    ['inputs', serving.inputs.length + serving.unreachedInputs],
    ['outputs', serving.outputs.length],
    ['states', Object.keys(serving.states).length],
  ];
  return counts.filter(([, count]) => count > 0).map(([what]) => what);
}

const ANNOTATIONS: Path = ['serving', 'annotations'];
const KNATIVE_OPTIONS: Path = ['serving', 'scaleOptions', 'knative'];
const MODES = ['standalone', 'sidecar'];

/** Differs: the operator treats every value of a defined annotation but "false" as true. */
export const enableDapr: Check = ({ serving }, problems) => {
  const value = serving.annotations[ENABLE_DAPR];
  if (value !== undefined && value !== 'true' && value !== 'false') {
    problems.notOneOf([...ANNOTATIONS, ENABLE_DAPR], value, ['true', 'false']);
  }
};

/** Differs: the operator treats an unknown mode as no Dapr at all. */
export const daprServiceMode: Check = ({ serving }, problems) => {
  const value = serving.annotations[DAPR_SERVICE_MODE];
  if (value === undefined || MODES.includes(value)) return;
  const path = [...ANNOTATIONS, DAPR_SERVICE_MODE];
  if (serving.annotations[ENABLE_DAPR] === 'false') {
    problems.warn(path, `${notOneOf(value, MODES)}; it has no effect, since ${ENABLE_DAPR} is "false"`);
  } else {
    problems.notOneOf(path, value, MODES);
  }
};

/** Dapr's own switch always follows the mode. */
export const daprEnabled: Check = ({ serving: { annotations, scaling }, workload, dapr: { mode } }, problems) => {
  const decided = mode === 'sidecar' ? 'true' : 'false';
  const check = (given: string | undefined, path: Path) => {
    if (given === undefined || given === decided) return;
    const forSidecar = [
      ...(mode === 'off' ? [`${ENABLE_DAPR}: "true"`] : []),
      ...(annotations[DAPR_SERVICE_MODE] === 'sidecar' ? [] : [`${DAPR_SERVICE_MODE}: "sidecar"`]),
    ];
    const instead = given === 'true' ? forSidecar : mode === 'sidecar' ? [`${ENABLE_DAPR}: "false"`] : [];
    const advice = instead.length === 0 ? '' : `; give ${instead.join(' and ')} instead`;
    problems.warn([...path, DAPR_ENABLED], `${show(given)} has no effect; `
      + `the Dapr mode of this function is ${show(mode)}, so its pods get ${show(decided)}${advice}`);
  };
  check(annotations[DAPR_ENABLED], ANNOTATIONS);
  if (workload === 'KnativeService') check(scaling.knative[DAPR_ENABLED], KNATIVE_OPTIONS);
};

/** What Dapr can speak with an app; the dapr-proxy supports less, which is checked with it. */
const APP_PROTOCOLS = ['grpc', 'grpcs', 'http', 'https', 'h2c'];

export const appProtocol: Check = ({ serving, dapr }, problems) => {
  const given = serving.annotations[DAPR_APP_PROTOCOL];
  if (given === undefined || APP_PROTOCOLS.includes(given) || dapr.mode !== 'sidecar') return;
  problems.notOneOf([...ANNOTATIONS, DAPR_APP_PROTOCOL], given, APP_PROTOCOLS);
};

const NATIVE_SIDECAR = 'dapr.io/enable-native-sidecar';
/** What Dapr takes for yes. */
const YES = /^(y|yes|true|t|on|1)$/i;

/** Dapr can inject a sidecar of Kubernetes' own kind, which ends when the other containers have. */
function canBeNative(targets: TargetsModel | undefined): boolean {
  return reaches(targets, 'dapr', '1.18') && reaches(targets, 'kubernetes', '1.29');
}

/** Of function pods with a sidecar: by default that of a Job is native, so that it ends (docs/spec M61). */
export function decideNativeSidecar(fn: Outline, targets: TargetsModel | undefined, problems: Problems): boolean {
  const { serving: { annotations, nativeSidecar: option }, workload, dapr: { mode } } = fn;
  if (mode !== 'sidecar') {
    const why = `has no effect on a function whose Dapr mode is ${show(mode)}, since its pods have no sidecar`;
    if (option !== undefined) problems.warn(['nativeSidecar'], why);
    return false;
  }
  const annotated = Object.hasOwn(annotations, NATIVE_SIDECAR) ? YES.test(annotations[NATIVE_SIDECAR]) : undefined;
  const asked = option ?? annotated;
  const possible = canBeNative(targets);
  const needs = 'needs Dapr 1.18 and Kubernetes 1.29, and the targets are '
    + `${titleOf(targets, 'dapr')} and ${titleOf(targets, 'kubernetes')}`;
  if (asked === true && !possible) {
    problems.error(option === undefined ? [...ANNOTATIONS, NATIVE_SIDECAR] : ['nativeSidecar'], needs);
  }
  const native = asked ?? (workload === 'Job' && possible);
  if (workload === 'Job' && !native) {
    const why = possible ? '' : `; a native sidecar, which ends by itself, ${needs}`;
    problems.warn(['serving', 'workloadType'], 'a Job with a sidecar ends only when the function shuts the sidecar '
      + `down, and Dapr makes no Service for it${why}`);
  }
  return native;
}

export function nativeAnnotation({ serving }: Outline, native: boolean): StringMap {
  const given = native || serving.nativeSidecar !== undefined;
  return given ? { [NATIVE_SIDECAR]: String(native) } : {};
}

/** Read in `serving.annotations` only, whatever the revision shows. */
const DECIDING = [ENABLE_DAPR, DAPR_SERVICE_MODE, DAPR_APP_ID, DAPR_APP_PORT, DAPR_APP_PROTOCOL, DAPR_METRICS_PORT];

export const unreadByDapr: Check = ({ serving: { scaling }, workload }, problems) => {
  if (workload !== 'KnativeService') return;
  for (const key of DECIDING.filter((each) => Object.hasOwn(scaling.knative, each))) {
    const path = [...KNATIVE_OPTIONS, key];
    problems.warn(path, 'is copied to the revision and has no other effect; give it in serving.annotations');
  }
};

/** Secrets with the key `token`. */
export interface TokensPlan {
  readonly api?: TokenSecret;
  readonly app?: TokenSecret;
}

export interface TokenSecret {
  readonly secret: string;
  /** Named by an annotation: then the user may have given the variable for it, too. */
  readonly annotated: boolean;
}

const API_TOKEN_SECRET = 'dapr.io/api-token-secret';
const APP_TOKEN_SECRET = 'dapr.io/app-token-secret';

export function decideTokens(
  { serving: { annotations }, dapr }: Outline, { apiToken, appToken }: ProxyModel, problems: Problems,
): TokensPlan {
  const api = secretOf(annotations[API_TOKEN_SECRET], apiToken);
  if (dapr.mode !== 'off' && api !== undefined) {
    const path = api.annotated ? ['serving', 'annotations', API_TOKEN_SECRET] : ['proxy', 'apiToken'];
    problems.warn(path, 'functions of the Node framework up to 0.6 hang, since it cannot send the token');
  }
  return { api, app: secretOf(annotations[APP_TOKEN_SECRET], appToken) };
}

export function tokenAnnotations({ api, app }: TokensPlan): StringMap {
  return {
    ...(api !== undefined && { [API_TOKEN_SECRET]: api.secret }),
    ...(app !== undefined && { [APP_TOKEN_SECRET]: app.secret }),
  };
}

function secretOf(annotation: string | undefined, setting: string | undefined): TokenSecret | undefined {
  const secret = annotation ?? setting;
  return secret === undefined || secret === '' ? undefined : { secret, annotated: annotation !== undefined };
}

export function tokenVariable(name: string, token: TokenSecret | undefined): JsonObject[] {
  return token === undefined ? [] : [{ name, valueFrom: { secretKeyRef: { name: token.secret, key: 'token' } } }];
}

export interface SidecarPorts {
  readonly http: number;
  /** Open to everybody, for health checks. */
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
