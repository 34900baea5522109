// `podSecurity`: what function pods get, what is rejected, what the report says.
import { App, Chart, JsonPatch, Testing } from 'cdk8s';
import { DaprMode, FunctionInput, OpenFunctionApp, PlatformSettings, PodSecurity, type OpenFunctionAppProps } from '../../../src';
import { existing } from '../../support/existing-component';
import { asyncFunction, v1beta2 } from '../../support/functions';
import { problemsOf } from '../../support/problems';
import { problemsOf as problemsIn, quietly, thrownBy } from '../../support/synth';

function functionWith(props: Partial<OpenFunctionAppProps>, platform?: PodSecurity): OpenFunctionApp {
  const chart = new Chart(new App(), 'shop', { namespace: 'shop' });
  if (platform !== undefined) PlatformSettings.of(chart).set({ podSecurity: platform });
  return new OpenFunctionApp(chart, 'fn', { image: 'acme/fn:1', ...props });
}

function asynchronous(props: Partial<OpenFunctionAppProps>, platform?: PodSecurity): OpenFunctionApp {
  const chart = new Chart(new App(), 'shop', { namespace: 'shop' });
  if (platform !== undefined) PlatformSettings.of(chart).set({ podSecurity: platform });
  const events = existing('events', 'pubsub.redis');
  return new OpenFunctionApp(chart, 'fn', { image: 'acme/fn:1', inputs: [FunctionInput.fromTopic(events, 'placed')], ...props });
}

interface PodSpec { readonly [field: string]: unknown; readonly containers: readonly { readonly securityContext?: object }[] }
const templateOf = (fn: OpenFunctionApp) => (fn.workload.toJson() as { spec: { template: { metadata: { annotations: object }; spec: PodSpec } } }).spec.template;
function securityOf(fn: OpenFunctionApp): object {
  const { automountServiceAccountToken, securityContext, containers } = templateOf(fn).spec;
  return { automountServiceAccountToken, securityContext, containers: containers.map((container) => container.securityContext) };
}

const SHARED = { runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } };
const CONTAINER = { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } };

test('a restricted Knative Service has all of it in its containers, where Knative takes it without a feature flag', () => {
  const fn = functionWith({ http: {}, podSecurity: PodSecurity.RESTRICTED });
  expect(securityOf(fn)).toEqual({ automountServiceAccountToken: false, securityContext: undefined, containers: [{ ...SHARED, ...CONTAINER }] });
  expect(fn.report.knativeFeatures).toEqual([]);
});

test('other restricted pods have it as a whole where a pod can, so that sidecars have it too', () => {
  const expected = { automountServiceAccountToken: false, securityContext: SHARED, containers: [CONTAINER] };
  expect(securityOf(asynchronous({ podSecurity: PodSecurity.RESTRICTED }))).toEqual(expected);
  expect(securityOf(asynchronous({}, PodSecurity.RESTRICTED))).toEqual(expected);
});

test('beside a sidecar the token stays, and the sidecar gets its seccomp profile', () => {
  const fn = asynchronous({ dapr: DaprMode.SIDECAR, podSecurity: PodSecurity.RESTRICTED });
  expect(securityOf(fn)).toEqual({ automountServiceAccountToken: undefined, securityContext: SHARED, containers: [CONTAINER] });
  expect(templateOf(fn).metadata.annotations).toMatchObject({ 'dapr.io/sidecar-seccomp-profile-type': 'RuntimeDefault' });
  expect(fn.report.prerequisites).toContain(
    'sidecarDropALLCapabilities: true of dapr_sidecar_injector in Dapr\'s Helm chart, where a namespace enforces the restricted pod security level');
});

test('what the function says itself wins, field by field; a service account that is asked for keeps its token', () => {
  const pod = {
    serviceAccountName: 'billing',
    securityContext: { runAsUser: 1000 },
    initContainers: [{ name: 'warm', image: 'acme/warm:1' }],
    containers: [{ name: 'function', securityContext: { readOnlyRootFilesystem: true, capabilities: { add: ['NET_BIND_SERVICE'] } } }],
  };
  const fn = asynchronous({ pod, podSecurity: PodSecurity.RESTRICTED });
  expect(securityOf(fn)).toEqual({
    automountServiceAccountToken: undefined,
    securityContext: { ...SHARED, runAsUser: 1000 },
    containers: [{ ...CONTAINER, readOnlyRootFilesystem: true, capabilities: { drop: ['ALL'], add: ['NET_BIND_SERVICE'] } }],
  });
  expect(templateOf(fn).spec.initContainers).toMatchObject([{ name: 'warm', securityContext: CONTAINER }]);
});

test('the nearest of option, annotation and platform decides', () => {
  const annotations = { 'openfunction.io/pod-security': 'privileged' };
  const unchanged = { automountServiceAccountToken: undefined, securityContext: undefined, containers: [undefined] };
  expect(securityOf(asynchronous({ annotations }, PodSecurity.RESTRICTED))).toEqual(unchanged);
  expect(securityOf(asynchronous({ annotations, podSecurity: PodSecurity.RESTRICTED }))).not.toEqual(unchanged);
  expect(securityOf(asynchronous({}, PodSecurity.BASELINE))).toEqual(unchanged);
});

describe('rejected', () => {
  const template = {
    hostNetwork: true,
    volumes: [{ name: 'disk', hostPath: { path: '/' } }, { name: 'share', nfs: { server: 'a', path: '/' } }],
    containers: [{ name: 'function', securityContext: { privileged: true, runAsUser: 0, capabilities: { add: ['SYS_ADMIN'] } } }],
  };
  const manifest = (level: string) => asyncFunction({ template, annotations: { 'openfunction.io/pod-security': level } });
  const T = 'serving.template';
  const baseline = (level: string) => [
    `${T}.containers[0].securityContext.capabilities.add[0]: SYS_ADMIN may not be added, which the pod security level "${level}" does not allow`,
    `${T}.containers[0].securityContext.privileged: has all rights on the node, which the pod security level "${level}" does not allow`,
    `${T}.hostNetwork: shares a namespace of the node, which the pod security level "${level}" does not allow`,
    `${T}.volumes[0].hostPath: mounts a folder of the node, which the pod security level "${level}" does not allow`,
  ];

  const reject = (level: string) => thrownBy(() => OpenFunctionApp.fromManifest(new Chart(Testing.app(), 'c'), 'fn', manifest(level)));

  test('baseline rejects what it does not allow', () => {
    expect(reject('baseline')).toBe(['c/fn: 4 problems', ...baseline('baseline')].join('\n  '));
  });

  test('restricted rejects more', () => {
    expect(reject('restricted')).toBe([
      'c/fn: 6 problems',
      ...baseline('restricted').slice(0, 2),
      `${T}.containers[0].securityContext.runAsUser: 0 is root, which the pod security level "restricted" does not allow`,
      ...baseline('restricted').slice(2),
      `${T}.volumes[1].nfs: is a type of volume that is not allowed, which the pod security level "restricted" does not allow`,
    ].join('\n  '));
  });

  test('a level that is none', () => {
    expect(problemsOf(v1beta2({ annotations: { 'openfunction.io/pod-security': 'Restricted' } }))).toEqual([
      'serving.annotations["openfunction.io/pod-security"]: "Restricted" is not one of "privileged", "baseline", "restricted"; did you mean "restricted"?',
    ]);
    const wrong = 'strict' as PodSecurity;
    expect(thrownBy(() => functionWith({ podSecurity: wrong }))).toContain('podSecurity: "strict" is not one of "privileged", "baseline", "restricted"');
    expect(thrownBy(() => functionWith({}, wrong))).toContain('podSecurity: "strict" is not one of "privileged", "baseline", "restricted"');
  });

  test('by the platform alone: only when the app is synthesized, since a nearer setting may still mend it', () => {
    const fn = asynchronous({ pod: { hostPID: true } }, PodSecurity.RESTRICTED);
    expect(problemsIn(() => fn)).toEqual(['pod.hostPID: shares a namespace of the node, which the pod security level "restricted" does not allow']);
    PlatformSettings.of(fn).set({ podSecurity: PodSecurity.PRIVILEGED });
    quietly(() => Testing.synth(Chart.of(fn)));
  });
});

describe('the report', () => {
  test('says which level pods pass, and why no higher one', () => {
    const fn = asynchronous({});
    expect(fn.report.podSecurity).toEqual([
      {
        role: 'workload',
        level: 'baseline',
        breaches: [
          'containers[0].securityContext.runAsNonRoot: is not true',
          'containers[0].securityContext.capabilities.drop: does not drop ALL',
          'containers[0].securityContext.allowPrivilegeEscalation: is not false',
          'containers[0].securityContext.seccompProfile: is neither RuntimeDefault nor Localhost',
        ],
      },
      { role: 'proxy', level: 'restricted', breaches: [] },
    ]);
  });

  test('sees what users have patched', () => {
    const fn = asynchronous({ podSecurity: PodSecurity.RESTRICTED });
    fn.workload.addJsonPatch(JsonPatch.add('/spec/template/spec/hostNetwork', true));
    expect(fn.report.podSecurity[0]).toEqual({ role: 'workload', level: 'privileged', breaches: ['hostNetwork: shares a namespace of the node'] });
  });
});
