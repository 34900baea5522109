import { asyncFunction, KAFKA, v1beta1, v1beta2 } from '../../support/functions';
import { modelOf, problemsOf } from '../../support/problems';

const KEDA = 'serving.scaleOptions.keda';
const TRIGGERS = [{ type: 'cron', metadata: { timezone: 'UTC', start: '0 8 * * *', end: '0 18 * * *', desiredReplicas: '2' } }];
const object = (scaledObject: object) => problemsOf(asyncFunction({ scaleOptions: { keda: { scaledObject, triggers: TRIGGERS } } }));
const job = (scaledJob: object) => problemsOf(asyncFunction({ workloadType: 'Job', scaleOptions: { keda: { scaledJob, triggers: TRIGGERS } } }));
const behavior = (rules: object) => object({ advanced: { horizontalPodAutoscalerConfig: { behavior: { scaleUp: rules } } } });
const UP = `${KEDA}.scaledObject.advanced.horizontalPodAutoscalerConfig.behavior.scaleUp`;

describe('the blocks', () => {
  test('exclude each other', () => {
    expect(problemsOf(asyncFunction({ scaleOptions: { keda: { scaledObject: {}, scaledJob: {}, triggers: TRIGGERS } } }))).toEqual([
      `${KEDA}: "scaledJob" and "scaledObject" exclude each other; give one of them`,
    ]);
    expect(problemsOf(asyncFunction({ scaleOptions: { keda: { scaledObject: {}, httpScaledObject: {}, triggers: TRIGGERS } } }))).toContain(
      `${KEDA}: "scaledObject" and "httpScaledObject" exclude each other; give one of them`,
    );
  });

  test('scaledJob needs the workload type Job in v1beta2, and makes it in v1beta1', () => {
    const keda = { scaledJob: {}, triggers: TRIGGERS };
    expect(problemsOf(asyncFunction({ scaleOptions: { keda } }))).toEqual([
      `${KEDA}.scaledJob: scales a Job, and the workload is a Deployment; give serving.workloadType: Job`,
    ]);
    expect(problemsOf(asyncFunction({ workloadType: 'StatefulSet', scaleOptions: { keda } }))).toEqual([
      `${KEDA}.scaledJob: scales a Job, and the workload is a StatefulSet; give serving.workloadType: Job`,
    ]);
    expect(job({})).toEqual([]);
    const manifest = v1beta1({ runtime: 'async', inputs: [{ component: 'q' }], bindings: { q: KAFKA }, triggers: TRIGGERS, scaleOptions: { keda: { scaledJob: {} } } });
    expect(modelOf(manifest).serving.workloadType).toBe('Job');
  });

  test('scaledObject cannot scale a Job', () => {
    expect(problemsOf(asyncFunction({ workloadType: 'Job', scaleOptions: { keda: { scaledObject: {}, triggers: TRIGGERS } } }))).toEqual([
      `${KEDA}.scaledObject: cannot scale a Job; give scaledJob instead`,
    ]);
  });
});

describe('numbers', () => {
  test.each<[block: string, field: string, least: number]>([
    ['scaledObject', 'pollingInterval', 1], ['scaledObject', 'cooldownPeriod', 0],
    ['scaledJob', 'pollingInterval', 1], ['scaledJob', 'successfulJobsHistoryLimit', 0], ['scaledJob', 'failedJobsHistoryLimit', 0],
  ])('%s.%s is %d or more', (block, field, least) => {
    const check = block === 'scaledJob' ? job : object;
    expect(check({ [field]: least })).toEqual([]);
    expect(check({ [field]: least - 1 })).toEqual([`${KEDA}.${block}.${field}: ${least - 1} is outside ${least}..2147483647`]);
  });

  test.each([['targetPendingRequests', 1], ['cooldownPeriod', 0]])('httpScaledObject.%s is %d or more', (field, least) => {
    const http = (value: number) => problemsOf(v1beta2({ triggers: { http: { engine: 'keda' } }, scaleOptions: { keda: { httpScaledObject: { [field]: value } } } }));
    expect(http(least)).toEqual([]);
    expect(http(least - 1)).toEqual([`${KEDA}.httpScaledObject.${field}: ${least - 1} is outside ${least}..2147483647`]);
  });
});

describe('fallback', () => {
  test.each([
    [{ failureThreshold: 1, replicas: 0 }, []],
    [{ failureThreshold: 3, replicas: 6, behavior: 'currentReplicas' }, []],
    [{ failureThreshold: 0, replicas: -1 }, ['.failureThreshold: 0 is outside 1..2147483647', '.replicas: -1 is outside 0..2147483647']],
    [{}, ['.failureThreshold: is missing; give the number of failures, 1 or more', '.replicas: is missing; give the number of replicas to fall back to']],
    [{ failureThreshold: 1, replicas: 1, behavior: 'x' },
      ['.behavior: "x" is not one of "static", "currentReplicas", "currentReplicasIfHigher", "currentReplicasIfLower", "scalingModifiers"']],
  ])('%j', (fallback, expected) => {
    expect(object({ fallback })).toEqual(expected.map((line) => `${KEDA}.scaledObject.fallback${line}`));
  });
});

describe('behaviour of the autoscaler', () => {
  const policy = { type: 'Pods', value: 1, periodSeconds: 1 };

  test.each([
    [{ stabilizationWindowSeconds: 0, selectPolicy: 'Max', policies: [policy] }],
    [{ stabilizationWindowSeconds: 3600, selectPolicy: 'Min', policies: [{ type: 'Percent', value: 100, periodSeconds: 1800 }] }],
    [{ selectPolicy: 'Disabled' }],
  ])('%j is accepted', (rules) => {
    expect(behavior(rules)).toEqual([]);
    expect(object({ advanced: { restoreToOriginalReplicaCount: true, horizontalPodAutoscalerConfig: { behavior: { scaleDown: rules } } } })).toEqual([]);
  });

  test.each([
    [{ stabilizationWindowSeconds: -1 }, ['.stabilizationWindowSeconds: -1 is outside 0..3600']],
    [{ stabilizationWindowSeconds: 3601 }, ['.stabilizationWindowSeconds: 3601 is outside 0..3600']],
    [{ selectPolicy: 'max' }, ['.selectPolicy: "max" is not one of "Max", "Min", "Disabled"; did you mean "Max"?']],
    [{ policies: [{ ...policy, periodSeconds: 0 }] }, ['.policies[0].periodSeconds: 0 is outside 1..1800']],
    [{ policies: [policy, { ...policy, periodSeconds: 1801 }] }, ['.policies[1].periodSeconds: 1801 is outside 1..1800']],
    [{ policies: [{ ...policy, type: 'Pod' }] }, ['.policies[0].type: "Pod" is not one of "Pods", "Percent"; did you mean "Pods"?']],
    [{ policies: [{ ...policy, value: 0 }] }, ['.policies[0].value: 0 is outside 1..2147483647']],
    [{ policies: [{ type: 'Pods' }] }, [
      '.policies[0].periodSeconds: is missing; a scaling policy needs "type", "value" and "periodSeconds"',
      '.policies[0].value: is missing; a scaling policy needs "type", "value" and "periodSeconds"',
    ]],
    [{ policies: ['x'] }, ['.policies[0]: must be an object, got "x"']],
    [{ policies: {} }, ['.policies: must be a list, got {}']],
    [{ stabilizationWindow: 3 }, ['.stabilizationWindow: unknown field']],
  ])('%j is rejected', (rules, expected) => {
    expect(behavior(rules).map((line) => line.replace(UP, ''))).toEqual(expected);
  });

  test('that is not an object is reported once', () => {
    expect(object({ advanced: { horizontalPodAutoscalerConfig: { behavior: 3 } } })).toEqual([
      `${KEDA}.scaledObject.advanced.horizontalPodAutoscalerConfig.behavior: must be an object, got 3`,
    ]);
    expect(object({ advanced: { horizontalPodAutoscalerConfig: 3 } })).toEqual([`${KEDA}.scaledObject.advanced.horizontalPodAutoscalerConfig: must be an object, got 3`]);
  });
});

test('an unknown workload type is a problem of its own, and is not replaced by a default', () => {
  for (const block of [{ scaledJob: {} }, { scaledObject: {} }]) {
    expect(problemsOf(asyncFunction({ workloadType: 'job', scaleOptions: { keda: { ...block, triggers: TRIGGERS } } }))).toEqual([
      'serving.workloadType: "job" is not one of "Deployment", "StatefulSet", "Job"; did you mean "Job"?',
    ]);
  }
});

describe('jobs', () => {
  test.each([['OnFailure'], ['Never']])('may restart %s', (restartPolicy) => {
    expect(job({ restartPolicy })).toEqual([]);
  });

  test('may not restart Always', () => {
    expect(job({ restartPolicy: 'Always' })).toEqual([`${KEDA}.scaledJob.restartPolicy: "Always" is not one of "OnFailure", "Never"`]);
  });

  test.each([['default'], ['accurate'], ['eager']])('may be scaled by strategy %s', (strategy) => {
    expect(job({ scalingStrategy: { strategy } })).toEqual([]);
  });

  test.each([
    [{ strategy: 'defualt' }, ['.strategy: "defualt" is not one of "default", "custom", "accurate", "eager"; did you mean "default"?']],
    [{ strategy: 'custom' }, [
      '.customScalingQueueLengthDeduction: is missing; strategy "custom" needs a number of 0 or more',
      '.customScalingRunningJobPercentage: is missing; strategy "custom" needs a fraction such as "0.5"',
    ]],
    [{ strategy: 'custom', customScalingQueueLengthDeduction: 0, customScalingRunningJobPercentage: '0.5' }, []],
    [{ strategy: 'custom', customScalingQueueLengthDeduction: -1, customScalingRunningJobPercentage: '' }, [
      '.customScalingQueueLengthDeduction: -1 is outside 0..2147483647',
      '.customScalingRunningJobPercentage: is missing; strategy "custom" needs a fraction such as "0.5"',
    ]],
    [{ customScalingQueueLengthDeduction: -1 }, ['.customScalingQueueLengthDeduction: -1 is outside 0..2147483647']],
    [{ multipleScalersCalculation: 'sum' }, []],
    [{ multipleScalersCalculation: 'mean' }, ['.multipleScalersCalculation: "mean" is not one of "max", "min", "avg", "sum"']],
  ])('scaling strategy %j', (scalingStrategy, expected) => {
    expect(job({ scalingStrategy })).toEqual(expected.map((line) => `${KEDA}.scaledJob.scalingStrategy${line}`));
  });

  test.each([
    ['50%', '0.5'], ['50 %', '0.5'], ['100%', '1'], ['0%', '0'], ['7%', '0.07'], ['33.3%', '0.333'], ['150%', '1.5'],
    ['0.5', '0.5'], ['.5', '0.5'], ['0', '0'], ['1', '1'], ['1.0', '1'], ['0.250', '0.25'], ['0.0000001', '0.0000001'],
  ])('share %s of the running jobs is written as %s', (given, fraction) => {
    const { scaledJob } = modelOf(asyncFunction({
      workloadType: 'Job', scaleOptions: { keda: { triggers: TRIGGERS, scaledJob: { scalingStrategy: { customScalingRunningJobPercentage: given } } } },
    })).serving.scaling;
    expect(scaledJob?.scalingStrategy?.customScalingRunningJobPercentage).toBe(fraction);
  });

  test.each([['50'], ['1.5'], ['-0.5'], ['half'], ['%'], ['5e-1']])('share %s is an error', (given) => {
    expect(job({ scalingStrategy: { customScalingRunningJobPercentage: given } })).toEqual([
      `${KEDA}.scaledJob.scalingStrategy.customScalingRunningJobPercentage: "${given}" is not a share of the running jobs; give a fraction such as "0.5", or "50%"`,
    ]);
  });

  test('the message about a share that is a number says to quote it', () => {
    expect(job({ scalingStrategy: { customScalingRunningJobPercentage: 1 } })).toEqual([
      `${KEDA}.scaledJob.scalingStrategy.customScalingRunningJobPercentage: must be a string, got 1; quote it: "1"`,
    ]);
  });
});

describe('triggers', () => {
  const triggers = (...list: unknown[]) => problemsOf(asyncFunction({ scaleOptions: { keda: { triggers: list } } })).map((line) => line.replace(`${KEDA}.triggers`, ''));

  test.each([
    [{ type: 'kafka' }, ['[0].metadata: is missing; give the settings of the scaler']],
    [{ metadata: {} }, ['[0].type: is missing; give a KEDA scaler such as "kafka"']],
    [{ type: '', metadata: {} }, ['[0].type: must not be empty']],
    [{ type: 'cpu', metricType: 'Utilization', metadata: { value: 50 } }, ['[0].metadata.value: must be a string, got 50; quote it: "50"']],
    [{ type: 'cpu', metadata: { value: '60' }, metricType: 'average' }, ['[0].metricType: "average" is not one of "AverageValue", "Value", "Utilization"']],
    [{ type: 'cpu', metricType: 'Utilization', metadata: { value: '60' }, authenticationRef: { kind: 'X' } }, [
      '[0].authenticationRef.kind: "X" is not one of "TriggerAuthentication", "ClusterTriggerAuthentication"',
      '[0].authenticationRef.name: is missing; give the name of a TriggerAuthentication',
    ]],
    ['cpu', ['[0]: must be an object, got "cpu"']],
  ])('%j', (trigger, expected) => {
    expect(triggers(trigger)).toEqual(expected);
  });

  test('have names of their own', () => {
    const named = (name: string) => ({ ...TRIGGERS[0], name });
    expect(triggers(named('a'), named('b'), TRIGGERS[0], TRIGGERS[0])).toEqual([]);
    expect(triggers(named('a'), named('b'), named('a'))).toEqual(['[2].name: "a" is the name of another trigger']);
  });
});
