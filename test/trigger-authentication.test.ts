// Credentials of KEDA triggers, from Secrets or from what exists.
import { Chart } from 'cdk8s';
import * as kplus from 'cdk8s-plus-28';
import { DaprMode, FunctionInput, ITriggerAuthentication, OpenFunctionApp, TriggerAuthentication } from '../src';
import { existing } from './support/existing-component';
import { newChart, one, problemsOf, synthChart } from './support/synth';

const TRIGGER = { triggerType: 'kafka', metadata: { bootstrapServers: 'kafka:9092', consumerGroup: 'orders' } };

function addFunction(chart: Chart, authentication: ITriggerAuthentication): OpenFunctionApp {
  return new OpenFunctionApp(chart, 'fn', {
    image: 'i',
    inputs: [FunctionInput.fromBinding(existing('q', 'bindings.kafka'))],
    dapr: DaprMode.OFF,
    scaling: { minReplicas: 0, triggers: [{ ...TRIGGER, authentication }] },
  });
}

function login(chart: Chart, namespace?: string): TriggerAuthentication {
  const secret = kplus.Secret.fromSecretName(chart, 'secret', 'kafka-login');
  const user: kplus.SecretValue = { secret, key: 'user' };
  const secrets = { username: user, password: { secret: { name: secret.name } as kplus.ISecret, key: 'word' } };
  return new TriggerAuthentication(chart, 'login', { namespace, secrets });
}

describe('a TriggerAuthentication', () => {
  test('takes the parameters of a trigger from Secrets, and comes before the scaler', () => {
    const { chart } = newChart();
    const scaled = new Chart(chart, 'scaled', { namespace: 'ns' });
    const authentication = login(chart);
    addFunction(scaled, authentication);
    expect(synthChart(chart)).toEqual([{
      apiVersion: 'keda.sh/v1alpha1',
      kind: 'TriggerAuthentication',
      metadata: { name: 'login', namespace: 'ns', labels: { 'openfunction.io/managed': 'true' } },
      spec: {
        secretTargetRef: [
          { parameter: 'password', name: 'kafka-login', key: 'word' },
          { parameter: 'username', name: 'kafka-login', key: 'user' },
        ],
      },
    }]);
    expect(one(synthChart(scaled), 'ScaledObject').spec?.triggers).toEqual([{
      type: 'kafka', metadata: TRIGGER.metadata, authenticationRef: { name: 'login', kind: 'TriggerAuthentication' },
    }]);
    const together = newChart().chart;
    addFunction(together, login(together));
    expect(synthChart(together).map(({ kind }) => kind)).toEqual(['TriggerAuthentication', 'Deployment', 'ScaledObject']);
    const { name, kind, namespace, metadata } = authentication;
    expect([name, kind, namespace, metadata.name]).toEqual(['login', 'TriggerAuthentication', 'ns', 'login']);
  });

  test('has the name and namespace that are given, else those of its id and chart', () => {
    const { chart } = newChart(null);
    const secrets = { password: { secret: kplus.Secret.fromSecretName(chart, 's', 's'), key: 'k' } };
    new TriggerAuthentication(chart, 'a', { secrets });
    new TriggerAuthentication(chart, 'b', { secrets, name: 'broker', namespace: 'shop' });
    expect(synthChart(chart).map(({ metadata: { name, namespace } }) => [name, namespace])).toEqual([['a', 'default'], ['broker', 'shop']]);
  });

  test('in another namespace than the function is an error', () => {
    const { chart } = newChart();
    expect(problemsOf(() => addFunction(chart, login(chart, 'other')))).toEqual([
      'scaling.triggers[0].authentication: "login" is in namespace "other", which KEDA does not look into for a function in "ns"',
    ]);
  });

  test('with names and keys that Kubernetes refuses is a single error that lists them all', () => {
    const { chart } = newChart();
    const secret = kplus.Secret.fromSecretName(chart, 's', 'S!');
    const secrets = { password: { secret, key: 'a b' } };
    expect(problemsOf(() => new TriggerAuthentication(chart, 'x', { name: 'X', namespace: 'n.s', secrets })).map((line) => line.split(': ')[0]))
      .toEqual(['name', 'namespace', 'secrets.password.key', 'secrets.password.secret']);
    expect(problemsOf(() => new TriggerAuthentication(newChart().chart, 'y', { secrets: {} }))).toEqual([
      'secrets: is empty; give a parameter of the scaler, or no authentication to the trigger',
    ]);
  });

  test('of a name that another one has is an error at synthesis', () => {
    const { app, chart } = newChart();
    const secrets = { password: { secret: kplus.Secret.fromSecretName(chart, 's', 's'), key: 'k' } };
    new TriggerAuthentication(chart, 'a', { name: 'login', secrets });
    new TriggerAuthentication(chart, 'b', { name: 'login', secrets });
    expect(() => app.synthYaml()).toThrow('TriggerAuthentication ns/login is claimed by chart/b too; names must differ');
  });
});

describe('credentials that exist', () => {
  test.each([
    ['fromName', 'TriggerAuthentication'], ['fromClusterName', 'ClusterTriggerAuthentication'],
  ] as const)('are named by the trigger and not reported as undefined, by %s', (make, kind) => {
    const { chart } = newChart();
    login(chart);
    const fn = addFunction(chart, TriggerAuthentication[make](chart, 'x', 'logn'));
    const objects = synthChart(chart);
    expect(one(objects, 'ScaledObject').spec?.triggers).toEqual([{
      type: 'kafka', metadata: TRIGGER.metadata, authenticationRef: { name: 'logn', kind },
    }]);
    expect(fn.report.warnings).toEqual([]);
  });

  test('of an invalid name are refused', () => {
    expect(problemsOf(() => TriggerAuthentication.fromName(newChart().chart, 'x', 'a_b')).map((line) => line.split(': ')[0])).toEqual(['name']);
  });
});
