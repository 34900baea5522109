import { App, Testing } from 'cdk8s';
import { Carts, Environment, ENVIRONMENTS } from './main';
import { compareWithGolden } from '../golden';
import { Manifests } from 'cdk8s-openfunction';

const chartOf = (name: string, app: App = Testing.app()): Carts => {
  const environment = ENVIRONMENTS.find((each) => each.name === name) as Environment;
  return new Carts(app, name, environment);
};

describe('several environments of one function', () => {
  test('give the expected objects', () => {
    const app = Testing.app();
    for (const environment of ENVIRONMENTS) new Carts(app, `carts-${environment.name}`, environment);
    compareWithGolden(__dirname, Manifests.of(app).toSnapshot());
  });

  test.each([
    ['dev', 'carts-carts-dev', '0', '1'],
    ['staging', 'carts-carts-staging', '0', '4'],
    ['production', 'carts-carts-production', '2', '40'],
  ])('%s: app-id %s, %s to %s replicas', (name, appId, min, max) => {
    const { fn } = chartOf(name);
    expect(fn.daprAppId).toBe(appId);
    expect(fn.workload.toJson().spec.template.metadata.annotations).toMatchObject({
      'autoscaling.knative.dev/min-scale': min,
      'autoscaling.knative.dev/max-scale': max,
    });
  });

  test('two replicas of the proxy come with a PodDisruptionBudget, none with a sidecar per pod', () => {
    const budgets = (name: string): number => chartOf(name).fn.objects.filter(({ kind }) => kind === 'PodDisruptionBudget').length;
    expect(['dev', 'staging', 'production'].map(budgets)).toEqual([0, 1, 1]);
  });

  test('a change of one environment changes no byte of the others', () => {
    const before = Testing.synth(chartOf('staging'));
    const app = Testing.app();
    new Carts(app, 'dev', { ...ENVIRONMENTS[0], version: '9.9.9', maxReplicas: 7 });
    expect(Testing.synth(chartOf('staging', app))).toEqual(before);
  });
});
