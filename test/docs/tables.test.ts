// Tables of the pages whose rows the library can answer.
import { readFileSync } from 'node:fs';
import * as path from 'node:path';
import { Chart, Testing } from 'cdk8s';
import { ROOT, tableOf } from './markdown';
import { OpenFunctionApp, FunctionInput, IDaprComponent } from '../../src';
import { existing } from '../support/existing-component';

describe('how long the proxy holds an event', () => {
  const rows = tableOf('docs/concepts/dapr-proxy.md', 'inputs', 'derived hold').flatMap(([inputs, hold]) => {
    const types = [...inputs.matchAll(/`((?:pubsub|bindings)\.[\w.]+)`/g)].map(([, type]) => type);
    return (types.length === 0 ? ['pubsub.kafka'] : types).map((type): [string, string] => [type, hold.split('`')[1]]);
  });

  const source = (component: IDaprComponent) => (
    component.componentType.startsWith('pubsub') ? FunctionInput.fromTopic(component, 'topic') : FunctionInput.fromBinding(component)
  );

  test.each(rows)('%s: %s', (type, hold) => {
    const chart = new Chart(Testing.app(), 'chart', { namespace: 'shop' });
    const fn = new OpenFunctionApp(chart, 'fn', { image: 'acme/fn:1', inputs: [source(existing('source', type))] });
    expect(fn.proxy?.toJson().spec.template.spec.containers[0].env).toContainEqual({ name: 'DAPR_PROXY_HOLD_TIMEOUT', value: hold });
  });
});

test('the roles of objects in reports are those that a plan knows', () => {
  const [, roles] = /export type Role =([^;]*);/.exec(readFileSync(path.join(ROOT, 'src/private/decide/plan.ts'), 'utf8'))!;
  const known = [...roles.matchAll(/'(\w+)'/g)].map(([, role]) => `\`${role}\``);
  expect(tableOf('docs/concepts/composition.md', 'role', 'object').map(([role]) => role).sort()).toEqual(known.sort());
});
