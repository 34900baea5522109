/** Subscriptions whose scopes mean a function but for a slip. */
import { Find, Finding } from './finding';
import { isObject } from '../../kubernetes/json';
import { show, typoOf } from '../../problem/problem';

export const misspeltScopes: Find = ({ functions, neighbours }) => (
  neighbours.all('Subscription').flatMap(({ name: subscription, namespace, body }): Finding[] => {
    const { scopes, metadata } = body();
    const mine = functions.filter(({ plan }) => plan.dapr.mode !== 'off' && plan.namespace === namespace);
    const known = mine.map(({ plan }) => plan.names.appId);
    if (!Array.isArray(scopes) || !isObject(metadata)) return [];
    return scopes.flatMap((scope): Finding[] => {
      const meant = typeof scope === 'string' && !known.includes(scope) ? typoOf(scope, known) : undefined;
      const by = mine.find(({ plan }) => plan.names.appId === meant);
      if (by === undefined || scopes.some((each) => each === meant)) return [];
      const message = `the scopes of the Subscription ${show(subscription)} name the app-id ${show(scope)}, which `
        + `nothing here has; do they mean this function, ${show(meant)}?`;
      const path = ['metadata', 'name'];
      return [{ rule: 'scope-misspelt', level: 'warning', by, path, name: String(scope), message }];
    });
  }));
