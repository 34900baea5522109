/** The figures as Markdown, which is also the page `docs/reference/proxy-benchmark.md`. */
import { Sample } from './load';

export interface Cell {
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
  return table(['way', 'event', 'in flight', 'events/s', 'p50', 'p99', 'CPU per event', 'resident'], cells.map(({ payload, inFlight, target, sample }) => [
    target, size(payload), String(inFlight), sample.perSecond.toFixed(0), micros(sample.p50Micros), micros(sample.p99Micros),
    optional(sample.cpuMicrosPerEvent, 'µs'), optional(sample.residentMiB, 'MiB'),
  ]));
}

/** This proxy against each other way: how many times its throughput, and how much of its p50. */
export function ratiosTable(cells: readonly Cell[]): string {
  const key = (cell: Cell) => `${cell.payload}/${cell.inFlight}`;
  const own = new Map(cells.filter(({ target }) => target === 'this proxy').map((cell) => [key(cell), cell.sample]));
  const rows = cells.filter(({ target }) => target !== 'this proxy').flatMap((cell) => {
    const mine = own.get(key(cell));
    return mine === undefined ? [] : [[
      `this proxy : ${cell.target}`, size(cell.payload), String(cell.inFlight),
      (mine.perSecond / cell.sample.perSecond).toFixed(2), (mine.p50Micros / cell.sample.p50Micros).toFixed(2),
    ]];
  });
  return table(['ratio', 'event', 'in flight', 'throughput', 'p50'], rows);
}

export const introduction = (machine: string, command: string) => `# The speed of the proxy

Measured in one run on one machine, each way in turns, with

\`\`\`sh
${command}
\`\`\`

on ${machine}.
The caller is h2load with one connection and a fixed number of events in flight, as daprd keeps one connection to its app; the function is a Go gRPC server that answers at once. Caller, proxy and function share the machine's cores.
*grpc-js pass-through* is the obvious way to write such a proxy: a \`@grpc/grpc-js\` server that hands each call to a
\`@grpc/grpc-js\` client. \`--peer 'CMD'\` adds any other proxy as a further row. Absolute figures depend on the machine and
on what else runs on it; the ratios depend less. Every event of every row was answered, and reached the function once.`;
