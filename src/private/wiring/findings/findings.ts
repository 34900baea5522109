/** All that is probably not meant in a wiring, in the order of its functions. */
import { lostCalls } from './calls';
import { cycles } from './cycles';
import { Around, Find, Finding, NAME, Rule } from './finding';
import { foreignGroups, sharedGroups, sharedState } from './groups';
import {
  closedPods, lostGateways, lostRoutes, misspeltSelectors, sharedHosts, sharedRoutes, unlabelledCallers,
} from './routes';
import { misspeltNames, misspeltScopes, otherScalers, sharedAppIds } from './scopes';
import { inMemory, lonelyTopics, mixedDeadLetters, refusedTopics, subscribedTwice } from './topics';
import {
  actorStores, misspeltConfiguration, misspeltVariables, otherPayload, otherType, sameOutput, sameSchedule,
  wrongDirection,
} from './uses';
import { at, type Neighbours, podOf } from '../../decide/neighbours';
import { type Problem, show } from '../../problem/problem';
import { compare } from '../brokers';
import type { WholeWiring, WiredFunction } from '../graph';

/** Components beside the functions that are nobody's. */
const unusedComponents: Find = ({ functions, neighbours, own, wiring: { addresses } }) => {
  const used = new Set(own.map(({ by, component }) => `${by.plan.namespace}/${component}`));
  return neighbours.all('Component').flatMap(({ name, namespace = '', body }): Finding[] => {
    const by = functions.find(({ plan }) => plan.namespace === namespace);
    if (by === undefined || used.has(`${namespace}/${name}`)) return [];
    const { scopes, spec } = body();
    const isOthers = (Array.isArray(scopes) && scopes.length > 0)
      || neighbours.in('Workload', namespace).some((each) => podOf(each.body()).appId !== undefined);
    // Of other kinds, such as middleware, nothing here can tell who uses them.
    const isKnown = /^(pubsub|bindings|state)\./.test(String(at(spec, ['type'])));
    const isNamed = functions.some(({ plan }) => addresses.saidTo(plan).some(({ value }) => value.includes(name)));
    if (isOthers || !isKnown || isNamed) return [];
    const message = `no function of ${show(namespace)} uses the Component ${show(name)}`;
    const place = `Component ${namespace}/${name}`;
    return [{ rule: 'component-unused', level: 'information', by, path: NAME, at: place, name, message }];
  });
};

/** Each with what must be there for it to find anything. */
const RULES: ReadonlyArray<readonly [find: Find, isAsked: (around: Around) => boolean]> = [
  ...[lonelyTopics, refusedTopics, inMemory, subscribedTwice, mixedDeadLetters]
    .map((find) => [find, ({ topics }: Around) => topics.length > 0] as const),
  [sharedGroups, ({ own }) => own.length > 1],
  [foreignGroups, (around) => around.some(({ scaling }) => scaling.triggers.length > 0)],
  [lostCalls, (around) => around.some((plan) => around.wiring.addresses.callsOf(plan).length > 0)
    || around.has('binds') || around.neighbours.has('Workload', 'HTTPEndpoint', 'Service', 'Sink')],
  [sharedRoutes, (around) => around.some(({ route }) => route !== undefined)],
  [sameSchedule, (around) => around.has('binds')],
  [cycles, (around) => around.has('publishes', 'binds', 'calls', 'deadLetters')],
  [sharedState, (around) => around.has('state')],
  [misspeltScopes, (around) => around.some(({ access }) => access !== undefined)
    || around.neighbours.has('Subscription', 'Component', 'Resiliency', 'Configuration')],
  [misspeltNames, ({ neighbours }) => neighbours.has('Subscription', 'Component', 'Resiliency', 'Workload')],
  [sameOutput, (around) => around.some(({ components }) => components.outputs.length > 1)],
  [otherType, (around) => around.functions.length > 1
    || around.some(({ components: { triggers, inputs, outputs, states } }) =>
      triggers.length + inputs.length + outputs.length + Object.keys(states).length > 1)],
  [wrongDirection, (around) => around.has('binds')],
  [actorStores, (around) => around.has('state')],
  [otherPayload, (around) => around.has('publishes', 'binds')],
  [misspeltVariables, (around) => around.some((plan) => around.wiring.addresses.saidTo(plan).length > 0)],
  [misspeltConfiguration, ({ neighbours }) => neighbours.has('Configuration')],
  [lostRoutes, ({ neighbours }) => neighbours.has('HTTPRoute', 'Ingress', 'Sink')],
  [misspeltSelectors, ({ neighbours }) => neighbours.has('Service', 'NetworkPolicy', 'Selector')],
  [otherScalers, ({ neighbours }) => neighbours.has('Scaler', 'KafkaTopic')],
  [sharedAppIds, ({ neighbours }) => neighbours.has('Workload')],
  [unlabelledCallers, ({ neighbours }) => neighbours.has('Workload')],
  [sharedHosts, ({ neighbours }) => neighbours.has('Ingress')],
  [lostGateways, ({ neighbours }) => neighbours.has('Gateway')],
  [closedPods, ({ neighbours }) => neighbours.has('NetworkPolicy')],
  [unusedComponents, ({ neighbours }) => neighbours.has('Component')],
];

export function findingsOf(
  wiring: WholeWiring, functions: readonly WiredFunction[], neighbours: Neighbours,
): Finding[] {
  const around = new Around(wiring, functions, neighbours);
  const found = RULES.flatMap(([find, isAsked]) => (isAsked(around) ? find(around) : []));
  return found.sort((a, b) => compare(a.by.id, b.by.id));
}

/** What a program says to have no other side: then a topic without one is wrong. */
const CLOSED: readonly Rule[] = ['topic-without-subscriber', 'topic-without-publisher', 'dead-letters-unread'];

/** Information becomes no problem, but an error where the program says that nothing else deals with topics. */
export function problemsOf(findings: readonly Finding[], closedTopics: boolean): Problem[] {
  return findings.flatMap(({ rule, level, path, message, name }): Problem[] => {
    if (closedTopics && CLOSED.includes(rule)) return [{ severity: 'error', path, message, name }];
    return [{ severity: level, path, message, name }];
  });
}
