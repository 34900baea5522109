/** Functions written with Dapr's own SDKs and with a framework, with the variables that the library renders for them and no others. */
import { DaprMode } from '../../src';
import { stopAll } from '../testbed';
import { idsIn, unsettled } from './support/redis-streams';
import { ANSWERS, ORDERS, QUEUE, RenderedFunction } from './support/rendered-function';
import { Sdk, sdkFunction } from './support/sdk-functions';
import { numbered } from './support/world';

afterAll(stopAll);

let fn: RenderedFunction;
afterEach(() => fn.stop());

const FUNCTIONS: [Sdk, 'grpc' | 'http'][] = [
  ['Dapr\'s SDK for Go', 'grpc'],
  ['Dapr\'s SDK for JavaScript', 'grpc'],
  ['Dapr\'s SDK for JavaScript', 'http'],
  ['Dapr\'s SDK for Python', 'grpc'],
  ['Dapr\'s SDK for Java', 'grpc'],
  ['OpenFunction\'s framework for Python', 'grpc'],
];

describe.each([['behind the proxy', DaprMode.STANDALONE], ['with a sidecar of its own', DaprMode.SIDECAR]])('%s', (_, mode) => {
  it.each(FUNCTIONS)('a function of %s, over %s, gets each event of its topic and reaches its output', async (sdk, protocol) => {
    fn = await RenderedFunction.create({ mode, protocol, command: await sdkFunction(sdk) });
    await fn.start();
    const orders = numbered('order', 100);
    await fn.sidecar.publish(QUEUE, ORDERS, orders);
    const answers = async () => idsIn(fn.redis, ANSWERS);
    await fn.container.waitFor(async () => (await answers()).length >= orders.length, { what: 'every order answered' });
    await fn.container.waitFor(async () => await unsettled(fn.redis, ORDERS) === 0, { what: 'every order acknowledged' });
    expect((await answers()).sort()).toEqual(orders.map(({ id }) => id).sort());
  });
});
