import { v1beta2 } from '../../support/functions';
import { problemsOf } from '../../support/problems';

const R = 'serving.triggers.http.route.rules';
const routed = (rules: unknown[]) => problemsOf(v1beta2({ triggers: { http: { route: { rules } } } }));
const rewrite = { type: 'URLRewrite', urlRewrite: { hostname: 'a.b' } };

describe('rules of a route', () => {
  test('are 16 at most', () => {
    expect(routed(new Array(16).fill({}))).toEqual([]);
    expect(routed(new Array(17).fill({}))).toEqual([`${R}: 17 rules; a route takes 16`]);
  });

  test('have one URLRewrite at most', () => {
    expect(routed([{ filters: [rewrite] }, { filters: [rewrite, { type: 'RequestHeaderModifier' }] }])).toEqual([]);
    expect(routed([{}, { filters: [rewrite, rewrite, rewrite] }])).toEqual([
      `${R}[1].filters[1]: is a second URLRewrite; a rule takes one`, `${R}[1].filters[2]: is a second URLRewrite; a rule takes one`,
    ]);
  });

  test('have no URLRewrite beside a RequestRedirect', () => {
    const redirect = { type: 'RequestRedirect', requestRedirect: { scheme: 'https' } };
    expect(routed([{ filters: [redirect, { type: 'RequestHeaderModifier' }] }, { filters: [rewrite] }])).toEqual([]);
    expect(routed([{ filters: [rewrite, redirect] }])).toEqual([`${R}[0].filters[0]: is a URLRewrite beside a RequestRedirect; a rule takes one of them`]);
  });

  test('have the fields and types of the Gateway API', () => {
    expect(routed([{ matches: [{ path: { type: 'PathPrefix', value: '/a' }, headers: [{ name: 'a', value: 'b' }] }], timeouts: { request: '10s' } }])).toEqual([]);
    expect(routed([3, { matchs: [] }, { matches: [{ path: { valeu: '/' }, method: 3 }] }])).toEqual([
      `${R}[0]: must be an object, got 3`,
      `${R}[1].matchs: unknown field; did you mean "matches"?`,
      `${R}[2].matches[0].method: must be a string, got 3; quote it: "3"`,
      `${R}[2].matches[0].path.valeu: unknown field; did you mean "value"?`,
    ]);
  });
});
