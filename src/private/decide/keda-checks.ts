/** KEDA's blocks: which go together, and what KEDA and the autoscaler behind it accept. */
import type { Check } from './outline';
import { Json, JsonObject, isObject } from '../kubernetes/json';
import { Path, Problems, show } from '../problem/problem';

const KEDA: Path = ['serving', 'scaleOptions', 'keda'];
const BLOCKS = ['scaledJob', 'scaledObject', 'httpScaledObject'] as const;
const MAX_STABILIZATION_SECONDS = 3600;
const MAX_PERIOD_SECONDS = 1800;

export const oneKedaBlock: Check = ({ serving }, problems) => {
  const given = BLOCKS.filter((block) => serving.scaling[block] !== undefined);
  if (given.length > 1) problems.error(KEDA, `${given.map(show).join(' and ')} exclude each other; give one of them`);
};

export const blockFitsWorkload: Check = ({ source, serving }, problems, unread) => {
  const { scaledJob, scaledObject } = serving.scaling;
  if (scaledJob !== undefined && scaledObject !== undefined) return;
  if (unread(['serving', 'workloadType'])) return;
  const job = serving.workloadType === 'Job';
  // v1beta1 has no workload type for jobs: there the block itself makes one.
  if (scaledJob !== undefined && !job && source.apiVersion === 'v1beta2') {
    const workload = serving.workloadType ?? 'Deployment';
    problems.error(
      [...KEDA, 'scaledJob'],
      `scales a Job, and the workload is a ${workload}; give serving.workloadType: Job`,
    );
  }
  if (scaledObject !== undefined && job) {
    problems.error([...KEDA, 'scaledObject'], 'cannot scale a Job; give scaledJob instead');
  }
};

/** KEDA refuses another one. */
export const idleReplicas: Check = ({ serving: { scaling } }, problems) => {
  const idle = scaling.extras?.scaler?.idleReplicas;
  const { minReplicas = 0 } = scaling;
  if (idle === undefined || idle < minReplicas) return;
  problems.error(['scaling', 'idleReplicas'], `${idle} is not below minReplicas, which is ${minReplicas}`);
};

export const customStrategy: Check = ({ serving }, problems) => {
  const { scalingStrategy } = serving.scaling.scaledJob ?? {};
  if (scalingStrategy?.strategy !== 'custom') return;
  const needed = {
    customScalingQueueLengthDeduction: 'a number of 0 or more',
    customScalingRunningJobPercentage: 'a fraction such as "0.5"',
  };
  for (const field of Object.keys(needed) as (keyof typeof needed)[]) {
    if (scalingStrategy[field] !== undefined) continue;
    const path = [...KEDA, 'scaledJob', 'scalingStrategy', field];
    problems.error(path, `is missing; strategy "custom" needs ${needed[field]}`);
  }
};

export const triggerNames: Check = ({ serving }, problems) => {
  const seen = new Set<string>();
  serving.scaling.triggers.forEach(({ name }, index) => {
    if (name === undefined) return;
    const path = [...KEDA, 'triggers', index, 'name'];
    if (seen.has(name)) problems.error(path, `${show(name)} is the name of another trigger`);
    seen.add(name);
  });
};

export const autoscalerBehavior: Check = ({ serving }, problems) => {
  const config = serving.scaling.scaledObject?.advanced?.horizontalPodAutoscalerConfig;
  const behavior = isObject(config) ? config.behavior : undefined;
  if (!isObject(behavior)) return;
  const path = [...KEDA, 'scaledObject', 'advanced', 'horizontalPodAutoscalerConfig', 'behavior'];
  for (const direction of ['scaleUp', 'scaleDown']) {
    const rules = behavior[direction];
    if (isObject(rules)) checkScalingRules(rules, [...path, direction], problems);
  }
};

function checkScalingRules(rules: JsonObject, path: Path, problems: Problems): void {
  const windowPath = [...path, 'stabilizationWindowSeconds'];
  within(rules.stabilizationWindowSeconds, 0, MAX_STABILIZATION_SECONDS, windowPath, problems);
  among(rules.selectPolicy, ['Max', 'Min', 'Disabled'], [...path, 'selectPolicy'], problems);
  const policies = Array.isArray(rules.policies) ? rules.policies : [];
  policies.forEach((policy, index) => {
    if (!isObject(policy)) return;
    const at = [...path, 'policies', index];
    for (const field of ['type', 'value', 'periodSeconds']) {
      if (policy[field] === undefined || policy[field] === null) {
        problems.error([...at, field], 'is missing; a scaling policy needs "type", "value" and "periodSeconds"');
      }
    }
    among(policy.type, ['Pods', 'Percent'], [...at, 'type'], problems);
    within(policy.value, 1, 2 ** 31 - 1, [...at, 'value'], problems);
    within(policy.periodSeconds, 1, MAX_PERIOD_SECONDS, [...at, 'periodSeconds'], problems);
  });
}

/** Values of another type pass: the schema checks types. */
function within(value: Json | undefined, min: number, max: number, path: Path, problems: Problems): void {
  if (typeof value === 'number' && (value < min || value > max)) {
    problems.error(path, `${value} is outside ${min}..${max}`);
  }
}

function among(value: Json | undefined, allowed: string[], path: Path, problems: Problems): void {
  if (typeof value === 'string' && !allowed.includes(value)) problems.notOneOf(path, value, allowed);
}
