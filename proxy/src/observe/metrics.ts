/** Counters, gauges and histograms in Prometheus' text format. Labels come from closed sets, so their number is bounded. */
import { Kind, Outcome } from './outcome';
import { Cause } from '../wire/failures';

export interface EventMetrics {
  done(kind: Kind, component: string, outcome: Outcome, waitedMs: number, functionMs: number | undefined): void;
  retried(cause: Cause): void;
  joined(kind: Kind): void;
}

/** Seconds. */
const BUCKETS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120];

class Histogram {
  private readonly counts = new Array<number>(BUCKETS.length + 1).fill(0);
  private sum = 0;

  public observe(ms: number): void {
    const seconds = ms / 1000;
    this.sum += seconds;
    let at = 0;
    while (at < BUCKETS.length && seconds > BUCKETS[at]!) at++;
    this.counts[at]!++;
  }

  public lines(name: string, labels: string): string[] {
    let total = 0;
    const buckets = this.counts.map((more, at) => `${name}_bucket{${labels},le="${BUCKETS[at] ?? '+Inf'}"} ${total += more}`);
    return [...buckets, `${name}_sum{${labels}} ${this.sum}`, `${name}_count{${labels}} ${total}`];
  }
}

interface Family {
  readonly labels: string;
  readonly kindOnly: string;
  readonly outcomes: Map<Outcome, number>;
}

export interface Gauge {
  readonly name: string;
  readonly help: string;
  read(): number;
}

export class Metrics implements EventMetrics {
  private readonly families = new Map<string, Family>();
  private readonly waits = new Map<string, Histogram>();
  private readonly functions = new Map<string, Histogram>();
  private readonly retries = new Map<string, number>();
  private readonly joins = new Map<string, number>();
  private readonly components: ReadonlySet<string>;

  /** Components that are not among `components` are labelled `other`: their names are the caller's choice. */
  public constructor(private readonly version: string, components: readonly string[], private readonly gauges: readonly Gauge[]) {
    this.components = new Set(components);
  }

  public done(kind: Kind, component: string, outcome: Outcome, waitedMs: number, functionMs: number | undefined): void {
    const { labels, kindOnly, outcomes } = this.family(kind, component);
    outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
    histogram(this.waits, kindOnly).observe(waitedMs);
    if (functionMs !== undefined) histogram(this.functions, labels).observe(functionMs);
  }

  public retried(cause: Cause): void {
    count(this.retries, `cause="${cause}"`);
  }

  public joined(kind: Kind): void {
    count(this.joins, `kind="${kind}"`);
  }

  public text(): string {
    const events = [...this.families.values()].flatMap(({ labels, outcomes }) =>
      [...outcomes].map(([outcome, value]) => `dapr_proxy_events_total{${labels},outcome="${outcome}"} ${value}`));
    return [
      ...section('dapr_proxy_info', 'gauge', 'The running version.', [`dapr_proxy_info{version="${this.version}"} 1`]),
      ...section('dapr_proxy_events_total', 'counter', 'Events that ended, by outcome.', events),
      ...section('dapr_proxy_wait_seconds', 'histogram', 'Time an event waited for a pod.', linesOf('dapr_proxy_wait_seconds', this.waits)),
      ...section('dapr_proxy_function_seconds', 'histogram', 'Time the function took to answer.', linesOf('dapr_proxy_function_seconds', this.functions)),
      ...section('dapr_proxy_retries_total', 'counter', 'Attempts that were repeated.', countLines('dapr_proxy_retries_total', this.retries)),
      ...section('dapr_proxy_joined_total', 'counter', 'Events answered together with an identical one.', countLines('dapr_proxy_joined_total', this.joins)),
      ...this.gauges.flatMap(({ name, help, read }) => section(name, 'gauge', help, [`${name} ${read()}`])),
      '',
    ].join('\n');
  }

  private family(kind: Kind, component: string): Family {
    const known = this.components.has(component) ? component : kind === 'job' || kind === 'invoke' || component === '' ? '' : 'other';
    const key = `${kind} ${known}`;
    let family = this.families.get(key);
    if (family === undefined) {
      family = { labels: `kind="${kind}",component="${escapeLabel(known)}"`, kindOnly: `kind="${kind}"`, outcomes: new Map() };
      this.families.set(key, family);
    }
    return family;
  }
}

function histogram(of: Map<string, Histogram>, labels: string): Histogram {
  let found = of.get(labels);
  if (found === undefined) of.set(labels, found = new Histogram());
  return found;
}

function count(of: Map<string, number>, labels: string): void {
  of.set(labels, (of.get(labels) ?? 0) + 1);
}

function section(name: string, type: string, help: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : [`# HELP ${name} ${help}`, `# TYPE ${name} ${type}`, ...lines];
}

function linesOf(name: string, of: ReadonlyMap<string, Histogram>): string[] {
  return [...of].flatMap(([labels, one]) => one.lines(name, labels));
}

function countLines(name: string, of: ReadonlyMap<string, number>): string[] {
  return [...of].map(([labels, value]) => `${name}{${labels}} ${value}`);
}

function escapeLabel(value: string): string {
  return value.replace(/\\/g, '\\\\').replace(/"/g, '\\"').replace(/\n/g, '\\n');
}
