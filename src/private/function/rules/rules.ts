/**
 * Every rejection that needs more than the shape of one field (docs/spec M117 to M123); paths are of v1beta2.
 *
 * What depends on namespace, app-id, platform or decided facts is found when the plan is made.
 */
import { componentTypes, credentialsInSecrets, initTimeouts, referenceTypes, secretReferences, stateTopics, stateTriggers, topics } from './component-rules';
import { autoscalerBehavior, blockFitsWorkload, customStrategy, oneKedaBlock, triggerNames } from './keda-rules';
import { annotationKeys, labels, selectorLabels, versionLength } from './label-rules';
import { componentKeys, functionName, namespaceName, pullSecretName, referenceNames, routeNames } from './name-rules';
import { containerNames, containerPorts, environmentNames, functionImage, functionPortName, podRestartPolicy, reservedEnvironment } from './pod-rules';
import { routeRules } from './route-rules';
import type { Rule, RuleContext } from './rule';
import { maxUnderKeda, minWithinMax, scaleAnnotations } from './scaling-rules';
import { schemas } from './schema-rules';
import { appPort, appProtocol, daprServiceMode, enableDapr, metricsPortNumber, oneKindOfTrigger, portFreeOfDapr } from './trigger-rules';
import { unreadByDapr, unusedByAsync, unusedByHttp, unusedWithoutScaler } from './unused-rules';
import { Problem, Problems } from '../../problem/problem';
import type { FunctionModel } from '../function-model';

const RULES: readonly Rule[] = [
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
const TEMPLATE_RULES: readonly Rule[] = [containerNames, containerPorts, functionPortName, functionImage, podRestartPolicy];

export function checkRules(model: FunctionModel, context: RuleContext = {}): Problem[] {
  const problems = new Problems();
  for (const rule of RULES) rule(model, problems, context);
  if (model.serving.template !== undefined) for (const rule of TEMPLATE_RULES) rule(model, problems, context);
  return problems.all;
}
