/** Functions that a broker, KEDA or a store takes for one: they share events, lag or keys. */
import { add, Around, Find, Finding, other, OwnEdge, specOf } from './finding';
import type { KedaTriggerModel } from '../../function/function-model';
import { Path, show } from '../../problem/problem';
import { addressOf, familyOf, groupOf, isQueue, settingOf } from '../brokers';
import type { WiredFunction } from '../graph';

export const sharedGroups: Find = ({ own }) => {
  const first = new Map<string, OwnEdge>();
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
    if (before === undefined) return [];
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

function queueShared({ by, path, component = '' }: OwnEdge, before: OwnEdge): Finding[] {
  if (before.by === by) return [];
  const message = `${show(component)} is a queue that ${other(before.by, before.path)} reads too, so each entry `
    + 'reaches one of the two alone';
  return [{ rule: 'queue-shared', level: 'information', by, path, name: component, message }];
}

/** KEDA then wakes a function for events that another one is to handle, or for none. */
export const foreignGroups: Find = (around) => {
  const first = new Map<string, { by: WiredFunction; path: Path }>();
  const readers = readersOf(around);
  return around.functions.flatMap((by): Finding[] => by.plan.scaling.triggers.flatMap((trigger, index): Finding[] => {
    const scaled = scaledBy(trigger, by.plan.namespace);
    if (scaled === undefined) return [];
    const at = (field: string): Path => (
      ['serving', 'scaleOptions', 'keda', 'triggers', index, 'metadata', field]);
    const foreign = notOwn(scaled, by, readers, at);
    const key = [scaled.address, scaled.topic, scaled.group].join('\n');
    const before = first.get(key);
    if (before === undefined) first.set(key, { by, path: at(scaled.field) });
    if (foreign !== undefined) return [{ by, ...foreign }];
    if (before === undefined || before.by === by) return [];
    const message = `${show(scaled.group)} is the group by which ${other(before.by, before.path)} scales too, `
      + 'so both follow the lag of one; give the group of this function';
    const found = { by, path: at(scaled.field), name: scaled.group, message };
    return [{ ...found, rule: 'scaled-by-other-group', level: 'warning' }];
  }));
};

interface Scaled {
  readonly address: string;
  readonly topic: string;
  readonly group: string;
  readonly field: string;
  readonly topicField: string;
}

/** Of a topic on known brokers, by the parameters of KEDA's scaler. */
function scaledBy({ type, metadata }: KedaTriggerModel, namespace: string): Scaled | undefined {
  if (!Object.hasOwn(SCALERS, type)) return undefined;
  const [family, addressField, topicField] = SCALERS[type];
  const { [addressField]: address = '', [topicField]: topic = '', consumerGroup: group = '' } = metadata;
  if (address === '' || topic === '' || group === '') return undefined;
  const value = { name: ADDRESS_OF[family], value: address };
  const known = addressOf({ type: `pubsub.${family}`, version: 'v1', metadata: [value] }, namespace);
  return known === undefined ? undefined : { address: known, topic, group, field: 'consumerGroup', topicField };
}

type Family = 'kafka' | 'redis';
const SCALERS: Readonly<Record<string, readonly [family: Family, address: string, topic: string]>> = {
  'kafka': ['kafka', 'bootstrapServers', 'topic'],
  'apache-kafka': ['kafka', 'bootstrapServers', 'topic'],
  'redis-streams': ['redis', 'address', 'stream'],
};
const ADDRESS_OF: Readonly<Record<Family, string>> = { kafka: 'brokers', redis: 'redisHost' };

/** In the order of their functions. */
type Readers = ReadonlyMap<string, ReadonlyMap<WiredFunction, readonly Reader[]>>;

interface Reader {
  readonly edge: OwnEdge;
  readonly group: string;
}

/** Whose address and group are known, by the two and by function. */
function readersOf({ own, nodes, functions }: Around): Readers {
  const readers = new Map<string, Map<WiredFunction, Reader[]>>();
  const isAsked = functions.some(({ plan }) => plan.scaling.triggers.some(({ type }) => Object.hasOwn(SCALERS, type)));
  if (!isAsked) return readers;
  for (const edge of own) {
    if (edge.kind !== 'subscribes') continue;
    const { spec } = specOf(edge);
    const [address, group] = [addressOf(spec, edge.by.plan.namespace), groupOf(spec, edge.by.plan)];
    if (address === undefined || group === undefined) continue;
    const key = `${address}\n${nodes.get(edge.from)!.name}`;
    const byFunction = readers.get(key) ?? new Map<WiredFunction, Reader[]>();
    readers.set(key, byFunction);
    add(byFunction, edge.by, { edge, group });
  }
  return readers;
}

/** What the function does not read itself: a group or a topic of another one. */
function notOwn(
  { address, topic, group, field, topicField }: Scaled, by: WiredFunction, readers: Readers,
  at: (field: string) => Path,
): Omit<Finding, 'by'> | undefined {
  const all = readers.get(`${address}\n${topic}`);
  const mine = all?.get(by) ?? [];
  const [own] = mine;
  if (own !== undefined) {
    if (mine.some((each) => each.group === group)) return undefined;
    const message = `Dapr reads ${show(topic)} for this function in the group ${show(own.group)} `
      + `(${by.place(own.edge.path)}), so KEDA sees no lag of it in ${show(group)}`;
    return { rule: 'scaled-by-other-group', level: 'warning', path: at(field), name: group, message };
  }
  const [[{ edge }] = [{ edge: undefined }]] = all?.values() ?? [];
  if (edge === undefined) return undefined;
  const message = `${show(topic)} is read by ${other(edge.by, edge.path)} and not by this function, `
    + 'which wakes for events of another one';
  return { rule: 'scaled-by-other-topic', level: 'warning', path: at(topicField), name: topic, message };
}

export const sharedState: Find = ({ own }) => {
  const byKeys = new Map<string, OwnEdge[]>();
  for (const edge of own) {
    const keys = edge.kind === 'state' ? keysOf(edge) : undefined;
    if (keys !== undefined) add(byKeys, keys, edge);
  }
  return [...byKeys.values()].flatMap((edges) => {
    const [before] = edges;
    const later = edges.filter(({ by }) => by !== before.by);
    return later.map((edge): Finding => ({
      rule: 'state-shared',
      level: 'information',
      by: edge.by,
      path: edge.path,
      message: `${why(edge)} lets this function and ${other(before.by, before.path)} write the same keys`,
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
  'databaseName', 'redisDB', 'collectionName', 'containerName', 'keyspace',
];

/** Where the store is, as far as it can be seen: a host without dots is one of the namespace. */
function storeOf(edge: OwnEdge): string {
  const { spec } = specOf(edge);
  const place = PLACE.flatMap((name) => settingOf(spec, name) ?? []);
  if (place.length === 0) return edge.to;
  return place[0].includes('.') ? place.join(' ') : `${edge.by.plan.namespace} ${place.join(' ')}`;
}
