import { Chart, Testing } from 'cdk8s';
import { AcmeFunction } from './acme-function';
import { Search } from './main';
import { compareWithGolden } from '../golden';
import { DaprComponent, FunctionInput, Manifests } from 'cdk8s-openfunction';

describe('a wrapper construct of a platform team', () => {
  test('gives the expected objects', () => {
    const app = Testing.app();
    new Search(app, 'platform-team');
    compareWithGolden(__dirname, Manifests.of(app).toSnapshot());
  });

  test('every function gets the size and the label of its team', () => {
    const { query, indexer } = new Search(Testing.app(), 'chart');
    for (const [{ fn }, memory] of [[query, '1Gi'], [indexer, '128Mi']] as const) {
      const { metadata, spec } = fn.workload.toJson().spec.template;
      expect(metadata.labels['acme.example/team']).toBe('search');
      expect(spec.containers[0].resources.limits).toEqual({ memory });
    }
  });

  test('a gateway in the settings gives every HTTP function a route', () => {
    const { query } = new Search(Testing.app(), 'chart');
    expect(query.fn.route?.toJson().spec.parentRefs).toEqual([expect.objectContaining({ name: 'public', namespace: 'gateways' })]);
    expect(query.fn.route?.toJson().spec.hostnames).toEqual(['query.search.apps.acme.example', 'query.search.svc.acme.internal']);
  });

  test('the proxy comes from the registry of the house', () => {
    const { indexer } = new Search(Testing.app(), 'chart');
    expect(indexer.fn.proxy?.toJson().spec.template.spec.containers[0].image).toBe('registry.acme.example/dapr-proxy:1.0.0');
  });

  test('a function with events scales up to the maximum of its size, in strict mode too', () => {
    const search = new Search(Testing.app(), 'chart');
    const events = DaprComponent.fromComponentName(search, 'events', { componentName: 'events', componentType: 'pubsub.kafka' });
    const image = 'registry.acme.example/search/crawler:1.0.0';
    const { fn } = new AcmeFunction(search, 'crawler', { team: 'search', image, inputs: [FunctionInput.fromTopic(events, 'pages')] });
    expect(fn.scaler?.kind).toBe('ScaledObject');
    expect(fn.scaler?.toJson().spec.maxReplicaCount).toBe(5);
    expect(fn.report.warnings).toEqual([]);
  });

  test('an image from elsewhere is refused', () => {
    const chart = new Chart(Testing.app(), 'chart', { namespace: 'search' });
    expect(() => new AcmeFunction(chart, 'other', { team: 'search', image: 'docker.io/other:1' }))
      .toThrow('other: image docker.io/other:1 is not from registry.acme.example');
  });
});
