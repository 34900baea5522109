/**
 * Every rejection that needs more than the shape of one field (docs/spec M117 to M123); paths are of v1beta2.
 *
 * What depends on namespace, app-id, platform or decided facts is found when the plan is made.
 */
import type { Check, Unread } from './check';
import {
  componentTypes, credentialsInSecrets, initTimeouts, referenceTypes, secretReferences, stateTopics, stateTriggers, topics,
} from './component-checks';
import { autoscalerBehavior, blockFitsWorkload, customStrategy, oneKedaBlock, triggerNames } from './keda-checks';
import { annotationKeys, labels, selectorLabels, versionLength } from './labels';
import { componentKeys, functionName, namespaceName, pullSecretName, referenceNames, routeNames } from './name-checks';
import {
  containerNames, containerPorts, environmentNames, functionImage, functionPortName, podRestartPolicy, reservedEnvironment,
} from './pod-checks';
import { maxUnderKeda, minWithinMax, scaleAnnotations } from './replica-bounds';
import { routeRules } from './route-checks';
import { schemas } from './schemas';
import {
  appPort, appProtocol, daprServiceMode, enableDapr, metricsPortNumber, oneKindOfTrigger, portFreeOfDapr,
} from './trigger-checks';
import { unreadByDapr, unusedByAsync, unusedByHttp, unusedWithoutScaler } from './unused';
import type { FunctionModel } from '../function/function-model';
import { Problem, Problems } from '../problem/problem';

const CHECKS: readonly Check[] = [
  functionName, namespaceName, pullSecretName, routeNames, componentKeys, referenceNames,
  oneKindOfTrigger, enableDapr, daprServiceMode, appPort, appProtocol, metricsPortNumber, portFreeOfDapr,
  componentTypes, initTimeouts, secretReferences, credentialsInSecrets, referenceTypes, topics, stateTopics, stateTriggers,
  scaleAnnotations, minWithinMax, maxUnderKeda,
  oneKedaBlock, blockFitsWorkload, customStrategy, triggerNames, autoscalerBehavior,
  unusedByHttp, unusedByAsync, unusedWithoutScaler, unreadByDapr,
  labels, selectorLabels, annotationKeys, versionLength,
  reservedEnvironment, environmentNames, routeRules, schemas,
];
/** Of `serving.template` alone, which most functions do not have. */
const TEMPLATE_CHECKS: readonly Check[] = [containerNames, containerPorts, functionPortName, functionImage, podRestartPolicy];

export function checkFunction(model: FunctionModel, unread: Unread): Problem[] {
  const problems = new Problems();
  for (const check of CHECKS) check(model, problems, unread);
  if (model.serving.template !== undefined) for (const check of TEMPLATE_CHECKS) check(model, problems, unread);
  return problems.all;
}
