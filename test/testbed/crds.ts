// CustomResourceDefinitions of the releases that a function's objects belong to, read from their Go modules.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import { goModuleDir } from './go-binary';
import type { KubeClient, KubeObject } from './kube-client';
import { step } from './progress';
import { VERSIONS } from './versions';
import { waitFor } from './wait';

export interface CrdSource {
  readonly module: string;
  readonly version: string;
  readonly folder: string;
}

type Releases = Readonly<Record<'knative' | 'dapr' | 'keda' | 'kedaHttpAddOn' | 'gatewayApi', string>>;

/** The definitions of these releases. */
export const crdSources = ({ knative, dapr, keda, kedaHttpAddOn, gatewayApi }: Releases): readonly CrdSource[] => [
  { module: 'knative.dev/serving', version: `v${knative}`, folder: 'config/core/300-resources' },
  { module: 'github.com/dapr/dapr', version: `v${dapr}`, folder: 'charts/dapr/crds' },
  { module: 'github.com/kedacore/keda/v2', version: `v${keda}`, folder: 'config/crd/bases' },
  { module: 'github.com/kedacore/http-add-on', version: `v${kedaHttpAddOn}`, folder: 'config/crd/bases' },
  // The standard channel: what a cluster has unless its owner asks for experiments.
  { module: 'sigs.k8s.io/gateway-api', version: `v${gatewayApi}`, folder: 'config/crd/standard' },
];

export const CRD_SOURCES: readonly CrdSource[] = crdSources(VERSIONS);

export async function readCrds(source: CrdSource): Promise<KubeObject[]> {
  const folder = join(await goModuleDir(source.module, source.version), source.folder);
  return readdirSync(folder)
    .filter((file) => file.endsWith('.yaml'))
    .flatMap((file) => parseAllDocuments(readFileSync(join(folder, file), 'utf8')).map((document) => document.toJS() as KubeObject | null))
    .filter((object): object is KubeObject => object?.kind === 'CustomResourceDefinition');
}

/** Applies the definitions and waits until the API server serves them. */
export async function installCrds(client: KubeClient, sources: readonly CrdSource[]): Promise<void> {
  const crds = (await Promise.all(sources.map(readCrds))).flat();
  await step(`applying ${crds.length} CRDs`, async () => {
    await Promise.all(crds.map(async (crd) => {
      const { status, body } = await client.apply(crd, 'testbed');
      if (status >= 300) throw new Error(`${crd.metadata.name}: ${body.message}`);
    }));
    await Promise.all(crds.map((crd) => waitFor(() => isEstablished(client, crd), { what: `${crd.metadata.name} established`, timeoutMs: 120_000 })));
  });
}

async function isEstablished(client: KubeClient, crd: KubeObject): Promise<boolean> {
  const { body } = await client.get(crd);
  const { conditions = [] } = (body.status ?? {}) as { conditions?: { type: string; status: string }[] };
  return conditions.some(({ type, status }) => type === 'Established' && status === 'True');
}
