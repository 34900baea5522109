/** A Lease of the Kubernetes API: read, and written only over the version that was read. */
import { isObject } from '../config/func-context';
import { Clock } from '../observe/clock';
import { KubernetesCall } from '../pods/kubernetes';

export interface LeaseRecord {
  readonly version: string;
  /** Empty when it is free. */
  readonly holder: string;
  readonly renewTime: string;
  readonly durationMs: number;
  readonly transitions: number;
  /** The last event that was handed over of each binding: milliseconds since the epoch. */
  readonly fired: Readonly<Record<string, number>>;
}

export interface LeaseSettings {
  readonly name: string;
  readonly namespace: string;
  readonly durationMs: number;
  readonly call: KubernetesCall;
  readonly clock: Clock;
  /** Milliseconds since the epoch. */
  readonly wallTime: () => number;
}

const FIRED = 'openfunction.io/fired';
const CONFLICT = 409;
/** A body that has not come by then hangs. */
const ANSWER_MS = 5000;

export class Lease {
  private readonly path: string;

  public constructor(private readonly settings: LeaseSettings) {
    const { name, namespace } = settings;
    this.path = `/apis/coordination.k8s.io/v1/namespaces/${encodeURIComponent(namespace)}`
      + `/leases/${encodeURIComponent(name)}`;
  }

  public async read(): Promise<LeaseRecord> {
    const { status, body } = await this.send();
    if (status !== 200) throw new Error(`reading the lease: the Kubernetes API answered ${status}`);
    return recordOf(body);
  }

  /** Undefined if somebody else has written it since. An empty holder sets it free. */
  public async write(over: LeaseRecord, holder: string, fired: LeaseRecord['fired']): Promise<LeaseRecord | undefined> {
    const { durationMs, wallTime } = this.settings;
    const now = `${new Date(wallTime()).toISOString().slice(0, -1)}000Z`;
    const taken = holder !== over.holder && holder !== '';
    const { status, body } = await this.send({
      metadata: { resourceVersion: over.version, annotations: { [FIRED]: JSON.stringify(fired) } },
      spec: {
        holderIdentity: holder,
        leaseDurationSeconds: Math.ceil(durationMs / 1000),
        renewTime: now,
        ...(taken && { acquireTime: now, leaseTransitions: over.transitions + 1 }),
      },
    });
    if (status === CONFLICT) return undefined;
    if (status !== 200) throw new Error(`writing the lease: the Kubernetes API answered ${status}`);
    return recordOf(body);
  }

  private async send(patch?: object): Promise<{ status: number; body: unknown }> {
    const { call, clock } = this.settings;
    const answer = await call(this.path, patch);
    const timer = clock.setTimeout(() => answer.destroy(), ANSWER_MS);
    try {
      let text = '';
      for await (const piece of answer.text) text += piece;
      return { status: answer.status, body: answer.status === 200 ? JSON.parse(text) : undefined };
    } finally {
      clock.clearTimeout(timer);
    }
  }
}

/** Whatever is missing or of another kind is as in a Lease that nobody ever held. */
function recordOf(body: unknown): LeaseRecord {
  const { metadata, spec } = isObject(body) ? body : {};
  const { annotations, resourceVersion } = isObject(metadata) ? metadata : {};
  const { holderIdentity, leaseDurationSeconds, leaseTransitions, renewTime } = isObject(spec) ? spec : {};
  return {
    version: textOf(resourceVersion),
    holder: textOf(holderIdentity),
    renewTime: textOf(renewTime),
    durationMs: (Number(leaseDurationSeconds) || 0) * 1000,
    transitions: Number(leaseTransitions) || 0,
    fired: firedOf(isObject(annotations) ? textOf(annotations[FIRED]) : ''),
  };
}

function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function firedOf(text: string): LeaseRecord['fired'] {
  try {
    const value: unknown = JSON.parse(text);
    const entries = isObject(value) ? Object.entries(value) : [];
    return Object.fromEntries(entries.filter((entry): entry is [string, number] => typeof entry[1] === 'number'));
  } catch {
    return {};
  }
}
