export { DaprMode, HookPolicy, HttpEngine, JobRestartPolicy, ProxyDiscovery, ProxyLogLevel, RetryBackoff, WorkloadKind } from './choices';
export { DaprComponent, DaprComponentProps, IDaprComponent } from './dapr-component';
export { DaprProxyImage, InlineProxyImageOptions, SourceProxyImageOptions } from './dapr-proxy-image';
export { ContainerSize, DaprProxyProps } from './dapr-proxy-props';
export * from './function-props';
export { FunctionReport, ReportedObject } from './function-report';
export { OpenFunctionApp } from './openfunction-app';
export { OpenFunctionManifests, OpenFunctionManifestsProps } from './openfunction-manifests';
export { PlatformGateway, PlatformSettings, PlatformSettingsProps, ServiceReference } from './platform-settings';
