/** All pods of the function: follows the addresses, dials them while events wait, picks one that has room. */
import { choose, leastBusy } from './balancer';
import { Address } from './channel';
import { Pod, PodSettings } from './pod';

export interface PodCounts {
  readonly known: number;
  readonly healthy: number;
  readonly ejected: number;
}

export class PodSet {
  private pods: Pod[] = [];
  /** Ways to the function through the ClusterIP Service, used while no pod is known by its own address. */
  private fallbacks: Pod[] = [];
  private timer: NodeJS.Timeout | undefined;
  private cached: Pod[] | undefined;
  private readonly settings: PodSettings;

  public constructor(settings: PodSettings) {
    const changed = () => {
      this.cached = undefined;
      // A repeat must not go through a connection that may lead to the pod that has just died.
      if (this.pods.some((pod) => pod.ready)) this.fallbacks.forEach((pod) => pod.disconnect());
      settings.changed();
    };
    this.settings = { ...settings, changed };
  }

  public setAddresses(addresses: readonly Address[]): void {
    this.pods = this.follow(this.pods, addresses);
    this.settings.changed();
  }

  public setFallback(addresses: readonly Address[]): void {
    const shared = addresses.map((address) => ({ ...address, shared: 'service' as const }));
    this.fallbacks = this.follow(this.fallbacks, shared);
    this.settings.changed();
  }

  public pick(avoid?: Pod): Pod | undefined {
    return choose(this.ready(), this.settings.clock.now(), this.settings.random, avoid);
  }

  /** Keeps a pod free for one event, and returns it once no other event is there. */
  public pickAlone(event: object, avoid?: Pod): Pod | undefined {
    const kept = this.ready().find(({ reservedFor }) => reservedFor === event);
    if (kept !== undefined) return kept.inFlight === 0 ? kept : undefined;
    this.unreserve(event);
    const unreserved = this.ready().filter(({ reservedFor }) => reservedFor === undefined);
    const pod = leastBusy(unreserved, this.settings.clock.now(), avoid);
    // A gateway spreads its calls as it likes.
    if (pod === undefined || pod.address.shared === 'gateway') return pod;
    pod.reservedFor = event;
    return pod.inFlight === 0 ? pod : undefined;
  }

  public unreserve(event: object): void {
    for (const pod of [...this.pods, ...this.fallbacks]) if (pod.reservedFor === event) pod.reservedFor = undefined;
  }

  /** Dials what may be dialled; called whenever an event could use another pod. */
  public wake(eventsWait: boolean): void {
    const now = this.settings.clock.now();
    const noneReady = !this.pods.some((pod) => pod.ready);
    const wanted = noneReady ? [...this.pods, ...this.fallbacks] : this.pods;
    let next = Infinity;
    for (const pod of wanted) {
      // A connected pod that is left out takes events again when its time is over, which nothing else tells.
      if (pod.channel !== undefined && pod.ejectedUntil > now) next = Math.min(next, pod.ejectedUntil);
      if (pod.channel !== undefined || pod.dialling) continue;
      // Never the last one: an ejected pod is dialled again soon when no other is there.
      const at = noneReady ? pod.retryAt : Math.max(pod.retryAt, pod.ejectedUntil);
      if (at <= now) pod.dial();
      else next = Math.min(next, at);
    }
    if (eventsWait && next < Infinity) this.wakeAt(next - now);
  }

  /** Some known pod is not in use yet and could be dialled. */
  public get incomplete(): boolean {
    return this.pods.length > 0 && (this.ready().length < this.pods.length || !this.pods.includes(this.ready()[0]!));
  }

  /** No pod is known by an address of its own. */
  public get empty(): boolean {
    return this.pods.length === 0;
  }

  public get anyReady(): boolean {
    return this.ready().length > 0;
  }

  public counts(): PodCounts {
    const now = this.settings.clock.now();
    const ejected = this.pods.filter((pod) => pod.ejectedUntil > now).length;
    const healthy = this.pods.filter((pod) => pod.ready && pod.ejectedUntil <= now).length;
    return { known: this.pods.length, healthy, ejected };
  }

  public released(pod: Pod): void {
    if (pod.leaving && pod.inFlight === 0) pod.disconnect();
  }

  public close(): void {
    this.settings.clock.clearTimeout(this.timer);
    for (const pod of [...this.pods, ...this.fallbacks]) {
      const channel = pod.channel;
      pod.leaving = true;
      pod.disconnect();
      channel?.destroy();
    }
  }

  private ready(): Pod[] {
    if (this.cached === undefined) {
      const own = this.pods.filter((pod) => pod.ready);
      this.cached = own.length > 0 ? own : this.fallbacks.filter((pod) => pod.ready);
    }
    return this.cached;
  }

  private follow(present: Pod[], addresses: readonly Address[]): Pod[] {
    this.cached = undefined;
    const left = new Map(present.map((pod) => [pod.name, pod]));
    const next = addresses.map((address) => {
      const name = `${address.host}:${address.port}`;
      const pod = left.get(name) ?? new Pod(address, this.settings);
      left.delete(name);
      return pod;
    });
    left.forEach((pod) => pod.leave());
    return next;
  }

  private wakeAt(inMs: number): void {
    const { clock } = this.settings;
    clock.clearTimeout(this.timer);
    this.timer = clock.setTimeout(() => this.settings.changed(), inMs);
  }
}
