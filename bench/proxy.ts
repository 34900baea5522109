/**
 * `npm run bench:proxy`: this proxy against the direct way, a grpc-js pass-through and, if given, another proxy, all in
 * one run on one machine, measurement by measurement in turns. Prints Markdown.
 */
import { writeFileSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';
import { endToEnd, EndToEndSample, WARM_UP_EVENTS } from './proxy/end-to-end';
import { CallerName, CALLERS, goCaller, load, medianSample, Sample } from './proxy/load';
import { BenchOptions, readOptions, USAGE } from './proxy/options';
import { Cell, cellsTable, introduction, PROFILE, ratiosTable, table } from './proxy/report';
import { BenchFunction, payloadFile, startFunction, startProxyTarget, startTargets, Target } from './proxy/targets';
import { bundleProxy } from '../test/integration/support/artifacts';
import { topicEventRequest } from '../test/integration/support/messages';
import { residentMiB } from '../test/integration/support/process-stats';
import { daprd, ensurePackages, imageNode, imageNodeVersion, note, step, stopAll } from '../test/testbed';

const CALIBRATION_EVENTS = 500;
const E2E_IN_FLIGHT = 32;
const E2E_BYTES = 1024;
/** A function that answers at once makes the way to it the bottleneck; one with some work is what functions are. */
const E2E_DELAYS_MS = [0, 5, 20];

interface Memory { readonly fresh: number; readonly used: number }

async function throughput(options: BenchOptions): Promise<{ cells: Cell[]; memory?: Memory }> {
  const fn = await startFunction();
  const targets = await startTargets(fn, options);
  const cells: Cell[] = [];
  const small = payloadFile(1024, topicEventRequest({ id: 'bench', component: 'bench', topic: 'events', data: Buffer.alloc(1024, 'x') }));
  for (const target of targets) {
    await step(`warming up: ${target.name}`, async () => {
      // Alone, since equal events that wait for the first connection are joined, and all of h2load's are equal.
      await load(target, fn, small, 1, 1);
      await load(target, fn, small, 32, WARM_UP_EVENTS);
    });
  }
  for (const payload of options.payloads) {
    const file = payloadFile(payload, topicEventRequest({ id: 'bench', component: 'bench', topic: 'events', data: Buffer.alloc(payload, 'x') }));
    for (const caller of callersFor(payload)) {
      for (const inFlight of options.inFlight) cells.push(...await measure({ caller, fn, file, inFlight, options, payload, targets }));
    }
  }
  if (options.million === 0) return { cells };
  const after = async (target: Target) => {
    await step(`${options.million} events for the memory`, () => load(target, fn, small, 32, options.million));
    return residentMiB(target.process!.pid);
  };
  const fresh = await startProxyTarget(fn, options);
  await load(fresh, fn, small, 1, 1);
  return { cells, memory: { fresh: await after(fresh), used: await after(targets.find(({ name }) => name === 'this proxy')!) } };
}

/** Headers matter where events are small. */
const callersFor = (payload: number): readonly CallerName[] => (payload <= 4096 ? CALLERS : ['h2load']);

interface Measurement {
  readonly caller: CallerName;
  readonly fn: BenchFunction;
  readonly file: string;
  readonly inFlight: number;
  readonly options: BenchOptions;
  readonly payload: number;
  readonly targets: readonly Target[];
}

async function measure({ caller, fn, file, inFlight, options, payload, targets }: Measurement): Promise<Cell[]> {
  note(`${caller}, ${payload} bytes, ${inFlight} in flight`);
  const samples = new Map<string, Sample[]>(targets.map(({ name }) => [name, []]));
  for (let round = 0; round < options.rounds; round++) {
    for (const target of targets) {
      // The rate of the first calls sizes the measurement.
      const { perSecond } = await load(target, fn, file, inFlight, CALIBRATION_EVENTS, caller);
      const events = Math.max(CALIBRATION_EVENTS, Math.round(perSecond * options.seconds));
      samples.get(target.name)!.push(await load(target, fn, file, inFlight, events, caller));
    }
  }
  return [...samples].map(([target, all]) => ({ caller, payload, inFlight, target, sample: medianSample(all) }));
}

async function throughSidecar(options: BenchOptions): Promise<string> {
  const rows = [];
  for (const delayMs of E2E_DELAYS_MS) rows.push(...await emptied(options, delayMs));
  return table(['Redis → daprd → …', 'the function takes', 'events/s', 'of direct', 'CPU of the proxy per event'], rows);
}

async function emptied(options: BenchOptions, delayMs: number): Promise<string[][]> {
  const samples = { direct: [] as EndToEndSample[], proxy: [] as EndToEndSample[] };
  const run = { events: options.endToEnd, bytes: E2E_BYTES, concurrency: E2E_IN_FLIGHT, delayMs, imageNode: options.imageNode };
  for (let round = 0; round < options.endToEndRounds; round++) {
    // The order turns, so that neither way always runs on the warmer machine.
    for (const via of round % 2 === 0 ? ['direct', 'proxy'] as const : ['proxy', 'direct'] as const) {
      samples[via].push(await step(`end to end, ${via}, ${delayMs} ms, round ${round + 1}`, () => endToEnd({ ...run, via })));
    }
  }
  const median = (values: readonly number[]) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]!;
  const direct = median(samples.direct.map(({ perSecond }) => perSecond));
  const proxy = median(samples.proxy.map(({ perSecond }) => perSecond));
  const cpu = median(samples.proxy.map(({ proxyCpuMicrosPerEvent }) => proxyCpuMicrosPerEvent ?? 0));
  const takes = delayMs === 0 ? 'no time' : `${delayMs} ms`;
  return [
    ['function', takes, direct.toFixed(0), '100 %', '–'],
    ['this proxy → function', takes, proxy.toFixed(0), `${(proxy / direct * 100).toFixed(0)} %`, `${cpu.toFixed(0)} µs`],
  ];
}

async function main(): Promise<void> {
  const args = process.argv.slice(2);
  if (args.includes('--help')) return void process.stdout.write(`${USAGE}\n`);
  const options = readOptions(args);
  await ensurePackages({ h2load: 'nghttp2-client', haproxy: 'haproxy', nghttpx: 'nghttp2-proxy' });
  await goCaller();
  await bundleProxy();
  if (options.imageNode) await imageNode();
  const node = options.imageNode ? `${imageNodeVersion()}, that of the default image,` : process.versions.node;
  const machine = `Node ${node} and ${cpus().length} cores (${cpus()[0]?.model.trim()}), load average ${loadavg()[0]!.toFixed(1)} when it began`;
  const parts = [introduction(machine, ['npm run bench:proxy', ...args.length > 0 ? ['--', ...args] : []].join(' '))];
  const { cells, memory } = await throughput(options);
  await stopAll();
  parts.push('## Caller → function, one connection', cellsTable(cells), '## Ratios', ratiosTable(cells));
  if (memory !== undefined) {
    parts.push(`Resident memory of this proxy after ${options.million.toLocaleString('en')} events of 1 KB: ${memory.fresh.toFixed(0)} MiB; `
      + `after as many behind the rows above: ${memory.used.toFixed(0)} MiB.`);
  }
  if (options.endToEnd > 0) {
    await daprd();
    parts.push(`## End to end: ${options.endToEnd.toLocaleString('en')} events of ${E2E_BYTES} bytes, ${E2E_IN_FLIGHT} at once, behind ${WARM_UP_EVENTS.toLocaleString('en')} that warm it up`, await throughSidecar(options));
  }
  parts.push(PROFILE);
  const markdown = `${parts.join('\n\n')}\n`;
  process.stdout.write(markdown);
  if (options.output !== undefined) writeFileSync(options.output, markdown);
}

main().then(stopAll, async (error: unknown) => {
  await stopAll();
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n${USAGE}\n`);
  process.exit(1);
});
