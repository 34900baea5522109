/** From a function and its surroundings to a plan: every decision made, nothing read from outside after this. */
import { ComponentsPlan, decideComponents, ResolvedOutput } from './components';
import { ContextPlan, keyInputs, keyOutputs, keyOutputsByComponent, keyTriggers } from './context-keys';
import { decideUserEnv, UserEnvPlan } from './env';
import { funcContext, FuncContextPlan } from './func-context';
import { decideHooks, decideTracing, HooksPlan, TracingPlan } from './hooks';
import { isReservedByKnative, knativeFeatures } from './knative-mask';
import { checkJobName, checkNames, decideNames, NamesPlan } from './names';
import type { DaprDecision, Outline, Workload } from './outline';
import { decideProxy, drainPlan, DrainPlan, ProxyPlan, withOwnTimes } from './proxy';
import { checkResiliency } from './resiliency';
import { decideRoute, gatewayOf, RoutePlan } from './route';
import { decideScaling, knativeScaleAnnotations, ScalingPlan } from './scaling';
import { API_TOKEN_SECRET, decideTokens, TokensPlan } from './tokens';
import type { FunctionModel } from '../function/function-model';
import { DEFAULT_CLUSTER_DOMAIN, MAX_VARIABLE_BYTES, SYNC_WAVE } from '../kubernetes/constants';
import type { StringMap } from '../kubernetes/json';
import { Problems, show } from '../problem/problem';
import { merge } from '../settings/merge';
import type { PlatformModel, ServiceRefModel } from '../settings/platform-model';

export interface FunctionPlan {
  readonly model: FunctionModel;
  readonly platform: PlatformModel;
  readonly name: string;
  readonly namespace: string;
  readonly clusterDomain: string;
  readonly port: number;
  readonly names: NamesPlan;
  readonly dapr: DaprDecision;
  readonly workload: Workload;
  readonly http: boolean;
  readonly components: ComponentsPlan;
  readonly context: ContextPlan;
  readonly hooks: HooksPlan;
  readonly tracing?: TracingPlan;
  readonly scaling: ScalingPlan;
  /** Annotations of a Knative revision that scaling decided; empty for other workloads. */
  readonly knativeScaling: StringMap;
  readonly route?: RoutePlan;
  /** In front of the gateway, for the in-cluster address that wakes a function of engine `keda`. */
  readonly gatewayService?: ServiceRefModel;
  readonly proxy?: ProxyPlan;
  readonly tokens: TokensPlan;
  /** In sidecar mode, when a drain timeout is asked for. */
  readonly sidecarDrain?: DrainPlan;
  readonly funcContext: FuncContextPlan;
  /** Feature flags of Knative that the Service needs; empty for other workloads. */
  readonly knativeFeatures: string[];
  readonly userEnv: UserEnvPlan;
}

export function decide(model: Outline, namespace: string, platform: PlatformModel, problems: Problems): FunctionPlan {
  const { serving, workload, engine, port, dapr } = model;
  const http = engine !== undefined;
  const keda = engine === 'keda';
  const clusterDomain = platform.clusterDomain ?? DEFAULT_CLUSTER_DOMAIN;
  const names = decideNames(model, namespace, clusterDomain);
  const components = decideComponents(model, problems);
  const scaling = decideScaling(model, dapr.mode, problems);
  const route = decideRoute(model, namespace, platform, problems);
  const gatewayService = keda ? gatewayOf(platform, serving.http?.route, namespace)?.gateway?.service : undefined;
  const tracing = decideTracing(serving.tracing, platform.tracing, problems);
  const woken = gatewayService !== undefined;
  const standalone = dapr.mode === 'standalone';
  const tokens = decideTokens(serving.annotations, merge(platform.proxy ?? {}, model.proxy ?? {}));
  const proxy = standalone
    ? decideProxy({ model, namespace, port, names, triggers: components.triggers, scaling, platform, tokens, woken }, problems) : undefined;
  checkResiliency(components, { mode: dapr.mode, holdSeconds: proxy?.holdSeconds }, problems);
  const componentNames = components.components.map((component) => component.name);
  checkNames(model, names, dapr.mode, derivedServices(names, workload, http, proxy, scaling), componentNames, problems);
  if (workload === 'Job' && scaling.scaler === 'none') checkJobName(model.name, problems);
  warnOfToken(dapr, tokens, problems);
  if (standalone && keda && !woken) {
    problems.warn(['serving', 'triggers', 'http', 'engine'], 'without a gateway Service in the platform settings, events that reach the proxy do not wake this function from zero');
  }
  const plan = {
    model,
    platform,
    name: model.name,
    namespace,
    clusterDomain,
    port,
    names,
    dapr,
    workload,
    http,
    components,
    scaling,
    route,
    gatewayService,
    tracing,
    proxy,
    tokens,
    context: {
      triggers: keyTriggers(components.triggers, (index) => ['serving', 'triggers', 'dapr', index], problems),
      inputs: keyInputs(components.inputs, (index) => ['serving', 'triggers', 'inputs', index], problems),
      outputs: keyOutputs(contextOutputs(components.outputs, problems), problems),
      outputsByComponent: keyOutputsByComponent(components.outputs, problems),
    },
    hooks: decideHooks(serving.hooks, platform.hooks),
    knativeScaling: workload === 'KnativeService' ? knativeScaleAnnotations(model, problems) : {},
    sidecarDrain: decideSidecarDrain(model, dapr, problems),
  };
  const context = funcContext(plan);
  checkContextSize(context, problems);
  return Object.assign(plan, { funcContext: context, userEnv: decideUserEnv(plan, problems), knativeFeatures: neededFeatures(plan, problems) });
}

/** Where the pods have a sidecar of their own. */
function decideSidecarDrain({ serving }: FunctionModel, { mode }: DaprDecision, problems: Problems): DrainPlan | undefined {
  const { drainTimeoutSeconds } = serving;
  if (drainTimeoutSeconds === undefined) return undefined;
  if (mode !== 'sidecar') {
    problems.warn(['drainTimeout'], `has no effect on a function whose Dapr mode is ${show(mode)}, since its pods have no sidecar`
      + (mode === 'standalone' ? '; the proxy\'s own is proxy.drainTimeout' : ''));
    return undefined;
  }
  const plan = withOwnTimes(drainPlan(drainTimeoutSeconds), serving.annotations);
  const given = serving.template?.terminationGracePeriodSeconds;
  if (typeof given === 'number' && given < plan.gracePeriodSeconds) {
    problems.warn(['serving', 'template', 'terminationGracePeriodSeconds'], `${given} is less than the ${plan.gracePeriodSeconds} s that the drain timeout takes`);
  }
  return plan;
}

function neededFeatures({ workload, model, port, platform }: Pick<FunctionPlan, 'workload' | 'model' | 'port' | 'platform'>, problems: Problems): string[] {
  if (workload !== 'KnativeService') return [];
  if (isReservedByKnative(port)) problems.error(['serving', 'triggers', 'http', 'port'], `${port} belongs to Knative's own container in the same pod`);
  const flags = new Set(knativeFeatures(model.serving.template, port, problems));
  if (model.wasmEdge) flags.add('kubernetes.podspec-runtimeclassname');
  if (platform.knativeFeatures?.includes(FIELD_REF_FEATURE) === true) flags.add(FIELD_REF_FEATURE);
  return [...flags].sort();
}

const FIELD_REF_FEATURE = 'kubernetes.podspec-fieldref';

function checkContextSize(context: FuncContextPlan, problems: Problems): void {
  const bytes = Math.max(Buffer.byteLength(context.v1beta1), Buffer.byteLength(context.v1beta2));
  if (bytes > MAX_VARIABLE_BYTES) {
    problems.error(['serving'], `the function's context would have ${bytes} bytes, ${MAX_VARIABLE_BYTES} are allowed; shorten output metadata, hooks or routes`);
  }
}

/** One framework refuses to start when an output of its context is a state store. */
function contextOutputs(outputs: ResolvedOutput[], problems: Problems): ResolvedOutput[] {
  return outputs.filter((output) => {
    if (output.block !== 'state') return true;
    problems.warn([...output.path, 'name'], `${show(output.key)} is a state, which FUNC_CONTEXT cannot show as an output; FUNC_CONTEXT_V1BETA2 has it`);
    return false;
  });
}

function derivedServices(names: NamesPlan, workload: Workload, http: boolean, proxy: ProxyPlan | undefined, scaling: ScalingPlan): string[] {
  const services: string[] = [];
  if (http && workload === 'Deployment') services.push(names.workloadService);
  if (proxy !== undefined && !http) services.push(names.anyPod);
  if (proxy !== undefined && scaling.pendingEvents !== undefined) services.push(names.proxy);
  if (proxy?.peers === true) services.push(names.peers);
  return services;
}

function warnOfToken({ mode }: DaprDecision, { api }: TokensPlan, problems: Problems): void {
  if (mode === 'off' || api === undefined) return;
  const path = api.annotated ? ['serving', 'annotations', API_TOKEN_SECRET] : ['proxy', 'apiToken'];
  problems.warn(path, 'the Node function framework up to 0.6 cannot send the token');
}

/** Components must exist before the workloads that need them. */
export function syncWave(wave: 'component' | 'workload'): StringMap {
  return { [SYNC_WAVE]: wave === 'component' ? '-1' : '0' };
}
