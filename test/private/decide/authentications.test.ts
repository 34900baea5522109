// What a TriggerAuthentication gives, against what the scaler of a trigger reads from there.
import { Secret } from 'cdk8s-plus-28';
import { FunctionInput, OpenFunctionApp, OpenFunctionManifests, TriggerAuthentication } from '../../../src';
import { existing } from '../../support/existing-component';
import { newChart, problemsOf, quietly, synthChart } from '../../support/synth';

const RABBIT = { type: 'rabbitmq', metadata: { queueName: 'orders', mode: 'QueueLength', value: '5' } };
const KAFKA = { type: 'kafka', metadata: { bootstrapServers: 'kafka:9092', consumerGroup: 'orders', topic: 'orders' } };
const AT = 'serving.scaleOptions.keda.triggers[0].authenticationRef';
const OWNER = 'the TriggerAuthentication "login"';

function folder(trigger: object, spec: object, kind = 'TriggerAuthentication'): object[] {
  return [
    { apiVersion: 'keda.sh/v1alpha1', kind, metadata: { name: 'login', ...(kind === 'TriggerAuthentication' && { namespace: 'shop' }) }, spec },
    {
      apiVersion: 'core.openfunction.io/v1beta2',
      kind: 'Function',
      metadata: { name: 'fn', namespace: 'shop' },
      spec: {
        image: 'acme/fn:1',
        serving: {
          triggers: { dapr: [{ name: 'queue', type: 'bindings.existing' }] },
          scaleOptions: { maxReplicas: 3, keda: { triggers: [{ ...trigger, authenticationRef: { name: 'login', kind } }] } },
        },
      },
    },
  ];
}

const secrets = (...parameters: string[]) => ({ secretTargetRef: parameters.map((parameter) => ({ parameter, name: 'broker', key: 'k' })) });

function said(trigger: object, spec: object, kind?: string): string[] {
  const { chart } = newChart('shop');
  const made = new OpenFunctionManifests(chart, 'fs', { objects: folder(trigger, spec, kind) });
  try {
    quietly(() => synthChart(chart));
  } catch {
    return problemsOf(() => synthChart(chart));
  }
  return made.functions[0].report.warnings.filter((line) => line.includes('authenticationRef'));
}

describe('parameters of a TriggerAuthentication beside the function', () => {
  test.each<[string, object, object, string[]]>([
    ['that the scaler reads are right', KAFKA, secrets('username', 'password', 'sasl', 'tls'), []],
    ['give what the scaler needs', RABBIT, secrets('host'), []],
    ['may come from a ConfigMap or from the environment', RABBIT, { configMapTargetRef: [{ parameter: 'host', name: 'a', key: 'b' }] }, []],
    ['may come from a store of secrets', RABBIT, { hashiCorpVault: { address: 'https://v', secrets: [{ parameter: 'host', key: 'a', path: 'b' }] } }, []],
    ['are all given by an identity of the pod', RABBIT, { podIdentity: { provider: 'azure-workload' } }, []],
    ['of another scaler, or shared by several, are silent', KAFKA, secrets('password', 'awsAccessKeyID'), []],
    ['that resemble one of the scaler are a warning with the nearest name', KAFKA, secrets('passwrd'),
      [`warning: ${AT}: "passwrd" in ${OWNER} is not a parameter of the kafka scaler; did you mean "password"?`]],
    ['that miss what the scaler needs are an error', RABBIT, secrets('password'),
      [`${AT}: "host" is missing in ${OWNER} and in the metadata; the rabbitmq scaler needs it`]],
    ['that misspell what the scaler needs are one error', RABBIT, secrets('hosst'),
      [`${AT}: "hosst" in ${OWNER} is not a parameter of the rabbitmq scaler; did you mean "host", which it needs?`]],
  ])('%s', (_what, trigger, spec, expected) => {
    expect(said(trigger, spec)).toEqual(expected);
  });

  test('are looked at in a ClusterTriggerAuthentication, too', () => {
    expect(said(RABBIT, secrets('hosst'), 'ClusterTriggerAuthentication')).toEqual([
      `${AT}: "hosst" in the ClusterTriggerAuthentication "login" is not a parameter of the rabbitmq scaler; did you mean "host", which it needs?`,
    ]);
  });

  test('are looked at in one of typed props at synthesis, in the words of the props', () => {
    const { chart } = newChart('shop');
    const secret = { secret: Secret.fromSecretName(chart, 'secret', 'broker'), key: 'k' };
    const authentication = new TriggerAuthentication(chart, 'login', { secrets: { passwrd: secret } });
    const { type: triggerType, metadata } = KAFKA;
    const fn = new OpenFunctionApp(chart, 'fn', {
      image: 'i', inputs: [FunctionInput.fromBinding(existing('queue', 'bindings.kafka'))], scaling: { maxReplicas: 3, triggers: [{ triggerType, metadata, authentication }] },
    });
    const printed: string[] = [];
    quietly(() => synthChart(chart), printed);
    expect(fn.report.warnings.filter((line) => line.includes('passwrd'))).toEqual([
      `warning: scaling.triggers[0].authentication: "passwrd" in ${OWNER} is not a parameter of the kafka scaler; did you mean "password"?`,
    ]);
  });
});
