/** Functions that a broker, KEDA or a store takes for one: they share events, lag or keys. */
import { add, Around, Find, Finding, other, OwnEdge, specOf } from './finding';
import type { ComponentSpecModel, KedaTriggerModel } from '../../function/function-model';
import { Path, show, typoOf } from '../../problem/problem';
import { addressOf, familyOf, groupOf, isQueue, settingOf } from '../brokers';
import type { WiredFunction } from '../graph';

export const sharedGroups: Find = ({ own }) => {
  const first = new Map<string, OwnEdge>();
  const readers = new Map<string, OwnEdge>();
  return own.flatMap((edge): Finding[] => {
    const { kind, from, by, path } = edge;
    if (!from.startsWith('topic ') || (kind !== 'subscribes' && kind !== 'binds')) return [];
    const { key: component, componentType, spec } = specOf(edge);
    const sharesWork = isQueue(componentType) && !GROUPED.includes(familyOf(componentType));
    const group = sharesWork ? '' : groupOf(spec, by.plan);
    if (group === undefined) return [];
    const key = `${from}\n${group}`;
    const before = first.get(key);
    if (before === undefined) first.set(key, edge);
    const reader = `${from}\n${edge.to}`;
    const another = readers.get(reader);
    if (another === undefined) readers.set(reader, edge);
    if (before === undefined) return another === undefined ? [] : [readTwice(edge, another, group)];
    return sharesWork ? queueShared(edge, before) : groupShared({ by, path, name: group }, component, before);
  });
};

/** Bindings that read in a group; other queues give each entry to one reader, which is what queues are for. */
const GROUPED = ['kafka', 'mqtt3'];

function groupShared(
  at: Required<Pick<Finding, 'by' | 'path' | 'name'>>, component: string, before: OwnEdge,
): Finding[] {
  const found = { ...at, rule: 'consumer-group-shared', level: 'warning' } as const;
  if (before.by === at.by) {
    const message = `is read through ${show(specOf(before).key)} already (${at.by.place(before.path)}), in `
      + `the same consumer group ${show(at.name)}, so each event comes through one of the two alone`;
    return [{ ...found, message }];
  }
  const isOwnAppId = [at.by, before.by].every(({ plan }) => plan.names.appId === at.name);
  const advice = isOwnAppId ? 'it is the app-id of both; give one another app-id' : 'give each function its own';
  const message = `the consumer group ${show(at.name)} of ${show(component)} is that of `
    + `${other(before.by, before.path)} too, so each event reaches one of the two alone; ${advice}`;
  return [{ ...found, message }];
}

function readTwice({ by, path }: OwnEdge, { path: first, component }: OwnEdge, name: string): Finding {
  const message = `is read through ${show(component)} already (${by.place(first)}), in another consumer group, so each `
    + 'event comes twice';
  return { rule: 'topic-twice', level: 'warning', by, path, name, message };
}

function queueShared({ by, path, component = '' }: OwnEdge, before: OwnEdge): Finding[] {
  if (before.by === by) return [];
  const message = `${show(component)} is a queue that ${other(before.by, before.path)} reads too, so each entry `
    + 'reaches one of the two alone';
  return [{ rule: 'queue-shared', level: 'information', by, path, name: component, message }];
}

/** KEDA then wakes a function for events that another one is to handle, or for none. */
export const foreignGroups: Find = (around) => {
  const first = new Map<string, { by: WiredFunction; path: Path }>();
  const readers = new Readers(around);
  return around.functions.flatMap((by): Finding[] => by.plan.scaling.triggers.flatMap((trigger, index): Finding[] => {
    const scaled = scaledBy(trigger, by.plan.namespace);
    if (scaled === undefined) return [];
    const at = (field: string): Path => (
      ['serving', 'scaleOptions', 'keda', 'triggers', index, 'metadata', field]);
    const foreign = readers.notOwn(scaled, by, at);
    const key = [scaled.address, scaled.topic, scaled.group].join('\n');
    const before = first.get(key);
    if (before === undefined) first.set(key, { by, path: at(GROUP) });
    if (foreign !== undefined) return [{ by, ...foreign }];
    if (before === undefined || before.by === by || scaled.group === '') return [];
    const message = `${show(scaled.group)} is the group by which ${other(before.by, before.path)} scales too, `
      + 'so both follow the lag of one; give the group of this function';
    const found = { by, path: at(GROUP), name: scaled.group, message };
    return [{ ...found, rule: 'scaled-by-other-group', level: 'warning' }];
  }));
};

interface Scaled {
  readonly address: string;
  readonly topic: string;
  /** Empty for a queue, which has none. */
  readonly group: string;
  readonly fields: Scaler;
}

/** Fields of a KEDA trigger, and the setting of Dapr's component that has the same address. */
interface Scaler {
  readonly family: string;
  readonly setting: string;
  readonly address: string;
  readonly topic: string;
  readonly isQueue?: true;
}

const GROUP = 'consumerGroup';
const KAFKA: Scaler = { family: 'kafka', setting: 'brokers', address: 'bootstrapServers', topic: 'topic' };
const SCALERS: Readonly<Record<string, Scaler>> = {
  'kafka': KAFKA,
  'apache-kafka': KAFKA,
  'redis-streams': { family: 'redis', setting: 'redisHost', address: 'address', topic: 'stream' },
  'rabbitmq': { family: 'rabbitmq', setting: 'host', address: 'host', topic: 'queueName', isQueue: true },
};

/** Of a topic or queue on known brokers, by the parameters of KEDA's scaler. */
function scaledBy({ type, metadata }: KedaTriggerModel, namespace: string): Scaled | undefined {
  if (!Object.hasOwn(SCALERS, type)) return undefined;
  const fields = SCALERS[type];
  const { [fields.address]: value = '', [fields.topic]: topic = '', [GROUP]: given = '' } = metadata;
  const group = fields.isQueue === true ? '' : given;
  if (value === '' || topic === '' || (group === '' && fields.isQueue !== true)) return undefined;
  const metadataOf = [{ name: fields.setting, value }];
  const address = brokerOf({ type: `pubsub.${fields.family}`, version: 'v1', metadata: metadataOf }, namespace);
  return address === undefined ? undefined : { address, topic, group, fields };
}

/** Without port and virtual host in RabbitMQ, since KEDA may ask its management API. */
function brokerOf(spec: ComponentSpecModel | undefined, namespace: string): string | undefined {
  const address = addressOf(spec, namespace);
  return address?.startsWith('rabbitmq ') === true ? address.replace(/[:/].*$/, '') : address;
}

interface Reader {
  readonly edge: OwnEdge;
  readonly address: string;
  readonly topic: string;
  readonly group: string;
}

type Foreign = Omit<Finding, 'by'>;

/** Inputs whose broker and group are known, by function. */
class Readers {
  private readonly byFunction = new Map<WiredFunction, Reader[]>();
  /** The first of each topic. */
  private readonly byTopic = new Map<string, Reader>();

  public constructor({ own, nodes, functions }: Around) {
    const isAsked = functions.some(({ plan: { scaling } }) => (
      scaling.triggers.some(({ type }) => Object.hasOwn(SCALERS, type))));
    const addresses = new Map<string, string | undefined>();
    for (const edge of isAsked ? own : []) {
      const isInput = edge.kind === 'subscribes' || (edge.kind === 'binds' && edge.from.startsWith('topic '));
      if (!isInput) continue;
      const { namespace } = edge.by.plan;
      const component = `${namespace}/${edge.component ?? ''}`;
      if (!addresses.has(component)) addresses.set(component, brokerOf(specOf(edge).spec, namespace));
      const reader = readerOf(edge, addresses.get(component), nodes.get(edge.from)!.name);
      if (reader === undefined) continue;
      add(this.byFunction, edge.by, reader);
      const key = `${reader.address}\n${reader.topic}`;
      if (!this.byTopic.has(key)) this.byTopic.set(key, reader);
    }
  }

  /** What the function does not read itself: a group, a topic or a broker of another one. */
  public notOwn(scaled: Scaled, by: WiredFunction, at: (field: string) => Path): Foreign | undefined {
    const { address, topic, group, fields } = scaled;
    const mine = (this.byFunction.get(by) ?? []).filter((each) => familyIn(each.address) === familyIn(address));
    const here = mine.filter((each) => each.address === address);
    const [own] = here.filter((each) => each.topic === topic);
    if (own !== undefined) {
      if (here.some((each) => each.topic === topic && each.group === group)) return undefined;
      const message = `Dapr reads ${show(topic)} for this function in the group ${show(own.group)} `
        + `(${by.place(own.edge.path)}), so KEDA sees no lag of it in ${show(group)}`;
      return { rule: 'scaled-by-other-group', level: 'warning', path: at(GROUP), name: group, message };
    }
    const found = { rule: 'scaled-by-other-topic', level: 'warning', path: at(fields.topic), name: topic } as const;
    const reader = this.byTopic.get(`${address}\n${topic}`);
    if (reader !== undefined) {
      const message = `${show(topic)} is read by ${other(reader.edge.by, reader.edge.path)} and not by this function, `
        + 'which wakes for events of another one';
      return { ...found, message };
    }
    const elsewhere = mine.find((each) => each.topic === topic);
    if (elsewhere !== undefined) return otherBroker(elsewhere, scaled, by, at);
    const near = here.find((each) => each.group === group);
    // A slip in the topic of an input is found with the function's own fields.
    const isSlip = fields === KAFKA && typoOf(topic, here.map((each) => each.topic)) !== undefined;
    return near === undefined || isSlip ? undefined : {
      ...found,
      message: `nothing here reads ${show(topic)}; Dapr reads ${show(near.topic)} for this function `
        + `(${by.place(near.edge.path)}), so KEDA sees none of its events`,
    };
  }
}

function readerOf(edge: OwnEdge, address: string | undefined, name: string): Reader | undefined {
  const { by: { plan }, kind } = edge;
  if (address === undefined) return undefined;
  const group = groupOf(specOf(edge).spec, plan);
  if (familyIn(address) !== 'rabbitmq') return group === undefined ? undefined : { edge, address, topic: name, group };
  // Dapr makes a queue for each app that subscribes to an exchange.
  if (kind === 'binds') return { edge, address, topic: name, group: '' };
  return group === undefined ? undefined : { edge, address, topic: `${group}-${name}`, group: '' };
}

function familyIn(address: string): string {
  return address.slice(0, address.indexOf(' '));
}

function otherBroker(
  { edge, address }: Reader, scaled: Scaled, by: WiredFunction, at: (field: string) => Path,
): Foreign {
  const { fields, topic } = scaled;
  const plain = (text: string) => show(text.slice(text.indexOf(' ') + 1));
  const message = `Dapr reads ${show(topic)} for this function at ${plain(address)} (${by.place(edge.path)}), `
    + `and KEDA looks for it at ${plain(scaled.address)}`;
  return { rule: 'scaled-by-other-broker', level: 'warning', path: at(fields.address), name: topic, message };
}

export const sharedState: Find = ({ own }) => {
  const byKeys = new Map<string, OwnEdge[]>();
  for (const edge of own) {
    const keys = edge.kind === 'state' ? keysOf(edge) : undefined;
    if (keys !== undefined) add(byKeys, keys, edge);
  }
  return [...byKeys.values()].flatMap((edges) => {
    const [before] = edges;
    const isActors = (edge: OwnEdge) => settingOf(specOf(edge).spec, 'actorStateStore') === 'true';
    const later = edges.filter((edge) => edge.by !== before.by
      || (edge.component !== before.component && ![edge, before].some(isActors)));
    return later.map(({ by, path, ...edge }): Finding => ({
      rule: 'state-shared',
      level: 'information',
      by,
      path,
      message: by === before.by
        ? `is the same store as ${show(before.component)} (${by.place(before.path)}), with the same keys`
        : `${why({ ...edge, by, path })} lets this function and ${other(before.by, before.path)} write the same keys`,
    }));
  });
};

/** Dapr puts the app-id before a key, unless the component says otherwise. The same text for the same keys. */
function keysOf(edge: OwnEdge): string | undefined {
  const { spec, componentType } = specOf(edge);
  const { by: { plan }, component } = edge;
  if (spec === undefined) return undefined;
  const prefix = settingOf(spec, 'keyPrefix')?.toLowerCase() ?? 'appid';
  const { namespace, names: { appId } } = plan;
  const start: Readonly<Record<string, string | undefined>> = {
    appid: appId, namespace: `${namespace}.${appId}`, name: component, none: '',
  };
  return `${componentType} ${storeOf(edge)} ${Object.hasOwn(start, prefix) ? start[prefix] : prefix}`;
}

function why(edge: OwnEdge): string {
  const { spec, key } = specOf(edge);
  return settingOf(spec, 'keyPrefix') === undefined
    ? `the app-id ${show(edge.by.plan.names.appId)} before the keys of ${show(key)}` : `the keyPrefix of ${show(key)}`;
}

const PLACE = [
  'redisHost', 'host', 'connectionString', 'url', 'servers', 'endpoint', 'accountName', 'region', 'table', 'tableName',
  'databaseName', 'database', 'redisDB', 'collectionName', 'collection', 'containerName', 'keyspace', 'schemaName',
];

/** Where the store is, as far as it can be seen: a host without dots is one of the namespace. */
function storeOf(edge: OwnEdge): string {
  const { spec } = specOf(edge);
  const place = PLACE.flatMap((name) => settingOf(spec, name) ?? []);
  if (place.length === 0) return edge.to;
  return place[0].includes('.') ? place.join(' ') : `${edge.by.plan.namespace} ${place.join(' ')}`;
}
