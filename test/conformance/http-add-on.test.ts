// The routing table of KEDA's HTTP add-on: does the interceptor find the function for what the gateway sends on, after a rewrite?
import type { KubeObject } from '../testbed';
import { renderManifest } from './cases/render';
import { httpAddOnBinary } from './judges/binaries';
import { LineJudge } from './judges/line-judge';

let judge: LineJudge<{ objects: readonly KubeObject[]; urls: readonly string[] }, { names: string[] }>;
beforeAll(async () => {
  judge = new LineJudge(await httpAddOnBinary());
});
afterAll(() => judge.close());

const HOST = 'a.acme.example';
const path = (value: string, type = 'PathPrefix') => ({ matches: [{ path: { type, value } }] });
const rewrite = (urlRewrite: object) => ({ filters: [{ type: 'URLRewrite', urlRewrite }] });

function scaled(rules: object[]): readonly KubeObject[] {
  const { objects } = renderManifest({
    apiVersion: 'core.openfunction.io/v1beta2',
    kind: 'Function',
    metadata: { name: 'fn' },
    spec: { image: 'example.com/function:v1', serving: { triggers: { http: { engine: 'keda', route: { hostnames: [HOST], rules } } } } },
  });
  return objects.filter(({ kind }) => kind === 'HTTPScaledObject');
}

test.each<[string, object[], string[]]>([
  ['a path prefix', [path('/v1')], [`http://${HOST}/v1`, `http://${HOST}/v1/x`]],
  ['a prefix that becomes the root', [{ ...path('/v1'), ...rewrite({ path: { type: 'ReplacePrefixMatch', replacePrefixMatch: '/' } }) }], [`http://${HOST}/`, `http://${HOST}/x`]],
  ['a prefix that becomes another', [{ ...path('/v1'), ...rewrite({ path: { type: 'ReplacePrefixMatch', replacePrefixMatch: '/api' } }) }], [`http://${HOST}/api/x`]],
  ['a path that is replaced', [{ ...path('/old', 'Exact'), ...rewrite({ path: { type: 'ReplaceFullPath', replaceFullPath: '/new' } }) }], [`http://${HOST}/new`]],
  ['a host that is replaced', [{ ...path('/v1'), ...rewrite({ hostname: 'inside.acme.io' }) }], ['http://inside.acme.io/v1/x']],
  ['a regular expression', [path('/v[0-9]+/.*', 'RegularExpression')], [`http://${HOST}/v2/x`]],
  ['an escaped path', [path('/a%20b')], [`http://${HOST}/a%20b/c`]],
])('the interceptor finds the function behind %s', async (_what, rules, urls) => {
  expect(await judge.ask({ objects: scaled(rules), urls })).toEqual({ names: urls.map(() => 'fn') });
});

test('the interceptor finds nothing for a path and a host that no rule has', async () => {
  expect(await judge.ask({ objects: scaled([path('/v1')]), urls: [`http://${HOST}/v2`, 'http://other.example/v1'] })).toEqual({ names: ['', ''] });
});
