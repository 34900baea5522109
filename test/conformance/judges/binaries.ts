// The judges that are Go programs of this suite; each in a module of its own, since their releases pin different Kubernetes clients.
import { join } from 'node:path';
import { goBinary } from '../../testbed/go-binary';
import { OLDEST, VERSIONS } from '../../testbed/versions';

const judge = (name: string, title: string) => (): Promise<string> => goBinary(name, { title, folder: join(__dirname, name) });

export const schemaBinary = judge('schema', 'the printer of Kubernetes types');
export const knativeBinary = judge('knative', `Knative Serving ${VERSIONS.knative} validation (about 1 min cold)`);
export const daprBinary = judge('dapr', `Dapr ${VERSIONS.dapr} sidecar injector (about 1 min cold)`);
export const kedaBinary = judge('keda', `KEDA ${VERSIONS.keda} scalers (about 6 min cold, less after the operator)`);
export const interceptorBinary = judge('interceptor', `the routing table of KEDA's HTTP add-on ${VERSIONS.kedaHttpAddOn} (about 2 min cold)`);
export const httpScaledObjectBinary = judge('http-scaled-object', `the routing table of KEDA's HTTP add-on ${OLDEST.kedaHttpAddOn} (about 2 min cold)`);
export const contextBinary = judge('context', 'the reader of FUNC_CONTEXT');
export const securityBinary = judge('security', 'Kubernetes\' pod security admission');

export const kubeScoreBinary = (): Promise<string> => goBinary('kube-score', {
  title: `kube-score ${VERSIONS.kubeScore} (about 1 min cold)`, package: 'github.com/zegl/kube-score/cmd/kube-score',
});

export const judgeBinaries = [schemaBinary, knativeBinary, daprBinary, kedaBinary, interceptorBinary, httpScaledObjectBinary, contextBinary, securityBinary, kubeScoreBinary];
