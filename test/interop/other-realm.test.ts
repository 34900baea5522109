// Data of another realm, which structuredClone and vm give in Jest: cdk8s itself drops the name beside a value there.
import { runInNewContext } from 'node:vm';
import { App, Chart } from 'cdk8s';
import { DaprComponent, FunctionInput, OpenFunctionApp, PlatformSettings } from '../../src';
import { v1beta2 } from '../support/functions';
import { quietly, synthChart } from '../support/synth';

const foreign = <T>(value: T): T => runInNewContext(`(${JSON.stringify(value)})`) as T;
const here = <T>(value: T): T => value;

const TOLERATION = { key: 'pool', operator: 'Equal', value: 'events', effect: 'NoSchedule' };
const POD = {
  containers: [{ name: 'function', env: [{ name: 'FIRST', value: '1' }] }, { name: 'log', image: 'acme/log:1', env: [{ name: 'LEVEL', value: 'info' }] }],
  tolerations: [TOLERATION],
};

/** Everything that takes plain data takes it through `from`. */
function objectsOf(from: typeof here): object[] {
  const chart = new Chart(new App(), 'chart', { namespace: 'ns' });
  PlatformSettings.of(chart).set({ proxy: from({ tolerations: [TOLERATION] }) });
  const queue = new DaprComponent(chart, 'queue', {
    componentType: 'pubsub.redis', metadata: from({ redisHost: 'redis:6379', concurrency: 4 }),
  });
  const fn = new OpenFunctionApp(chart, 'typed', {
    image: 'acme/typed:1', pod: from(POD), env: from({ PLAIN: 'x' }), objectAnnotations: from({ workload: { team: 'a' } }),
    inputs: [FunctionInput.fromTopic(queue, 'orders')],
  });
  fn.addEnvVariable('LAST', from({ value: '2' }));
  const triggers = { dapr: [{ name: 'bus', type: 'pubsub.redis', topic: 'orders' }] };
  const pubsub = { bus: { type: 'pubsub.redis', version: 'v1', metadata: [{ name: 'redisHost', value: 'redis:6379' }] } };
  const manifest = v1beta2({ triggers, pubsub, template: POD, params: { PLAIN: 'x' } });
  OpenFunctionApp.fromManifest(chart, 'manifest', from(manifest)).addEnvVariable('LAST', from({ value: '2' }));
  return quietly(() => synthChart(chart));
}

test('is emitted as that of this realm is', () => {
  const expected = objectsOf(here);
  expect(JSON.stringify(expected)).toContain('{"name":"FIRST","value":"1"}');
  expect(objectsOf(foreign)).toEqual(expected);
});
