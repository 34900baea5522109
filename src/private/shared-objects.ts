/** Objects that several functions share: the proxy's bundle, and ReferenceGrants. One per chart, made on first need. */
import { ApiObject, Chart } from 'cdk8s';
import type { Construct } from 'constructs';
import type { Manifest } from './build/manifest';
import type { Bundle } from './bundle';
import { MANAGED_LABEL, PROXY_VERSION_LABEL } from './model/constants';

/** One per chart and namespace. Immutable, since its name changes with its contents. */
export function addBundle(scope: Construct, namespace: string, { model, text }: Bundle): ApiObject {
  const { configMapName: name, fileName, version } = model;
  return addOnce(scope, `${name}-${namespace}`, {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name, namespace, labels: { [MANAGED_LABEL]: 'true', [PROXY_VERSION_LABEL]: version } },
    immutable: true,
    data: { [fileName]: text },
  });
}

/** Once per pair of namespaces and Service. */
export function addGrant(scope: Construct, grant: Manifest): void {
  addOnce(scope, `grant-${grant.metadata.namespace}-${grant.metadata.name}`, grant);
}

function addOnce(scope: Construct, id: string, manifest: Manifest): ApiObject {
  const chart = Chart.of(scope);
  return (chart.node.tryFindChild(id) as ApiObject | undefined) ?? new ApiObject(chart, id, manifest);
}
