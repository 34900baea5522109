/** What users see. A file that holds types alone is public as a whole. */
export {
  AppProtocol, DaprMode, EventOutcome, HookPolicy, HttpEngine, JobRestartPolicy, KedaMetricType, KnativeAutoscaler,
  KnativeMetric, PodSecurity, ProbeScheme, ProblemSeverity, ProxyDiscovery, ProxyLogLevel, RetryBackoff,
  TopologyEdgeKind, TopologyFindingLevel, TopologyNodeKind, TracingProvider, WorkloadKind,
} from './choices';
export type * from './component-options';
export type * from './container-resources';
export { DaprComponent } from './dapr-component';
export type * from './dapr-component-props';
export { DaprProxyImage, type InlineProxyImageOptions, type SourceProxyImageOptions } from './dapr-proxy-image';
export type * from './dapr-proxy-props';
export type * from './env-value';
export { EventCatalogue, type EventCatalogueOptions } from './event-catalogue';
export { EventSimulation } from './event-simulation';
export { FastApp } from './fast-app';
export type * from './function-hooks';
export { type BindingInputOptions, FunctionInput, type TopicInputOptions } from './function-input';
export { FunctionMonitoring, type FunctionMonitoringProps } from './function-monitoring';
export { type BindingOutputOptions, FunctionOutput, type TopicOutputOptions } from './function-output';
export { FunctionPods } from './function-pods';
export { FunctionProbe } from './function-probe';
export type * from './function-options';
export type * from './function-props';
export type * from './function-report';
export { FunctionReports } from './function-reports';
export type * from './function-scaling';
export { FunctionTopology } from './function-topology';
export type * from './http-trigger';
export type * from './i-dapr-component';
export type * from './knative-autoscaling';
export { Manifests } from './manifests';
export { Match } from './match';
export { OpenFunctionApp } from './openfunction-app';
export { OpenFunctionManifests, type OpenFunctionManifestsProps } from './openfunction-manifests';
export { PlatformSettings } from './platform-settings';
export type * from './platform-settings-props';
export type * from './probe-options';
export type * from './privileges';
export { type ProblemFinding, ProblemFindings } from './problem-findings';
export type * from './resiliency';
export type * from './simulated-event';
export type * from './subscription';
export { TimeLimit } from './time-limit';
export type * from './topology';
export { TriggerAuthentication } from './trigger-authentication';
export type * from './trigger-authentication-props';
