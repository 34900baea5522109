/** Metrics that are read when they are asked for. */
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { Gauge } from './metrics';

const LOOP_RESOLUTION_MS = 20;
const NS_PER_SECOND = 1e9;

export interface LoopDelay {
  /** Seconds, 99th percentile since the last call. */
  read(): number;
  stop(): void;
}

/** Node measures from tick to tick, so that an idle loop seems late by the whole resolution. */
export function delaySeconds(fromTickToTickNs: number): number {
  return Math.max(0, fromTickToTickNs / NS_PER_SECOND - LOOP_RESOLUTION_MS / 1000);
}

export function watchLoopDelay(): LoopDelay {
  const histogram = monitorEventLoopDelay({ resolution: LOOP_RESOLUTION_MS });
  histogram.enable();
  return {
    read: () => {
      const seconds = delaySeconds(histogram.percentile(99));
      histogram.reset();
      return seconds;
    },
    stop: () => void histogram.disable(),
  };
}

/** What the gauges show of the backend. */
export interface Load {
  readonly waiting: number;
  readonly waitingBytes: number;
  /** Received, waiting or with a pod, and their answers. */
  readonly heldBytes: number;
  readonly inFlight: number;
  readonly pods: { readonly known: number; readonly healthy: number; readonly ejected: number };
}

export function gaugesOf(load: () => Load, loopDelay: LoopDelay, residentBytes: () => number): Gauge[] {
  const gauge = (name: string, help: string, read: () => number): Gauge => ({ name, help, read });
  const late = '99th percentile of the event loop delay since the last scrape.';
  return [
    gauge('dapr_proxy_waiting', 'Events that wait for a pod.', () => load().waiting),
    gauge('dapr_proxy_waiting_bytes', 'Bytes of the events that wait.', () => load().waitingBytes),
    gauge('dapr_proxy_held_bytes', 'Bytes of all events and answers in memory.', () => load().heldBytes),
    gauge('dapr_proxy_in_flight', 'Events that a pod has.', () => load().inFlight),
    gauge('dapr_proxy_pods_known', 'Pods with an address.', () => load().pods.known),
    gauge('dapr_proxy_pods_healthy', 'Pods that take events.', () => load().pods.healthy),
    gauge('dapr_proxy_pods_ejected', 'Pods that are left out after failures.', () => load().pods.ejected),
    gauge('dapr_proxy_event_loop_delay_seconds', late, () => loopDelay.read()),
    gauge('process_resident_memory_bytes', 'Resident memory.', residentBytes),
  ];
}
