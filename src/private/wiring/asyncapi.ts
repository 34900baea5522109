/** The topics of a wiring as an AsyncAPI 3 document (docs/spec M127p). */
import type { Edge, EdgeKind, Node } from './graph';
import { isObject, Json, JsonObject } from '../kubernetes/json';

export interface CatalogueInput {
  readonly title: string;
  readonly version: string;
  /** JSON Schemas of the data of events, by topic. */
  readonly schemas: { readonly [topic: string]: Json };
}

type CatalogueEdge = Pick<Edge, 'from' | 'to'> & { readonly kind: `${EdgeKind}` };
type CatalogueNode = Pick<Node, 'id' | 'name' | 'components'> & { readonly kind: string };

const ACTIONS: { readonly [kind in EdgeKind]?: readonly [action: 'send' | 'receive', verb: string] } = {
  publishes: ['send', 'publishes'],
  deadLetters: ['send', 'deadLetters'],
  subscribes: ['receive', 'subscribes'],
};

export function asyncApiOf(
  nodes: readonly CatalogueNode[], edges: readonly CatalogueEdge[], { title, version, schemas }: CatalogueInput,
): JsonObject {
  const keys = keysOf(nodes);
  const topics = nodes.filter(({ kind }) => kind === 'topic');
  const named = (each: (topic: CatalogueNode) => JsonObject) => (
    Object.fromEntries(topics.map((topic) => [keys.get(topic.id) as string, each(topic)])));
  return {
    asyncapi: '3.0.0',
    info: { title, version },
    defaultContentType: 'application/cloudevents+json',
    channels: named(({ id, name, components = [] }) => ({
      'address': name,
      'messages': { event: { $ref: `#/components/messages/${keys.get(id)}` } },
      'x-dapr-components': components.map((component) => component.slice(component.indexOf(' ') + 1)),
    })),
    operations: Object.fromEntries(edges.flatMap((edge) => operation(edge, keys))),
    components: {
      messages: named(({ id, name }) => ({
        name,
        contentType: 'application/cloudevents+json',
        payload: payload(keys.get(id) as string, Object.hasOwn(schemas, name) ? schemas[name] : undefined),
      })),
      schemas: { CloudEvent: CLOUD_EVENT },
    },
  };
}

function operation({ kind, from, to }: CatalogueEdge, keys: ReadonlyMap<string, string>): [string, JsonObject][] {
  const [action, verb] = ACTIONS[kind] ?? [];
  if (action === undefined) return [];
  const [party, topic] = action === 'send' ? [from, to] : [to, from];
  const channel = keys.get(topic) as string;
  return [[`${keys.get(party)}.${verb}.${channel}`, {
    action,
    'channel': { $ref: `#/channels/${channel}` },
    'messages': [{ $ref: `#/channels/${channel}/messages/event` }],
    'x-function': party.slice(party.indexOf(' ') + 1),
    ...(kind === 'deadLetters' && { summary: 'Events that could not be handled' }),
  }]];
}

/** AsyncAPI takes letters, digits, dots, hyphens and underscores in keys; ids that become one key get a number. */
function keysOf(nodes: readonly CatalogueNode[]): Map<string, string> {
  const keys = new Map<string, string>();
  const taken = new Set<string>();
  for (const { id } of nodes) {
    const plain = id.slice(id.indexOf(' ') + 1).replaceAll('/', '.').replace(/[^\w.-]/g, '_');
    let key = plain;
    for (let number = 2; taken.has(key); number++) key = `${plain}-${number}`;
    taken.add(key);
    keys.set(id, key);
  }
  return keys;
}

function payload(key: string, data: Json | undefined): JsonObject {
  const envelope = { $ref: '#/components/schemas/CloudEvent' };
  if (data === undefined) return envelope;
  const moved = within(data, `#/components/messages/${key}/payload/allOf/1/properties/data`);
  return { allOf: [envelope, { type: 'object', properties: { data: moved } }] };
}

/** References to parts of a schema, which is itself a part now. */
function within(value: Json, place: string): Json {
  if (Array.isArray(value)) return value.map((each) => within(each, place));
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => (
    [key, key === '$ref' && typeof each === 'string' ? each.replace(/^#/, place) : within(each, place)])));
}

const text = (description: string) => ({ type: 'string', description });

/** As Dapr delivers events. */
const CLOUD_EVENT: JsonObject = {
  type: 'object',
  required: ['id', 'source', 'specversion', 'type'],
  properties: {
    id: text('Tells the event from others of its source.'),
    source: text('The app-id of the publisher, unless it says something else.'),
    specversion: { type: 'string', const: '1.0' },
    type: { ...text('What happened.'), default: 'com.dapr.event.sent' },
    subject: text('What it happened to.'),
    time: { ...text('When it happened.'), format: 'date-time' },
    datacontenttype: text('Media type of the data.'),
    topic: text('Topic to which it was published.'),
    pubsubname: text('Name of the Dapr component.'),
    data: { description: 'What the publisher says.' },
  },
};
