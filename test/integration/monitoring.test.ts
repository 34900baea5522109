/** Every alert fires on what the real proxy shows when that happens to it, and on nothing else: judged by promtool. */
import { ChildProcess, spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { App, Chart } from 'cdk8s';
import { stringify } from 'yaml';
import { proxyBundle } from './support/artifacts';
import { answer, Pod, Sidecar, startPod, startSidecar, TOPIC_EVENT } from '../../proxy/test/support/h2';
import { FunctionMonitoring } from '../../src';
import { ALERTS, ruleOf } from '../../src/private/monitoring/alerts';
import { queryOf } from '../../src/private/monitoring/dashboard';
import { METRICS } from '../../src/private/monitoring/metrics';
import { ensurePackages, findCommand, freePort, run, scratchFolder, stopAll, waitFor } from '../testbed';

const CONTEXT = { name: 'orders', version: 'v1', runtime: 'Async', port: '8080', inputs: { topic: { uri: 'placed', componentName: 'events', componentType: 'pubsub.redis' } } };
/** What the Prometheus operator adds to every metric of a pod, and our PodMonitor. */
const TARGET = { namespace: 'shop', function: 'orders', pod: 'orders-dapr-proxy-0' };
/** With `2` as its id, the first field. */
const OTHER_EVENT = Buffer.from([0x0a, 1, 0x32]);
const NO_PODS = { FUNCTION_HOST: 'no.such.name.invalid' };

let promtool: string;
let children: ChildProcess[] = [];
let closers: (() => unknown)[] = [];

beforeAll(async () => {
  await ensurePackages({ promtool: 'prometheus' });
  promtool = (await findCommand('promtool'))!;
});
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
  for (const child of children.splice(0)) child.kill('SIGKILL');
});
afterAll(stopAll);

interface World {
  readonly child: ChildProcess;
  readonly sidecar: Sidecar;
  readonly pod?: Pod;
  scrape(): Promise<Sample[]>;
}

interface Sample { readonly series: string; readonly name: string; readonly counts: boolean; readonly value: number }

/** `host{a="b"} 1` with the labels of the target, and whether it only grows. */
function samplesOf(text: string): Sample[] {
  const types = new Map([...text.matchAll(/^# TYPE (\S+) (\S+)$/gm)].map(([, name, type]) => [name!, type!]));
  return [...text.matchAll(/^(\w+)(?:\{(.*)\})? (\S+)$/gm)].map(([, name, labels, value]) => {
    const all = [...(labels ? [labels] : []), ...Object.entries(TARGET).map(([key, of]) => `${key}="${of}"`)];
    const type = types.get(name!) ?? types.get(name!.replace(/_(bucket|sum|count)$/, ''));
    return { series: `${name}{${all.join(',')}}`, name: name!, counts: type !== 'gauge', value: Number(value) };
  });
}

async function world(settings: Record<string, string>, handle?: Parameters<typeof startPod>[0]): Promise<World> {
  const pod = settings.FUNCTION_HOST === undefined ? await startPod(handle) : undefined;
  const [app, admin] = [await freePort(), await freePort()];
  const variables = { FUNCTION_HOST: '127.0.0.1', FUNCTION_PORT: String(pod?.port ?? 1), LISTEN_PORT: String(app), ADMIN_PORT: String(admin), ADMIN_HOST: '127.0.0.1', RESOLVE_INTERVAL: '20ms', ...settings };
  const env = Object.fromEntries(Object.entries(variables).map(([name, value]) => [`DAPR_PROXY_${name}`, value]));
  const child = spawn(process.execPath, [proxyBundle], { env: { FUNC_CONTEXT: JSON.stringify(CONTEXT), ...env }, stdio: 'ignore' });
  children.push(child);
  const scrape = async () => samplesOf(await (await fetch(`http://127.0.0.1:${admin}/metrics`)).text());
  await waitFor(async () => (await scrape()).length > 0, { what: 'the proxy listening' });
  const sidecar = await startSidecar(app);
  closers = [() => sidecar.close(), () => pod?.close()];
  return { child, sidecar, pod, scrape };
}

const total = (samples: readonly Sample[], name: string): number => samples.filter((sample) => sample.name === name).reduce((sum, { value }) => sum + value, 0);
/** Until the metric is at least so much. */
const until = (scrape: World['scrape'], name: string, least: number) => waitFor(async () => total(await scrape(), name) >= least, { what: `${name} at ${least}` });

/** What goes on for twenty minutes as it went from the first scrape to the second. */
function seriesOf(before: readonly Sample[], after: readonly Sample[]): { series: string; values: string }[] {
  const first = new Map(before.map(({ series, value }) => [series, value]));
  return after.map(({ series, counts, value }) => {
    const from = counts ? first.get(series) ?? 0 : value;
    return { series, values: `${from}+${value - from}x20` };
  });
}

async function judge(series: ReturnType<typeof seriesOf>, firing: readonly string[]): Promise<void> {
  const folder = scratchFolder('alerts');
  writeFileSync(join(folder, 'rules.yaml'), stringify({ groups: [{ name: 'proxies', rules: ALERTS.map(ruleOf) }] }));
  const { namespace, function: name } = TARGET;
  const filled = (text: string) => text.replaceAll('{{ $labels.function }}', name).replaceAll('{{ $labels.namespace }}', namespace);
  const expected = ALERTS.map(({ name: alertname, severity, summary, description }) => ({
    eval_time: '20m',
    alertname,
    exp_alerts: firing.includes(alertname)
      ? [{ exp_labels: { severity, namespace, function: name }, exp_annotations: { summary: filled(summary), description } }] : [],
  }));
  const tests = [{ interval: '1m', input_series: series, alert_rule_test: expected }];
  writeFileSync(join(folder, 'test.yaml'), stringify({ rule_files: ['rules.yaml'], evaluation_interval: '1m', tests }));
  await run(promtool, ['test', 'rules', join(folder, 'test.yaml')]);
}

async function scenario(of: World, act: () => Promise<unknown>, firing: readonly string[]): Promise<void> {
  const before = await of.scrape();
  await act();
  await judge(seriesOf(before, await of.scrape()), firing);
}

const CASES: [when: string, firing: string[], run: () => Promise<[World, () => Promise<unknown>]>][] = [
  ['events wait and no pod is there', ['FunctionEventsWaitWithoutPods'], async () => {
    const it = await world(NO_PODS);
    return [it, () => {
      void it.sidecar.call(TOPIC_EVENT).catch(() => undefined);
      return until(it.scrape, 'dapr_proxy_waiting', 1);
    }];
  }],
  ['more events come than may wait', ['FunctionEventsWaitWithoutPods', 'FunctionEventsRefused'], async () => {
    const it = await world({ ...NO_PODS, MAX_WAITING: '1' });
    return [it, async () => {
      void it.sidecar.call(TOPIC_EVENT).catch(() => undefined);
      await until(it.scrape, 'dapr_proxy_waiting', 1);
      // An equal one would join the first.
      await it.sidecar.call(TOPIC_EVENT, OTHER_EVENT);
    }];
  }],
  ['events wait for longer than they may', ['FunctionEventsUndelivered'], async () => {
    const it = await world({ ...NO_PODS, HOLD_TIMEOUT: '50ms' });
    return [it, () => it.sidecar.call(TOPIC_EVENT)];
  }],
  ['the function answers with errors', ['FunctionErrors'], async () => {
    const it = await world({}, { handle: ({ stream }) => answer(stream, { trailers: { 'grpc-status': '2' } }) });
    return [it, () => it.sidecar.call(TOPIC_EVENT)];
  }],
  ['a pod that worked takes no connection any more', ['FunctionEventsUndelivered', 'FunctionPodsEjected'], async () => {
    const it = await world({ HOLD_TIMEOUT: '100ms' });
    await it.sidecar.call(TOPIC_EVENT);
    return [it, async () => {
      await it.pod!.close();
      await waitFor(async () => {
        await it.sidecar.call(TOPIC_EVENT);
        return total(await it.scrape(), 'dapr_proxy_pods_ejected') > 0;
      }, { what: 'the pod ejected' });
    }];
  }],
  ['the proxy gets no CPU', ['DaprProxyLate'], async () => {
    const it = await world({});
    return [it, async () => {
      for (let turn = 0; turn < 3; turn++) {
        it.child.kill('SIGSTOP');
        await sleep(400);
        it.child.kill('SIGCONT');
        // The delay is measured when the loop goes on.
        await sleep(50);
      }
    }];
  }],
  ['events are answered', [], async () => {
    const it = await world({});
    return [it, () => it.sidecar.call(TOPIC_EVENT)];
  }],
];

test.each(CASES)('when %s, these alerts fire and no other: %j', async (_, firing, prepare) => {
  const [it, act] = await prepare();
  await scenario(it, act, firing);
});

test('each alert is made to fire', () => {
  const fired = new Set(CASES.flatMap(([, firing]) => firing));
  expect([...fired].sort()).toEqual(ALERTS.map(({ name }) => name).sort());
});

test('the rules of the construct and the queries of the dashboard are valid PromQL', async () => {
  const folder = scratchFolder('rules');
  const monitoring = new FunctionMonitoring(new Chart(new App(), 'monitoring'), 'monitoring');
  const { spec } = monitoring.apiObjects.map((object) => object.toJson() as { kind: string; spec: { groups: unknown[] } }).find(({ kind }) => kind === 'PrometheusRule')!;
  const queries = Object.entries(METRICS).map(([name, metric]) => ({ record: `panel:${name}`, expr: queryOf(name, metric).replaceAll('$__rate_interval', '5m') }));
  writeFileSync(join(folder, 'rules.yaml'), stringify({ groups: [...spec.groups, { name: 'panels', rules: queries }] }));
  expect(await run(promtool, ['check', 'rules', join(folder, 'rules.yaml')])).toContain(`SUCCESS: ${ALERTS.length + queries.length} rules found`);
});
