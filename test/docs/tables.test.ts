// Tables of the pages whose rows the library can answer.
import { Chart, Testing } from 'cdk8s';
import { tableOf } from './markdown';
import { DaprComponent, OpenFunctionApp } from '../../src';

describe('how long the proxy holds an event', () => {
  const rows = tableOf('docs/concepts/dapr-proxy.md', 'inputs', 'derived hold').flatMap(([inputs, hold]) => {
    const types = [...inputs.matchAll(/`((?:pubsub|bindings)\.[\w.]+)`/g)].map(([, type]) => type);
    return (types.length === 0 ? ['pubsub.kafka'] : types).map((type): [string, string] => [type, hold.split('`')[1]]);
  });

  test.each(rows)('%s: %s', (type, hold) => {
    const chart = new Chart(Testing.app(), 'chart', { namespace: 'shop' });
    const fn = new OpenFunctionApp(chart, 'fn', { image: 'acme/fn:1', inputs: [{ component: DaprComponent.existing('source', type), topic: type.startsWith('pubsub') ? 'topic' : undefined }] });
    expect(fn.proxy?.toJson().spec.template.spec.containers[0].env).toContainEqual({ name: 'DAPR_PROXY_HOLD_TIMEOUT', value: hold });
  });
});
