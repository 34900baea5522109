// Credentials in plain text where only names and values tell them.
import { FunctionInput } from '../../../src';
import { existing } from '../../support/existing-component';
import { v1beta2 } from '../../support/functions';
import { problemsOf } from '../../support/problems';
import { synthProps } from '../../support/synth';

const warnings = (env: Record<string, string>) => synthProps({ image: 'i', env }).fn.report.warnings;
const ADVICE = 'keep it in a Secret and refer to it with secretKeyRef';

describe('a credential in a variable is warned about', () => {
  test.each([
    ['DB_PASSWORD', 'hunter2', 'a credential'],
    ['PGPASSWD', '12345', 'a credential'],
    ['GITHUB_TOKEN', 'ghp_0a1b2c3d', 'a credential'],
    ['stripe.api-key', 'sk_test_51', 'a credential'],
    ['OAUTH_CLIENT_SECRET', 'Zx81-92', 'a credential'],
    ['AWS_SECRET_ACCESS_KEY', 'wJalr/K7M', 'a credential'],
    ['DATABASE_URL', 'postgres://app:hunter2@db:5432/app', 'a URL with a password'],
  ])('%s: %s', (name, value, likeness) => {
    expect(warnings({ [name]: value })).toEqual([
      `warning: ${/^\w+$/.test(name) ? `env.${name}` : `env[${JSON.stringify(name)}]`}: looks like ${likeness}; keep it in a Secret and give it in envVariables`,
    ]);
  });

  test('in a manifest, in its params and in the variables of its containers', () => {
    const container = { name: 'function', env: [{ name: 'A', value: 'b' }, { name: 'API_KEY', value: 'k3y' }] };
    const fn = v1beta2({ triggers: { http: {} }, params: { SMTP_PASSWORD: 'x1' }, template: { containers: [container] } });
    expect(problemsOf(fn)).toEqual([
      `warning: serving.params.SMTP_PASSWORD: looks like a credential; ${ADVICE}`,
      `warning: serving.template.containers[0].env[1].value: looks like a credential; ${ADVICE}`,
    ]);
  });
});

test.each([
  ['ENABLE_TOKEN', 'true'], ['DB_PASSWORD', ''], ['DB_PASSWORD', '$(OTHER)'], ['DB_PASSWORD', '${OTHER}'],
  ['DB_PASSWORD_FILE', '/run/secrets/db'], ['DB_PASSWORD', '/run/secrets/db'], ['CLIENT_KEY', './client.pem'],
  ['ACCESS_TOKEN', 'https://login.example.com/token'], ['MAX_TOKEN', '4096'], ['DB_SECRET', 'db-credentials'],
  ['PARTITION_KEY', 'customerId'], ['PUBLIC_KEY', 'ssh-rsa'], ['DATABASE_URL', 'postgres://app:$(PW)@db/app'],
  ['DATABASE_URL', 'postgres://db:5432/app'], ['TOKENS', 'a'], ['AUTH_TOKEN', 'none'], ['API_KEY', 'MY_API_KEY'],
])('%s: %s is not a credential', (name, value) => {
  expect(warnings({ [name]: value })).toEqual([]);
});

describe('a credential among the parameters of a KEDA trigger is warned about', () => {
  const inputs = [FunctionInput.fromBinding(existing('queue', 'bindings.cron'))];
  const of = (triggerType: string, metadata: Record<string, string>) => (
    synthProps({ image: 'i', inputs, scaling: { maxReplicas: 3, triggers: [{ triggerType, metadata }] } })
      .fn.report.warnings.filter((line) => line.includes('looks like'))
  );
  const TRIGGER = 'warning: scaling.triggers[0].metadata';
  const INSTEAD = 'keep it in a Secret and give it in a TriggerAuthentication';

  test('by its value', () => {
    const metadata = { queueName: 'q', mode: 'QueueLength', value: '5', host: 'amqp://guest:guest@rabbit:5672/' };
    expect(of('rabbitmq', metadata)).toEqual([`${TRIGGER}.host: looks like a URL with a password; ${INSTEAD}`]);
  });

  test('by its name', () => {
    const redis = { address: 'redis:6379', listName: 'l', listLength: '5' };
    expect(of('redis', { ...redis, passwordFromEnv: 'REDIS_PASSWORD' })).toEqual([]);
    const external = { scalerAddress: 'scaler:9090', apiKey: 'c0ffee', tokenLimit: '5' };
    expect(of('external', external)).toEqual([`${TRIGGER}.apiKey: looks like a credential; ${INSTEAD}`]);
  });
});
