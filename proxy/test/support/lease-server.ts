/** One Lease of an API server that keeps versions as Kubernetes does. */
import { KubernetesCall } from '../../src/pods/kubernetes';

export const LEASE_PATH = '/apis/coordination.k8s.io/v1/namespaces/ns/leases/fn-dapr-proxy';

export class ApiServer {
  public down = false;
  public calls = 0;
  public object: Record<string, Record<string, unknown>> = { metadata: { resourceVersion: '1' } };
  private version = 1;

  public readonly call: KubernetesCall = async (path, patch) => {
    this.calls++;
    if (this.down) throw new Error('no connection');
    expect(path).toBe(LEASE_PATH);
    return this.answer(patch as typeof this.object | undefined);
  };

  public get holder(): unknown {
    return this.object.spec?.holderIdentity;
  }

  private answer(patch: typeof this.object | undefined) {
    const conflict = patch !== undefined && patch.metadata?.resourceVersion !== String(this.version);
    if (patch !== undefined && !conflict) {
      const metadata = { ...this.object.metadata, ...patch.metadata, resourceVersion: String(++this.version) };
      this.object = { metadata, spec: { ...this.object.spec, ...patch.spec } };
    }
    const text = JSON.stringify(this.object);
    return { status: conflict ? 409 : 200, text: (async function* () { yield text; })(), destroy: () => undefined };
  }
}
