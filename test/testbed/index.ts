// Shared by the suites that run against real software.
export { builtFolder, type BuiltFolderOptions } from './built-folder';
export { run, type CommandOptions } from './command';
export { CRD_SOURCES, crdSources, installCrds, type CrdSource } from './crds';
export { DAPR_VERSION, daprd } from './daprd';
export { ensurePackages, findCommand } from './debian';
export { goBinary, goModuleDir, type GoBinaryOptions } from './go-binary';
export { startHttpAddOn } from './http-add-on';
export { imageNode, imageNodeVersion } from './image-node';
export { KEDA_VERSION, kedaOperator, kedaWebhooks, startKedaWebhooks } from './keda';
export { kubeApiServer, kubectl, KUBERNETES_VERSION, startApiServer, type ApiServerOptions, type RunningApiServer } from './kube-apiserver';
export { KubeClient, type KubeAnswer, type KubeObject } from './kube-client';
export { cacheFolder, repositoryRoot } from './paths';
export { freePort, RunningProcess, startProcess, stopAll, type ProcessOptions } from './processes';
export { note, step } from './progress';
export { startRedis, type RedisOptions, type RunningRedis } from './redis';
export { scratchFolder } from './scratch';
export { OLDEST, VERSIONS } from './versions';
export { GiveUp, waitFor, type WaitOptions } from './wait';
