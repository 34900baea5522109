/** The route of an HTTP function. */
import type { Check } from './check';
import { objectsIn } from '../kubernetes/json';

/** Limit of the Gateway API. */
const MAX_RULES = 16;

export const routeRules: Check = ({ serving }, problems) => {
  const { rules = [] } = serving.http?.route ?? {};
  const path = ['serving', 'triggers', 'http', 'route', 'rules'];
  if (rules.length > MAX_RULES) problems.error(path, `${rules.length} rules; a route takes ${MAX_RULES}`);
  rules.forEach((rule, index) => {
    const filters = objectsIn(rule.filters);
    const rewrites = filters.filter(([filter]) => filter.type === 'URLRewrite');
    if (filters.some(([filter]) => filter.type === 'RequestRedirect')) {
      for (const [, at] of rewrites) problems.error([...path, index, 'filters', at], 'is a URLRewrite beside a RequestRedirect; a rule takes one of them');
      return;
    }
    for (const [, at] of rewrites.slice(1)) problems.error([...path, index, 'filters', at], 'is a second URLRewrite; a rule takes one');
  });
};
