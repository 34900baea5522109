/** The names that the props of a function have, and the options of its inputs and outputs. */
import type { InputEntry, OutputEntry } from './entries';
import type { ContainerResources, CpuResources, SizeResources } from '../../container-resources';
import type { FunctionTracing } from '../../function-hooks';
import type { BindingInputOptions, FunctionInput, TopicInputOptions } from '../../function-input';
import type { FunctionOptions, ManifestOptions } from '../../function-options';
import type { BindingOutputOptions, FunctionOutput, TopicOutputOptions } from '../../function-output';
import type { OpenFunctionAppProps } from '../../function-props';
import type { FunctionScaling, KedaTrigger, PendingEventsScaling, ScaledJobOptions } from '../../function-scaling';
import type { HttpRouteOptions, HttpTrigger, TrafficTarget } from '../../http-trigger';
import type { KnativeAutoscaling } from '../../knative-autoscaling';
import type { CircuitBreaker, Resiliency, RetryPolicy } from '../../resiliency';
import type { BulkSubscribe, SubscriptionRule } from '../../subscription';
import type { Path, Problem } from '../problem/problem';
import { Names, NamesOf, PROXY_NAMES, unknownProps } from '../settings/known-props';

const OPTIONS = {
  namespace: 0,
  pendingEvents: { enabled: 0, targetPerReplica: 0, activation: 0 } satisfies NamesOf<PendingEventsScaling>,
  podSecurity: 0,
  proxy: PROXY_NAMES,
  platform: 0,
} satisfies NamesOf<FunctionOptions>;

const OF_MANIFEST = { image: 0, env: 0 } satisfies NamesOf<Omit<ManifestOptions, keyof FunctionOptions>>;

const HTTP = {
  engine: 0,
  requestTimeout: 0,
  responseStartTimeout: 0,
  route: { hostnames: 0, rules: 0, gateway: 0 } satisfies NamesOf<HttpRouteOptions>,
} satisfies NamesOf<HttpTrigger>;

const KNATIVE = {
  autoscaler: 0,
  metric: 0,
  target: 0,
  targetUtilization: 0,
  containerConcurrency: 0,
  window: 0,
  scaleDownDelay: 0,
  scaleToZeroPodRetention: 0,
  initialScale: 0,
  activationScale: 0,
} satisfies NamesOf<KnativeAutoscaling>;

const TRIGGER = {
  triggerType: 0,
  metadata: 0,
  name: 0,
  useCachedMetrics: 0,
  metricType: 0,
  authentication: 0,
} satisfies NamesOf<KedaTrigger>;

const JOB = {
  restartPolicy: 0,
  backoffLimit: 0,
  ttlAfterFinished: 0,
  activeDeadline: 0,
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
  pollingInterval: 0,
  cooldownPeriod: 0,
  initialCooldownPeriod: 0,
  idleReplicas: 0,
  paused: 0,
  advanced: 0,
  fallback: 0,
  job: JOB,
  targetPendingRequests: 0,
} satisfies NamesOf<FunctionScaling>;

const TRACING = {
  enabled: 0, provider: 0, oapServer: 0, exporter: 0, tags: 0, baggage: 0,
} satisfies NamesOf<FunctionTracing>;

const SIZES = { request: 0, limit: 0 } satisfies NamesOf<CpuResources> & NamesOf<SizeResources>;
const RESOURCES = { cpu: SIZES, memory: SIZES, ephemeralStorage: SIZES } satisfies NamesOf<ContainerResources>;

const PROPS = {
  ...OPTIONS,
  name: 0,
  image: 0,
  version: 0,
  imagePullSecret: 0,
  wasmEdge: 0,
  port: 0,
  appProtocol: 0,
  command: 0,
  args: 0,
  liveness: 0,
  readiness: 0,
  startup: 0,
  http: HTTP,
  inputs: 0,
  outputs: 0,
  states: 0,
  scaling: SCALING,
  workload: 0,
  hooks: 0,
  tracing: TRACING,
  pod: 0,
  resources: RESOURCES,
  serviceAccount: 0,
  env: 0,
  envVariables: 0,
  secretEnv: 0,
  envFromSecrets: 0,
  envFromConfigMaps: 0,
  labels: 0,
  annotations: 0,
  objectAnnotations: 0,
  timeout: 0,
  dapr: 0,
  drainTimeout: 0,
  traffic: [{ revisionName: 0, percent: 0, tag: 0 } satisfies NamesOf<TrafficTarget>],
} satisfies NamesOf<OpenFunctionAppProps>;

const RESILIENCY = {
  timeout: 0,
  retry: { backoff: 0, interval: 0, maxInterval: 0, maxRetries: 0 } satisfies NamesOf<RetryPolicy>,
  circuitBreaker: { trip: 0, maxRequests: 0, timeout: 0 } satisfies NamesOf<CircuitBreaker>,
} satisfies NamesOf<Resiliency>;

const TOPIC_INPUT = {
  name: 0,
  deadLetterTopic: 0,
  bulk: { maxMessages: 0, maxAwait: 0 } satisfies NamesOf<BulkSubscribe>,
  rules: [{ match: 0, path: 0 } satisfies NamesOf<SubscriptionRule>],
  defaultPath: 0,
  metadata: 0,
  resiliency: RESILIENCY,
} satisfies NamesOf<TopicInputOptions>;
const BINDING_INPUT = { name: 0, route: 0, resiliency: RESILIENCY } satisfies NamesOf<BindingInputOptions>;
const TOPIC_OUTPUT = { name: 0, metadata: 0, resiliency: RESILIENCY } satisfies NamesOf<TopicOutputOptions>;
const BINDING_OUTPUT = {
  name: 0, operation: 0, metadata: 0, resiliency: RESILIENCY,
} satisfies NamesOf<BindingOutputOptions>;

interface Entries {
  readonly inputs?: readonly FunctionInput[];
  readonly outputs?: readonly FunctionOutput[];
}

/**
 * Of props and what was added. A class of the user's own may hand down props of its own: of those, only what looks like
 * a slip is one.
 */
export function unknownInProps(given: OpenFunctionAppProps, isExtended: boolean): Problem[] {
  const found = unknownProps(given, PROPS);
  return isExtended ? found.filter(({ path, message }) => path.length > 1 || message !== 'unknown prop') : found;
}

/** Of manifests; `own` are the names beside those that all functions have. */
export function unknownInOptions(given: FunctionOptions, own: Names = OF_MANIFEST): Problem[] {
  return unknownProps(given, { ...OPTIONS, ...own });
}

export function unknownInEntries({ inputs = [], outputs = [] }: Entries): Problem[] {
  const of = (entry: InputEntry | OutputEntry, place: Path, topic: Names, binding: Names) => {
    const { component: _, topic: name, ...options } = entry;
    return unknownProps(options, name === undefined ? binding : topic, place);
  };
  return [
    ...inputs.flatMap(({ _entry }, index) => of(_entry, ['inputs', index], TOPIC_INPUT, BINDING_INPUT)),
    ...outputs.flatMap(({ _entry }, index) => of(_entry, ['outputs', index], TOPIC_OUTPUT, BINDING_OUTPUT)),
  ];
}
