/** Events of bindings that the sidecar of every replica has: one of the replicas passes each on. */
import { createHash } from 'node:crypto';
import { EVENT, Leader } from './leader';
import { SharedBindingsConfig } from '../config/config';
import { Caller, EventRequest } from '../delivery/event';
import { Clock } from '../observe/clock';
import { Logger } from '../observe/log';
import { EventMetrics, Gauge } from '../observe/metrics';
import { frameMessage } from '../wire/grpc-wire';

export interface SharedBindingsSettings extends Pick<SharedBindingsConfig, 'ticks' | 'streams'> {
  readonly leader: Leader;
  readonly clock: Clock;
  readonly log: Logger;
  readonly metrics: EventMetrics;
  readonly passOn: (request: EventRequest, caller: Caller) => void;
}

const EMPTY = frameMessage(Buffer.alloc(0));

export class SharedBindings {
  private readonly ticks: ReadonlySet<string>;
  private readonly streams: ReadonlySet<string>;

  public constructor(private readonly settings: SharedBindingsSettings) {
    this.ticks = new Set(settings.ticks);
    this.streams = new Set(settings.streams);
  }

  public submit(request: EventRequest, caller: Caller): void {
    const { clock, leader, log, metrics, passOn } = this.settings;
    const { component, kind } = request;
    const stream = this.streams.has(component);
    if (kind !== 'binding' || !(stream || this.ticks.has(component))) return passOn(request, caller);
    const since = clock.now();
    let kept = false;
    const end = (outcome: 'elsewhere' | 'no-leader' | 'cancelled') => {
      request.reservation.release();
      metrics.done(kind, component, outcome, clock.now() - since, undefined);
    };
    const forget = leader.decide({
      key: stream ? `${EVENT}${digestOf(request)}` : component,
      fire: () => {
        if (kept) passOn({ ...request, deadlineAt: undefined }, nobody(component, log));
        else passOn(request, caller);
      },
      skip: () => {
        end('elsewhere');
        if (!kept) acknowledge(request, caller);
      },
      giveUp: () => {
        end('no-leader');
        caller.fail('no-leader');
      },
      keep: !stream ? undefined : () => {
        kept = true;
        acknowledge(request, caller);
      },
    });
    if (forget === undefined) return;
    caller.onGone(() => {
      if (forget()) end('cancelled');
    });
  }
}

/** 64 bits are enough to tell it from the few others that are named beside it. */
function digestOf({ identity, body }: EventRequest): string {
  return createHash('sha256').update(identity?.() ?? body).digest('base64url').slice(0, 11);
}

/** As a function does that has nothing to say. */
function acknowledge({ grpc }: EventRequest, caller: Caller): void {
  if (grpc) caller.whole(200, ['content-type', 'application/grpc'], [EMPTY], ['grpc-status', '0']);
  else caller.whole(200, ['content-length', '0'], [], undefined);
}

/** Of an event whose sidecar has its answer already. */
function nobody(component: string, log: Logger): Caller {
  const lost = (why: string) => log.warn('event lost after a change of the leader', { component, why });
  return {
    whole: () => undefined,
    begin: () => undefined,
    write: () => true,
    onDrain: () => undefined,
    finish: () => undefined,
    fail: lost,
    cut: () => lost('the answer broke off'),
    onGone: () => undefined,
  };
}

export function leaderGauge(leader: Leader): Gauge {
  const help = 'Whether this replica passes on the events that every replica gets.';
  return { name: 'dapr_proxy_leader', help, read: () => leader.leads ? 1 : 0 };
}
