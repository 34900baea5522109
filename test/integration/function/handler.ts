/**
 * What a function does with an event, whatever the protocol: it writes a line to the ledger when the event comes in and
 * one before it answers (synchronously, so that a killed pod has told what it did), and behaves as the event asks.
 */
import { openSync, writeSync } from 'node:fs';
import { EventBody, PodConfig } from './pod-config';

export interface EventSource {
  readonly via: 'topic' | 'bulk' | 'binding' | 'job';
  readonly component: string;
  readonly topic?: string;
  readonly path?: string;
  readonly headers?: Readonly<Record<string, string>>;
}

export type Verdict =
  | { readonly kind: 'ok' | 'success' | 'retry' | 'drop' }
  | { readonly kind: 'code' | 'http'; readonly code: number };

function parseVerdict(text: string): Verdict {
  const [kind, code] = text.split(':');
  if (kind === 'ok' || kind === 'success' || kind === 'retry' || kind === 'drop') return { kind };
  if (kind === 'code' || kind === 'http') return { kind, code: Number(code) };
  throw new Error(`unknown behaviour "${text}"`);
}

export class EventHandler {
  private readonly attempts = new Map<string, number>();
  private readonly ledger: number;
  private anonymous = 0;

  public constructor(private readonly config: PodConfig) {
    this.ledger = openSync(config.ledger, 'a');
  }

  public async handle(source: EventSource, data: Buffer): Promise<Verdict> {
    const body = this.parse(source, data);
    const attempt = this.attempts.get(body.id) ?? 0;
    this.attempts.set(body.id, attempt + 1);
    this.write({ step: 'in', id: body.id, ...source });
    const delayMs = body.delayMs ?? this.config.delayMs;
    if (delayMs > 0) await new Promise((resolve) => setTimeout(resolve, delayMs));
    for (const call of body.calls ?? []) await this.callSidecar(call.path, call.body);
    const behaviour = body.do ?? this.config.behaviourOf?.[source.component] ?? this.config.behaviour;
    const action = behaviour[Math.min(attempt, behaviour.length - 1)] ?? 'ok';
    this.write({ step: 'out', id: body.id, ...source, action });
    if (action === 'die') process.kill(process.pid, 'SIGKILL');
    return parseVerdict(action);
  }

  /** A job's name is its id: each protocol wraps the data of jobs in another way. */
  public job(name: string): Promise<Verdict> {
    return this.handle({ via: 'job', component: name }, Buffer.from(JSON.stringify({ id: name })));
  }

  public write(line: Record<string, unknown>) {
    writeSync(this.ledger, `${JSON.stringify({ pod: this.config.name, at: Date.now(), ...line })}\n`);
  }

  private async callSidecar(path: string, body: unknown) {
    const answer = await fetch(`${this.config.daprHttp}${path}`, {
      method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body),
    });
    this.write({ step: 'call', id: path, size: answer.status });
  }

  /** Events of cron carry no body of ours; those of Kubernetes have a name. */
  private parse(source: EventSource, data: Buffer): EventBody {
    try {
      const parsed = JSON.parse(data.toString()) as Partial<EventBody> & { newVal?: { metadata?: { name?: string } } } | null;
      const id = parsed?.id ?? parsed?.newVal?.metadata?.name;
      if (typeof id === 'string') return { ...parsed, id };
    } catch { /* not JSON: counted below */ }
    return { id: `${source.component}#${this.anonymous++}` };
  }
}
