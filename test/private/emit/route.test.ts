// Routes and ReferenceGrants (docs/spec M92 to M97).
import { PlatformSettingsProps } from '../../../src';
import { asyncFunction, v1beta1, v1beta2 } from '../../support/functions';
import { all, one, problemsOf, synthManifest, thrownBy, Tree } from '../../support/synth';

const GATEWAY = { name: 'public', namespace: 'gateways' };
const SERVICE = { group: '', kind: 'Service' };
const KOURIER = { ...SERVICE, name: 'kourier-internal', namespace: 'kourier-system', port: 80, weight: 1 };
const INTERCEPTOR = { ...SERVICE, name: 'keda-add-ons-http-interceptor-proxy', namespace: 'keda', port: 8080, weight: 1 };
const REWRITE = { type: 'URLRewrite', urlRewrite: { hostname: 'fn.ns.svc.cluster.local' } };
const prefix = (value: string) => [{ path: { type: 'PathPrefix', value } }];

const routed = (route: object | undefined, engine?: string) => v1beta2({ triggers: { http: { route, engine } } });
const routeOf = (manifest: object, settings: PlatformSettingsProps = {}) => one(synthManifest(manifest, { settings }).objects, 'HTTPRoute', 'fn');

describe('an HTTPRoute', () => {
  test.each<[string, object, PlatformSettingsProps, number]>([
    ['neither settings nor function ask for one', v1beta2(), {}, 0],
    ['the settings have a gateway', v1beta2(), { gateway: GATEWAY }, 1],
    ['the settings have a gateway of another name', v1beta2(), { gateways: { 'a/b': GATEWAY } }, 1],
    ['the function gives a route, even an empty one', routed({}), {}, 1],
    ['a v1beta1 function gives a route', v1beta1({}, { route: {} }), {}, 1],
    ['the function is asynchronous', asyncFunction(), { gateway: GATEWAY }, 0],
  ])('is made or not where %s', (_when, manifest, settings, count) => {
    expect(all(synthManifest(manifest, { settings }).objects, 'HTTPRoute')).toHaveLength(count);
  });

  test('has defaults for everything', () => {
    expect(routeOf(routed({}))).toEqual({
      apiVersion: 'gateway.networking.k8s.io/v1',
      kind: 'HTTPRoute',
      metadata: {
        name: 'fn',
        namespace: 'ns',
        labels: { 'openfunction.io/managed': 'true', 'openfunction.io/serving': 'fn', 'app.kubernetes.io/managed-by': 'openfunction.openfunction' },
      },
      spec: {
        parentRefs: [{ group: 'gateway.networking.k8s.io', kind: 'Gateway', name: 'contour', namespace: 'projectcontour' }],
        hostnames: ['fn.ns.ofn.io', 'fn.ns.svc.cluster.local'],
        rules: [{ matches: prefix('/'), filters: [REWRITE], backendRefs: [KOURIER] }],
      },
    });
  });

  test('of engine keda leads to the interceptor, which needs the host untouched', () => {
    expect(routeOf(routed({}, 'keda')).spec?.rules).toEqual([{ matches: prefix('/'), backendRefs: [INTERCEPTOR] }]);
  });

  test('leads to the ingress Services of the settings', () => {
    const settings = { knativeIngress: { name: 'net', namespace: 'istio' }, kedaInterceptor: { name: 'i', namespace: 'k', port: 81 } };
    expect(routeOf(routed({}), settings).spec?.rules[0].backendRefs).toEqual([{ ...SERVICE, name: 'net', namespace: 'istio', port: 80, weight: 1 }]);
    expect(routeOf(routed({}, 'keda'), settings).spec?.rules[0].backendRefs).toEqual([{ ...SERVICE, name: 'i', namespace: 'k', port: 81, weight: 1 }]);
  });
});

describe('hostnames and paths', () => {
  const spec = (route: object | undefined, settings: PlatformSettingsProps = { gateway: GATEWAY }) => {
    const { hostnames, rules } = routeOf(routed(route), settings).spec as Tree;
    return [hostnames, [...rules].map(({ matches }) => matches[0].path.value)];
  };

  test('of the function come before the in-cluster one, with the path of the template', () => {
    expect(spec({ hostnames: ['a.io', '*.b.io'] })).toEqual([['a.io', '*.b.io', 'fn.ns.svc.cluster.local'], ['/ns/fn']]);
  });

  test('are filled in from the templates of the gateway', () => {
    const gateway = { ...GATEWAY, domain: 'acme.io', hostTemplate: '{{.Name}}--{{ .Namespace }}.{{.Domain}}', pathTemplate: '{{.Name}}/{{.Domain}}' };
    expect(spec(undefined, { gateway })).toEqual([['fn--ns.acme.io', 'fn.ns.svc.cluster.local'], ['/']]);
    expect(spec({ hostnames: ['x.io'] }, { gateway })).toEqual([['x.io', 'fn.ns.svc.cluster.local'], ['/fn/acme.io']]);
  });

  test('are in the cluster domain of the gateway, else of the platform', () => {
    expect(spec({}, { clusterDomain: 'corp.example' })[0]).toEqual(['fn.ns.ofn.io', 'fn.ns.svc.corp.example']);
    expect(spec({}, { clusterDomain: 'corp.example', gateway: { ...GATEWAY, clusterDomain: 'gw.example' } })[0]).toEqual(['fn.ns.ofn.io', 'fn.ns.svc.gw.example']);
  });

  test('are listed once each', () => {
    expect(spec({ hostnames: ['fn.ns.svc.cluster.local', 'a.io', 'a.io'] })[0]).toEqual(['fn.ns.svc.cluster.local', 'a.io']);
  });

  test('are 16 at most with the in-cluster one', () => {
    const hostnames = (count: number) => Array.from({ length: count }, (_, index) => `h${index}.io`);
    expect(spec({ hostnames: hostnames(15) })[0]).toHaveLength(16);
    expect(problemsOf(() => routeOf(routed({ hostnames: hostnames(16) })))).toEqual([
      'serving.triggers.http.route.hostnames: 17 hostnames with the in-cluster one "fn.ns.svc.cluster.local"; a route takes 16',
    ]);
  });

  test('of a template with an unknown placeholder are an error at synthesis, which better settings mend', () => {
    expect(thrownBy(() => routeOf(v1beta2(), { gateway: { ...GATEWAY, hostTemplate: '{{.Nam}}.io' } }))).toContain(
      'platform.gateway.hostTemplate: "{{.Nam}}" is not one of "{{.Name}}", "{{.Namespace}}", "{{.Domain}}"');
  });

  test('of a template must be host names, which is said at synthesis', () => {
    const of = (hostTemplate: string) => thrownBy(() => routeOf(v1beta2(), { gateway: { ...GATEWAY, hostTemplate } })).split('\n').slice(1);
    expect(of('{{.Name}}_{{.Namespace}}')).toEqual([
      '  platform.gateway.hostTemplate: "fn_ns" is not a valid host name: lower-case letters, digits, "-" and ".", "*." only in front',
    ]);
    expect(of('{{.Nam}}.io')).toEqual(['  platform.gateway.hostTemplate: "{{.Nam}}" is not one of "{{.Name}}", "{{.Namespace}}", "{{.Domain}}"']);
    expect(spec({}, { gateway: { ...GATEWAY, hostTemplate: '*.{{.Name}}' } })[0]).toEqual(['*.fn', 'fn.ns.svc.cluster.local']);
    expect(spec({ hostnames: ['x.io'] }, { gateway: { ...GATEWAY, hostTemplate: 'not used_' } })[0]).toEqual(['x.io', 'fn.ns.svc.cluster.local']);
  });
});

describe('gatewayRef', () => {
  const settings = { gateway: GATEWAY, gateways: { 'infra/private': { name: 'envoy', namespace: 'infra', domain: 'corp', labelKey: 'acme.io/gateway' } } };

  test('picks the entry of the settings that gives parent, domain and label', () => {
    const { metadata, spec } = routeOf(routed({ gatewayRef: { name: 'private', namespace: 'infra' } }), settings);
    expect(metadata.labels).toEqual({ 'openfunction.io/managed': 'true', 'openfunction.io/serving': 'fn', 'acme.io/gateway': 'infra.private' });
    expect([spec?.parentRefs[0].name, spec?.hostnames[0]]).toEqual(['envoy', 'fn.ns.corp']);
  });

  test('means the default gateway where it is absent or says so', () => {
    for (const route of [undefined, {}, { gatewayRef: { name: 'openfunction', namespace: 'openfunction' } }]) {
      const { metadata, spec } = routeOf(routed(route), settings);
      expect([metadata.labels?.['app.kubernetes.io/managed-by'], spec?.parentRefs[0].name]).toEqual(['openfunction.openfunction', 'public']);
    }
  });

  test('with an unknown name is the Gateway itself, with a warning', () => {
    const { objects, fn } = synthManifest(routed({ gatewayRef: { name: 'other', namespace: 'there' } }), { settings });
    const { metadata, spec } = one(objects, 'HTTPRoute');
    expect(spec?.parentRefs).toEqual([{ group: 'gateway.networking.k8s.io', kind: 'Gateway', name: 'other', namespace: 'there' }]);
    expect(metadata.labels?.['app.kubernetes.io/managed-by']).toBe('there.other');
    expect(fn.report.warnings).toEqual([
      'warning: serving.triggers.http.route.gatewayRef: the platform settings know no gateway "there/other", so it is taken for the Kubernetes Gateway itself',
    ]);
  });

  test('without the settings\' default means contour, and no warning', () => {
    const { objects, fn } = synthManifest(routed({ gatewayRef: { name: 'openfunction', namespace: 'openfunction' } }));
    expect([one(objects, 'HTTPRoute').spec?.parentRefs[0].name, fn.report.warnings]).toEqual(['contour', []]);
  });
});

describe('the rules of the function', () => {
  const rules = (given: object[], engine?: string) => {
    const { objects, fn } = synthManifest(routed({ rules: given }, engine));
    return { rules: one(objects, 'HTTPRoute').spec?.rules, warnings: fn.report.warnings };
  };
  const HEADER = { type: 'RequestHeaderModifier', requestHeaderModifier: { set: [{ name: 'a', value: 'b' }] } };

  test('get the backend and the rewrite, and keep everything else', () => {
    const rule = { name: 'r', matches: prefix('/a'), filters: [HEADER], timeouts: { request: '5s' } };
    expect(rules([rule, {}])).toEqual({
      rules: [{ ...rule, filters: [HEADER, REWRITE], backendRefs: [KOURIER] }, { filters: [REWRITE], backendRefs: [KOURIER] }], warnings: [],
    });
    expect(rules([rule], 'keda').rules).toEqual([{ ...rule, backendRefs: [INTERCEPTOR] }]);
  });

  test('keep one rewrite, into which ours is merged', () => {
    const path = { type: 'ReplacePrefixMatch', replacePrefixMatch: '/' };
    const rewrite = (hostname?: string) => ({ type: 'URLRewrite', urlRewrite: { path, ...(hostname !== undefined && { hostname }) } });
    const merged = { type: 'URLRewrite', urlRewrite: { path, hostname: 'fn.ns.svc.cluster.local' } };
    expect(rules([{ matches: prefix('/a'), filters: [rewrite(), HEADER] }])).toEqual({
      rules: [{ matches: prefix('/a'), filters: [merged, HEADER], backendRefs: [KOURIER] }], warnings: [],
    });
    const other = rules([{ matches: prefix('/a'), filters: [rewrite('other')] }]);
    expect(other.rules?.[0].filters).toEqual([merged]);
    expect(other.warnings).toEqual(['warning: serving.triggers.http.route.rules[0].filters[0].urlRewrite.hostname: "other" is replaced by '
      + '"fn.ns.svc.cluster.local", by which Knative finds the function']);
    expect(rules([{ matches: prefix('/a'), filters: [rewrite('other')] }], 'keda')).toMatchObject({ rules: [{ filters: [rewrite('other')] }], warnings: [] });
  });

  test('that redirect answer by themselves, without backend and rewrite', () => {
    const redirect = { matches: prefix('/a'), filters: [HEADER, { type: 'RequestRedirect', requestRedirect: { statusCode: 301 } }] };
    expect(rules([redirect])).toEqual({ rules: [redirect], warnings: [] });
  });

  test('lose backends of their own, with a warning', () => {
    expect(rules([{ backendRefs: [{ name: 'mine', port: 80 }] }])).toEqual({
      rules: [{ filters: [REWRITE], backendRefs: [KOURIER] }],
      warnings: ['warning: serving.triggers.http.route.rules[0].backendRefs: has no effect: the route leads to the function'],
    });
  });

  test('with a filter that is nothing are a problem', () => {
    const filters = (...list: unknown[]) => problemsOf(() => rules([{ filters: list as object[] }]));
    const at = 'serving.triggers.http.route.rules[0].filters[0]';
    expect(filters(null)).toEqual([`${at}: must not be null: remove the item, or give it a value`]);
    expect(filters({ type: 'URLRewrite', urlRewrite: 'x' })).toEqual([`${at}.urlRewrite: must be an object, got "x"`]);
    expect(rules([{ filters: [{ type: 'URLRewrite', urlRewrite: null }] }])).toEqual({ rules: [{ filters: [REWRITE], backendRefs: [KOURIER] }], warnings: [] });
  });

  test('are 16 at most', () => {
    expect(rules(Array.from({ length: 16 }, () => ({}))).rules).toHaveLength(16);
    expect(problemsOf(() => rules(Array.from({ length: 17 }, () => ({}))))).toEqual(['serving.triggers.http.route.rules: 17 rules; a route takes 16']);
  });
});

describe('a gateway', () => {
  test('becomes a label of namespace and name, which has 63 characters at most', () => {
    const named = (length: number) => routed({ gatewayRef: { name: 'g'.repeat(length), namespace: 'four' } });
    expect(routeOf(named(58)).metadata.labels?.['app.kubernetes.io/managed-by']).toBe(`four.${'g'.repeat(58)}`);
    expect(problemsOf(() => routeOf(named(59)))).toEqual([
      `serving.triggers.http.route.gatewayRef: "four.${'g'.repeat(59)}", which the route gets as a label, has 64 characters, 63 are allowed`,
    ]);
  });
});

describe('the ReferenceGrant', () => {
  test('is reported as needed, and not emitted unless asked for', () => {
    const { fn, objects } = synthManifest(routed({}, 'keda'));
    expect(fn.report.prerequisites).toEqual([
      'the HTTP add-on of KEDA 0.14 or later, for InterceptorRoutes',
      'a ReferenceGrant in namespace keda that lets HTTPRoutes of ns use the Service keda-add-ons-http-interceptor-proxy',
    ]);
    expect(all(objects, 'ReferenceGrant')).toEqual([]);
    expect(all(synthManifest(routed({}, 'keda'), { settings: { referenceGrants: true } }).objects, 'ReferenceGrant')).toHaveLength(1);
  });

  test('is not needed where the ingress is in the function\'s own namespace', () => {
    const settings = { referenceGrants: true, knativeIngress: { name: 'net', namespace: 'ns' } };
    const { fn, objects } = synthManifest(routed({}), { settings });
    expect([all(objects, 'ReferenceGrant'), fn.report.prerequisites]).toEqual([[], []]);
  });
});
