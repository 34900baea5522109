/** KEDA's triggers: their parameters, credentials, and what several of them make (docs/spec M56a, M56b, M72f). */
import type { Check, Outline } from './outline';
import type { Around } from './references';
import { checkParameters, checkTrigger } from '../catalogue/check-trigger';
import type { KedaTriggerModel } from '../function/function-model';
import { FUNCTION_CONTAINER } from '../kubernetes/constants';
import { isObject, JsonObject, objectsIn } from '../kubernetes/json';
import { dns1123Name, parseQuantity } from '../kubernetes/syntax';
import { didYouMean, notOneOf, Path, Problems, show } from '../problem/problem';
import { lackOf, TargetsModel } from '../settings/targets';

const KEDA: Path = ['serving', 'scaleOptions', 'keda'];
const TRIGGERS: Path = [...KEDA, 'triggers'];
/** What KEDA hands on to the autoscaler, which measures pods itself. */
const RESOURCES = ['cpu', 'memory'];
const FROM_ENV = 'FromEnv';

/** What no scaler reads is reported elsewhere. */
export const triggerParameters: Check = ({ serving }, problems, unread) => {
  if (serving.http !== undefined) return;
  const { triggers, scaledObject } = serving.scaling;
  const modified = formulaOf(scaledObject?.advanced) !== undefined;
  triggers.forEach(({ type, metadata, authenticationRef }, index) => {
    const path = [...TRIGGERS, index];
    if (type === '' || unread([...path, 'type'])) return;
    const isUnread = (name: string) => unread([...path, 'metadata', name]) || unread([...path, 'metadata']);
    const authenticated = authenticationRef !== undefined;
    checkTrigger({ type, metadata, modified, authenticated, isUnread }, path, problems);
  });
};

export const metricTypes: Check = (fn, problems, unread) => {
  if (fn.serving.http !== undefined) return;
  fn.serving.scaling.triggers.forEach((trigger, index) => {
    const path = [...TRIGGERS, index];
    if (RESOURCES.includes(trigger.type)) {
      checkResource(trigger, fn, path, problems, unread);
    } else if (trigger.metricType === 'Utilization' && trigger.type !== '') {
      const message = '"Utilization" is for cpu and memory alone; give "AverageValue" or "Value"';
      problems.error([...path, 'metricType'], message);
    }
  });
};

const RESOURCE_METRICS = ['Utilization', 'AverageValue'];

function checkResource(
  { type, metadata, metricType }: KedaTriggerModel, fn: Outline, path: Path, problems: Problems,
  unread: Parameters<Check>[2],
): void {
  if (fn.workload === 'Job') {
    const message = `${show(type)} scales running pods, and a ScaledJob starts new ones; give another trigger`;
    problems.error([...path, 'type'], message);
    return;
  }
  const measured = metricType ?? metadata.type;
  const at = [...path, 'metricType'];
  if (measured === undefined && !unread(at)) {
    problems.error(at, `is missing; the ${type} scaler needs "Utilization" or "AverageValue"`);
  } else if (metricType !== undefined && !RESOURCE_METRICS.includes(metricType)) {
    problems.error(at, notOneOf(metricType, RESOURCE_METRICS));
  }
  const { value, containerName } = metadata;
  const isPercentage = measured === 'Utilization';
  const amount = isPercentage ? (/^\d+$/.test(value) ? Number(value) : undefined) : parseQuantity(value ?? '');
  if (value !== undefined && value !== '' && RESOURCE_METRICS.includes(measured ?? '') && !(amount! > 0)) {
    const form = isPercentage ? 'a percentage of the request such as "60"' : 'an amount such as "500m" or "64Mi"';
    problems.error([...path, 'metadata', 'value'], `must be ${form}, got ${show(value)}`);
  }
  const names = [FUNCTION_CONTAINER, ...objectsIn(fn.serving.template?.containers).map(([{ name }]) => String(name))];
  if (containerName === undefined || containerName === '' || names.includes(containerName)) return;
  const message = `${show(containerName)} is the name of no container of the pod${didYouMean(containerName, names)}`;
  problems.error([...path, 'metadata', 'containerName'], message);
}

/** KEDA looks up such variables in the function's container; what it does not find there is not given. */
export const triggerVariables: Check = ({ serving }, problems) => {
  const [own] = objectsIn(serving.template?.containers).filter(([{ name }]) => name === FUNCTION_CONTAINER);
  const { env, envFrom } = own?.[0] ?? {};
  // Whole Secrets and ConfigMaps have names that nobody knows here.
  if (serving.http !== undefined || objectsIn(envFrom).length > 0) return;
  const known = [...Object.keys(serving.params), ...objectsIn(env).map(([{ name }]) => String(name))];
  serving.scaling.triggers.forEach(({ metadata }, index) => {
    for (const [key, name] of Object.entries(metadata)) {
      if (!key.endsWith(FROM_ENV) || name === '' || known.includes(name)) continue;
      const message = `${show(name)} is not a variable of the function's container, so KEDA finds nothing there`;
      problems.warnOfName([...TRIGGERS, index, 'metadata', key], name, `${message}${didYouMean(name, known)}`);
    }
  });
};

const MODIFIERS: Path = [...KEDA, 'scaledObject', 'advanced', 'scalingModifiers'];
const AUTOSCALER: Path = [...KEDA, 'scaledObject', 'advanced', 'horizontalPodAutoscalerConfig'];

function formulaOf(advanced: JsonObject | undefined): string | undefined {
  const modifiers = advanced?.scalingModifiers;
  const formula = isObject(modifiers) ? modifiers.formula : undefined;
  return typeof formula === 'string' && formula !== '' ? formula : undefined;
}

/** As KEDA's webhook asks of them, and the autoscaler of its name. */
export const scalingModifiers: Check = ({ serving: { scaling } }, problems) => {
  const { advanced } = scaling.scaledObject ?? {};
  const autoscaler = advanced?.horizontalPodAutoscalerConfig;
  const name = isObject(autoscaler) ? autoscaler.name : undefined;
  const wrong = typeof name === 'string' && name !== '' ? dns1123Name(name) : undefined;
  if (wrong !== undefined) problems.error([...AUTOSCALER, 'name'], wrong);
  const modifiers = advanced?.scalingModifiers;
  if (!isObject(modifiers) || Object.keys(modifiers).length === 0) return;
  const { target, metricType } = modifiers;
  const formula = formulaOf(advanced);
  if (formula === undefined) {
    problems.error([...MODIFIERS, 'formula'], 'is missing; give a formula over the names of triggers');
  } else {
    checkFormula(formula, scaling.triggers, problems);
  }
  if (target === undefined || target === '') {
    problems.error([...MODIFIERS, 'target'], 'is missing; the result of the formula is compared with it');
  } else if (typeof target === 'string' && !(Number(target) > 0)) {
    problems.error([...MODIFIERS, 'target'], `must be a number above 0, got ${show(target)}`);
  }
  if (metricType === 'Utilization') {
    problems.error([...MODIFIERS, 'metricType'], notOneOf(metricType, ['AverageValue', 'Value']));
  }
};

const TEXTS = /"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|`[^`]*`/g;
/** A name, not a function's, a field's or a number's exponent. */
const NAME = /(?<![\w.#$?])[A-Za-z_]\w*(?!\w*\s*\()/g;
const WORDS = ['true', 'false', 'nil', 'and', 'or', 'not', 'in', 'matches', 'contains', 'startsWith', 'endsWith'];

function checkFormula(formula: string, triggers: readonly KedaTriggerModel[], problems: Problems): void {
  // A formula with variables or predicates of its own is left to KEDA.
  if (/\blet\b|\{/.test(formula.replace(TEXTS, ''))) return;
  const names = triggers.filter(({ type }) => !RESOURCES.includes(type)).flatMap(({ name }) => name ?? []);
  for (const word of new Set(formula.replace(TEXTS, '').match(NAME) ?? [])) {
    if (WORDS.includes(word) || names.includes(word)) continue;
    const message = `${show(word)} is the name of no trigger other than cpu and memory${didYouMean(word, names)}`;
    problems.error([...MODIFIERS, 'formula'], message);
  }
}

/** Lists of parameters that say all that they give. */
const LISTS: readonly string[] = ['secretTargetRef', 'configMapTargetRef', 'env'];
/** Stores of secrets, whose own list says what they give. */
const STORES = ['hashiCorpVault', 'azureKeyVault', 'gcpSecretManager', 'awsSecretManager'];

export function checkAuthentications(
  { serving }: Outline, { neighbours, namespace }: Around, targets: TargetsModel | undefined, problems: Problems,
): void {
  serving.scaling.triggers.forEach(({ type, metadata, authenticationRef: ref }, index) => {
    if (ref?.name === undefined) return;
    const kind = ref.kind ?? 'TriggerAuthentication';
    const found = kind === 'ClusterTriggerAuthentication'
      ? neighbours.all(kind).find(({ name }) => name === ref.name) : neighbours.find(kind, ref.name, namespace);
    const { spec } = found?.body() ?? {};
    if (!isObject(spec)) return;
    const path = ['serving', 'scaleOptions', 'keda', 'triggers', index, 'authenticationRef'];
    const owner = `the ${kind} ${show(ref.name)}`;
    const given = { type, metadata, owner, ...parametersOf(spec) };
    checkParameters(given, path, problems);
    for (const name of given.parameters) {
      const lack = lackOf(targets, 'keda', `${type}/${name}`);
      if (lack !== undefined) problems.warn(path, `${show(name)} in ${owner} ${lack}`);
    }
  });
}

/** An identity of the pod, and forms that are not known here, can replace any parameter. */
function parametersOf(spec: JsonObject): { readonly parameters: readonly string[]; readonly complete: boolean } {
  const lists = LISTS.map((field) => spec[field]);
  const stores = STORES.flatMap((field) => {
    const store = spec[field];
    return isObject(store) ? [store.secrets] : [];
  });
  const parameters = [...lists, ...stores].flatMap(objectsIn).flatMap(([{ parameter }]) => (
    typeof parameter === 'string' ? [parameter] : []));
  const complete = Object.keys(spec).every((field) => LISTS.includes(field) || STORES.includes(field));
  return { parameters, complete };
}
