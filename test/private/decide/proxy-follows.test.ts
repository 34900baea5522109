// The proxy has the identity and the place of the function's pods, unless its settings say otherwise (docs/spec M98a).
import * as kplus from 'cdk8s-plus-28';
import { DaprProxyProps, FunctionOutput, OpenFunctionAppProps, ProxyDiscovery } from '../../../src';
import { readPlatform } from '../../../src/cli/platform';
import { existing } from '../../support/existing-component';
import { asyncFunction } from '../../support/functions';
import { newChart, one, problemsOf, proxyTemplate, synthManifest, synthProps } from '../../support/synth';

const account = (name: string) => kplus.ServiceAccount.fromServiceAccountName(newChart().chart, 'account', name);
const TOLERATION = { key: 'spot', operator: 'Exists', effect: 'NoSchedule' };
const PLACE = { nodeSelector: { pool: 'spot' }, tolerations: [TOLERATION], priorityClassName: 'high' };
const OUTPUTS = { outputs: [FunctionOutput.toBinding(existing('mail', 'bindings.smtp'))] };

function followed(props: Partial<OpenFunctionAppProps>, settings: DaprProxyProps = {}): object {
  const { objects } = synthProps({ name: 'fn', image: 'i', ...OUTPUTS, ...props }, { settings: { proxy: settings } });
  const { serviceAccountName, nodeSelector, tolerations, priorityClassName } = proxyTemplate(objects, 'fn').spec;
  return JSON.parse(JSON.stringify({ serviceAccountName, nodeSelector, tolerations, priorityClassName })) as object;
}

test('the proxy runs as the ServiceAccount of the function, and where its pods run', () => {
  expect(followed({ serviceAccount: account('billing'), pod: PLACE })).toEqual({ serviceAccountName: 'billing', ...PLACE });
  expect(followed({})).toEqual({});
});

test('a manifest says so by its template', () => {
  const { objects } = synthManifest(asyncFunction({ template: { ...PLACE, serviceAccountName: 'billing', hostNetwork: true } }));
  expect(proxyTemplate(objects, 'fn').spec).toMatchObject({ ...PLACE, serviceAccountName: 'billing' });
  expect(proxyTemplate(objects, 'fn').spec).not.toHaveProperty('hostNetwork');
});

test('settings of the proxy win, field by field, and can take a selector or tolerations away', () => {
  const pod = { ...PLACE, serviceAccountName: 'billing' };
  expect(followed({ pod }, { serviceAccount: account('broker'), nodeSelector: { pool: 'core' } }))
    .toEqual({ ...PLACE, serviceAccountName: 'broker', nodeSelector: { pool: 'core' } });
  expect(followed({ pod, proxy: { nodeSelector: {}, tolerations: [], priorityClassName: 'low' } }, { nodeSelector: { pool: 'core' } }))
    .toEqual({ serviceAccountName: 'billing', nodeSelector: {}, tolerations: [], priorityClassName: 'low' });
});

test('the account that it follows may watch EndpointSlices, and none is made', () => {
  const { objects } = synthManifest(asyncFunction({ template: { serviceAccountName: 'billing' } }), { proxy: { discovery: ProxyDiscovery.ENDPOINT_SLICES } });
  expect(objects.filter(({ kind }) => kind === 'ServiceAccount')).toEqual([]);
  expect(one(objects, 'RoleBinding').subjects).toEqual([{ kind: 'ServiceAccount', name: 'billing', namespace: 'ns' }]);
});

test('what Kubernetes does not know is an error, in props and in YAML', () => {
  const wrong = { nodeSelector: { pool: 3 as unknown as string }, tolerations: [{ ...TOLERATION, efect: 'x' }] };
  const problems = [
    'proxy.nodeSelector.pool: must be a string, got 3; quote it: "3"',
    'proxy.tolerations[0].efect: unknown field; did you mean "effect"?',
  ];
  expect(problemsOf(() => followed({ proxy: wrong }))).toEqual(problems);
  expect(readPlatform({ proxy: { tolerations: wrong.tolerations } }).problems).toEqual([
    { severity: 'error', path: ['proxy', 'tolerations', 0, 'efect'], message: 'unknown field; did you mean "effect"?' },
  ]);
});
