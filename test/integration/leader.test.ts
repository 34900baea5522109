/** Three replicas of the proxy, each with a sidecar that has all events of a binding, and a real API server with their Lease. */
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort, KubeObject, RunningApiServer, startApiServer, stopAll, waitFor } from '../testbed';
import { Proxy } from './support/proxy';
import { Sidecar } from './support/sidecar';
import { Protocol, World } from './support/world';

afterAll(stopAll);

const NAME = 'orders-dapr-proxy';
const CLOCK = 'every-two-seconds';
const PERIOD_MS = 2_000;
const LEASE: KubeObject = { apiVersion: 'coordination.k8s.io/v1', kind: 'Lease', metadata: { name: NAME, namespace: 'test' } };
const RBAC = 'rbac.authorization.k8s.io';
/** As the library emits them. */
const ACCESS: KubeObject[] = [
  { apiVersion: 'v1', kind: 'ServiceAccount', metadata: LEASE.metadata },
  LEASE,
  {
    apiVersion: `${RBAC}/v1`,
    kind: 'Role',
    metadata: LEASE.metadata,
    rules: [{ apiGroups: ['coordination.k8s.io'], resources: ['leases'], resourceNames: [NAME], verbs: ['get', 'patch'] }],
  },
  {
    apiVersion: `${RBAC}/v1`,
    kind: 'RoleBinding',
    metadata: LEASE.metadata,
    roleRef: { apiGroup: RBAC, kind: 'Role', name: NAME },
    subjects: [{ kind: 'ServiceAccount', name: NAME, namespace: 'test' }],
  },
];

interface Replica { readonly podName: string; readonly proxy: Proxy; readonly sidecar: Sidecar }

let server: RunningApiServer;
let tokenFile: string;
let world: World;

beforeAll(async () => {
  server = await startApiServer({ crds: [], rbac: true });
  await server.client.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'test' } });
  for (const each of ACCESS) expect((await server.client.apply(each)).body.message).toBeUndefined();
  const { body } = await server.client.send('POST', `/api/v1/namespaces/test/serviceaccounts/${NAME}/token`, {
    apiVersion: 'authentication.k8s.io/v1', kind: 'TokenRequest', spec: {},
  });
  tokenFile = join(mkdtempSync(join(tmpdir(), 'token-')), 'token');
  writeFileSync(tokenFile, (body.status as { token: string }).token);
}, 600_000);
afterAll(() => server.stop());
afterEach(() => world.stop());

const holder = async () => ((await server.client.get(LEASE)).body.spec as { holderIdentity?: string } | undefined)?.holderIdentity;

async function startReplica(podName: string, shared: Record<string, string>): Promise<Replica> {
  const { protocol } = world.options;
  const listenPort = await freePort();
  const { hostname, port } = new URL(server.baseUrl);
  const proxy = await world.startProxy({
    listenPort,
    podName,
    env: { KUBERNETES_SERVICE_HOST: hostname, KUBERNETES_SERVICE_PORT: port },
    settings: {
      ...shared, LEASE: NAME, LEASE_DURATION: '6s', TOKEN_FILE: tokenFile, CA_FILE: server.certificate.certFile, DRAIN_TIMEOUT: '5s',
    },
  });
  const sidecar = await world.startSidecar({ app: { protocol, port: listenPort, address: '127.0.0.1' } });
  await sidecar.ready();
  return { podName, proxy, sidecar };
}

const startThree = async (shared: Record<string, string>) => [await startReplica('a', shared), await startReplica('b', shared), await startReplica('c', shared)];

/** The one that leads, if it is one of these. */
async function leaderOf(replicas: readonly Replica[]): Promise<Replica | undefined> {
  const name = await holder();
  return replicas.find(({ podName }) => podName === name);
}

function kill({ proxy, sidecar }: Replica): void {
  proxy.process.signal('SIGKILL');
  sidecar.process.signal('SIGKILL');
}

/** The ticks that the function was given, by the time that their sidecars give: some arrive late, and together. */
function ticks(): number[] {
  const events = world.ledger.lines().filter(({ via, step }) => via === 'binding' && step === 'in');
  return events.map(({ headers }) => tickOf(headers!.readtimeutc!)).sort((one, other) => one - other);
}

/** Its number since the epoch. Go writes `2026-01-31 23:59:58.000123 +0000 UTC`; some clocks fire a moment too early. */
function tickOf(readTime: string): number {
  const [day, time] = readTime.split(' ');
  const at = Date.parse(`${day}T${time}Z`);
  if (Number.isNaN(at)) throw new Error(`no time: ${readTime}`);
  return Math.floor((at + 100) / PERIOD_MS);
}

const repeated = (numbers: readonly number[]) => numbers.filter((number, index) => number === numbers[index - 1]);
const missing = (numbers: readonly number[]) => Array.from({ length: numbers.at(-1)! - numbers[0]! }, (_, index) => numbers[0]! + index)
  .filter((number) => !numbers.includes(number));

async function end({ proxy, sidecar }: Replica): Promise<void> {
  await Promise.all([proxy.stop(), sidecar.stop()]);
}

describe.each<Protocol>(['grpc', 'http'])('three replicas with a cron binding over %s', (protocol) => {
  it('fire each tick once, also when the leader is killed, and when the next one is replaced', async () => {
    world = await World.create({
      via: 'proxy', protocol, bindings: [CLOCK], components: [{ name: CLOCK, type: 'bindings.cron', metadata: { schedule: '*/2 * * * * *' } }],
    });
    await world.startPod();
    const replicas = await startThree({ SHARED_BINDINGS: CLOCK });
    // The first ticks may come late and together: until it is certain who leads they wait.
    const first = await waitFor(() => ticks().at(-1), { what: 'a tick', timeoutMs: 60_000 });
    const since = () => ticks().filter((tick) => tick >= first);
    await waitFor(() => since().length >= 4 && missing(since()).length === 0, { what: 'four ticks without a gap', timeoutMs: 60_000 });
    expect(repeated(ticks())).toEqual([]);

    // A Lease that the test before left behind may make any of them the first.
    const leader = await waitFor(() => leaderOf(replicas), { what: 'a leader' });
    const killed = Math.floor(Date.now() / PERIOD_MS);
    kill(leader);
    const others = replicas.filter((replica) => replica !== leader);
    const second = await waitFor(() => leaderOf(others), { what: 'another leader' });
    await startReplica('d', { SHARED_BINDINGS: CLOCK });
    await end(second);
    await waitFor(async () => !['', second.podName].includes(await holder() ?? ''), { what: 'a third leader' });
    const reached = ticks().length;
    await waitFor(() => ticks().length >= reached + 3, { what: 'three more ticks', timeoutMs: 60_000 });

    // Those that waited for a leader included. Only the one at the moment of death can be lost, or come twice.
    const odd = [...repeated(ticks()), ...missing(since())];
    expect(odd.filter((tick) => Math.abs(tick - killed) > 1)).toEqual([]);
    expect(odd.length).toBeLessThanOrEqual(1);
  });
});

describe.each<Protocol>(['grpc', 'http'])('three replicas with a binding that watches Kubernetes over %s', (protocol) => {
  const namespace = `watched-${protocol}`;
  const WATCH = 'watch';
  /** Name of each event that was made, with the moment. */
  const made = new Map<string, number>();

  async function make(count: number, everyMs: number, meanwhile: Readonly<Record<number, () => void>> = {}): Promise<string[]> {
    const names: string[] = [];
    for (let at = 0; at < count; at++) {
      const name = `event-${made.size}`;
      const { status } = await server.client.send('POST', `/api/v1/namespaces/${namespace}/events`, {
        metadata: { name }, involvedObject: { kind: 'Namespace', name: namespace, namespace }, reason: 'Test', type: 'Normal',
      });
      expect(status).toBe(201);
      made.set(name, Date.now());
      names.push(name);
      meanwhile[at]?.();
      await new Promise((resolve) => setTimeout(resolve, everyMs));
    }
    return names;
  }

  const timesOf = (names: readonly string[]) => {
    const received = world.ledger.received();
    return names.map((name) => received.get(name) ?? 0);
  };
  const arrived = (names: readonly string[]) => waitFor(() => !timesOf(names).includes(0), { what: 'all events', timeoutMs: 60_000 });

  it('pass on each event once; none is lost with a killed leader, and only its last ones come twice; none comes twice when the next one is replaced', async () => {
    await server.client.apply({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } });
    world = await World.create({
      via: 'proxy', protocol, bindings: [WATCH],
      components: [{ name: WATCH, type: 'bindings.kubernetes', metadata: { namespace, kubeconfigPath: server.kubeconfig, resyncPeriod: '24h' } }],
    });
    await world.startPod();
    const replicas = await startThree({ SHARED_STREAMS: WATCH });
    // The Lease may still be that of the test before.
    const leader = await waitFor(() => leaderOf(replicas), { what: 'a leader' });
    const quiet = await make(30, 20);
    await arrived(quiet);
    expect(timesOf(quiet)).toEqual(quiet.map(() => 1));

    let killedAt = 0;
    const busy = await make(120, 40, { 50: () => { kill(leader); killedAt = Date.now(); } });
    await arrived(busy);
    const others = replicas.filter((replica) => replica !== leader);
    const second = await waitFor(() => leaderOf(others), { what: 'another leader' });
    const twice = busy.filter((_, index) => timesOf(busy)[index]! > 1);
    expect(twice.filter((name) => made.get(name)! < killedAt - 3_000 || made.get(name)! > killedAt)).toEqual([]);

    const ended: Promise<void>[] = [];
    const last = await make(80, 40, { 30: () => ended.push(end(second)) });
    await Promise.all(ended);
    await arrived(last);
    expect(timesOf(last)).toEqual(last.map(() => 1));
    process.stdout.write(`over ${protocol}, of ${made.size} events of Kubernetes ${twice.length} came twice, made up to 3 s before the leader was killed\n`);
  });
});
