/** Function pods: processes on loopback addresses of their own, all on the function's port. */
import { functionBundle, goFunction } from './artifacts';
import { RunningProcess, startProcess } from '../../testbed';
import { PodConfig } from '../function/pod-config';

export type PodKind = PodConfig['kind'] | 'go-grpc';

export interface PodOptions extends Partial<Omit<PodConfig, 'kind'>> {
  readonly kind: PodKind;
  readonly address: string;
  readonly port: number;
  readonly ledger: string;
  readonly netns?: string;
}

export class Pod {
  public static async start(options: PodOptions): Promise<Pod> {
    const { netns, ...rest } = options;
    const config = { subscriptions: [], bindings: [], behaviour: ['ok'], delayMs: 0, name: options.address, ...rest };
    const [command, ...args] = options.kind === 'go-grpc' ? [await goFunction()] : [process.execPath, functionBundle()];
    const pod = new Pod(options.address, await startProcess({
      name: `pod-${options.kind}`, command: command!, args, netns, env: { POD: JSON.stringify(config) },
    }));
    await pod.process.waitFor(() => pod.process.log().includes('listening'), { what: `pod ${config.name} listening` });
    return pod;
  }

  private constructor(public readonly address: string, public readonly process: RunningProcess) {}

  public async kill(): Promise<void> {
    this.process.signal('SIGKILL');
    await this.process.ended;
  }

  public freeze(): void {
    this.process.signal('SIGSTOP');
  }

  public thaw(): void {
    this.process.signal('SIGCONT');
  }

  /** As Kubernetes stops a pod: it may finish what it has begun. */
  public async stop(graceMs = 10_000): Promise<void> {
    await this.process.stop(graceMs);
  }
}
