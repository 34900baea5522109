/** The prop `scaling` → `serving.scaleOptions`: timing and the rest go into the block that the workload has. */
import type { Duration } from 'cdk8s';
import { knativeOf } from './knative-autoscaling';
import { isJobExtra, scalingExtrasOf } from './scaling-extras';
import { isHttp } from './triggers';
import { HttpEngine } from '../../choices';
import type { OpenFunctionAppProps } from '../../function-props';
import type { FunctionScaling, KedaTrigger } from '../../function-scaling';
import type { ScalingExtrasModel } from '../function/scaling';
import { defined, nonEmpty } from '../kubernetes/json';
import type { Problems } from '../problem/problem';

type Block = 'scaledObject' | 'scaledJob' | 'httpScaledObject' | 'none';
type Field = Exclude<keyof FunctionScaling, 'minReplicas' | 'maxReplicas' | 'knative' | 'triggers'>;

const USED: Readonly<Record<Block, readonly Field[]>> = {
  scaledObject: [
    'pollingInterval', 'cooldownPeriod', 'initialCooldownPeriod', 'idleReplicas', 'paused', 'advanced', 'fallback',
  ],
  scaledJob: ['pollingInterval', 'paused', 'job'],
  httpScaledObject: ['cooldownPeriod', 'targetPendingRequests'],
  none: ['knativeAutoscaling'],
};
const WORKLOADS: Readonly<Record<Block, string>> = {
  scaledObject: 'an async function that is not a Job',
  scaledJob: 'a Job',
  httpScaledObject: 'an HTTP function',
  none: 'a Knative Service',
};
const FIELDS = [...new Set(Object.values(USED).flat())];

export interface ScalingFromProps {
  /** `serving.scaleOptions` */
  readonly options: object;
  readonly extras: ScalingExtrasModel;
}

export function scalingOf(given: FunctionScaling, props: OpenFunctionAppProps, problems: Problems): ScalingFromProps {
  const block = blockOf(props);
  const scaling = defined({ ...given });
  for (const field of FIELDS) {
    if (scaling[field] === undefined || USED[block].includes(field)) continue;
    problems.warn(['scaling', field], `has no effect on ${WORKLOADS[block]}`);
    delete scaling[field];
  }
  const keda = defined({ [block]: nonEmpty(blocks(scaling)[block]), triggers: scaling.triggers?.map(trigger) });
  const { minReplicas, maxReplicas } = scaling;
  const knative = knativeOf(scaling, problems);
  const options = defined({ minReplicas, maxReplicas, knative, keda: nonEmpty(keda) });
  return { options, extras: scalingExtrasOf(scaling, problems) };
}

function blockOf(props: OpenFunctionAppProps): Block {
  if (isHttp(props)) return props.http?.engine === HttpEngine.KEDA ? 'httpScaledObject' : 'none';
  return props.workload === 'Job' ? 'scaledJob' : 'scaledObject';
}

function blocks({ advanced, fallback, job, targetPendingRequests, ...timing }: FunctionScaling): Record<Block, object> {
  const pollingInterval = seconds(timing.pollingInterval);
  const cooldownPeriod = seconds(timing.cooldownPeriod);
  const ofScaledJob = Object.entries(job ?? {}).filter(([field]) => !isJobExtra(field));
  return {
    scaledObject: defined({ pollingInterval, cooldownPeriod, advanced, fallback }),
    scaledJob: defined({ pollingInterval, ...Object.fromEntries(ofScaledJob) }),
    httpScaledObject: defined({ targetPendingRequests, cooldownPeriod }),
    none: {},
  };
}

function trigger(given: KedaTrigger): object {
  const { triggerType, metadata, name, useCachedMetrics, metricType, authentication, authenticationKind } = given;
  const authenticationRef = authentication === undefined
    ? undefined
    : defined({ name: authentication, kind: authenticationKind });
  return defined({ type: triggerType, metadata, name, useCachedMetrics, metricType, authenticationRef });
}

/** With its fraction, which is a problem like any other. */
function seconds(duration: Duration | undefined): number | undefined {
  return duration?.toSeconds({ integral: false });
}
