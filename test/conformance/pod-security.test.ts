// Kubernetes' Pod Security Standards, as its own admission reads them: the level that the report gives a pod, and what `podSecurity` makes of one.
import * as fc from 'fast-check';
import { PodSecurity } from '../../src';
import { renderQuickly } from './cases/render';
import { functions, RUN } from './generate';
import { podOf } from './judges/dapr';
import { securityJudge, type SecurityJudge } from './judges/security';
import { levelOf, securityBreaches } from '../../src/private/kubernetes/pod-security';

let judge: SecurityJudge;
beforeAll(async () => { judge = await securityJudge(); });
afterAll(() => judge.close());

async function levelByKubernetes(spec: object): Promise<string> {
  const { baseline, restricted } = await judge.ask(spec);
  return restricted ? 'restricted' : baseline ? 'baseline' : 'privileged';
}

/** One field of each kind that the standards look at, with values on both sides; a pod takes a few of them. */
const often = <T>(good: T, ...others: T[]) => fc.oneof({ weight: 6, arbitrary: fc.constant(good) }, { weight: 1, arbitrary: fc.constantFrom(...others) });
const profile = often<object | undefined>({ type: 'RuntimeDefault' }, undefined, { type: 'Unconfined' }, { type: 'Localhost', localhostProfile: 'a' });
const selinux = often<object | undefined>(undefined, { type: 'container_t' }, { type: 'spc_t' }, { level: 's0' }, { user: 'system_u' }, { role: 'x' });
const contexts = fc.record({
  privileged: often<boolean | undefined>(undefined, false, true),
  allowPrivilegeEscalation: often<boolean | undefined>(false, undefined, true),
  runAsNonRoot: often<boolean | undefined>(true, undefined, false),
  runAsUser: often<number | undefined>(undefined, 0, 1000),
  capabilities: often<object | undefined>({ drop: ['ALL'] }, undefined, { drop: ['ALL'], add: ['NET_BIND_SERVICE'] }, { drop: ['ALL'], add: ['CHOWN'] }, { add: ['SYS_ADMIN'] }, { drop: ['KILL'] }),
  seccompProfile: profile,
  seLinuxOptions: selinux,
  appArmorProfile: often<object | undefined>(undefined, { type: 'RuntimeDefault' }, { type: 'Unconfined' }),
  procMount: often<string | undefined>(undefined, 'Default', 'Unmasked'),
  windowsOptions: often<object | undefined>(undefined, { hostProcess: true }, { hostProcess: false }),
});
const hooks = often<object | undefined>(undefined, { httpGet: { port: 1 } }, { httpGet: { port: 1, host: 'a' } }, { tcpSocket: { port: 1, host: 'a' } }, { exec: { command: ['a'] } });
const containers = fc.record({
  name: fc.constant('a'),
  image: fc.constant('a'),
  securityContext: often<object | undefined>(undefined, {}).chain((none) => (none === undefined ? contexts : fc.constant(none))),
  ports: often<object[] | undefined>(undefined, [{ containerPort: 1, hostPort: 1 }], [{ containerPort: 1, hostPort: 0 }]),
  livenessProbe: hooks,
  lifecycle: hooks.map((preStop) => preStop && { preStop }),
});
const pods = fc.record({
  containers: fc.array(containers, { minLength: 1, maxLength: 2 }),
  initContainers: often<boolean>(false, true).chain((some) => (some ? fc.array(containers, { minLength: 1, maxLength: 1 }) : fc.constant(undefined))),
  os: often<object | undefined>(undefined, { name: 'linux' }, { name: 'windows' }),
  hostNetwork: often<boolean | undefined>(undefined, false, true),
  hostPID: often<boolean | undefined>(undefined, true),
  hostIPC: often<boolean | undefined>(undefined, true),
  volumes: often<object[] | undefined>(undefined, [{ name: 'v', emptyDir: {} }], [{ name: 'v', hostPath: { path: '/' } }], [{ name: 'v', nfs: { server: 'a', path: '/' } }], [{ name: 'v', csi: { driver: 'a' } }]),
  securityContext: often<object | undefined>(undefined, {}).chain((none) => (none === undefined ? fc.record({
    runAsNonRoot: often<boolean | undefined>(undefined, true, false),
    runAsUser: often<number | undefined>(undefined, 0, 1000),
    seccompProfile: profile,
    seLinuxOptions: selinux,
    sysctls: often<object[] | undefined>(undefined, [{ name: 'net.ipv4.tcp_syncookies', value: '1' }], [{ name: 'kernel.msgmax', value: '1' }]),
  }) : fc.constant(none))),
});

test('2000 generated pods have the level that Kubernetes gives them, each level often', async () => {
  const seen = { privileged: 0, baseline: 0, restricted: 0 };
  await fc.assert(fc.asyncProperty(pods, async (pod) => {
    const spec = JSON.parse(JSON.stringify(pod)) as typeof pod & { [field: string]: never };
    const level = levelOf(securityBreaches(spec));
    seen[level]++;
    expect({ spec, level }).toEqual({ spec, level: await levelByKubernetes(spec) });
  }), { numRuns: 2000, seed: RUN.seed });
  expect(Math.min(...Object.values(seen))).toBeGreaterThan(50);
});

test(`${RUN.numRuns} generated functions under podSecurity restricted are refused, or all their pods pass (seed ${RUN.seed})`, async () => {
  let judged = 0;
  await fc.assert(fc.asyncProperty(functions, async ({ manifest, platform }) => {
    let objects;
    try {
      ({ objects } = renderQuickly(manifest, { ...platform, podSecurity: PodSecurity.RESTRICTED }));
    } catch (error) {
      expect(String(error)).toContain('the pod security level "restricted" does not allow');
      return;
    }
    for (const pod of objects.map(podOf)) {
      if (pod === undefined) continue;
      judged++;
      expect((await judge.ask(pod.spec)).why).toBe('');
    }
  }), RUN);
  expect(judged).toBeGreaterThan(RUN.numRuns);
});
