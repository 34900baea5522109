/** Volumes of the template that Dapr's sidecar mounts by its annotations, wherever the sidecar is (docs/spec M103b). */
import type { Outline } from './outline';
import { JsonObject, objectsIn, StringMap } from '../kubernetes/json';

const KEYS = ['dapr.io/volume-mounts', 'dapr.io/volume-mounts-rw'];

export interface SidecarMount {
  readonly key: string;
  /** As the annotation has it. */
  readonly item: string;
  /** Of a volume; `undefined` where the item is none. */
  readonly name?: string;
}

export function sidecarMounts(annotations: StringMap): SidecarMount[] {
  return KEYS.flatMap((key) => (annotations[key] ?? '').split(',').filter((item) => item.trim() !== '').map((item) => {
    const [name, path, more] = item.trim().split(':');
    const isMount = name !== '' && path !== undefined && path !== '' && more === undefined;
    return { key, item: item.trim(), ...(isMount && { name }) };
  }));
}

export function findVolume(template: JsonObject | undefined, name: string): JsonObject | undefined {
  return objectsIn(template?.volumes).map(([volume]) => volume).find((volume) => volume.name === name);
}

/** To have on the proxy's pod too: that is where the sidecar is. */
export function proxyVolumes({ serving: { annotations, template } }: Outline): JsonObject[] {
  const names = new Set(sidecarMounts(annotations).map(({ name }) => name));
  return objectsIn(template?.volumes).map(([volume]) => volume).filter(({ name }) => names.has(name as string));
}

/** Knative refuses a volume that no container mounts, and the sidecar that does is on the proxy's pod. */
export function functionTemplate(fn: Outline): JsonObject | undefined {
  const { template } = fn.serving;
  if (template === undefined || fn.workload !== 'KnativeService' || fn.dapr.mode !== 'standalone') return template;
  const elsewhere = proxyVolumes(fn);
  if (elsewhere.length === 0) return template;
  const mounted = ['initContainers', 'containers'].flatMap((list) => objectsIn(template[list]))
    .flatMap(([container]) => objectsIn(container.volumeMounts)).map(([{ name }]) => name);
  const { volumes, ...rest } = template;
  const kept = objectsIn(volumes).map(([volume]) => volume)
    .filter((volume) => !elsewhere.includes(volume) || mounted.includes(volume.name));
  return { ...rest, ...(kept.length > 0 && { volumes: kept }) };
}
