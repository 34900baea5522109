/** Metrics of the dapr-proxy, each with the panel that shows it. A test compares them with `proxy/src/observe`. */

export interface Metric {
  readonly type: 'counter' | 'gauge' | 'histogram';
  /** As the proxy exports it. */
  readonly help: string;
  readonly panel: Panel;
}

export interface Panel {
  readonly title: string;
  /** A unit that Grafana knows. */
  readonly unit: 'none' | 'reqps' | 's' | 'bytes' | 'percentunit';
  /** Labels that distinguish the series. */
  readonly by: readonly string[];
}

const panel = (title: string, unit: Panel['unit'], ...by: string[]): Panel => ({ title, unit, by });

export const METRICS: { readonly [name: string]: Metric } = {
  dapr_proxy_events_total: {
    type: 'counter',
    help: 'Events that ended, by outcome.',
    panel: panel('Events by outcome', 'reqps', 'outcome'),
  },
  dapr_proxy_waiting: { type: 'gauge', help: 'Events that wait for a pod.', panel: panel('Waiting events', 'none') },
  dapr_proxy_in_flight: { type: 'gauge', help: 'Events that a pod has.', panel: panel('Events with a pod', 'none') },
  dapr_proxy_wait_seconds: {
    type: 'histogram',
    help: 'Time an event waited for a pod.',
    panel: panel('Wait for a pod, 95th percentile', 's', 'kind'),
  },
  dapr_proxy_function_seconds: {
    type: 'histogram',
    help: 'Time the function took to answer.',
    panel: panel('Answer of the function, 95th percentile', 's', 'component'),
  },
  dapr_proxy_retries_total: {
    type: 'counter',
    help: 'Attempts that were repeated.',
    panel: panel('Repeated attempts by cause', 'reqps', 'cause'),
  },
  dapr_proxy_joined_total: {
    type: 'counter',
    help: 'Events answered together with an identical one.',
    panel: panel('Events that joined an identical one', 'reqps', 'kind'),
  },
  dapr_proxy_pods_known: { type: 'gauge', help: 'Pods with an address.', panel: panel('Pods with an address', 'none') },
  dapr_proxy_pods_healthy: {
    type: 'gauge',
    help: 'Pods that take events.',
    panel: panel('Pods that take events', 'none'),
  },
  dapr_proxy_pods_ejected: {
    type: 'gauge',
    help: 'Pods that are left out after failures.',
    panel: panel('Pods left out after failures', 'none'),
  },
  dapr_proxy_waiting_bytes: {
    type: 'gauge',
    help: 'Bytes of the events that wait.',
    panel: panel('Bytes of waiting events', 'bytes'),
  },
  dapr_proxy_held_bytes: {
    type: 'gauge',
    help: 'Bytes of all events and answers in memory.',
    panel: panel('Bytes of events and answers in memory', 'bytes'),
  },
  process_resident_memory_bytes: {
    type: 'gauge',
    help: 'Resident memory.',
    panel: panel('Resident memory', 'bytes', 'pod'),
  },
  dapr_proxy_event_loop_delay_seconds: {
    type: 'gauge',
    help: '99th percentile of the event loop delay since the last scrape.',
    panel: panel('Event loop delay', 's', 'pod'),
  },
  dapr_proxy_info: {
    type: 'gauge',
    help: 'The running version.',
    panel: panel('Proxies by version', 'none', 'version'),
  },
};
