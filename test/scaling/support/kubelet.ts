/** A stand-in for Deployment controller and kubelet: as many function processes as `spec.replicas` of the Deployment asks for. */
import { setTimeout as sleep } from 'node:timers/promises';
import { newAddress } from './addresses';
import type { Cluster } from './cluster';
import type { DiscoveryView } from './discovery-view';
import { watch } from './watch';
import { Pod } from '../../integration/support/pods';
import { waitFor } from '../../testbed';

/** In place of the 5 s of a pod's preStop: the proxy forgets the pod before it stops. */
const PRE_STOP_MS = 1000;

export interface Change {
  readonly at: number;
  readonly replicas: number;
}

export class Kubelet {
  /** What `spec.replicas` has been, and since when. */
  public readonly changes: Change[] = [];
  /** When pods became ready. */
  public readonly readyTimes: number[] = [];
  private readonly pods: Pod[] = [];
  private work = Promise.resolve();
  private readonly farewells: Promise<void>[] = [];
  private readonly endWatch: () => void;

  public constructor(
    cluster: Cluster,
    deployment: { readonly namespace: string; readonly name: string },
    private readonly view: DiscoveryView,
    private readonly startPod: (address: string) => Promise<Pod>,
  ) {
    const path = `/apis/apps/v1/namespaces/${deployment.namespace}/deployments`;
    this.endWatch = watch(cluster.api, path, `metadata.name=${deployment.name}`, ({ spec }) => {
      const { replicas } = spec as { replicas: number };
      if (this.replicas === replicas) return;
      this.changes.push({ at: Date.now(), replicas });
      this.work = this.work.then(() => this.reconcile());
    });
  }

  public get replicas(): number | undefined {
    return this.changes.at(-1)?.replicas;
  }

  /** Waits until the Deployment asks for so many replicas; returns since when. */
  public reaches(replicas: number, timeoutMs = 60_000): Promise<number> {
    return waitFor(() => this.replicas === replicas && this.changes.at(-1)!.at, { what: `replicas = ${replicas}`, timeoutMs, intervalMs: 5 });
  }

  /** Waits until the pods that run are those asked for, and the others are gone; returns when the last one became ready. */
  public async settled(): Promise<number> {
    for (let seen: Promise<void> | undefined; seen !== this.work;) {
      seen = this.work;
      await seen;
      await Promise.all(this.farewells);
    }
    return this.readyTimes.at(-1) ?? 0;
  }

  public async stop(): Promise<void> {
    this.endWatch();
    await this.work;
    this.view.close();
    await Promise.all([...this.farewells, ...this.pods.map((pod) => pod.stop(500))]);
  }

  private async reconcile(): Promise<void> {
    while (this.pods.length < this.replicas!) {
      this.pods.push(await this.startPod(newAddress()));
      this.readyTimes.push(Date.now());
      await this.tell();
    }
    while (this.pods.length > this.replicas!) {
      const pod = this.pods.pop()!;
      await this.tell();
      // The next pod does not wait for this one's end.
      this.farewells.push(sleep(PRE_STOP_MS).then(() => pod.stop()));
    }
  }

  private tell(): Promise<void> {
    return this.view.setReady(this.pods.map(({ address }) => address));
  }
}
