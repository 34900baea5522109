/** The bundled proxy as a ConfigMap: immutable, since its name changes with its contents. */
import type { Maker } from './manifest';
import { MANAGED_LABEL, PROXY_VERSION_LABEL } from '../kubernetes/constants';

export const bundle: Maker = ({ proxy, namespace }) => {
  if (proxy?.image.kind !== 'inline') return [];
  const { configMapName: name, fileName, version, text } = proxy.image.bundle;
  const manifest = {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: { name, namespace, labels: { [MANAGED_LABEL]: 'true', [PROXY_VERSION_LABEL]: version } },
    immutable: true,
    data: { [fileName]: text },
  };
  return [{ role: 'bundle', id: `${name}-${namespace}`, manifest, sharedBy: 'chart' }];
};
