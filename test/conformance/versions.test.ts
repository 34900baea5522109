// The modules that are built pin the releases that the suite says it judges against.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { OLDEST, VERSIONS } from './versions';
import { repositoryRoot } from '../testbed';

test.each([
  ['testbed/go/daprd', 'github.com/dapr/dapr', VERSIONS.dapr],
  ['testbed/go/dapr-scheduler', 'github.com/dapr/dapr', VERSIONS.dapr],
  ['testbed/go/kube-apiserver', 'k8s.io/kubernetes', VERSIONS.kubernetes],
  ['testbed/go/keda', 'github.com/kedacore/keda/v2', VERSIONS.keda],
  ['testbed/go/keda-http-add-on', 'github.com/kedacore/http-add-on', VERSIONS.kedaHttpAddOn],
  ['testbed/go/kube-score', 'github.com/zegl/kube-score', VERSIONS.kubeScore],
  ['conformance/judges/keda', 'github.com/kedacore/keda/v2', VERSIONS.keda],
  ['conformance/judges/interceptor', 'github.com/kedacore/http-add-on', VERSIONS.kedaHttpAddOn],
  ['conformance/judges/http-scaled-object', 'github.com/kedacore/http-add-on', OLDEST.kedaHttpAddOn],
  ['conformance/judges/dapr', 'github.com/dapr/dapr', VERSIONS.dapr],
  ['conformance/judges/knative', 'knative.dev/serving', VERSIONS.knative],
  ['conformance/judges/schema', 'sigs.k8s.io/gateway-api', VERSIONS.gatewayApiTypes],
])('%s builds %s %s', (folder, module, version) => {
  const lines = readFileSync(join(repositoryRoot, 'test', folder, 'go.mod'), 'utf8').split('\n').map((line) => line.replace(/^require /, '').trim());
  expect(lines.filter((line) => line.startsWith(`${module} v`)).map((line) => line.split(' ')[1])).toEqual([`v${version}`]);
});
