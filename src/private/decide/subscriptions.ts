/**
 * What the proxy announces beyond the inputs of the function's context: dead letters, bulk, routing rules, binding
 * routes (docs/spec M109).
 */
import { isDeepStrictEqual } from 'node:util';
import { brokerOf, narrowPool } from './brokers';
import type { ResolvedTrigger } from './components';
import type { TokensPlan } from './dapr';
import type { Check, Outline } from './outline';
import { PendingEventsReach, ScalingPlan, warnOfScale } from './scaling';
import { HEALTH_PATH, PROXY_HEALTH_PATH } from './sidecar';
import { celProblem, EVENT } from '../catalogue/cel';
import type { DeliveryModel, FunctionModel } from '../function/function-model';
import type { ProxySettings } from '../function/proxy-settings';
import { MAX_VARIABLE_BYTES } from '../kubernetes/constants';
import type { JsonObject } from '../kubernetes/json';
import { Path, Problems, show } from '../problem/problem';

/** The variable's value; nothing where there is nothing to announce. */
export function subscriptionsJson(triggers: ResolvedTrigger[], problems: Problems): string | undefined {
  const list = subscriptions(triggers, problems);
  if (list.length === 0) return undefined;
  // Kubernetes expands $(NAME) and $$ in values.
  const text = JSON.stringify(list).replaceAll('$', '$$$$');
  const bytes = Buffer.byteLength(text);
  if (bytes > MAX_VARIABLE_BYTES) {
    problems.error(['inputs'], `what the proxy announces of them would have ${bytes} bytes, `
      + `${MAX_VARIABLE_BYTES} are allowed; shorten rules or metadata`);
  }
  return text;
}

function subscriptions(triggers: ResolvedTrigger[], problems: Problems): JsonObject[] {
  const known = new Map<string, JsonObject>();
  return triggers.flatMap((trigger) => {
    const { delivery } = trigger;
    if (delivery === undefined) return [];
    const entry = trigger.block === 'pubsub' ? topicEntry(trigger, delivery) : bindingEntry(trigger, delivery);
    reportInvalid(trigger, delivery, problems);
    if (delivery.bulk !== undefined) {
      const message = 'Dapr up to 1.18 drops the events of a function that lacks the bulk method';
      problems.warn(['inputs', delivery.index, 'bulk'], message);
    }
    if (entry === undefined) return [];
    const key = `${trigger.componentName} ${trigger.topic ?? ''}`;
    const other = known.get(key);
    known.set(key, other ?? entry);
    if (other === undefined) return [entry];
    if (!isDeepStrictEqual(other, entry)) {
      const message = `${show(trigger.key)} has other settings for the same events already; Dapr delivers them once`;
      problems.error(['inputs', delivery.index], message);
    }
    return [];
  });
}

function topicEntry({ componentName, topic }: ResolvedTrigger, delivery: DeliveryModel): JsonObject | undefined {
  const entry: JsonObject = { component: componentName, topic: topic ?? '' };
  const before = Object.keys(entry).length;
  if (delivery.deadLetterTopic !== undefined) entry.deadLetterTopic = delivery.deadLetterTopic;
  if (delivery.bulk !== undefined) entry.bulk = { ...delivery.bulk };
  if (delivery.rules !== undefined) entry.rules = delivery.rules.map((rule) => ({ ...rule }));
  if (delivery.defaultPath !== undefined) entry.default = delivery.defaultPath;
  if (delivery.metadata !== undefined) entry.metadata = { ...delivery.metadata };
  return Object.keys(entry).length === before ? undefined : entry;
}

function bindingEntry({ componentName }: ResolvedTrigger, { route }: DeliveryModel): JsonObject | undefined {
  return route === undefined ? undefined : { component: componentName, route };
}

/** What the proxy would refuse at its start. */
function reportInvalid({ topic }: ResolvedTrigger, delivery: DeliveryModel, problems: Problems): void {
  const { index, bulk, rules = [], route, defaultPath, deadLetterTopic } = delivery;
  const { maxMessages } = bulk ?? {};
  if (maxMessages !== undefined && !(Number.isInteger(maxMessages) && maxMessages >= 1 && maxMessages <= MAX_INT32)) {
    const message = `${show(maxMessages)} is not a whole number from 1 to ${MAX_INT32}`;
    problems.error(['inputs', index, 'bulk', 'maxMessages'], message);
  }
  if (deadLetterTopic !== undefined && deadLetterTopic === topic) {
    problems.error(['inputs', index, 'deadLetterTopic'], 'is the topic itself, so a dead letter would come back');
  }
  if (deadLetterTopic === '') problems.error(['inputs', index, 'deadLetterTopic'], 'must not be empty');
  rules.forEach(({ match }, at) => {
    const before = rules.findIndex((rule) => rule.match === '' || rule.match === match);
    if (before < at) {
      const why = rules[before].match === '' ? `rules[${before}] takes every event` : `is that of rules[${before}] too`;
      problems.warn(['inputs', index, 'rules', at, 'match'], `${why}, so no event comes to this rule`);
    }
    // Without text it is true for every event.
    const wrong = typeof match !== 'string' || match === '' ? undefined : celProblem(match, EVENT);
    if (wrong !== undefined) problems.warn(['inputs', index, 'rules', at, 'match'], wrong);
  });
  const paths: [Path, string | undefined][] = [
    [['route'], route],
    [['defaultPath'], defaultPath],
    ...rules.map(({ path }, at): [Path, string] => [['rules', at, 'path'], path]),
  ];
  for (const [at, path] of paths) {
    if (path?.startsWith('/') !== false) continue;
    problems.error(['inputs', index, ...at], `${show(path)} is not a path: it must begin with "/"`);
  }
}

const MAX_INT32 = 2 ** 31 - 1;

/** In sidecar mode the function subscribes by itself, so nobody could announce these. */
export const announcedByProxy: Check = ({ serving, dapr }, problems) => {
  if (dapr.mode === 'standalone') return;
  serving.dapr.forEach(({ delivery }) => {
    for (const field of ['deadLetterTopic', 'bulk', 'rules', 'defaultPath', 'route', 'metadata'] as const) {
      if (delivery?.[field] === undefined) continue;
      problems.error(['inputs', delivery.index, field], 'needs the dapr-proxy, which announces it; '
        + 'without the proxy the function itself subscribes, so set it there');
    }
  });
};

/** Nothing could choose one of the sidecars beside the pods. */
export function warnOfEveryPod(
  { dapr, engine }: Outline, triggers: readonly ResolvedTrigger[], scaling: ScalingPlan, problems: Problems,
): void {
  const { maxReplicas = Infinity, replicas, scaler } = scaling;
  const pods = scaler === 'none' && engine === undefined ? replicas : maxReplicas;
  if (dapr.mode !== 'sidecar' || pods < 2) return;
  triggers.forEach((trigger, index) => {
    const { everyReplica, unshared } = brokerOf(trigger);
    const path = ['serving', 'triggers', 'dapr', index, 'name'];
    const why = 'fires in the sidecar of every pod; behind the dapr-proxy it fires once';
    if (everyReplica !== undefined) problems.warn(path, `${show(trigger.key)} ${why}`);
    warnOfUnshared(trigger, unshared, 'the sidecars of several pods', path, problems);
  });
}

function warnOfUnshared(
  { key }: ResolvedTrigger, unshared: string | undefined, whose: string, path: Path, problems: Problems,
): void {
  if (unshared !== undefined) problems.warn(path, `events of ${show(key)} are not shared by ${whose}: ${unshared}`);
}

interface Risks {
  readonly model: FunctionModel;
  readonly triggers: ResolvedTrigger[];
  readonly tokens: TokensPlan;
  readonly settings: ProxySettings;
  readonly replicas: number;
  readonly appProtocol: string;
  readonly reach?: PendingEventsReach;
}

export function warnOfRisks(
  { model, triggers, tokens, settings, replicas, appProtocol, reach }: Risks, problems: Problems,
): void {
  const { annotations } = model.serving;
  triggers.forEach((trigger) => {
    const { risks = [], everyReplica, rights, unshared } = brokerOf(trigger);
    const path = [...trigger.path, 'name'];
    for (const [key, why] of risks) problems.warn(path, `${key} of ${show(trigger.key)}: ${why}`);
    const narrow = narrowPool(trigger, triggers, true);
    if (narrow !== undefined) problems.warn(path, `poolSize of ${show(trigger.key)}: ${narrow}`);
    if (replicas > 1 && everyReplica !== undefined && !settings.leaderElection) {
      const why = `fires in each of the proxy's ${replicas} replicas without leaderElection`;
      problems.warn(path, `${show(trigger.key)} ${why}`);
    }
    if (rights !== undefined && !settings.serviceAccountToken) {
      problems.warn(path, `${show(trigger.key)} asks the Kubernetes API, for which the proxy's pod has no token; `
        + 'set serviceAccountToken of the proxy');
    }
    if (replicas > 1) warnOfUnshared(trigger, unshared, `the sidecars of ${replicas} proxies`, path, problems);
  });
  const healthPath = annotations[HEALTH_PATH];
  if (healthPath !== undefined && healthPath !== PROXY_HEALTH_PATH && appProtocol !== 'grpc') {
    problems.warn(
      ['serving', 'annotations', HEALTH_PATH],
      `${show(healthPath)} is a path of the function, so without a pod Dapr takes no events that could wake it; `
        + `the proxy itself answers ${PROXY_HEALTH_PATH}`,
    );
  }
  if (annotations['dapr.io/app-max-concurrency'] !== undefined && appProtocol === 'grpc') {
    problems.error(
      ['serving', 'annotations', 'dapr.io/app-max-concurrency'],
      'with gRPC it deadlocks Dapr up to 1.18; use the limit of the component itself',
    );
  }
  if (!settings.networkPolicy && tokens.api === undefined) {
    problems.warn(
      ['proxy', 'networkPolicy'],
      'without it and without an API token every pod of the cluster can use this function\'s Dapr API',
    );
  }
  if (reach !== undefined) warnOfScale(model, triggers, problems);
}
