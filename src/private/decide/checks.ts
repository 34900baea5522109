/**
 * What a function decides by itself, and every rejection that needs nothing else (docs/spec M117 to M123); paths are
 * those of v1beta2.
 */
import { componentSettings, outputOperations, referencedTypes, triggerParameters } from './catalogue-checks';
import {
  componentKeys, componentTypes, initTimeouts, referenceNames, referenceTypes, secretReferences,
  stateTopics, stateTriggers, topics,
} from './component-checks';
import {
  containerImages, containerNames, initContainers, nodePorts, podProvides, probes, volumeMounts,
} from './containers';
import {
  appProtocol, daprEnabled, daprServiceMode, decideDapr, enableDapr, jobWithSidecar, unreadByDapr,
} from './dapr';
import { daprAnnotations } from './dapr-annotations';
import { appPort, metricsPortNumber, portFreeOfDapr, portOf } from './dapr-ports';
import { environmentNames, reservedEnvironment } from './env';
import {
  autoscalerBehavior, blockFitsWorkload, customStrategy, idleReplicas, oneKedaBlock, triggerNames,
} from './keda-checks';
import { knativeAnnotations } from './knative-annotations';
import { annotationKeys, labels, selectorLabels, versionLength } from './labels';
import { functionName, namespaceName } from './names';
import { objectAnnotations } from './object-annotations';
import type { Check, Outline, Unread } from './outline';
import { pendingEventsAnnotation } from './pending-switch';
import { functionImage, functionPortName, podRestartPolicy, pullSecretName } from './pod';
import { podSecurityAnnotation } from './pod-security';
import { maxUnderKeda, minWithinMax, scaleAnnotations } from './replica-bounds';
import { requestTimeouts } from './request-timeouts';
import { routeNames, routeRules } from './route';
import { schemas } from './schemas';
import { announcedByProxy } from './subscriptions';
import { traffic } from './traffic';
import { unusedByAsync, unusedByHttp } from './unused';
import type { FunctionModel } from '../function/function-model';
import { Problem, Problems } from '../problem/problem';

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

const CHECKS: readonly Check[] = [
  functionName, namespaceName, pullSecretName, routeNames, componentKeys, referenceNames, oneKindOfTrigger,
  enableDapr, daprServiceMode, daprEnabled, unreadByDapr, daprAnnotations, jobWithSidecar,
  appPort, appProtocol, metricsPortNumber, portFreeOfDapr, announcedByProxy, traffic,
  componentTypes, initTimeouts, secretReferences, referenceTypes, topics, stateTopics, stateTriggers,
  componentSettings, referencedTypes, outputOperations, triggerParameters,
  scaleAnnotations, knativeAnnotations, requestTimeouts, minWithinMax, maxUnderKeda,
  oneKedaBlock, blockFitsWorkload, idleReplicas, customStrategy, triggerNames, autoscalerBehavior,
  unusedByHttp, unusedByAsync, pendingEventsAnnotation, podSecurityAnnotation,
  labels, selectorLabels, annotationKeys, objectAnnotations, versionLength,
  reservedEnvironment, environmentNames, routeRules, schemas,
];
/** Of `serving.template` alone, which most functions do not have. */
const TEMPLATE_CHECKS: readonly Check[] = [
  containerNames, containerImages, initContainers, volumeMounts, probes, nodePorts, podProvides,
  functionPortName, functionImage, podRestartPolicy,
];

export function checkFunction(fn: Outline, unread: Unread): Problem[] {
  const problems = new Problems();
  for (const check of CHECKS) check(fn, problems, unread);
  if (fn.serving.template !== undefined) for (const check of TEMPLATE_CHECKS) check(fn, problems, unread);
  return problems.all;
}
