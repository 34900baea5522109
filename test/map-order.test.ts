// The order in which a program fills a map makes no difference: in Java, Map.of has another one in each run.
import { App, Chart } from 'cdk8s';
import * as kplus from 'cdk8s-plus-28';
import { DaprComponent, FunctionInput, FunctionOutput, FunctionProbe, OpenFunctionApp, PlatformSettings, TracingProvider, TriggerAuthentication } from '../src';
import { quietly } from './support/synth';

type Ordered = <T extends object>(value: T) => T;
const asWritten: Ordered = (value) => value;

/** Plain maps and structs, at any depth; constructs and values of cdk8s-plus are no such things. */
const reversed: Ordered = (value) => reverse(value) as typeof value;
function reverse(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reverse);
  if (typeof value !== 'object' || value === null || Object.getPrototypeOf(value) !== Object.prototype) return value;
  return Object.fromEntries(Object.entries(value).reverse().map(([key, each]) => [key, reverse(each)]));
}

function written(ordered: Ordered): string {
  const app = new App();
  const shop = new Chart(app, 'shop', { namespace: 'shop' });
  const secret = kplus.Secret.fromSecretName(shop, 'login', 'login');
  const value = (key: string) => kplus.EnvValue.fromSecretValue({ secret, key });
  PlatformSettings.of(app).set(ordered({ tracing: { provider: TracingProvider.OPENTELEMETRY, tags: { a: '1', b: '2' }, baggage: { a: '1', b: '2' } } }));
  const events = new DaprComponent(shop, 'events', ordered({
    componentType: 'pubsub.kafka',
    metadata: { brokers: 'k:9092', authType: 'password', saslUsername: 'shop' },
    secrets: { saslPassword: { secret, key: 'a' }, caCert: { secret, key: 'b' } },
  }));
  const fn = new OpenFunctionApp(shop, 'fn', ordered({
    image: 'acme/fn:1',
    env: { B: '1', A: '2' },
    secretEnv: { D: { secret, key: 'd' }, C: { secret, key: 'c' } },
    envVariables: { F: value('f'), E: value('e') },
    labels: { a: '1', b: '2' },
    annotations: { a: '1', b: '2' },
    objectAnnotations: { workload: { a: '1', b: '2' } },
    inputs: [FunctionInput.fromTopic(events, 'in', ordered({ metadata: { a: '1', b: '2' } }))],
    outputs: [FunctionOutput.toTopic(events, 'out', ordered({ metadata: { a: '1', b: '2' } }))],
    scaling: { maxReplicas: 3, triggers: [{ triggerType: 'kafka', metadata: { topic: 'in', bootstrapServers: 'k:9092', consumerGroup: 'fn' } }] },
    liveness: FunctionProbe.fromHttpGet('/healthz', ordered({ port: 9000, headers: { a: '1', b: '2' } })),
    proxy: { nodeSelector: { a: '1', b: '2' } },
    pod: { nodeSelector: { a: '1', b: '2' } },
  }));
  new TriggerAuthentication(shop, 'sasl', ordered({ secrets: { password: { secret, key: 'p' }, ca: { secret, key: 'c' } } }));
  const additions = [
    () => fn.addEnv('X', '1'),
    () => fn.addEnv('W', '2'),
    () => fn.addEnvVariable('V', value('v')),
    () => fn.addEnvVariable('U', value('u')),
    () => fn.addComponent('store', ordered({ componentType: 'state.redis', metadata: { redisHost: 'r:6379', enableTLS: true } })),
  ];
  for (const add of ordered === reversed ? additions.reverse() : additions) add();
  return quietly(() => app.synthYaml());
}

test('a program with its maps and its additions in another order writes the same bytes', () => {
  expect(written(reversed)).toBe(written(asWritten));
});
