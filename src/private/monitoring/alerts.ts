/** Alerts on the dapr-proxy: each is about events that are late or lost, and names what to look at (docs/spec M140). */
import type { JsonObject } from '../kubernetes/json';

export interface Alert {
  readonly name: string;
  readonly expr: string;
  /** How long it has to be so. */
  readonly for: string;
  readonly severity: 'critical' | 'warning';
  readonly summary: string;
  readonly description: string;
}

/** One alert for each function, over all replicas of its proxy. */
const BY = 'by (namespace, function)';
const WHO = '{{ $labels.function }} in {{ $labels.namespace }}';
const ENDED = 'dapr_proxy_events_total';
/** What the sender gave up or the function itself decided says nothing of delivery. */
const DELIVERED = 'ok|function_error|cancelled|refused|bad-request|no-token';

const rate = (selector = ''): string => `sum ${BY} (rate(${ENDED}${selector}[5m]))`;
const share = (selector: string, of: number): string => `${rate(selector)} / ${rate()} > ${of}`;

export const ALERTS: readonly Alert[] = [
  {
    name: 'FunctionEventsWaitWithoutPods',
    expr: `sum ${BY} (dapr_proxy_waiting) > 0 and sum ${BY} (dapr_proxy_pods_healthy) == 0`,
    for: '5m',
    severity: 'critical',
    summary: `Events of ${WHO} wait, and no pod takes them`,
    description: 'The function has no ready pod: it does not start, crashes, or is not scaled up. Look at its pods, '
      + 'and at the scaler and the KEDA operator where it scales to zero.',
  },
  {
    name: 'FunctionEventsRefused',
    expr: `${rate('{outcome="refused"}')} > 0`,
    for: '5m',
    severity: 'critical',
    summary: `The dapr-proxy of ${WHO} refuses events, since too many wait`,
    description: 'Events come faster than the function handles them. The broker delivers them again where it can; '
      + 'others are lost. Raise maxReplicas, maxWaiting or maxWaitingSize, or make the function faster.',
  },
  {
    name: 'FunctionEventsUndelivered',
    expr: share(`{outcome!~"${DELIVERED}"}`, 0.05),
    for: '10m',
    severity: 'critical',
    summary: `More than 5 % of the events of ${WHO} end without an answer of the function`,
    description: 'The label outcome of dapr_proxy_events_total says why: hold-over is a wait longer than holdTimeout, '
      + 'lost a pod that ended, timeout a function that took longer than functionTimeout.',
  },
  {
    name: 'FunctionErrors',
    expr: share('{outcome="function_error"}', 0.1),
    for: '10m',
    severity: 'warning',
    summary: `${WHO} answers more than 10 % of its events with an error`,
    description: 'The function itself answers so. Look at its log; the label component says of which input they are.',
  },
  {
    name: 'FunctionPodsEjected',
    expr: `sum ${BY} (dapr_proxy_pods_ejected) > 0`,
    for: '10m',
    severity: 'warning',
    summary: `Pods of ${WHO} are left out after failures`,
    description: 'They are ready for Kubernetes, but connections to them fail. Look at their logs, readiness probe '
      + 'and the network policies of the namespace.',
  },
  {
    name: 'DaprProxyLate',
    expr: `max ${BY} (dapr_proxy_event_loop_delay_seconds) > 0.25`,
    for: '10m',
    severity: 'warning',
    summary: `The dapr-proxy of ${WHO} is late by more than 250 ms`,
    description: 'It gets too little CPU, and each event waits for it. Raise the CPU limit or the replicas.',
  },
];

export function ruleOf({ name, expr, for: duration, severity, summary, description }: Alert): JsonObject {
  return { alert: name, expr, for: duration, labels: { severity }, annotations: { summary, description } };
}
