/** The figures as Markdown, which is also the page `docs/reference/proxy-benchmark.md`. */
import { CallerName, Sample } from './load';

export interface Cell {
  readonly caller: CallerName;
  readonly payload: number;
  readonly inFlight: number;
  readonly target: string;
  readonly sample: Sample;
}

const size = (bytes: number) => (bytes % 1024 === 0 ? `${bytes / 1024} KB` : `${bytes} B`);
const micros = (value: number) => (value < 10_000 ? `${(value / 1000).toFixed(2)} ms` : `${(value / 1000).toFixed(1)} ms`);
const optional = (value: number | undefined, unit: string, digits = 0) => (value === undefined ? '–' : `${value.toFixed(digits)} ${unit}`);

export const table = (head: readonly string[], rows: readonly (readonly string[])[]) => [
  `| ${head.join(' | ')} |`, `|${head.map((_, index) => (index < 1 ? '---' : '---:')).join('|')}|`, ...rows.map((row) => `| ${row.join(' | ')} |`),
].join('\n');

export function cellsTable(cells: readonly Cell[]): string {
  return table(['caller', 'way', 'event', 'in flight', 'events/s', 'p50', 'p99', 'CPU per event', 'resident'], cells.map(({ caller, payload, inFlight, target, sample }) => [
    caller, target, size(payload), String(inFlight), sample.perSecond.toFixed(0), micros(sample.p50Micros), micros(sample.p99Micros),
    optional(sample.cpuMicrosPerEvent, 'µs'), optional(sample.residentMiB, 'MiB'),
  ]));
}

/** This proxy against each other way: how many times its throughput, and how much of its p50. */
export function ratiosTable(cells: readonly Cell[]): string {
  const key = (cell: Cell) => `${cell.caller}/${cell.payload}/${cell.inFlight}`;
  const own = new Map(cells.filter(({ target }) => target === 'this proxy').map((cell) => [key(cell), cell.sample]));
  const rows = cells.filter(({ target }) => target !== 'this proxy').flatMap((cell) => {
    const mine = own.get(key(cell));
    return mine === undefined ? [] : [[
      cell.caller, `this proxy : ${cell.target}`, size(cell.payload), String(cell.inFlight),
      (mine.perSecond / cell.sample.perSecond).toFixed(2), (mine.p50Micros / cell.sample.p50Micros).toFixed(2), cpuRatio(mine, cell.sample),
    ]];
  });
  return table(['caller', 'ratio', 'event', 'in flight', 'throughput', 'p50', 'CPU per event'], rows);
}

function cpuRatio(mine: Sample, other: Sample): string {
  const [own, its] = [mine.cpuMicrosPerEvent, other.cpuMicrosPerEvent];
  return own === undefined || its === undefined ? '–' : (own / its).toFixed(2);
}

export const introduction = (machine: string, command: string) => `# The speed of the proxy

Measured in one run on one machine, each way in turns, with

\`\`\`sh
${command}
\`\`\`

on ${machine}.
The caller has one connection and a fixed number of events in flight, as daprd keeps one connection to its app: h2load
sends the same headers each time; grpc-go, which daprd is built on, a fresh \`traceparent\`, a \`grpc-timeout\` and one more
fresh header in each call. The function is a Go gRPC server that answers at once. Caller, proxy and function share the
machine's cores. HAProxy and nghttpx are Debian's, with one thread each and a minimal configuration.
*grpc-js pass-through* is the obvious way to write such a proxy: a \`@grpc/grpc-js\` server that hands each call to a
\`@grpc/grpc-js\` client. \`--peer go-sdk\` adds what OpenFunction's own dapr-proxy is built of, Dapr's Go SDK and a grpc-go
client; \`--peer 'CMD'\` adds any other proxy. Absolute figures depend on the machine and
on what else runs on it; the ratios depend less. Every event of every row was answered, and reached the function once.`;

/** Not measured in the same run: the profile behind the figures. */
export const PROFILE = `## Where the CPU goes

Samples of \`perf\` in the proxy on Node 24, with 32 events in flight on a busy machine; no function of the program has
more than 3 %.

| | 1 KB, grpc-go | 64 KB, h2load |
|---|---:|---:|
| the kernel: sockets, waking up | 41 % | 45 % |
| the program itself, compiled | 23 % | 10 % |
| V8 on its behalf: strings, maps, typed arrays, calls | 21 % | 16 % |
| garbage collection | 2 % | 5 % |
| compilation | 2 % | 7 % |
| copies and allocation in libc | 3 % | 9 % |
| Node.js, libuv and the rest | 10 % | 7 % |

All sockets are read into one buffer, large bodies are copied out of it once and leave from where they are then, and
their memory is used again once they have left: V8 looked through its whole heap whenever 64 MB of buffers had gathered,
which was a third of the CPU at 64 KB. grpc-go measures its bandwidth with a ping at each message, one at a time: an
answer ten milliseconds later spares both sides most of them. A proxy that has just started needs a third of a second
more for its first thousand events, while V8 compiles it. What was tried and not kept: writing at the end of each read
instead of the end of the turn (CPU and latency the same), reads of 128 and 256 KiB (the same), and collections of young
objects alone every 16 MB (V8 looked through all of it just the same).`;
