// One change to a Function manifest of either version.
import type { Change } from './case';
import { given, type Manifest } from '../generate/words';

interface FunctionManifest extends Manifest {
  readonly apiVersion: string;
  readonly metadata: Manifest & { readonly annotations?: Manifest };
  readonly spec: Manifest & { readonly serving?: Manifest };
}

export function changeManifest(manifest: Manifest, change: Change): Manifest {
  const fn = manifest as unknown as FunctionManifest;
  const serving = fn.spec.serving ?? {};
  const withServing = (fields: Manifest): Manifest => ({ ...fn, spec: { ...fn.spec, serving: { ...serving, ...fields } } });
  switch (change) {
    case 'image': return { ...fn, spec: { ...fn.spec, image: 'example.com/changed:v2' } };
    case 'version': return { ...fn, spec: { ...fn.spec, version: 'v9.9.9' } };
    case 'label': return withServing({ labels: { ...serving.labels as Manifest, changed: 'yes' } });
    case 'scale bound': return withServing({ scaleOptions: higher((serving.scaleOptions ?? {}) as Manifest) });
    case 'input': return withServing(fn.apiVersion.endsWith('/v1beta1') ? { inputs: [...list(serving.inputs), ADDED_V1BETA1] } : { triggers: withInput((serving.triggers ?? {}) as Manifest) });
    case 'Dapr mode': return withServing({ annotations: otherMode((serving.annotations ?? {}) as Manifest) });
  }
}

const ADDED_V1BETA1: Manifest = { name: 'added', component: 'added', topic: 'added' };

function list(value: unknown): Manifest[] {
  return (value ?? []) as Manifest[];
}

function higher(options: Manifest): Manifest {
  return { ...options, maxReplicas: Number(options.maxReplicas ?? 10) + 1 };
}

/** Another event for an async function, another state for an HTTP one. */
function withInput(triggers: Manifest): Manifest {
  if (triggers.dapr) return { ...triggers, dapr: [...list(triggers.dapr), { name: 'added', type: 'pubsub.redis', topic: 'added' }] };
  return given({ ...triggers, inputs: [...list(triggers.inputs), { dapr: { name: 'added', type: 'state.redis' } }] });
}

const ENABLE = 'openfunction.io/enable-dapr';
const MODE = 'openfunction.io/dapr-service-mode';

function otherMode(annotations: Manifest): Manifest {
  return { ...annotations, [ENABLE]: 'true', [MODE]: annotations[MODE] === 'sidecar' ? 'standalone' : 'sidecar' };
}
