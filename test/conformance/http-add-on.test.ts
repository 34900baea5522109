// The routing tables of KEDA's HTTP add-on, the newest and the oldest that the library writes for: does the interceptor find
// the function for what the gateway sends on, after a rewrite?
import type { KubeObject } from '../testbed';
import { renderManifest } from './cases/render';
import { httpScaledObjectBinary, interceptorBinary } from './judges/binaries';
import { LineJudge } from './judges/line-judge';
import { TARGETS } from '../../src/private/settings/targets';

type Judge = LineJudge<{ objects: readonly KubeObject[]; urls: readonly string[] }, { names: string[] }>;

const ADD_ONS = [
  { version: TARGETS.kedaHttp.newest, kind: 'InterceptorRoute', binary: interceptorBinary },
  { version: TARGETS.kedaHttp.oldest, kind: 'HTTPScaledObject', binary: httpScaledObjectBinary },
];
const judges = new Map<string, Judge>();
beforeAll(async () => {
  for (const { kind, binary } of ADD_ONS) judges.set(kind, new LineJudge(await binary()));
});
afterAll(() => judges.forEach((judge) => judge.close()));

const HOST = 'a.acme.example';
const path = (value: string, type = 'PathPrefix') => ({ matches: [{ path: { type, value } }] });
const rewrite = (urlRewrite: object) => ({ filters: [{ type: 'URLRewrite', urlRewrite }] });

function scaled(rules: object[], kedaHttp: string, wanted: string): readonly KubeObject[] {
  const { objects } = renderManifest({
    apiVersion: 'core.openfunction.io/v1beta2',
    kind: 'Function',
    metadata: { name: 'fn' },
    spec: { image: 'example.com/function:v1', serving: { triggers: { http: { engine: 'keda', route: { hostnames: [HOST], rules } } } } },
  }, { targets: { kedaHttp } });
  return objects.filter(({ kind }) => kind === wanted);
}

describe.each(ADD_ONS)('add-on $version', ({ version, kind }) => {
  const ask = (rules: object[], urls: readonly string[]) => judges.get(kind)!.ask({ objects: scaled(rules, version, kind), urls });

  test.each<[string, object[], string[]]>([
    ['a path prefix', [path('/v1')], [`http://${HOST}/v1`, `http://${HOST}/v1/x`]],
    ['a prefix that becomes the root', [{ ...path('/v1'), ...rewrite({ path: { type: 'ReplacePrefixMatch', replacePrefixMatch: '/' } }) }], [`http://${HOST}/`, `http://${HOST}/x`]],
    ['a prefix that becomes another', [{ ...path('/v1'), ...rewrite({ path: { type: 'ReplacePrefixMatch', replacePrefixMatch: '/api' } }) }], [`http://${HOST}/api/x`]],
    ['a path that is replaced', [{ ...path('/old', 'Exact'), ...rewrite({ path: { type: 'ReplaceFullPath', replaceFullPath: '/new' } }) }], [`http://${HOST}/new`]],
    ['a host that is replaced', [{ ...path('/v1'), ...rewrite({ hostname: 'inside.acme.io' }) }], ['http://inside.acme.io/v1/x']],
    ['a regular expression', [path('/v[0-9]+/.*', 'RegularExpression')], [`http://${HOST}/v2/x`]],
    ['an escaped path', [path('/a%20b')], [`http://${HOST}/a%20b/c`]],
  ])('the interceptor finds the function behind %s', async (_what, rules, urls) => {
    expect(await ask(rules, urls)).toEqual({ names: urls.map(() => 'fn') });
  });

  test('the interceptor finds nothing for a path and a host that no rule has', async () => {
    expect(await ask([path('/v1')], [`http://${HOST}/v2`, 'http://other.example/v1'])).toEqual({ names: ['', ''] });
  });
});
