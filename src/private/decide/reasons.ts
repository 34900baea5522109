/** What a target decides of a function, one sentence each, for the report (docs/spec M129). */
import type { Outline } from './outline';
import { sleeps, stopsSlowly } from './pod';
import type { ScalingPlan } from './scaling';
import { TargetsModel, titleOf } from '../settings/targets';

interface Decided {
  readonly fn: Outline;
  readonly scaling: ScalingPlan;
  readonly targets: TargetsModel | undefined;
}

export function reasonsOf({ fn, scaling, targets }: Decided): string[] {
  const list: string[] = [];
  if (stopsSlowly(fn) && !sleeps(targets)) {
    list.push(`pods stop without a pause before it, which needs Kubernetes 1.30, and the target is ${
      titleOf(targets, 'kubernetes')}: an event that reaches a stopping pod is sent again to another`);
  }
  if (scaling.hpaName !== undefined) {
    list.push(`the HorizontalPodAutoscaler has the name of the function, since the target is ${
      titleOf(targets, 'keda')}, which refuses its own name for it as too long`);
  }
  return list;
}
