// Dapr's sidecar.
import { goBinary } from './go-binary';
import { VERSIONS } from './versions';

export const DAPR_VERSION = VERSIONS.dapr;

/** Path of `daprd`, with all stable components and the binding that watches Kubernetes. */
export function daprd(): Promise<string> {
  return goBinary('daprd', {
    title: `daprd ${DAPR_VERSION} (about 4 min cold)`,
    // Without the tag a daprd has no component at all.
    tags: ['stablecomponents'],
    variables: { 'github.com/dapr/dapr/pkg/buildinfo.version': DAPR_VERSION },
  });
}
