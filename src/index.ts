export {
  AppProtocol, DaprMode, EventOutcome, HookPolicy, HttpEngine, JobRestartPolicy, KedaMetricType, KnativeAutoscaler,
  KnativeMetric, PodSecurity, ProbeScheme, ProblemSeverity, ProxyDiscovery, ProxyLogLevel, RetryBackoff,
  TopologyEdgeKind, TopologyFindingLevel, TopologyNodeKind, TracingProvider, WorkloadKind,
} from './choices';
export type { ComponentOptions, SecretKey } from './component-options';
export type { ContainerResources, CpuResources, ICpu, SizeResources } from './container-resources';
export { DaprComponent } from './dapr-component';
export type { DaprComponentProps, ExistingDaprComponent } from './dapr-component-props';
export { DaprProxyImage, type InlineProxyImageOptions, type SourceProxyImageOptions } from './dapr-proxy-image';
export type { DaprProxyProps } from './dapr-proxy-props';
export type { IEnvValue } from './env-value';
export { EventCatalogue, type EventCatalogueOptions } from './event-catalogue';
export { EventSimulation } from './event-simulation';
export { FastApp } from './fast-app';
export type { FunctionHooks, FunctionTracing, TracingExporter } from './function-hooks';
export { type BindingInputOptions, FunctionInput, type TopicInputOptions } from './function-input';
export { FunctionMonitoring, type FunctionMonitoringProps } from './function-monitoring';
export { type BindingOutputOptions, FunctionOutput, type TopicOutputOptions } from './function-output';
export { FunctionPods } from './function-pods';
export { FunctionProbe } from './function-probe';
export type { FunctionOptions, ManifestOptions, ObjectAnnotations } from './function-options';
export type { OpenFunctionAppProps } from './function-props';
export type {
  FunctionReport, ReportedAmounts, ReportedComponent, ReportedContainer, ReportedObject, ReportedPodSecurity,
  ReportedResources, ReportedTopic,
} from './function-report';
export { FunctionReports } from './function-reports';
export type {
  FunctionScaling, KedaTrigger, PendingEventsScaling, RequestRate, ScaledJobOptions, ScalingFallback,
} from './function-scaling';
export { FunctionTopology } from './function-topology';
export type {
  ColdStart, ColdStartFallback, ColdStartPlaceholder, GatewayReference, HttpRouteOptions, HttpTrigger, TrafficTarget,
} from './http-trigger';
export type { DaprComponentBinding, DaprComponentConsumer, IDaprComponent } from './i-dapr-component';
export type { KnativeAutoscaling } from './knative-autoscaling';
export { Manifests } from './manifests';
export { Match } from './match';
export { OpenFunctionApp } from './openfunction-app';
export { OpenFunctionManifests, type OpenFunctionManifestsProps } from './openfunction-manifests';
export { PlatformSettings } from './platform-settings';
export type {
  PlatformGateway, PlatformSettingsProps, PlatformTargets, ServiceReference,
} from './platform-settings-props';
export type { GrpcProbeOptions, HttpGetProbeOptions, PortProbeOptions, ProbeOptions } from './probe-options';
export type { InvokeGrant } from './privileges';
export { type ProblemFinding, ProblemFindings } from './problem-findings';
export type { CircuitBreaker, Resiliency, RetryPolicy } from './resiliency';
export type { EventDelivery } from './simulated-event';
export type { BulkSubscribe, SubscriptionRule } from './subscription';
export { TimeLimit } from './time-limit';
export type { TopologyEdge, TopologyFinding, TopologyFunction, TopologyNode } from './topology';
export { TriggerAuthentication } from './trigger-authentication';
export type { ITriggerAuthentication, TriggerAuthenticationProps } from './trigger-authentication-props';
