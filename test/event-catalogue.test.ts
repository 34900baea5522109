import { Parser } from '@asyncapi/parser';
import { App } from 'cdk8s';
import { parse } from 'yaml';
import { DaprComponent, EventCatalogue, FunctionInput, FunctionOutput, OpenFunctionApp } from '../src';
import { newChart } from './support/synth';

function shop(): App {
  const { app, chart } = newChart('shop');
  const events = new DaprComponent(chart, 'events', { componentType: 'pubsub.redis', metadata: { redisHost: 'redis:6379' } });
  new OpenFunctionApp(chart, 'orders', { image: 'acme/orders:1', outputs: [FunctionOutput.toTopic(events, 'order placed')] });
  new OpenFunctionApp(chart, 'mails', {
    image: 'acme/mails:1',
    inputs: [FunctionInput.fromTopic(events, 'order placed', { deadLetterTopic: 'failed' }), FunctionInput.fromTopic(events, 'order_placed')],
  });
  return app;
}

const OPTIONS = { title: 'Shop', version: '2.0.0', schemas: { 'order placed': { type: 'object', required: ['order'], properties: { order: { type: 'string' } } } } };

describe('an event catalogue', () => {
  test('is valid for the parser of AsyncAPI, with and without schemas and functions', async () => {
    for (const catalogue of [EventCatalogue.of(shop(), OPTIONS), EventCatalogue.of(shop()), EventCatalogue.of(new App())]) {
      const { document, diagnostics } = await new Parser().parse(catalogue.json());
      expect(diagnostics.filter(({ severity }) => severity < 2)).toEqual([]);
      expect(document?.version()).toBe('3.0.0');
    }
  }, 60_000);

  test('has a channel for each topic, and an operation for each sender and receiver', () => {
    const document = JSON.parse(EventCatalogue.of(shop(), OPTIONS).json()) as { info: unknown; channels: unknown; operations: unknown; components: { messages: unknown; schemas: unknown } };
    const channel = (address: string, key: string) => (
      { address, 'messages': { event: { $ref: `#/components/messages/${key}` } }, 'x-dapr-components': ['shop/events'] });
    const operation = (action: string, fn: string, key: string) => (
      { action, 'channel': { $ref: `#/channels/${key}` }, 'messages': [{ $ref: `#/channels/${key}/messages/event` }], 'x-function': fn });
    expect(document.info).toEqual({ title: 'Shop', version: '2.0.0' });
    expect(document.channels).toEqual({
      'shop.events.failed': channel('failed', 'shop.events.failed'),
      'shop.events.order_placed': channel('order placed', 'shop.events.order_placed'),
      'shop.events.order_placed-2': channel('order_placed', 'shop.events.order_placed-2'),
    });
    expect(document.operations).toEqual({
      'shop.mails.deadLetters.shop.events.failed': { ...operation('send', 'shop/mails', 'shop.events.failed'), summary: 'Events that could not be handled' },
      'shop.mails.subscribes.shop.events.order_placed': operation('receive', 'shop/mails', 'shop.events.order_placed'),
      'shop.mails.subscribes.shop.events.order_placed-2': operation('receive', 'shop/mails', 'shop.events.order_placed-2'),
      'shop.orders.publishes.shop.events.order_placed': operation('send', 'shop/orders', 'shop.events.order_placed'),
    });
    const envelope = { $ref: '#/components/schemas/CloudEvent' };
    const message = (name: string, payload: object) => ({ name, contentType: 'application/cloudevents+json', payload });
    expect(document.components.messages).toEqual({
      'shop.events.failed': message('failed', envelope),
      'shop.events.order_placed': message('order placed', { allOf: [envelope, { type: 'object', properties: { data: OPTIONS.schemas['order placed'] } }] }),
      'shop.events.order_placed-2': message('order_placed', envelope),
    });
  });

  test('has schemas that refer to parts of their own, and is valid with them', async () => {
    const schema = { type: 'object', properties: { lines: { type: 'array', items: { $ref: '#/$defs/line' } } }, $defs: { line: { type: 'string' } } };
    const catalogue = EventCatalogue.of(shop(), { schemas: { 'order placed': schema } });
    const { diagnostics } = await new Parser().parse(catalogue.json());
    expect(diagnostics.filter(({ severity }) => severity < 2)).toEqual([]);
    const { components } = JSON.parse(catalogue.json()) as { components: { messages: Record<string, { payload: { allOf: [object, { properties: { data: object } }] } }> } };
    expect(components.messages['shop.events.order_placed'].payload.allOf[1].properties.data).toEqual({
      ...schema, properties: { lines: { type: 'array', items: { $ref: '#/components/messages/shop.events.order_placed/payload/allOf/1/properties/data/$defs/line' } } },
    });
  }, 60_000);

  test('takes no schema for a topic but for a slip, and leaves those of other programs out', () => {
    expect(() => EventCatalogue.of(shop(), { schemas: { 'order placd': {} } })).toThrow('there is no topic "order placd" here; did you mean "order placed"?');
    expect(EventCatalogue.of(shop(), { schemas: { elsewhere: {} } }).json()).toBe(EventCatalogue.of(shop()).json());
  });

  test('is the same as YAML', () => {
    const catalogue = EventCatalogue.of(shop());
    expect(parse(catalogue.yaml())).toEqual(JSON.parse(catalogue.json()));
  });
});
