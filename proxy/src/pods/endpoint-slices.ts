/** Finds the pods by watching the EndpointSlices of the function's Service: an event leaves as soon as one is ready. */
import { Address } from './channel';
import { KubernetesAnswer, KubernetesCall } from './kubernetes';
import { Source } from './resolver';
import { isObject } from '../config/func-context';
import { Clock } from '../observe/clock';
import { Logger, messageOf } from '../observe/log';

export interface SlicesSettings {
  readonly service: string;
  readonly namespace: string;
  readonly port: number;
  readonly get: KubernetesCall;
  readonly clock: Clock;
  readonly log: Logger;
  readonly found: (addresses: readonly Address[]) => void;
}

const FIRST_RETRY_MS = 100;
const MAX_RETRY_MS = 5000;
/** The API server ends a watch after that; it is opened again. */
const WATCH_SECONDS = 300;
const GONE = 410;
/** Watches that end sooner, one after the other, are opened again with pauses like those after failures. */
const SHORT_WATCH_MS = 1000;

type Slice = Record<string, unknown>;

export class EndpointSlices implements Source {
  private readonly slices = new Map<string, Slice>();
  private version = '';
  private timer: NodeJS.Timeout | undefined;
  private current: KubernetesAnswer | undefined;
  private failures = 0;
  private shortWatches = 0;
  private stopped = false;
  private present: string | undefined;

  public constructor(private readonly settings: SlicesSettings) {}

  public start(): void {
    void this.follow();
  }

  public refresh(): void {
    // The watch reports each change at once.
  }

  public stop(): void {
    this.stopped = true;
    this.settings.clock.clearTimeout(this.timer);
    this.current?.destroy();
  }

  /** Lists, then watches from there; begins again whatever ends it. */
  private async follow(): Promise<void> {
    const { clock, log } = this.settings;
    try {
      if (this.version === '') await this.list();
      const since = clock.now();
      if (!this.stopped) await this.watch();
      this.shortWatches = clock.now() - since < SHORT_WATCH_MS ? this.shortWatches + 1 : 0;
    } catch (error) {
      if (this.stopped) return;
      const message = 'watch of endpoint slices failed, keeping the known pods';
      if (++this.failures === 1) log.warn(message, { why: messageOf(error) });
      this.version = '';
    }
    if (this.stopped) return;
    const inVain = Math.max(this.failures, this.shortWatches - 1);
    const pause = inVain <= 0 ? 0 : Math.min(MAX_RETRY_MS, FIRST_RETRY_MS * 2 ** (inVain - 1));
    this.timer = clock.setTimeout(() => void this.follow(), pause);
  }

  private path(query: string): string {
    const { namespace, service } = this.settings;
    const selector = encodeURIComponent(`kubernetes.io/service-name=${service}`);
    const base = `/apis/discovery.k8s.io/v1/namespaces/${encodeURIComponent(namespace)}/endpointslices`;
    return `${base}?labelSelector=${selector}${query}`;
  }

  private async list(): Promise<void> {
    const answer = await this.open('');
    let text = '';
    for await (const piece of answer.text) text += piece;
    const body: unknown = JSON.parse(text);
    if (!isObject(body) || !Array.isArray(body.items)) throw new Error('the list has no items');
    this.slices.clear();
    body.items.filter(isObject).forEach((slice) => this.slices.set(nameOf(slice), slice));
    this.version = versionOf(body);
    this.report();
  }

  private async watch(): Promise<void> {
    const query = `&watch=1&allowWatchBookmarks=true&timeoutSeconds=${WATCH_SECONDS}&resourceVersion=${this.version}`;
    const answer = await this.open(query);
    let rest = '';
    for await (const piece of answer.text) {
      const lines = (rest + piece).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) if (line !== '' && !this.take(line)) return answer.destroy();
    }
  }

  private async open(query: string): Promise<KubernetesAnswer> {
    const answer = await this.settings.get(this.path(query));
    this.current = answer;
    if (this.stopped) answer.destroy();
    if (answer.status === 200) return answer;
    answer.destroy();
    throw new Error(`the Kubernetes API answered ${answer.status}`);
  }

  /** Handles one line of the watch; false if the list must be fetched again. */
  private take(line: string): boolean {
    const event: unknown = JSON.parse(line);
    if (!isObject(event) || !isObject(event.object)) throw new Error('a line of the watch is not an event');
    const { type, object } = event;
    if (type === 'ERROR') {
      this.version = '';
      if (object.code === GONE) return false;
      throw new Error(typeof object.message === 'string' ? object.message : 'the watch failed');
    }
    this.failures = 0;
    this.shortWatches = 0;
    this.version = versionOf(object) || this.version;
    if (type === 'ADDED' || type === 'MODIFIED') this.slices.set(nameOf(object), object);
    else if (type === 'DELETED') this.slices.delete(nameOf(object));
    if (type !== 'BOOKMARK') this.report();
    return true;
  }

  private report(): void {
    const { found, log, port, service } = this.settings;
    const all = [...this.slices.values()];
    const family = all.some(({ addressType }) => addressType === 'IPv4') ? 'IPv4' : 'IPv6';
    const hosts = [...new Set(all.filter(({ addressType }) => addressType === family).flatMap(readyAddresses))];
    const now = [...hosts].sort().join(' ');
    if (now === this.present) return;
    this.present = now;
    log.info('pods changed', { service, pods: now });
    found(hosts.map((host) => ({ host, port })));
  }
}

function metadataOf(object: Slice): Record<string, unknown> {
  return isObject(object.metadata) ? object.metadata : {};
}

function nameOf(slice: Slice): string {
  return String(metadataOf(slice).name ?? '');
}

function versionOf(object: Slice): string {
  const { resourceVersion } = metadataOf(object);
  return typeof resourceVersion === 'string' ? resourceVersion : '';
}

/** Unknown readiness means ready, as the API documents it. */
function readyAddresses({ endpoints }: Slice): string[] {
  if (!Array.isArray(endpoints)) return [];
  return endpoints.filter(isObject).flatMap(({ addresses, conditions }) => {
    const ready = !isObject(conditions) || conditions.ready !== false;
    return ready && Array.isArray(addresses) ? addresses.filter((one): one is string => typeof one === 'string') : [];
  });
}
