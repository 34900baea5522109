/**
 * The replicas of the proxy report their sum to KEDA: each asks the others for their load every second, and tells them
 * to ask again when it turns idle or active. Only addresses that the headless Service names are asked.
 */
import { get } from 'node:http';
import { isObject } from '../config/func-context';
import { Counts, sum } from '../delivery/pending';
import { Clock } from '../observe/clock';
import { Logger, messageOf } from '../observe/log';
import { Lookup } from '../pods/resolver';

export interface PeersSettings {
  readonly host: string;
  /** The admin port, the same for all replicas. */
  readonly port: number;
  /** Tells this process from the others, since the Service names it too. */
  readonly id: string;
  readonly lookup: Lookup;
  readonly clock: Clock;
  readonly log: Logger;
  /** The sum may have changed. */
  readonly changed: () => void;
}

const EXCHANGE_MS = 1000;
const FORGET_MS = 5000;
/** For all of an answer: one that comes byte by byte would hold up the next round. */
const ANSWER_MS = 2000;
/** Several changes in a row are one question. */
const AGAIN_AFTER_MS = 20;
const MAX_ANSWER_BYTES = 4096;

interface Heard {
  readonly counts: Counts;
  readonly at: number;
}

export class Peers {
  private readonly heard = new Map<string, Heard>();
  private addresses: readonly string[] = [];
  private timer: NodeJS.Timeout | undefined;
  private soon: NodeJS.Timeout | undefined;
  private stopped = false;
  private failing = false;

  public constructor(private readonly settings: PeersSettings) {}

  public start(): void {
    void this.round();
  }

  public stop(): void {
    this.stopped = true;
    this.settings.clock.clearTimeout(this.timer);
    this.settings.clock.clearTimeout(this.soon);
  }

  /** Load of the others, without those that were silent for five seconds. */
  public total(): Counts {
    const now = this.settings.clock.now();
    for (const [address, { at }] of this.heard) if (now - at > FORGET_MS) this.heard.delete(address);
    return sum([...this.heard.values()].map(({ counts }) => counts));
  }

  /** A peer said that it has changed. */
  public askSoon(): void {
    this.soon ??= this.settings.clock.setTimeout(() => {
      this.soon = undefined;
      void this.askAll();
    }, AGAIN_AFTER_MS);
  }

  /** This process has turned idle or active. */
  public announceChange(): void {
    for (const address of this.addresses) this.fetch(address, '/peers/changed').catch(() => undefined);
  }

  private async round(): Promise<void> {
    const { clock, host, log, lookup } = this.settings;
    try {
      this.addresses = (await lookup(host)).map(({ address }) => address);
      this.failing = false;
    } catch (error) {
      if (!this.failing) log.warn('peers not resolved', { host, why: messageOf(error) });
      this.failing = true;
    }
    await this.askAll();
    if (!this.stopped) this.timer = clock.setTimeout(() => void this.round(), EXCHANGE_MS);
  }

  private async askAll(): Promise<void> {
    await Promise.all(this.addresses.map(async (address) => {
      const counts = await this.ask(address).catch(() => undefined);
      if (counts !== undefined) this.heard.set(address, { counts, at: this.settings.clock.now() });
    }));
    if (!this.stopped) this.settings.changed();
  }

  /** Undefined for this process itself and for answers of another kind. */
  private async ask(address: string): Promise<Counts | undefined> {
    const answer: unknown = JSON.parse(await this.fetch(address, '/peers/own'));
    if (!isObject(answer) || answer.id === this.settings.id) return undefined;
    const { waiting, inFlight, stranded } = answer;
    if (!isCount(waiting) || !isCount(inFlight)) return undefined;
    return { waiting, inFlight, stranded: stranded === true };
  }

  private fetch(host: string, path: string): Promise<string> {
    return new Promise((resolve, reject) => {
      const { port } = this.settings;
      const signal = AbortSignal.timeout(ANSWER_MS);
      const request = get({ host, path, port, agent: false, signal }, (response) => {
        let text = '';
        response.setEncoding('utf8').on('data', (chunk: string) => {
          text += chunk;
          if (text.length > MAX_ANSWER_BYTES) request.destroy(new Error('answer too long'));
        });
        response.on('end', () => resolve(text)).on('error', reject);
      });
      request.on('error', reject);
    });
  }
}

function isCount(value: unknown): value is number {
  return Number.isInteger(value) && Number(value) >= 0;
}
