/**
 * What a function decides by itself, and every rejection that needs nothing else (docs/spec M117 to M123); paths are
 * those of v1beta2.
 */
import {
  annotationKeys, knativeAnnotations, labels, minimumOfHpa, objectAnnotations, selectorLabels, versionLength,
} from './annotations';
import {
  componentKeys, componentSettings, componentTypes, forEachComponent, initTimeouts, outputOperations, referencedTypes,
  readNumbers, referenceNames, referenceTypes, secretReferences, stateTopics, stateTriggers, topics,
} from './component-checks';
import { probeProtocols, unlikelyAmounts, unsplitCommands } from './container-slips';
import {
  containerImages, containerNames, initContainers, nodePorts, podProvides, probes, volumeMounts,
} from './containers';
import { credentialsInEnvironment, credentialsInTriggers } from './credentials';
import {
  appPort, appProtocol, daprEnabled, daprServiceMode, decideDapr, enableDapr, metricsPortNumber,
  portFreeOfDapr, portOf, unreadByDapr,
} from './dapr';
import { daprAnnotations } from './dapr-annotations';
import { environmentNames, reservedEnvironment } from './env';
import {
  autoscalerBehavior, blockFitsWorkload, customStrategy, idleReplicas, maxUnderKeda, minWithinMax, oneKedaBlock,
  scaleAnnotations, triggerNames,
} from './keda-checks';
import { requestTimeouts, traffic } from './knative';
import { functionName, namespaceName, unsetWords } from './names';
import type { Check, Outline, Unread } from './outline';
import { functionImage, functionPortName, podRestartPolicy, podSecurityAnnotation, pullSecretName } from './pod';
import { routeNames, routeRules } from './route';
import { pendingEventsAnnotation, unusedByAsync, unusedByHttp } from './scaling';
import { announcedByProxy } from './subscriptions';
import { metricTypes, scalingModifiers, triggerParameters, triggerVariables } from './triggers';
import type { FunctionModel } from '../function/function-model';
import type { Json } from '../kubernetes/json';
import { checkStructure, forEachField } from '../kubernetes/pod-schema';
import { isPlainEnvName } from '../kubernetes/syntax';
import { Path, Problem, Problems, show } from '../problem/problem';
import { lackOf, TargetName, TargetsModel } from '../settings/targets';

export function outlineOf(model: FunctionModel): Outline {
  const { http, workloadType = 'Deployment' } = model.serving;
  const engine = http && (http.engine ?? 'knative');
  return {
    ...model,
    engine,
    workload: engine === undefined ? workloadType : engine === 'knative' ? 'KnativeService' : 'Deployment',
    port: portOf(model),
    dapr: decideDapr(model.serving),
  };
}

const oneKindOfTrigger: Check = ({ serving }, problems) => {
  if (serving.http !== undefined && serving.dapr.length > 0) {
    const path = ['serving', 'triggers'];
    problems.error(path, 'requests and Dapr events cannot both trigger a function; give one of them, or make two');
  }
};

const TEMPLATE: Path = ['serving', 'template'];
const KEDA: Path = ['serving', 'scaleOptions', 'keda'];
const ROUTE_RULES: Path = ['serving', 'triggers', 'http', 'route', 'rules'];

const podSchema: Check = ({ serving }, problems) => checkStructure(serving.template, 'PodSpec', TEMPLATE, problems);

const autoscalerSchema: Check = ({ serving: { scaling } }, problems) => (
  checkStructure(scaling.scaledObject?.advanced, 'AdvancedConfig', [...KEDA, 'scaledObject', 'advanced'], problems));

const ruleSchemas: Check = ({ serving }, problems) => {
  serving.http?.route?.rules?.forEach((rule, index) => (
    checkStructure(rule, 'HTTPRouteRule', [...ROUTE_RULES, index], problems)));
};

const CHECKS: readonly Check[] = [
  functionName, namespaceName, pullSecretName, componentKeys, referenceNames, oneKindOfTrigger,
  enableDapr, daprServiceMode, daprEnabled,
  appPort, appProtocol, metricsPortNumber, portFreeOfDapr, announcedByProxy,
  componentTypes, initTimeouts, secretReferences, readNumbers, referenceTypes, topics, stateTopics, stateTriggers,
  componentSettings, referencedTypes, outputOperations,
  unusedByHttp, unusedByAsync, unsetWords, labels, selectorLabels, objectAnnotations, versionLength,
];

/** Of what only some functions have. */
const FURTHER: ReadonlyArray<readonly [isAsked: (fn: Outline) => boolean, checks: readonly Check[]]> = [
  [({ serving }) => serving.template !== undefined, [
    podSchema, containerNames, containerImages, initContainers, volumeMounts, probes, nodePorts, podProvides,
    functionPortName, functionImage, podRestartPolicy, unsplitCommands, unlikelyAmounts, probeProtocols,
  ]],
  [({ serving: { template, params } }) => template !== undefined || !isEmpty(params), [
    reservedEnvironment, environmentNames, credentialsInEnvironment,
  ]],
  [({ serving: { annotations, scaling } }) => !isEmpty(annotations) || !isEmpty(scaling.knative), [
    annotationKeys, daprAnnotations, knativeAnnotations, pendingEventsAnnotation, podSecurityAnnotation,
  ]],
  [({ serving }) => serving.http !== undefined, [routeNames, routeRules, ruleSchemas, requestTimeouts]],
  [({ serving }) => serving.traffic !== undefined, [traffic]],
  [isScaled, [
    scaleAnnotations, minWithinMax, minimumOfHpa, maxUnderKeda, oneKedaBlock, blockFitsWorkload, idleReplicas,
    customStrategy, triggerNames, autoscalerBehavior, autoscalerSchema, unreadByDapr,
    triggerParameters, metricTypes, triggerVariables, scalingModifiers, credentialsInTriggers,
  ]],
];

/** By its own options, or by Knative, whose annotations say it too. */
function isScaled({ workload, serving: { scaling: { keda, triggers, minReplicas, maxReplicas, extras } } }: Outline) {
  const isBounded = minReplicas !== undefined || maxReplicas !== undefined;
  return keda || triggers.length > 0 || isBounded || extras !== undefined || workload === 'KnativeService';
}

function isEmpty(map: object): boolean {
  return Object.keys(map).length === 0;
}

export function checkFunction(fn: Outline, unread: Unread): Problem[] {
  const problems = new Problems();
  const asked = FURTHER.filter(([isAsked]) => isAsked(fn)).flatMap(([, checks]) => checks);
  for (const check of [...CHECKS, ...asked]) check(fn, problems, unread);
  return problems.all;
}


/** What a function asks for and a release that it is written for lacks: an error, or a warning where it is ignored. */
export function checkTargets(
  { serving, workload }: Outline, targets: TargetsModel | undefined, problems: Problems,
): void {
  if (targets === undefined) return;
  const check = (name: TargetName, what: string, path: Path) => {
    const lack = lackOf(targets, name, what);
    if (lack !== undefined) problems.error(path, lack);
  };
  for (const name of Object.keys(serving.params)) {
    const path = ['serving', 'params', name];
    check('kubernetes', beyond('EnvVar.name', path, name), path);
  }
  forEachField(serving.template, 'PodSpec', TEMPLATE, (field, path, value) => {
    check('kubernetes', beyond(field, path, value), path);
    if (workload === 'KnativeService') check('knative', field, path);
  });
  serving.http?.route?.rules?.forEach((rule, index) => {
    forEachField(rule, 'HTTPRouteRule', [...ROUTE_RULES, index], (field, path) => check('gatewayApi', field, path));
  });
  serving.scaling.triggers.forEach(({ type, metadata }, index) => {
    check('keda', type, [...KEDA, 'triggers', index, 'type']);
    for (const [key, value] of Object.entries(metadata)) {
      const path = [...KEDA, 'triggers', index, 'metadata', key];
      const ignored = lackOf(targets, 'keda', `${type}/${key.replace(/FromEnv$/, '')}`);
      if (ignored !== undefined) problems.warn(path, `${show(key)} ${ignored}`);
      const refused = lackOf(targets, 'keda', `${type}/${key}=${value}`);
      if (refused !== undefined) problems.error(path, `${show(value)} ${refused}`);
    }
  });
  checkDapr(serving, targets, problems);
}

/** Values that Kubernetes took later than the field. */
const LATER: Readonly<Record<string, (value: Json) => boolean>> = {
  'EnvVar.name': (value) => !isPlainEnvName(String(value)),
  'EnvFromSource.prefix': (value) => value !== '' && !isPlainEnvName(String(value)),
  'SleepAction.seconds': (value) => value === 0,
  'PodDNSConfig.searches': (value) => /_|(^|,)\.(,|$)/.test(String(value)),
};

/** Kubernetes took `restartPolicy: Always` of init containers earlier than others. */
function beyond(field: string, path: Path, value: Json): string {
  if (field === 'Container.restartPolicy') {
    return path.includes('containers') || value !== 'Always' ? 'Container.restartPolicyRules' : field;
  }
  return Object.hasOwn(LATER, field) && LATER[field](value) ? `${field} beyond the plain` : field;
}

function checkDapr(serving: Outline['serving'], targets: TargetsModel, problems: Problems): void {
  for (const key of Object.keys(serving.annotations)) {
    const lack = lackOf(targets, 'dapr', key);
    if (lack !== undefined) problems.warn(['serving', 'annotations', key], lack);
  }
  forEachComponent(serving, ({ type, metadata }, path) => {
    const lack = lackOf(targets, 'dapr', type);
    if (lack !== undefined) problems.error([...path, 'type'], `${show(type)} ${lack}`);
    metadata.forEach(({ name }, index) => {
      const ignored = lackOf(targets, 'dapr', `${type}/${name}`);
      if (ignored !== undefined) problems.warn([...path, 'metadata', index, 'name'], `${show(name)} ${ignored}`);
    });
  });
}
