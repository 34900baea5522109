/** Counters, gauges and histograms in Prometheus' text format. Labels come from closed sets, so they are bounded. */
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
    const buckets = this.counts.map((more, at) => {
      total += more;
      return `${name}_bucket{${labels},le="${BUCKETS[at] ?? '+Inf'}"} ${total}`;
    });
    return [...buckets, `${name}_sum{${labels}} ${this.sum}`, `${name}_count{${labels}} ${total}`];
  }
}

interface Family {
  readonly labels: string;
  readonly outcomes: Map<Outcome, number>;
  readonly waits: Histogram;
  functions?: Histogram;
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
  /** Of the event before, whose kind and component are often those of the next one. */
  private latest: Family | undefined;
  private latestKind: Kind | undefined;
  private latestComponent = '';

  /** Components that are not among `components` are labelled `other`: their names are the caller's choice. */
  public constructor(
    private readonly version: string, components: readonly string[], private readonly gauges: readonly Gauge[],
  ) {
    this.components = new Set(components);
  }

  public done(kind: Kind, component: string, outcome: Outcome, waitedMs: number, functionMs: number | undefined): void {
    const same = kind === this.latestKind && component === this.latestComponent;
    const family = same ? this.latest! : this.latest = this.family(kind, component);
    this.latestKind = kind;
    this.latestComponent = component;
    const { labels, outcomes, waits } = family;
    outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1);
    waits.observe(waitedMs);
    if (functionMs !== undefined) (family.functions ??= histogram(this.functions, labels)).observe(functionMs);
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
      ...histograms('dapr_proxy_wait_seconds', 'Time an event waited for a pod.', this.waits),
      ...histograms('dapr_proxy_function_seconds', 'Time the function took to answer.', this.functions),
      ...counters('dapr_proxy_retries_total', 'Attempts that were repeated.', this.retries),
      ...counters('dapr_proxy_joined_total', 'Events answered together with an identical one.', this.joins),
      ...this.gauges.flatMap(({ name, help, read }) => section(name, 'gauge', help, [`${name} ${read()}`])),
      '',
    ].join('\n');
  }

  private family(kind: Kind, component: string): Family {
    const nameless = kind === 'job' || kind === 'invoke' || component === '';
    const known = this.components.has(component) ? component : nameless ? '' : 'other';
    const key = `${kind} ${known}`;
    let family = this.families.get(key);
    if (family === undefined) {
      const kindOnly = `kind="${kind}"`;
      const labels = `${kindOnly},component="${escapeLabel(known)}"`;
      family = { labels, outcomes: new Map(), waits: histogram(this.waits, kindOnly) };
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

function histograms(name: string, help: string, of: ReadonlyMap<string, Histogram>): string[] {
  return section(name, 'histogram', help, [...of].flatMap(([labels, one]) => one.lines(name, labels)));
}

function counters(name: string, help: string, of: ReadonlyMap<string, number>): string[] {
  return section(name, 'counter', help, [...of].map(([labels, value]) => `${name}{${labels}} ${value}`));
}

function escapeLabel(value: string): string {
  return value.replace(/\\/g, '\\\\').replace(/"/g, '\\"').replace(/\n/g, '\\n');
}
