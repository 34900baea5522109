/** Functions written with Dapr's own SDKs, with the variables that the library renders for them and no others. */
import { DaprMode } from '../../src';
import { stopAll, waitFor } from '../testbed';
import { idsIn, unsettled } from './support/redis-streams';
import { ANSWERS, ORDERS, QUEUE, RenderedFunction } from './support/rendered-function';
import { Sdk, SDK_FUNCTIONS } from './support/sdk-functions';
import { numbered } from './support/world';

afterAll(stopAll);

let fn: RenderedFunction;
afterEach(() => fn.stop());

const SDKS: [Sdk, 'grpc' | 'http'][] = [['Go', 'grpc'], ['JavaScript', 'grpc'], ['JavaScript', 'http'], ['Python', 'grpc'], ['Java', 'grpc']];

describe.each([['behind the proxy', DaprMode.STANDALONE], ['with a sidecar of its own', DaprMode.SIDECAR]])('%s', (_, mode) => {
  it.each(SDKS)('a function of the SDK for %s, over %s, gets each event of its topic and reaches its output', async (sdk, protocol) => {
    fn = await RenderedFunction.create({ mode, protocol, command: await SDK_FUNCTIONS[sdk]() });
    await fn.start();
    const orders = numbered('order', 100);
    await fn.sidecar.publish(QUEUE, ORDERS, orders);
    const answers = async () => idsIn(fn.redis, ANSWERS);
    await waitFor(async () => (await answers()).length >= orders.length, { what: 'every order answered' });
    await waitFor(async () => await unsettled(fn.redis, ORDERS) === 0, { what: 'every order acknowledged' });
    expect((await answers()).sort()).toEqual(orders.map(({ id }) => id).sort());
  });
});
