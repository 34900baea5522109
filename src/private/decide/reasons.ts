/** What a target decides of a function, one sentence each, for the report (docs/spec M129). */
import type { HttpScalingPlan } from './http-scaling';
import type { Outline } from './outline';
import { PodPlan, sleeps, stopsSlowly } from './pod';
import type { ScalingPlan } from './scaling';
import { TargetsModel, titleOf } from '../settings/targets';

interface Decided {
  readonly fn: Outline;
  readonly pod: PodPlan;
  readonly scaling: ScalingPlan;
  readonly httpScaling: HttpScalingPlan | undefined;
  readonly targets: TargetsModel | undefined;
}

export function reasonsOf({ fn, pod, scaling, httpScaling, targets }: Decided): string[] {
  const list: string[] = [];
  if (stopsSlowly(fn) && !sleeps(targets)) {
    list.push(`pods stop without a pause before it, which needs Kubernetes 1.30, and the target is ${
      titleOf(targets, 'kubernetes')}: an event that reaches a stopping pod is sent again to another`);
  }
  if (pod.nativeSidecar) {
    const ends = fn.workload === 'Job' ? ': the Job ends with the function, and Dapr makes no Service for it' : '';
    list.push(`the sidecar is a native one, since the targets are ${titleOf(targets, 'dapr')} and ${
      titleOf(targets, 'kubernetes')}${ends}`);
  }
  if (scaling.hpaName !== undefined) {
    list.push(`the HorizontalPodAutoscaler has the name of the function, since the target is ${
      titleOf(targets, 'keda')}, which refuses its own name for it as too long`);
  }
  if (httpScaling !== undefined) {
    const target = `the target is ${titleOf(targets, 'kedaHttp')}`;
    list.push(httpScaling.interceptor === undefined
      ? `an HTTPScaledObject counts its requests, since ${target}; from 0.14 on it is an InterceptorRoute`
      : `an InterceptorRoute counts its requests, since ${target}; below 0.14 it is an HTTPScaledObject`);
  }
  return list;
}
