/** Makes a plan of a function and the platform's settings: all decisions are made here; later steps read no input. */
import { Callers, NO_CALLERS } from './access-policies';
import { decideLabels, decideObjectAnnotations, LabelsPlan } from './annotations';
import { checkTargets } from './checks';
import { ComponentsPlan, decideComponents } from './components';
import { decideTokens, TokensPlan } from './dapr';
import { CONTEXT_SETTINGS, decideFuncContext } from './func-context';
import { decideHttpScaling, HTTP_SCALING_SETTINGS, HttpScalingPlan } from './http-scaling';
import { decideKnative, KnativePlan } from './knative';
import { appIdOf, checkNames, decideNames, NamesPlan, servicePort } from './names';
import { Neighbours, NO_NEIGHBOURS } from './neighbours';
import type { Outline } from './outline';
import { decidePod, POD_SETTINGS, PodPlan, sleeps, stopsSlowly } from './pod';
import {
  AccessPlan, decideAccess, decidePodCallers, PodCallers, PRIVILEGE_SETTINGS, withTopicScopes,
} from './privileges';
import { decideProxy, plannedProxy, PROXY_PLATFORM_SETTINGS, ProxyPlan } from './proxy';
import { Around, checkReferences, withNeighbours } from './references';
import { decideResiliency, ResiliencyPlan } from './resiliency';
import { decideRoute, gatewayServiceOf, ROUTE_SETTINGS, RoutePlan, ServiceRefModel } from './route';
import { decideScaling, SCALING_SETTINGS, ScalingPlan } from './scaling';
import { warnOfEveryPod } from './subscriptions';
import { checkAuthentications } from './triggers';
import type { ObjectAnnotationsModel } from '../function/function-model';
import type { ProxyModel, ProxySettings } from '../function/proxy-settings';
import { boolean, Read } from '../function/readers';
import { DEFAULT_CLUSTER_DOMAIN } from '../kubernetes/constants';
import type { StringMap } from '../kubernetes/json';
import { serviceHost } from '../kubernetes/syntax';
import { failOn, Problem, Problems, show } from '../problem/problem';
import { merge } from '../settings/proxy';
import type { ProxyImageModel } from '../settings/proxy-image';
import { TargetsModel, titleOf } from '../settings/targets';

/** Settings of the platform that functions follow, each read in the file of its decision. */
export const PLAN_SETTINGS = {
  ...ROUTE_SETTINGS,
  ...HTTP_SCALING_SETTINGS,
  ...CONTEXT_SETTINGS,
  ...PROXY_PLATFORM_SETTINGS,
  ...SCALING_SETTINGS,
  ...PRIVILEGE_SETTINGS,
  ...POD_SETTINGS,
  syncWaves: boolean,
};

export interface FunctionPlan extends Pick<Outline, 'name' | 'workload' | 'engine' | 'port' | 'dapr'> {
  readonly namespace: string;
  readonly clusterDomain: string;
  readonly names: NamesPlan;
  /** `appProtocol` of the port of the function's Services. */
  readonly appProtocol?: string;
  readonly labels: LabelsPlan;
  /** Of the objects themselves. */
  readonly annotations: ObjectAnnotationsModel;
  /** Of all objects of the function alone. */
  readonly deployAnnotations?: StringMap;
  /** Annotate objects with the order in which Argo CD applies them. */
  readonly syncWaves: boolean;
  readonly components: ComponentsPlan;
  readonly resiliency?: ResiliencyPlan;
  readonly pod: PodPlan;
  /** Of a function that is a Knative Service. */
  readonly knative?: KnativePlan;
  readonly scaling: ScalingPlan;
  /** Of engine `keda`. */
  readonly httpScaling?: HttpScalingPlan;
  /** Seconds until a Deployment must be ready. */
  readonly progressDeadlineSeconds?: number;
  readonly route?: RoutePlan;
  /** Of engine `keda`, in front of the gateway: the in-cluster address that wakes the function. */
  readonly gatewayService?: ServiceRefModel;
  readonly tokens: TokensPlan;
  readonly proxy?: ProxyPlan;
  /** With least privilege. */
  readonly access?: AccessPlan;
  /** Who may connect to its pods; no NetworkPolicy without it. */
  readonly podCallers?: PodCallers;
  /** What a proxy has, or would have where the function has sidecars of its own. */
  readonly plannedProxy: ProxySettings;
  /** What targets decided, in words. */
  readonly reasons: string[];
  readonly targets?: TargetsModel;
}

/** The parts that the objects made from a plan play. */
export type Role =
  | 'component' | 'resiliency' | 'configuration' | 'service' | 'workload' | 'scaler' | 'interceptorRoute' | 'route'
  | 'proxy' | 'proxyService' | 'networkPolicy' | 'functionNetworkPolicy'
  | 'disruptionBudget' | 'access' | 'bundle' | 'referenceGrant';

/** Where a function is decided: its namespace, the settings that apply there, and what runs its proxy. */
export interface Place {
  readonly namespace: string;
  readonly platform: Read<typeof PLAN_SETTINGS>;
  readonly image: () => ProxyImageModel;
  /** What is defined beside the function. */
  readonly neighbours?: Neighbours;
  /** Who may call the function where others may not. */
  readonly callers?: Callers;
}

export function decide(given: Outline, place: Place, problems: Problems): FunctionPlan {
  const { namespace, neighbours = NO_NEIGHBOURS } = place;
  const around = { namespace, neighbours, appId: appIdOf(given, namespace) };
  const fn = withNeighbours(given, around);
  checkReferences(fn, around, problems);
  if (!neighbours.isEmpty) checkAuthentications(fn, around, place.platform.targets, problems);
  return decideAll(fn, place, around, problems);
}

/** The same object, so that what follows from it is made once. */
const NO_PROXY: ProxyModel = {};

function decideAll(
  fn: Outline, { namespace, platform, image, callers = NO_CALLERS }: Place, around: Around, problems: Problems,
): FunctionPlan {
  const { name, workload, engine, port, dapr, serving } = fn;
  const { targets, clusterDomain = DEFAULT_CLUSTER_DOMAIN } = platform;
  const given = merge(platform.proxy ?? NO_PROXY, fn.proxy ?? NO_PROXY);
  const planned = plannedProxy(fn, given);
  const scaling = decideScaling(fn, platform, problems);
  const pendingEvents = scaling.pendingEvents !== undefined;
  const names = decideNames(fn, { namespace, clusterDomain, pendingEvents, proxyReplicas: planned.replicas });
  const resolved = decideComponents(fn, problems);
  const isScoped = platform.leastPrivilege === true && dapr.mode !== 'off';
  const components = isScoped ? withTopicScopes(resolved, namespace, names.appId) : resolved;
  const access = isScoped
    ? decideAccess({ fn, namespace, names, components, callers: callers.apps }, problems) : undefined;
  checkNames(fn, names, components.components, scaling.scaler, problems);
  const route = serving.http && decideRoute(fn, around, platform, problems);
  const ofKeda = engine === 'keda';
  const httpScaling = ofKeda ? decideHttpScaling(fn, { names, route, platform }, problems) : undefined;
  const gatewayService = ofKeda ? gatewayServiceOf(fn, namespace, platform) : undefined;
  const tokens = decideTokens(fn, given, problems);
  const funcContext = decideFuncContext(fn, components, platform, problems);
  const pod = decidePod({ fn, namespace, names, funcContext, tokens, platform, access }, problems);
  const { triggers } = components;
  const behindInterceptor = gatewayService !== undefined;
  const proxy = decideProxy({
    fn,
    namespace,
    clusterDomain,
    names,
    triggers,
    scaling,
    platform,
    given,
    tokens,
    funcContext,
    behindInterceptor,
    access,
    image,
  }, problems);
  warnOfEveryPod(fn, triggers, scaling, problems);
  checkTargets(fn, targets, problems);
  const knative = workload === 'KnativeService' ? decideKnative(fn, pod.annotations, platform, problems) : undefined;
  const isGuarded = given.functionNetworkPolicy ?? platform.leastPrivilege ?? false;
  const hasService = (names.services.clusterIp ?? names.services.workload) !== undefined;
  return {
    name,
    workload,
    engine,
    port,
    dapr,
    namespace,
    clusterDomain,
    names,
    appProtocol: servicePort(serving),
    labels: decideLabels(fn),
    deployAnnotations: fn.deployAnnotations,
    syncWaves: platform.syncWaves === true,
    components,
    resiliency: decideResiliency({ fn, components, names, proxy, around }, problems),
    pod,
    knative,
    annotations: decideObjectAnnotations(fn, { knative, scaling, route, hasService }, problems),
    scaling,
    httpScaling,
    progressDeadlineSeconds: serving.timeoutSeconds,
    route,
    gatewayService,
    tokens,
    proxy,
    access,
    podCallers: isGuarded ? decidePodCallers(fn, platform, access, callers.pods) : undefined,
    plannedProxy: planned,
    reasons: reasonsOf({ fn, pod, scaling, httpScaling, targets }),
    targets,
  };
}

interface Decided {
  readonly fn: Outline;
  readonly pod: PodPlan;
  readonly scaling: ScalingPlan;
  readonly httpScaling: HttpScalingPlan | undefined;
  readonly targets: TargetsModel | undefined;
}

function reasonsOf({ fn, pod, scaling, httpScaling, targets }: Decided): string[] {
  const list: string[] = [];
  if (stopsSlowly(fn) && !sleeps(targets)) {
    list.push(`pods stop without a pause before it, which needs Kubernetes 1.30, and the target is ${
      titleOf(targets, 'kubernetes')}: an event that reaches a stopping pod is sent again to another`);
  }
  if (pod.nativeSidecar) {
    const ends = fn.workload === 'Job' ? ': the Job ends with the function, and Dapr makes no Service for it' : '';
    list.push(`the sidecar is a native one, since the targets are ${titleOf(targets, 'dapr')} and ${
      titleOf(targets, 'kubernetes')}${ends}`);
  }
  if (scaling.hpaName !== undefined) {
    list.push(`the HorizontalPodAutoscaler has the name of the function, since the target is ${
      titleOf(targets, 'keda')}, which refuses its own name for it as too long`);
  }
  if (httpScaling !== undefined) {
    const target = `the target is ${titleOf(targets, 'kedaHttp')}`;
    list.push(httpScaling.interceptor === undefined
      ? `an HTTPScaledObject counts its requests, since ${target}; from 0.14 on it is an InterceptorRoute`
      : `an InterceptorRoute counts its requests, since ${target}; below 0.14 it is an HTTPScaledObject`);
  }
  return list;
}

export function hasInternalUrl({ engine, proxy }: FunctionPlan): boolean {
  return engine !== undefined || proxy !== undefined;
}

/** Inside the cluster. `where` is the construct that an error names. */
export function internalUrlOf(plan: FunctionPlan, where: string): string {
  if (plan.engine === undefined) {
    if (!hasInternalUrl(plan)) failOn(where, [withoutService(plan)]);
    return `http://${plan.names.host}:${plan.port}`;
  }
  const ownName = plan.workload === 'KnativeService' || plan.gatewayService !== undefined;
  const { services: { workload: service = plan.name }, host } = plan.names;
  return `http://${ownName ? host : serviceHost(service, plan.namespace, plan.clusterDomain)}`;
}

function withoutService({ dapr, names }: FunctionPlan): Problem {
  const through = dapr.mode === 'off' ? '' : `; call it through Dapr, as app-id ${show(names.appId)}`;
  const message = `not available: an async function without the dapr-proxy has no Service${through}`;
  return { severity: 'error', path: ['internalUrl'], message };
}
