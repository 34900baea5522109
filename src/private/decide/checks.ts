/**
 * What a function decides by itself, and every rejection that needs nothing else (docs/spec M117 to M123); paths are
 * those of v1beta2.
 */
import {
  annotationKeys, knativeAnnotations, labels, minimumOfHpa, objectAnnotations, selectorLabels, versionLength,
} from './annotations';
import {
  componentKeys, componentSettings, componentTypes, forEachComponent, initTimeouts, outputOperations, referencedTypes,
  referenceNames, referenceTypes, secretReferences, stateTopics, stateTriggers, topics,
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
import { functionName, namespaceName } from './names';
import type { Check, Outline, Unread } from './outline';
import { functionImage, functionPortName, podRestartPolicy, podSecurityAnnotation, pullSecretName } from './pod';
import { routeNames, routeRules } from './route';
import { pendingEventsAnnotation, unusedByAsync, unusedByHttp } from './scaling';
import { announcedByProxy } from './subscriptions';
import { metricTypes, scalingModifiers, triggerParameters, triggerVariables } from './triggers';
import type { FunctionModel } from '../function/function-model';
import { checkStructure, forEachField } from '../kubernetes/pod-schema';
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

const schemas: Check = ({ serving }, problems) => {
  checkStructure(serving.template, 'PodSpec', ['serving', 'template'], problems);
  const { advanced } = serving.scaling.scaledObject ?? {};
  checkStructure(advanced, 'AdvancedConfig', ['serving', 'scaleOptions', 'keda', 'scaledObject', 'advanced'], problems);
  const route = ['serving', 'triggers', 'http', 'route', 'rules'];
  serving.http?.route?.rules?.forEach((rule, index) => {
    checkStructure(rule, 'HTTPRouteRule', [...route, index], problems);
  });
};

const CHECKS: readonly Check[] = [
  functionName, namespaceName, pullSecretName, routeNames, componentKeys, referenceNames, oneKindOfTrigger,
  enableDapr, daprServiceMode, daprEnabled, unreadByDapr, daprAnnotations,
  appPort, appProtocol, metricsPortNumber, portFreeOfDapr, announcedByProxy, traffic,
  componentTypes, initTimeouts, secretReferences, referenceTypes, topics, stateTopics, stateTriggers,
  componentSettings, referencedTypes, outputOperations,
  triggerParameters, metricTypes, triggerVariables, scalingModifiers,
  scaleAnnotations, knativeAnnotations, requestTimeouts, minWithinMax, minimumOfHpa, maxUnderKeda,
  oneKedaBlock, blockFitsWorkload, idleReplicas, customStrategy, triggerNames, autoscalerBehavior,
  unusedByHttp, unusedByAsync, pendingEventsAnnotation, podSecurityAnnotation,
  labels, selectorLabels, annotationKeys, objectAnnotations, versionLength,
  reservedEnvironment, environmentNames, credentialsInEnvironment, credentialsInTriggers, routeRules, schemas,
];
/** Of `serving.template` alone, which most functions do not have. */
const TEMPLATE_CHECKS: readonly Check[] = [
  containerNames, containerImages, initContainers, volumeMounts, probes, nodePorts, podProvides,
  functionPortName, functionImage, podRestartPolicy, unsplitCommands, unlikelyAmounts, probeProtocols,
];

export function checkFunction(fn: Outline, unread: Unread): Problem[] {
  const problems = new Problems();
  for (const check of CHECKS) check(fn, problems, unread);
  if (fn.serving.template !== undefined) for (const check of TEMPLATE_CHECKS) check(fn, problems, unread);
  return problems.all;
}

const ROUTE_RULES: Path = ['serving', 'triggers', 'http', 'route', 'rules'];
const TRIGGERS: Path = ['serving', 'scaleOptions', 'keda', 'triggers'];

/** What a function asks for and a release that it is written for lacks: an error, or a warning where it is ignored. */
export function checkTargets(
  { serving, workload }: Outline, targets: TargetsModel | undefined, problems: Problems,
): void {
  if (targets === undefined) return;
  const check = (name: TargetName, what: string, path: Path) => {
    const lack = lackOf(targets, name, what);
    if (lack !== undefined) problems.error(path, lack);
  };
  forEachField(serving.template, 'PodSpec', ['serving', 'template'], (field, path) => {
    check('kubernetes', sidecarOrRestart(field, path), path);
    if (workload === 'KnativeService') check('knative', field, path);
  });
  serving.http?.route?.rules?.forEach((rule, index) => {
    forEachField(rule, 'HTTPRouteRule', [...ROUTE_RULES, index], (field, path) => check('gatewayApi', field, path));
  });
  serving.scaling.triggers.forEach(({ type, metadata }, index) => {
    check('keda', type, [...TRIGGERS, index, 'type']);
    for (const [key, value] of Object.entries(metadata)) {
      const path = [...TRIGGERS, index, 'metadata', key];
      const ignored = lackOf(targets, 'keda', `${type}/${key.replace(/FromEnv$/, '')}`);
      if (ignored !== undefined) problems.warn(path, `${show(key)} ${ignored}`);
      const refused = lackOf(targets, 'keda', `${type}/${key}=${value}`);
      if (refused !== undefined) problems.error(path, `${show(value)} ${refused}`);
    }
  });
  checkDapr(serving, targets, problems);
}

/** A container of the pod may have a policy of its own later than an init container. */
function sidecarOrRestart(field: string, path: Path): string {
  const main = field === 'Container.restartPolicy' && path.includes('containers');
  return main ? 'Container.restartPolicyRules' : field;
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
