// KEDA's HTTP add-on: its operator, which makes a ScaledObject of each HTTPScaledObject.
import { join } from 'node:path';
import { goBinary } from './go-binary';
import type { RunningApiServer } from './kube-apiserver';
import { freePort, startProcess, type RunningProcess } from './processes';
import { VERSIONS } from './versions';

const operator = (): Promise<string> => goBinary('keda-http-add-on', {
  title: `the operator of KEDA's HTTP add-on ${VERSIONS.kedaHttpAddOn} (about 2 min cold)`,
  folder: join(__dirname, 'go', 'keda-http-add-on'),
  package: 'github.com/kedacore/http-add-on/operator',
});

export async function startHttpAddOn(server: RunningApiServer): Promise<RunningProcess> {
  const health = await freePort();
  const process = await startProcess({
    name: 'keda-http-add-on',
    command: await operator(),
    args: [`--health-probe-bind-address=127.0.0.1:${health}`, '--metrics-bind-address=0'],
    env: {
      KUBECONFIG: server.kubeconfig, KEDA_HTTP_OPERATOR_NAMESPACE: 'keda', KEDA_HTTP_OPERATOR_EXTERNAL_SCALER_SERVICE: 'keda-add-ons-http-external-scaler',
    },
  });
  await process.waitFor(async () => (await fetch(`http://127.0.0.1:${health}/readyz`)).ok, { what: "the HTTP add-on's operator is ready" });
  return process;
}
