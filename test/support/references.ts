// Whether what objects say of each other is true: selectors find pods, scalers find workloads, volumes find their sources.
import type { KubeObject, StringMap, Tree } from './synth';
import { containersIn } from './validity';

interface Pod { readonly namespace?: string; readonly labels: StringMap; readonly spec: Tree; readonly annotations: StringMap }
type Check = (object: KubeObject, world: World) => string[];

class World {
  public readonly pods: Pod[];

  public constructor(public readonly objects: readonly KubeObject[]) {
    this.pods = objects.flatMap(({ metadata, spec }) => {
      const template = (spec?.jobTargetRef ?? spec)?.template;
      if (template?.spec?.containers === undefined) return [];
      const { labels, annotations } = template.metadata as unknown as { labels: StringMap; annotations: StringMap };
      return [{ namespace: metadata.namespace, labels, annotations, spec: template.spec }];
    });
  }

  public selected(selector: StringMap, namespace: string | undefined): Pod[] {
    return this.pods.filter((pod) => pod.namespace === namespace && Object.entries(selector).every(([key, value]) => pod.labels[key] === value));
  }

  public has(kind: string, name: unknown, namespace: string | undefined): boolean {
    return this.objects.some((object) => object.kind === kind && object.metadata.name === name && object.metadata.namespace === namespace);
  }
}

const matchLabels = (tree: Tree | undefined) => tree?.matchLabels as unknown as StringMap | undefined;

/** `apps/v1` and policies select pods; a workload its own ones and no others. */
const selectors: Check = ({ kind, metadata, spec }, world) => {
  const selector = kind === 'NetworkPolicy' ? matchLabels(spec?.podSelector) : matchLabels(spec?.selector);
  if (selector === undefined) return [];
  const pods = world.selected(selector, metadata.namespace);
  return pods.length === 1 ? [] : [`selects ${pods.length} kinds of pod by ${JSON.stringify(selector)}`];
};

const services: Check = ({ kind, apiVersion, metadata, spec }, world) => {
  if (kind !== 'Service' || apiVersion !== 'v1' || String(spec?.type) === 'ExternalName') return [];
  const [pod, ...others] = world.selected(spec?.selector as unknown as StringMap, metadata.namespace);
  if (pod === undefined || others.length > 0) return [`selects ${others.length + (pod === undefined ? 0 : 1)} kinds of pod`];
  const open = containersIn(pod).flatMap(({ ports = [] }) => ports).flatMap((port): unknown[] => [port.containerPort, port.name]);
  return [...spec?.ports ?? []].filter(({ targetPort }) => !open.includes(targetPort)).map(({ targetPort }) => `leads to ${JSON.stringify(targetPort)}, which no container opens`);
};

const scalers: Check = ({ kind, metadata, spec }, world) => {
  if (kind !== 'ScaledObject' && kind !== 'HTTPScaledObject') return [];
  const target = spec?.scaleTargetRef;
  const found = world.has(String(target?.kind ?? 'Deployment'), target?.name ?? target?.deployment, metadata.namespace);
  const service = target?.service === undefined || world.has('Service', target.service, metadata.namespace);
  return [...(found ? [] : ['has no target']), ...(service ? [] : ['has no Service'])];
};

const interceptorRoutes: Check = ({ kind, metadata, spec }, world) => {
  const service = String(spec?.target?.service);
  return kind !== 'InterceptorRoute' || world.has('Service', service, metadata.namespace) ? [] : ['has no Service'];
};

const ownVolumes: Check = ({ spec }, world) => {
  const pod = world.pods.find((each) => each.spec === (spec?.jobTargetRef ?? spec)?.template?.spec);
  if (pod === undefined) return [];
  const volumes = [...pod.spec.volumes ?? []];
  const mounts = [...pod.spec.containers, ...pod.spec.initContainers ?? []].flatMap((container) => [...container.volumeMounts ?? []])
    .map(({ name }) => String(name));
  const bundle = volumes.map((volume) => volume.configMap?.name).find((name) => name !== undefined && String(name).startsWith('dapr-proxy-'));
  return [
    ...mounts.filter((name) => !volumes.some((volume) => String(volume.name) === name)).map((name) => `mounts ${name}, which is no volume`),
    ...(bundle === undefined || world.has('ConfigMap', bundle, pod.namespace) ? [] : [`mounts the ConfigMap ${JSON.stringify(bundle)}, which is not there`]),
  ];
};

/** A component lets in the app whose pods have a sidecar, and nobody has that app-id twice. */
const appIds: Check = ({ kind, scopes }, world) => {
  const known = world.pods.map(({ annotations }) => annotations['dapr.io/app-id']);
  const sidecars = world.pods.filter(({ annotations }) => annotations['dapr.io/enabled'] === 'true').map(({ annotations }) => annotations['dapr.io/app-id']);
  const unknown = kind === 'Component' || kind === 'Resiliency' ? (scopes as string[]).filter((scope) => !known.includes(scope)) : [];
  const twice = kind === 'Deployment' ? sidecars.filter((id, index) => sidecars.indexOf(id) !== index) : [];
  return [...unknown.map((scope) => `lets in ${scope}, which nobody is`), ...twice.map((id) => `shares its app-id ${id}`)];
};

/** Addresses of our own that stand in variables and triggers; the scaler of KEDA's add-on is not ours. */
const addresses: Check = ({ kind, metadata, spec }, world) => {
  const text = JSON.stringify(spec ?? {});
  const hosts = [...text.matchAll(/DAPR_PROXY_(?:FUNCTION|FALLBACK|PEERS)_HOST","value":"([-a-z0-9]+)\./g), ...text.matchAll(/"scalerAddress":"(?!keda-add-ons-)([-a-z0-9]+)\./g)].map(([, host]) => host);
  return kind === 'ConfigMap' ? [] : hosts.filter((host) => !world.has('Service', host, metadata.namespace)).map((host) => `calls ${host}, which is no Service`);
};

const accounts: Check = ({ spec, metadata, kind }, world) => {
  const account = spec?.template?.spec?.serviceAccountName as string | undefined;
  return account?.endsWith('-dapr-proxy') === true && !world.has('ServiceAccount', account, metadata.namespace) ? [`${kind} runs as ${account}, which is no ServiceAccount`] : [];
};

/** One line for each reference that leads nowhere. */
export function brokenReferences(objects: readonly KubeObject[]): string[] {
  const world = new World(objects);
  const checks = [selectors, services, scalers, interceptorRoutes, ownVolumes, appIds, addresses, accounts];
  return objects.flatMap((object) => checks.flatMap((check) => check(object, world)).map((problem) => `${object.kind} ${object.metadata.name}: ${problem}`));
}
