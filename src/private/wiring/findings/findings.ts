/** All that is probably not meant in a wiring, in the order of its functions. */
import { lostCalls, sameSchedule, sharedRoutes } from './calls';
import { cycles } from './cycles';
import { Around, Find, Finding, Rule } from './finding';
import { foreignGroups, sharedGroups, sharedState } from './groups';
import { lostRoutes, misspeltNames, misspeltScopes, otherScalers, sharedAppIds } from './scopes';
import { inMemory, lonelyTopics, mixedDeadLetters, refusedTopics, subscribedTwice } from './topics';
import {
  actorStores, misspeltConfiguration, misspeltVariables, otherPayload, sameOutput, wrongDirection,
} from './uses';
import type { Neighbours } from '../../decide/neighbours';
import type { Problem } from '../../problem/problem';
import { functionId, WholeWiring, WiredFunction } from '../graph';

const RULES: readonly Find[] = [
  lonelyTopics, refusedTopics, inMemory, subscribedTwice, mixedDeadLetters, sharedGroups, foreignGroups, lostCalls,
  sharedRoutes, sameSchedule, cycles, sharedState, misspeltScopes, misspeltNames,
  sameOutput, wrongDirection, actorStores, otherPayload, misspeltVariables,
  misspeltConfiguration, lostRoutes, otherScalers, sharedAppIds,
];

export function findingsOf(
  wiring: WholeWiring, functions: readonly WiredFunction[], neighbours: Neighbours,
): Finding[] {
  const around = new Around(wiring, functions, neighbours);
  const found = RULES.flatMap((find) => find(around));
  const idOf = ({ by }: Finding) => functionId(by.plan);
  return found.sort((a, b) => (idOf(a) < idOf(b) ? -1 : idOf(a) > idOf(b) ? 1 : 0));
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
