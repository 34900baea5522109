import { Testing } from 'cdk8s';
import { PublicApi } from './main';
import { compareWithGolden } from '../golden';
import { Manifests } from 'cdk8s-openfunction';

describe('two HTTP functions behind one gateway', () => {
  test('give the expected objects', () => {
    const app = Testing.app();
    new PublicApi(app, 'public-api');
    compareWithGolden(__dirname, Manifests.of(app).toSnapshot());
  });

  test('the route of the Knative function leads to the cluster-local ingress, with the name by which Knative finds it', () => {
    const { catalog } = new PublicApi(Testing.app(), 'chart');
    const [rule] = catalog.route?.toJson().spec.rules ?? [];
    expect(rule.backendRefs).toEqual([expect.objectContaining({ name: 'kourier-internal', namespace: 'kourier-system', port: 80 })]);
    expect(rule.filters).toEqual([{ type: 'URLRewrite', urlRewrite: { hostname: 'catalog.api.svc.cluster.local' } }]);
  });

  test('the route of the other leads to the interceptor of the add-on, host untouched', () => {
    const { search } = new PublicApi(Testing.app(), 'chart');
    const [rule] = search.route?.toJson().spec.rules ?? [];
    expect(rule.backendRefs).toEqual([expect.objectContaining({ name: 'keda-add-ons-http-interceptor-proxy', namespace: 'keda', port: 8080 })]);
    expect(rule).not.toHaveProperty('filters');
    expect(search.scaler?.toJson().spec).toMatchObject({ minReplicaCount: 0, maxReplicaCount: 10, triggers: [{ metadata: { interceptorRoute: 'search' } }] });
    const interceptorRoute = search.objects.find(({ kind }) => kind === 'InterceptorRoute');
    expect(interceptorRoute?.toJson().spec).toMatchObject({
      rules: [{ hosts: ['api.acme.example', 'search.api.svc.cluster.local'], paths: [{ value: '/search' }] }],
      scalingMetric: { concurrency: { targetValue: 25 } },
    });
  });

  test('grants let the routes use Services of other namespaces, once for each', () => {
    const grants = Testing.synth(new PublicApi(Testing.app(), 'chart')).filter(({ kind }: { kind: string }) => kind === 'ReferenceGrant');
    expect(grants.map(({ metadata }: { metadata: { namespace: string } }) => metadata.namespace).sort()).toEqual(['keda', 'kourier-system']);
  });

  test('both have an address inside the cluster', () => {
    const { catalog, search } = new PublicApi(Testing.app(), 'chart');
    expect(catalog.internalUrl).toBe('http://catalog.api.svc.cluster.local');
    expect(search.internalUrl).toBe('http://search.api.svc.cluster.local');
  });
});
