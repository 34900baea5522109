/** Metrics that are read when they are asked for. */
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { Gauge } from './metrics';
import { Backend } from '../delivery/backend';

const LOOP_RESOLUTION_MS = 20;
const NS_PER_SECOND = 1e9;

export interface LoopDelay {
  /** Seconds, 99th percentile since the last call. */
  read(): number;
  stop(): void;
}

/** Node measures from tick to tick: an idle loop would seem late by the whole resolution. */
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

export function gaugesOf(backend: () => Backend, loopDelay: LoopDelay, residentBytes: () => number): Gauge[] {
  return [
    { name: 'dapr_proxy_waiting', help: 'Events that wait for a pod.', read: () => backend().counts().waiting },
    { name: 'dapr_proxy_waiting_bytes', help: 'Bytes of the events that wait.', read: () => backend().waitingBytes },
    { name: 'dapr_proxy_in_flight', help: 'Events that a pod has.', read: () => backend().counts().inFlight },
    { name: 'dapr_proxy_pods_known', help: 'Pods with an address.', read: () => backend().pods().known },
    { name: 'dapr_proxy_pods_healthy', help: 'Pods that take events.', read: () => backend().pods().healthy },
    { name: 'dapr_proxy_pods_ejected', help: 'Pods that are left out after failures.', read: () => backend().pods().ejected },
    { name: 'dapr_proxy_event_loop_delay_seconds', help: '99th percentile of the event loop delay since the last scrape.', read: () => loopDelay.read() },
    { name: 'process_resident_memory_bytes', help: 'Resident memory.', read: residentBytes },
  ];
}
