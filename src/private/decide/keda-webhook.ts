/** What KEDA's admission webhook refuses of a ScaledObject (docs/spec M53 to M56). */
import type { FunctionModel } from '../function/function-model';
import { isObject, JsonObject, objectsIn } from '../kubernetes/json';
import { Path, Problems, show } from '../problem/problem';

const OPTIONS: Path = ['serving', 'scaleOptions'];
const KEDA: Path = [...OPTIONS, 'keda'];
const RESOURCES = ['cpu', 'memory'];
const NO_CACHE = [...RESOURCES, 'cron'];

/** `alone`: the user's triggers are the only ones; the proxy adds none. */
export function checkScaledObject(model: FunctionModel, alone: boolean, problems: Problems): void {
  if (alone) {
    checkFallback(model, problems);
    checkZero(model, problems);
  }
  checkRequests(model, problems);
  model.serving.scaling.triggers.forEach(({ type, useCachedMetrics }, index) => {
    if (useCachedMetrics !== true || !NO_CACHE.includes(type)) return;
    const path = [...KEDA, 'triggers', index, 'useCachedMetrics'];
    problems.error(path, `is not supported by the ${type} scaler; leave it out`);
  });
}

/** With modifiers their metric type decides, else the types of the triggers. */
function checkFallback({ serving: { scaling: { scaledObject, triggers } } }: FunctionModel, problems: Problems): void {
  if (scaledObject?.fallback === undefined) return;
  const modifiers = scaledObject.advanced?.scalingModifiers;
  if (isObject(modifiers) && Object.keys(modifiers).length > 0) {
    if (modifiers.metricType !== 'Value') return;
    problems.error(
      [...KEDA, 'scaledObject', 'advanced', 'scalingModifiers', 'metricType'],
      'must be "AverageValue" for a fallback; KEDA refuses "Value"',
    );
    return;
  }
  const path = [...KEDA, 'scaledObject', 'fallback'];
  const others = triggers.filter(({ type }) => !RESOURCES.includes(type));
  if (others.length === 0) {
    problems.error(path, 'needs a trigger other than cpu and memory');
  } else if (others.every(({ metricType }) => metricType !== undefined && metricType !== 'AverageValue')) {
    problems.error(path, 'needs a trigger other than cpu and memory with "metricType: AverageValue"');
  } else if (others.every(({ metricType }) => metricType === undefined)) {
    problems.warn(
      path,
      'is refused by KEDA 2.17.0 unless a trigger other than cpu and memory says "metricType: AverageValue"',
    );
  }
}

function checkZero({ serving: { scaling: { minReplicas = 0, triggers } } }: FunctionModel, problems: Problems): void {
  if (minReplicas > 0 || triggers.length === 0 || !triggers.every(({ type }) => RESOURCES.includes(type))) return;
  const types = [...new Set(triggers.map(({ type }) => type))].sort().join(' and ');
  problems.error(
    [...OPTIONS, 'minReplicas'],
    `${types} alone cannot scale from zero; give 1 or more, or another trigger`,
  );
}

/** A LimitRange of the namespace can give what is missing here. */
function checkRequests({ serving: { scaling, template } }: FunctionModel, problems: Problems): void {
  const containers = objectsIn(template?.containers).map(([container]) => container);
  const own = containers.some(({ name }) => name === FUNCTION) ? containers : [{ name: FUNCTION }, ...containers];
  scaling.triggers.forEach(({ type, metadata: { containerName = '' } }, index) => {
    if (!RESOURCES.includes(type)) return;
    const judged = own.filter(({ name }) => containerName === '' || name === containerName);
    const without = judged.find((container) => !asksFor(container, type));
    if (without === undefined) return;
    problems.warn([...KEDA, 'triggers', index], `needs a ${type} request of the container ${show(without.name)}; `
      + 'KEDA refuses the trigger unless a LimitRange of the namespace gives one');
  });
}

const FUNCTION = 'function';

function asksFor({ resources }: JsonObject, type: string): boolean {
  if (!isObject(resources)) return false;
  const nothing: unknown[] = [undefined, null, 0, '0'];
  return [resources.requests, resources.limits]
    .some((amounts) => isObject(amounts) && !nothing.includes(amounts[type]));
}
