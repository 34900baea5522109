// Objects of cdk8s-plus that are in another namespace than what names them: nothing looks for them there.
import { App, Chart } from 'cdk8s';
import * as kplus from 'cdk8s-plus-28';
import { DaprComponent, FunctionInput, OpenFunctionApp, PlatformSettings, TriggerAuthentication } from '../src';
import { quietly } from './support/synth';

const KAFKA = { brokers: 'k:9092', authType: 'password', saslUsername: 'shop' };

/** Every place that takes an object, once with one of the namespace `there`. */
function programOf(there: string): App {
  const app = new App();
  const shop = new Chart(app, 'shop', { namespace: 'shop' });
  const other = new Chart(app, 'other', { namespace: there });
  const secret = new kplus.Secret(other, 'login', { metadata: { name: 'login' } });
  const settings = new kplus.ConfigMap(other, 'settings', { metadata: { name: 'settings' } });
  const account = new kplus.ServiceAccount(other, 'account', { metadata: { name: 'account' } });
  const events = new DaprComponent(shop, 'events', { componentType: 'pubsub.kafka', metadata: KAFKA, secrets: { saslPassword: { secret, key: 'k' } } });
  const fn = new OpenFunctionApp(shop, 'fn', {
    image: 'acme/fn:1',
    imagePullSecret: secret,
    serviceAccount: account,
    envFromSecrets: [secret],
    envFromConfigMaps: [settings],
    secretEnv: { TOKEN: { secret, key: 'k' } },
    inputs: [FunctionInput.fromTopic(events, 'placed')],
    proxy: { imagePullSecrets: [secret], appToken: secret, serviceAccount: account },
  });
  fn.addComponent('ledger', { componentType: 'state.redis', metadata: { redisHost: 'r:6379' }, secrets: { redisPassword: { secret, key: 'k' } } });
  new TriggerAuthentication(shop, 'sasl', { secrets: { password: { secret, key: 'k' } } });
  return app;
}

function warningsOf(app: App): string[] {
  const printed: string[] = [];
  quietly(() => app.node.findAll().forEach((each) => each.node.validate()), printed);
  return printed.map((line) => line.trim()).filter((line) => line.startsWith('shop/'));
}

const away = (kind: string, name: string, by: string) => `the ${kind} "${name}" is in namespace "bank", and is not looked for there by a ${by} in "shop"`;

test('each object of another namespace is a warning at the prop that names it', () => {
  expect(warningsOf(programOf('bank'))).toEqual([
    `shop/events: warning: secrets.saslPassword.secret: ${away('Secret', 'login', 'component')}`,
    `shop/fn: warning: addComponent("ledger").secrets.redisPassword.secret: ${away('Secret', 'login', 'function')}`,
    `shop/fn: warning: envFromConfigMaps[0]: ${away('ConfigMap', 'settings', 'function')}`,
    `shop/fn: warning: envFromSecrets[0]: ${away('Secret', 'login', 'function')}`,
    `shop/fn: warning: imagePullSecret: ${away('Secret', 'login', 'function')}`,
    `shop/fn: warning: proxy.appToken: ${away('Secret', 'login', 'function')}`,
    `shop/fn: warning: proxy.imagePullSecrets[0]: ${away('Secret', 'login', 'function')}`,
    `shop/fn: warning: proxy.serviceAccount: ${away('ServiceAccount', 'account', 'function')}`,
    `shop/fn: warning: secretEnv.TOKEN.secret: ${away('Secret', 'login', 'function')}`,
    `shop/fn: warning: serviceAccount: ${away('ServiceAccount', 'account', 'function')}`,
    `shop/sasl: warning: secrets.password.secret: ${away('Secret', 'login', 'TriggerAuthentication')}`,
  ]);
});

test('Secrets of the same namespace, in any chart, cause none', () => {
  expect(warningsOf(programOf('shop'))).toEqual([]);
});

test('in strict mode they are errors of the synthesis', () => {
  const app = programOf('bank');
  PlatformSettings.of(app).set({ strict: true });
  expect(() => app.synth()).toThrow(`shop/sasl: 1 problem\n  warning: secrets.password.secret: ${away('Secret', 'login', 'TriggerAuthentication')}`);
});
