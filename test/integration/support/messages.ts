/** The Dapr messages that pass between sidecar, proxy and function, by the field numbers of Dapr 1.16. */
import { ProtoFields, ProtoWriter } from './protobuf';

export const APP_CALLBACK = '/dapr.proto.runtime.v1.AppCallback';
export const APP_CALLBACK_ALPHA = '/dapr.proto.runtime.v1.AppCallbackAlpha';
export const APP_HEALTH = '/dapr.proto.runtime.v1.AppCallbackHealthCheck';
export const DAPR_API = '/dapr.proto.runtime.v1.Dapr';

export interface Subscription {
  readonly component: string;
  readonly topic: string;
  readonly route?: string;
  readonly deadLetterTopic?: string;
  readonly bulk?: { readonly maxMessages: number; readonly maxAwaitMs: number };
}

export type TopicStatus = 'SUCCESS' | 'RETRY' | 'DROP';
const TOPIC_STATUS: Record<TopicStatus, number> = { SUCCESS: 0, RETRY: 1, DROP: 2 };

export const topicEventResponse = (status: TopicStatus) => new ProtoWriter().number(1, TOPIC_STATUS[status]).finish();

export const topicEventRequest = (event: { id: string; component: string; topic: string; data: Buffer | string }) => new ProtoWriter()
  .bytes(1, event.id)
  .bytes(5, 'application/json')
  .bytes(6, event.topic)
  .bytes(7, event.data)
  .bytes(8, event.component)
  .finish();

export function parseTopicEvent(message: Buffer) {
  const fields = new ProtoFields(message);
  return { id: fields.text(1), topic: fields.text(6), data: fields.bytes(7), component: fields.text(8), path: fields.text(9) };
}

export function parseBulkEvent(message: Buffer) {
  const fields = new ProtoFields(message);
  return {
    topic: fields.text(4),
    component: fields.text(5),
    path: fields.text(7),
    entries: fields.all(2).map((bytes) => {
      const entry = new ProtoFields(bytes);
      return { entryId: entry.text(1), data: entry.message(3).bytes(6) };
    }),
  };
}

export const bulkResponse = (entries: readonly { entryId: string; status: TopicStatus }[]) => entries.reduce(
  (writer, entry) => writer.embedded(1, new ProtoWriter().bytes(1, entry.entryId).number(2, TOPIC_STATUS[entry.status]).finish()),
  new ProtoWriter(),
).finish();

export function parseBindingEvent(message: Buffer) {
  const fields = new ProtoFields(message);
  return { name: fields.text(1), data: fields.bytes(2), metadata: fields.map(3) };
}

/** `to` names output bindings that the sidecar writes `data` to. */
export const bindingResponse = (answer: { to?: readonly string[]; data?: string }) => (answer.to ?? []).reduce(
  (writer, binding) => writer.bytes(3, binding), new ProtoWriter(),
).bytes(4, answer.data ?? '').finish();

export const listTopicSubscriptionsResponse = (subscriptions: readonly Subscription[]) => subscriptions.reduce(
  (writer, { component, topic, deadLetterTopic, bulk }) => {
    const subscription = new ProtoWriter().bytes(1, component).bytes(2, topic).bytes(6, deadLetterTopic ?? '');
    if (bulk) subscription.embedded(7, new ProtoWriter().number(1, 1).number(2, bulk.maxMessages).number(3, bulk.maxAwaitMs).finish());
    return writer.embedded(1, subscription.finish());
  },
  new ProtoWriter(),
).finish();

export const listInputBindingsResponse = (names: readonly string[]) => names.reduce(
  (writer, name) => writer.bytes(1, name), new ProtoWriter(),
).finish();

const invokeRequest = (method: string, data: Buffer | string) => new ProtoWriter()
  .bytes(1, method)
  .embedded(2, new ProtoWriter().bytes(2, data).finish())
  .bytes(3, 'application/octet-stream')
  .embedded(4, new ProtoWriter().number(1, 3).finish()) // verb POST
  .finish();

/** What a function's caller sends to its own sidecar. */
export const invokeServiceRequest = (appId: string, method: string, data: Buffer | string) => new ProtoWriter()
  .bytes(1, appId).embedded(3, invokeRequest(method, data)).finish();

/** What the sidecar sends to the function. */
export const onInvokeRequest = invokeRequest;

export function parseInvokeRequest(message: Buffer) {
  const fields = new ProtoFields(message);
  return { method: fields.text(1), data: fields.message(2).bytes(2), contentType: fields.text(3) };
}

export const invokeResponse = (data: Buffer | string, contentType: string) => new ProtoWriter()
  .embedded(1, new ProtoWriter().bytes(2, data).finish()).bytes(2, contentType).finish();

export function parseInvokeResponse(message: Buffer) {
  const fields = new ProtoFields(message);
  return { data: fields.message(1).bytes(2), contentType: fields.text(2) };
}

export function parseJobEvent(message: Buffer) {
  return { name: new ProtoFields(message).text(1) };
}

/** How gRPC puts a message on the wire: uncompressed, its length ahead. */
export function grpcFrame(message: Buffer): Buffer {
  const head = Buffer.alloc(5);
  head.writeUInt32BE(message.length, 1);
  return Buffer.concat([head, message]);
}
