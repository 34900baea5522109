/** Events of bindings that fire in the sidecar of every replica: one of the replicas passes each on. */
import { Leader } from './leader';
import { Caller, EventRequest } from '../delivery/event';
import { Clock } from '../observe/clock';
import { EventMetrics, Gauge } from '../observe/metrics';
import { frameMessage } from '../wire/grpc-wire';

export interface SharedBindingsSettings {
  readonly bindings: readonly string[];
  readonly leader: Leader;
  readonly clock: Clock;
  readonly metrics: EventMetrics;
  readonly passOn: (request: EventRequest, caller: Caller) => void;
}

const EMPTY = frameMessage(Buffer.alloc(0));

export class SharedBindings {
  private readonly bindings: ReadonlySet<string>;

  public constructor(private readonly settings: SharedBindingsSettings) {
    this.bindings = new Set(settings.bindings);
  }

  public submit(request: EventRequest, caller: Caller): void {
    const { clock, leader, metrics, passOn } = this.settings;
    const { component, kind } = request;
    if (kind !== 'binding' || !this.bindings.has(component)) return passOn(request, caller);
    const since = clock.now();
    const end = (outcome: 'elsewhere' | 'no-leader' | 'cancelled') => {
      request.reservation.release();
      metrics.done(kind, component, outcome, clock.now() - since, undefined);
    };
    const forget = leader.decide({
      binding: component,
      fire: () => passOn(request, caller),
      skip: () => {
        end('elsewhere');
        acknowledge(request, caller);
      },
      giveUp: () => {
        end('no-leader');
        caller.fail('no-leader');
      },
    });
    caller.onGone(() => {
      if (forget()) end('cancelled');
    });
  }
}

/** As a function does that has nothing to say. */
function acknowledge({ grpc }: EventRequest, caller: Caller): void {
  if (grpc) caller.whole(200, ['content-type', 'application/grpc'], [EMPTY], ['grpc-status', '0']);
  else caller.whole(200, ['content-length', '0'], [], undefined);
}

export function leaderGauge(leader: Leader): Gauge {
  const help = 'Whether this replica passes on the events that every replica gets.';
  return { name: 'dapr_proxy_leader', help, read: () => leader.leads ? 1 : 0 };
}
