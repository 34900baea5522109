// Valid rules of an HTTPRoute with something at every place that the Gateway API has rules for.
import { into, type Mutation } from './mutations';
import type { Template } from './rich-pod';

const headers = (name: string): Template => ({ add: [{ name, value: 'a' }], set: [{ name: 'x-set', value: 'b' }], remove: ['x-gone'] });

export const RICH_RULES: Template = {
  rules: [
    {
      name: 'first',
      matches: [{
        path: { type: 'PathPrefix', value: '/v1' },
        method: 'GET',
        headers: [{ name: 'x-a', type: 'Exact', value: 'b' }, { name: 'x-b', type: 'RegularExpression', value: '.*' }],
        queryParams: [{ name: 'q', type: 'Exact', value: '1' }],
      }],
      filters: [
        { type: 'RequestHeaderModifier', requestHeaderModifier: headers('x-in') },
        { type: 'ResponseHeaderModifier', responseHeaderModifier: headers('x-out') },
        { type: 'RequestMirror', requestMirror: { backendRef: { name: 'copy', port: 80, kind: 'Service' }, fraction: { numerator: 1, denominator: 2 } } },
        { type: 'URLRewrite', urlRewrite: { hostname: 'a.b', path: { type: 'ReplacePrefixMatch', replacePrefixMatch: '/' } } },
        { type: 'CORS', cors: { allowMethods: ['GET'], allowHeaders: ['x-a'], exposeHeaders: ['x-b'], maxAge: 5 } },
        { type: 'ExtensionRef', extensionRef: { group: 'example.com', kind: 'Limit', name: 'slow' } },
      ],
      timeouts: { request: '10s', backendRequest: '1s500ms' },
      retry: { codes: [500], attempts: 2, backoff: '1s' },
      sessionPersistence: { sessionName: 's', type: 'Cookie', absoluteTimeout: '1h', idleTimeout: '1h', cookieConfig: { lifetimeType: 'Permanent' } },
    },
    {
      matches: [{ path: { type: 'Exact', value: '/old' } }],
      filters: [{ type: 'RequestRedirect', requestRedirect: { scheme: 'https', hostname: 'b.c', port: 443, statusCode: 301, path: { type: 'ReplaceFullPath', replaceFullPath: '/new' } } }],
    },
    { matches: [{ path: { type: 'RegularExpression', value: '/a.*' } }] },
  ],
};

export const PATHS = ['', 'Prefix', 'a', 'A.b', 'with space', '/a', '/a//b', '/a/./b', '/a/..', '/a#b', '/a*', '/%2f', '10s', '10', 'x'.repeat(254), 'x'.repeat(1025), 'x'.repeat(4097)];

const rule = 'rules.0';
export const ADDED_RULES: readonly Mutation[] = [
  into(`${rule}.matches`, [], RICH_RULES),
  into(`${rule}.matches.1`, { path: { value: '/b' } }, RICH_RULES),
  into(`${rule}.matches.0.path.type`, 'Exact', RICH_RULES),
  into(`${rule}.filters.6`, { type: 'RequestRedirect', requestRedirect: { scheme: 'https' } }, RICH_RULES),
  into(`${rule}.filters.0.urlRewrite`, { hostname: 'a' }, RICH_RULES),
  into(`${rule}.filters.3.urlRewrite.path.replaceFullPath`, '/', RICH_RULES),
  into(`${rule}.filters.2.requestMirror.percent`, 5, RICH_RULES),
  into(`${rule}.filters.2.requestMirror.fraction.numerator`, 3, RICH_RULES),
  into(`${rule}.filters.4.cors.allowCredentials`, false, RICH_RULES),
  into(`${rule}.filters.4.cors.allowMethods`, ['GET', '*'], RICH_RULES),
  into(`${rule}.timeouts.backendRequest`, '11s', RICH_RULES),
  into(`${rule}.timeouts.request`, '0s', RICH_RULES),
  into('rules.1.name', 'first', RICH_RULES),
  into('rules.1.filters.0.requestRedirect.statusCode', 308, RICH_RULES),
  into('rules.1.filters.0.requestRedirect.path', { type: 'ReplacePrefixMatch', replacePrefixMatch: '/' }, RICH_RULES),
];
