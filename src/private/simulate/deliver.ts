/** Where an event goes that comes to one subscription, by what was decided for its function (docs/spec M127j). */
import { evaluateCel, EvaluationError } from './cel-evaluate';
import type { EventDelivery } from '../../simulated-event';
import { celRefusal, EVENT, parseCel, UnknownExpression } from '../catalogue/cel';
import type { ResolvedTrigger } from '../decide/components';
import type { FunctionPlan } from '../decide/plan';
import { DAPR_APP_PROTOCOL } from '../kubernetes/constants';
import type { JsonObject } from '../kubernetes/json';
import { show, typoOf } from '../problem/problem';
import { isFilter } from '../wiring/brokers';
import { componentsOf } from '../wiring/wire';

export type Outcome = 'delivered' | 'skipped' | 'failed' | 'unknown';
type Routed = Pick<EventDelivery, 'rule' | 'path' | 'reason'> & { readonly outcome: Outcome };
export type Delivery = Omit<EventDelivery, 'outcome'> & { readonly outcome: Outcome };

export function deliver(plan: FunctionPlan, trigger: ResolvedTrigger, event: JsonObject): Delivery {
  const { delivery: { deadLetterTopic, bulk } = {}, componentName, topic = '' } = trigger;
  const inbound = plan.resiliency?.targets[componentName]?.inbound as JsonObject | undefined;
  const policies = (plan.resiliency?.policies ?? {}) as Record<string, JsonObject | undefined>;
  const policy = (field: string, kind: string) => (
    inbound?.[field] === undefined ? undefined : policies[kind]?.[String(inbound[field])] as never);
  const [retry, timeout] = [policy('retry', 'retries'), policy('timeout', 'timeouts')];
  return {
    functionName: plan.name,
    namespace: plan.namespace,
    appId: plan.names.appId,
    daprMode: plan.dapr.mode,
    component: componentName,
    topic,
    ...route(plan, trigger, event),
    ...(retry !== undefined && { retry }),
    ...(timeout !== undefined && { timeout }),
    ...(deadLetterTopic !== undefined && { deadLetterTopic }),
    bulk: bulk !== undefined,
  };
}

function route(plan: FunctionPlan, { delivery, topic = '' }: ResolvedTrigger, event: JsonObject): Routed {
  const { rules = [], defaultPath } = delivery ?? {};
  for (const { match, path } of rules) {
    const verdict = judge(match, event);
    if (typeof verdict === 'object') return { ...verdict, rule: match };
    if (verdict) return { outcome: 'delivered', reason: `the rule ${match} is true`, rule: match, path };
  }
  if (defaultPath !== undefined) {
    const reason = rules.length === 0 ? 'the default path takes every event' : 'no rule is true; the default is left';
    return { outcome: 'delivered', reason, path: defaultPath };
  }
  if (rules.length === 0) return { outcome: 'delivered', reason: `every event of ${topic}, without rules` };
  // Over HTTP the proxy announces a default of its own, which is the route that the function itself has.
  if (plan.proxy?.annotations[DAPR_APP_PROTOCOL] !== 'grpc') {
    return { outcome: 'delivered', reason: 'no rule is true; over HTTP the route of the function itself is left' };
  }
  return { outcome: 'skipped', reason: 'no rule is true, and there is no default path' };
}

function judge(match: string, event: JsonObject): boolean | Pick<Routed, 'outcome' | 'reason'> {
  if (match === '') return true;
  try {
    const expression = parseCel(match);
    const refused = celRefusal(match, expression, EVENT);
    // Then no event comes to the function at all.
    if (refused !== undefined) return { outcome: 'unknown', reason: `the rule ${refused}` };
    const result = evaluateCel(expression, { event });
    if (typeof result === 'boolean') return result;
    return { outcome: 'failed', reason: `the rule ${match} is neither true nor false` };
  } catch (error) {
    if (error instanceof EvaluationError) return { outcome: 'failed', reason: `the rule ${match}: ${error.message}` };
    if (!(error instanceof UnknownExpression)) throw error;
    return { outcome: 'unknown', reason: `the rule ${match} cannot be evaluated here: ${error.message}` };
  }
}

/** A slip in a test would look like an event that nobody gets. */
export function checkPubSub(name: string, plans: readonly FunctionPlan[]): void {
  const used = plans.flatMap((plan) => componentsOf(plan).map((one) => ({ plan, ...one })));
  const found = used.find(({ key, componentName }) => key === name || componentName === name);
  if (found?.componentType.startsWith('pubsub.') === true) return;
  if (found !== undefined) {
    const { namespace, name: fn } = found.plan;
    throw new Error(`${show(name)} of function ${namespace}/${fn} is a ${found.componentType}, which has no topics; `
      + 'only events of pub/sub components are simulated');
  }
  const known = used.filter(({ componentType }) => componentType.startsWith('pubsub.')).map(({ key }) => key);
  const meant = typoOf(name, known);
  const isOther = plans.some((plan) => plan.name === name
    || plan.components.triggers.some(({ topic }) => topic === name));
  if (meant === undefined && !isOther) return;
  const all = [...new Set(known)].sort().map(show).join(', ');
  const hint = meant === undefined ? `, which is a function or a topic; they use ${all}`
    : `; did you mean ${show(meant)}?`;
  throw new Error(`no function here uses the pub/sub component ${show(name)}${hint}`);
}

/** Attributes that the specification of CloudEvents names, or that Dapr sets. */
const ATTRIBUTES = ['type', 'source', 'subject', 'data', 'datacontenttype', 'dataschema', 'time', 'specversion'];

export function checkEvent(event: unknown): void {
  if (typeof event !== 'object' || event === null || Array.isArray(event)) {
    throw new Error(`an event is an object such as { type: "placed", data: {} }, got ${show(event)}`);
  }
  for (const name of Object.keys(event)) {
    const meant = ATTRIBUTES.includes(name) ? undefined : typoOf(name, ATTRIBUTES);
    if (meant !== undefined) throw new Error(`events have no ${show(name)}; did you mean ${show(meant)}?`);
  }
}

/** The same of a topic to which nobody subscribes, unless a function publishes to it. */
export function checkTopicName(component: string, topic: string, plans: readonly FunctionPlan[]): void {
  const isIts = ({ key, componentName }: { readonly key: string; readonly componentName: string }) => (
    [key, componentName].includes(component));
  const ends = plans.flatMap(({ components: { triggers, outputs } }) => [...triggers, ...outputs].filter(isIts));
  const read = plans.flatMap(({ components: { triggers } }) => triggers.filter(isIts)
    .flatMap(({ componentType, topic: name = '' }) => (isFilter(componentType, name) ? [] : name)));
  const meant = ends.some((end) => end.topic === topic) ? undefined : typoOf(topic, read);
  if (meant === undefined) return;
  throw new Error(`nothing here subscribes to the topic ${show(topic)} of ${show(component)}; `
    + `did you mean ${show(meant)}?`);
}

/** As Dapr wraps what an app publishes. */
export function cloudEvent(component: string, topic: string, given: JsonObject): JsonObject {
  return {
    id: '00000000-0000-0000-0000-000000000000',
    source: 'simulation',
    specversion: '1.0',
    type: 'com.dapr.event.sent',
    datacontenttype: 'application/json',
    time: '1970-01-01T00:00:00Z',
    traceid: '',
    traceparent: '',
    tracestate: '',
    topic,
    pubsubname: component,
    ...given,
  };
}
