/** The names that the props of a function have, and the options of its inputs and outputs. */
import type { InputEntry, OutputEntry } from './entries';
import type { GrownProps, Growth } from './growth';
import type { FunctionTracing } from '../../function-hooks';
import type { BindingInputOptions, FunctionInput, TopicInputOptions } from '../../function-input';
import type { FunctionOptions, ManifestOptions } from '../../function-options';
import type { BindingOutputOptions, FunctionOutput, TopicOutputOptions } from '../../function-output';
import type { OpenFunctionAppProps } from '../../function-props';
import type {
  FunctionScaling, KedaTrigger, PendingEventsScaling, RequestRate, ScaledJobOptions,
} from '../../function-scaling';
import type {
  ColdStart, ColdStartFallback, ColdStartPlaceholder, HttpRouteOptions, HttpTrigger, TrafficTarget,
} from '../../http-trigger';
import type { KnativeAutoscaling } from '../../knative-autoscaling';
import type { InvokeGrant } from '../../privileges';
import type { CircuitBreaker, Resiliency, RetryPolicy } from '../../resiliency';
import type { BulkSubscribe, SubscriptionRule } from '../../subscription';
import { SAME_NAMED, SameNamed } from '../function/fields';
import type { Path, Problem } from '../problem/problem';
import { checkProps, Names, NamesOf, PROXY_NAMES, PropProblems, RESOURCES } from '../settings/known-props';

const OPTIONS = {
  namespace: 'text',
  pendingEvents: {
    enabled: 'flag', targetPerReplica: 'number', activation: 'number',
  } satisfies NamesOf<PendingEventsScaling>,
  podSecurity: 0,
  proxy: PROXY_NAMES,
  platform: 0,
} satisfies NamesOf<FunctionOptions>;

/** Items are checked where they are read. */
const MAP = ['*', 0] as const;
const LIST = [0] as const;

const OF_MANIFEST = { image: 0, env: MAP } satisfies NamesOf<Omit<ManifestOptions, keyof FunctionOptions>>;

const MANIFEST_OPTIONS: Names = { ...OPTIONS, ...OF_MANIFEST };

const HTTP = {
  engine: 0,
  requestTimeout: 'duration',
  responseStartTimeout: 'duration',
  readinessTimeout: 'duration',
  coldStart: {
    fallback: { service: 'text', port: 0 } satisfies NamesOf<ColdStartFallback>,
    placeholder: {
      statusCode: 0, body: 0, configMap: 0, configMapKey: 0, headers: 0,
    } satisfies NamesOf<ColdStartPlaceholder>,
  } satisfies NamesOf<ColdStart>,
  route: { hostnames: 0, rules: 0, gateway: 0 } satisfies NamesOf<HttpRouteOptions>,
} satisfies NamesOf<HttpTrigger>;

const KNATIVE = {
  autoscaler: 0,
  metric: 0,
  target: 0,
  targetUtilization: 0,
  containerConcurrency: 0,
  window: 'duration',
  scaleDownDelay: 'duration',
  scaleToZeroPodRetention: 'duration',
  initialScale: 0,
  activationScale: 0,
} satisfies NamesOf<KnativeAutoscaling>;

const TRIGGER = {
  triggerType: 0,
  metadata: 0,
  name: 0,
  useCachedMetrics: 'flag',
  metricType: 0,
  authentication: 'authentication',
} satisfies NamesOf<KedaTrigger>;

const JOB = {
  restartPolicy: 0,
  backoffLimit: 0,
  ttlAfterFinished: 'duration',
  activeDeadline: 'duration',
  successfulJobsHistoryLimit: 0,
  failedJobsHistoryLimit: 0,
  scalingStrategy: 0,
} satisfies NamesOf<ScaledJobOptions>;

const SCALING = {
  minReplicas: 0,
  maxReplicas: 0,
  knativeAutoscaling: KNATIVE,
  knative: 0,
  triggers: [TRIGGER],
  pollingInterval: 'duration',
  cooldownPeriod: 'duration',
  initialCooldownPeriod: 'duration',
  idleReplicas: 0,
  paused: 'flag',
  advanced: 0,
  fallback: 0,
  job: JOB,
  targetPendingRequests: 0,
  requestRate: { target: 'number!', window: 'duration', granularity: 'duration' } satisfies NamesOf<RequestRate>,
} satisfies NamesOf<FunctionScaling>;

const TRACING = {
  enabled: 'flag', provider: 0, oapServer: 0, exporter: 0, tags: 0, baggage: 0,
} satisfies NamesOf<FunctionTracing>;

const PROPS = {
  ...Object.fromEntries(SAME_NAMED.map((name) => [name, 0])) as Record<SameNamed, 0>,
  ...OPTIONS,
  name: 0,
  image: 0,
  version: 0,
  imagePullSecret: 'secret',
  wasmEdge: 'flag',
  port: 0,
  appProtocol: 0,
  command: LIST,
  args: LIST,
  liveness: 'probe',
  readiness: 'probe',
  startup: 'probe',
  http: HTTP,
  inputs: ['input'],
  outputs: ['output'],
  states: ['component'],
  scaling: SCALING,
  workload: 0,
  tracing: TRACING,
  pod: 0,
  resources: RESOURCES,
  serviceAccount: 'serviceAccount',
  env: MAP,
  envVariables: MAP,
  secretEnv: ['*', 'secretKey'],
  envFromSecrets: ['secret'],
  envFromConfigMaps: ['configMap'],
  labels: 0,
  annotations: 0,
  objectAnnotations: 0,
  timeout: 'duration',
  dapr: 0,
  drainTimeout: 'duration',
  nativeSidecar: 'flag',
  traffic: [{ revisionName: 0, percent: 0, tag: 0 } satisfies NamesOf<TrafficTarget>],
} satisfies NamesOf<OpenFunctionAppProps>;

const RESILIENCY = {
  timeout: 'duration',
  retry: { backoff: 0, interval: 'duration', maxInterval: 'duration', maxRetries: 0 } satisfies NamesOf<RetryPolicy>,
  circuitBreaker: { trip: 0, maxRequests: 0, timeout: 'duration' } satisfies NamesOf<CircuitBreaker>,
} satisfies NamesOf<Resiliency>;

const TOPIC_INPUT = {
  name: 0,
  deadLetterTopic: 0,
  bulk: { maxMessages: 0, maxAwait: 'duration' } satisfies NamesOf<BulkSubscribe>,
  rules: [{ match: 'text!', path: 'text!' } satisfies NamesOf<SubscriptionRule>],
  defaultPath: 0,
  metadata: MAP,
  resiliency: RESILIENCY,
} satisfies NamesOf<TopicInputOptions>;
const BINDING_INPUT = { name: 0, route: 0, resiliency: RESILIENCY } satisfies NamesOf<BindingInputOptions>;
const TOPIC_OUTPUT = { name: 0, metadata: 0, resiliency: RESILIENCY } satisfies NamesOf<TopicOutputOptions>;
const BINDING_OUTPUT = {
  name: 0, operation: 0, metadata: 0, resiliency: RESILIENCY,
} satisfies NamesOf<BindingOutputOptions>;

/** The lists that have items of their own kind, in props and among what was added. */
interface Entries {
  readonly inputs?: readonly FunctionInput[];
  readonly outputs?: readonly FunctionOutput[];
}

/**
 * Of props with what was added, or of the latter alone. A class of the user's own may hand down props of its own: of
 * those, only what looks like a slip is one.
 */
export function checkPropNames(props: GrownProps | Growth, isExtended = false): PropProblems {
  const { components: _, ...given } = props;
  const found = checkProps(given, PROPS);
  if (found.misshapen.length === 0) checkEntries(given, found);
  const slips = found.unknown.filter(({ path, message }) => path.length > 1 || message !== 'unknown prop');
  return { ...found, unknown: isExtended ? slips : found.unknown };
}

const GRANT = { namespace: 0, operations: LIST, verbs: LIST, trustDomain: 0 } satisfies NamesOf<InvokeGrant>;

export function checkGrantNames(given: InvokeGrant): Problem[] {
  const { unknown, misshapen } = checkProps(given, GRANT);
  return [...unknown, ...misshapen];
}

/** Of manifests; `own` are the names beside those that all functions have. */
export function checkOptionNames(given: FunctionOptions, own?: Names): PropProblems {
  return checkProps(given, own === undefined ? MANIFEST_OPTIONS : { ...OPTIONS, ...own });
}

function checkEntries({ inputs = [], outputs = [] }: Entries, found: PropProblems): void {
  const check = (entry: InputEntry | OutputEntry, place: Path, topic: Names, binding: Names) => {
    const { component: _, topic: name, ...options } = entry;
    checkProps(options, name === undefined ? binding : topic, place, found);
  };
  inputs.forEach(({ _input }, index) => check(_input, ['inputs', index], TOPIC_INPUT, BINDING_INPUT));
  outputs.forEach(({ _output }, index) => check(_output, ['outputs', index], TOPIC_OUTPUT, BINDING_OUTPUT));
}
