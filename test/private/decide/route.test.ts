import { v1beta2 } from '../../support/functions';
import { problemsOf } from '../../support/problems';

const R = 'serving.triggers.http.route.rules';
const routed = (rules: unknown[]) => problemsOf(v1beta2({ triggers: { http: { route: { rules } } } }));
const MODIFIER = { type: 'RequestHeaderModifier', requestHeaderModifier: { remove: ['x-a'] } };
const rewrite = { type: 'URLRewrite', urlRewrite: { hostname: 'a.b' } };

describe('rules of a route', () => {
  test('are 16 at most', () => {
    expect(routed(new Array(16).fill({}))).toEqual([]);
    expect(routed(new Array(17).fill({}))).toEqual([`${R}: 17 rules; a route takes 16`]);
  });

  test('have one URLRewrite at most', () => {
    expect(routed([{ filters: [rewrite] }, { filters: [rewrite, MODIFIER] }])).toEqual([]);
    expect(routed([{}, { filters: [rewrite, rewrite, rewrite] }])).toEqual([
      `${R}[1].filters[1]: is a second URLRewrite; a rule takes one`, `${R}[1].filters[2]: is a second URLRewrite; a rule takes one`,
    ]);
  });

  test('have no URLRewrite beside a RequestRedirect', () => {
    const redirect = { type: 'RequestRedirect', requestRedirect: { scheme: 'https' } };
    expect(routed([{ filters: [redirect, MODIFIER] }, { filters: [rewrite] }])).toEqual([]);
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

describe('values in the rules of a route', () => {
  test.each<[string, object, string]>([
    ['matches[0].path.type', { matches: [{ path: { type: 'Prefix', value: '/v1' } }] }, '"Prefix" is not one of "Exact", "PathPrefix", "RegularExpression"'],
    ['matches[0].path.value', { matches: [{ path: { value: 'v1' } }] }, '"v1" must begin with "/"'],
    ['matches[0].path.value', { matches: [{ path: { value: '/v1//a' } }] }, '"/v1//a" must not contain "//"'],
    ['matches[0].path.value', { matches: [{ path: { value: '/v1/{id}' } }] }, '"/v1/{id}" has characters that no path has; give "type": "RegularExpression" for a pattern'],
    ['matches[0].method', { matches: [{ method: 'get' }] }, '"get" is not one of "GET", "HEAD", "POST", "PUT", "DELETE", "CONNECT", "OPTIONS", "TRACE", "PATCH"; did you mean "GET"?'],
    ['matches[0].headers[0].type', { matches: [{ headers: [{ name: 'a', value: 'b', type: 'Prefix' }] }] }, '"Prefix" is not one of "Exact", "RegularExpression"'],
    ['matches[0].headers[0].name', { matches: [{ headers: [{ name: 'a b', value: 'b' }] }] }, '"a b" is not a name: letters, digits and !#$%&\'*+-.^_`|~'],
    ['matches[0].headers[1].name', { matches: [{ headers: [{ name: 'a', value: 'b' }, { name: 'a', value: 'c' }] }] }, '"a" is there already; give each once'],
    ['matches[0].queryParams[0].value', { matches: [{ queryParams: [{ name: 'a' }] }] }, 'is missing; give its value'],
    ['filters[0].type', { filters: [{ type: 'Rewrite' }] }, '"Rewrite" is not one of "RequestHeaderModifier", "ResponseHeaderModifier", "RequestMirror", "RequestRedirect", "URLRewrite", "ExtensionRef", "CORS"'],
    ['filters[0].type', { filters: [{ urlRewrite: { hostname: 'a' } }] }, 'is missing; give "RequestHeaderModifier", "ResponseHeaderModifier", "RequestMirror", "RequestRedirect", "URLRewrite", "ExtensionRef", "CORS"'],
    ['filters[0].requestRedirect', { filters: [{ type: 'RequestRedirect' }] }, 'is missing; "RequestRedirect" needs it'],
    ['filters[0].requestRedirect.statusCode', { filters: [{ type: 'RequestRedirect', requestRedirect: { statusCode: 304 } }] }, '304 is not one of 301, 302, 303, 307, 308'],
    ['filters[0].urlRewrite.path.replacePrefixMatch', { filters: [{ type: 'URLRewrite', urlRewrite: { path: { type: 'ReplaceFullPath', replaceFullPath: '/', replacePrefixMatch: '/' } } }] }, 'goes with "type": "ReplacePrefixMatch" alone'],
    ['filters[0].urlRewrite.path.type', { matches: [{ path: { type: 'Exact', value: '/a' } }], filters: [{ type: 'URLRewrite', urlRewrite: { path: { type: 'ReplacePrefixMatch', replacePrefixMatch: '/' } } }] },
      '"ReplacePrefixMatch" needs a rule with one match, of a path prefix'],
    ['filters[0].urlRewrite.hostname', { filters: [{ type: 'URLRewrite', urlRewrite: { hostname: 'A' } }] },
      '"A" is not a valid DNS-1123 name: lower-case letters, digits, "-" and ".", each part beginning and ending with a letter or digit'],
    ['filters[0].requestMirror.backendRef.port', { filters: [{ type: 'RequestMirror', requestMirror: { backendRef: { name: 'copy' } } }] }, 'is missing; a Service needs one'],
    ['filters[1]', { filters: [MODIFIER, MODIFIER] }, 'is a second RequestHeaderModifier; a rule takes one'],
    ['timeouts.request', { timeouts: { request: '10' } }, '"10" is not a duration such as "10s" or "1m30s"'],
    ['timeouts.backendRequest', { timeouts: { request: '1s', backendRequest: '1500ms' } }, '"1500ms" is longer than the request\'s "1s"'],
  ])('that the Gateway API refuses are an error: %s', (at, rule, message) => {
    expect(routed([rule]).filter((line) => !line.startsWith('warning'))).toEqual([`${R}[0].${at}: ${message}`]);
  });

  test('named alike are an error', () => {
    expect(routed([{ name: 'a' }, { name: 'a' }])).toEqual([`${R}[1].name: "a" is the name of another rule`]);
  });
});

describe('a regular expression in the rules of a route', () => {
  const expression = (value: string) => ({ type: 'RegularExpression', value });
  const wrong = [
    ['(', 'unterminated group'], ['/v1/[a-z', 'unterminated character class'], ['/a)', 'unmatched \')\''], ['*', 'nothing to repeat'],
    ['/a**', 'nothing to repeat'], ['[z-a]', 'range out of order in character class'], ['a{2,1}', 'numbers out of order in {} quantifier'],
    ['(?i)/a(', 'unterminated group'], ['a\\', '\\ at end of pattern'],
  ];

  test.each(wrong)('that nothing can read is an error: %s', (value, why) => {
    const rule = { matches: [{ path: expression(value), headers: [{ name: 'a', ...expression(value) }], queryParams: [{ name: 'b', ...expression(value) }] }] };
    expect(routed([rule])).toEqual(['headers[0]', 'path', 'queryParams[0]'].map((at) => `${R}[0].matches[0].${at}.value: ${JSON.stringify(value)} is not a regular expression: ${why}`));
  });

  test.each(wrong)('is none where the type says otherwise: %s', (value) => {
    expect(routed([{ matches: [{ headers: [{ name: 'a', type: 'Exact', value }] }] }])).toEqual([]);
  });

  test.each([
    '/users/[0-9]+', '(?i)/a', '(?i:a)|b', '(?P<id>[0-9]+)', '(?P<1>a)', '/(?<id>a)', '[[:alpha:](]', '[](]', '[^](]', '[\\x{41}-\\x{5A}]', '[\\p{L}-z]', '[😀-😎]', '^*', '\\b+',
    '\\Q(\\E', 'a*+', '(?>a)b', '(?#()a', '(?(1)a|b)', '(?|(a)|b)', '(?x) a # (', 'a{,2}', 'a{', '/v1/.*', '\\A/a\\z',
  ])('that RE2, PCRE or JavaScript can read has nothing to say: %s', (value) => {
    expect(routed([{ matches: [{ headers: [{ name: 'a', ...expression(value) }] }] }])).toEqual([]);
  });
});
