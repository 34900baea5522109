/** Functions that take events or state away from each other, since they look like one to the broker or the store. */
import { add, Find, Finding, other, OwnEdge, specOf } from './finding';
import type { KedaTriggerModel } from '../../function/function-model';
import { Path, show } from '../../problem/problem';
import type { WiredFunction } from '../model';
import { familyOf, groupOf, settingOf } from '../settings';

/** Those who take from one queue share its work, which is what queues are for. */
const QUEUES = ['rabbitmq', 'aws.sqs', 'azure.servicebusqueues'];

export const sharedGroups: Find = ({ own }) => {
  const first = new Map<string, OwnEdge>();
  return own.flatMap((edge): Finding[] => {
    const { kind, from, by, path } = edge;
    if (!from.startsWith('topic ') || (kind !== 'subscribes' && kind !== 'binds')) return [];
    const { key: component, componentType, spec } = specOf(edge);
    const group = groupOf(spec);
    if (group === undefined || (kind === 'binds' && QUEUES.includes(familyOf(componentType)))) return [];
    const key = `${from}\n${group}`;
    const before = first.get(key);
    if (before === undefined) first.set(key, edge);
    if (before === undefined || before.by === by) return [];
    const message = `the consumer group ${show(group)} of ${show(component)} is that of `
      + `${other(before.by, before.path)} too, so each event reaches one of the two alone; give each function its own`;
    return [{ rule: 'consumer-group-shared', level: 'warning', by, path, message, name: group }];
  });
};

/** KEDA then wakes a function for events that another one is to handle. */
export const foreignGroups: Find = ({ functions }) => {
  const first = new Map<string, { by: WiredFunction; path: Path }>();
  return functions.flatMap((by): Finding[] => by.plan.scaling.triggers.flatMap((trigger, index): Finding[] => {
    const group = scaledGroup(trigger);
    if (group === undefined) return [];
    const path = ['serving', 'scaleOptions', 'keda', 'triggers', index, 'metadata', 'consumerGroup'];
    const before = first.get(group);
    if (before === undefined) first.set(group, { by, path });
    if (before === undefined || before.by === by) return [];
    const message = `${show(trigger.metadata.consumerGroup)} is the group by which `
      + `${other(before.by, before.path)} scales too, so both follow the lag of one; give the group of this function`;
    const { consumerGroup: name } = trigger.metadata;
    return [{ rule: 'scaled-by-other-group', level: 'warning', by, path, message, name }];
  }));
};

/** Of a topic on known brokers. */
function scaledGroup({ type, metadata }: KedaTriggerModel): string | undefined {
  const parts = [metadata.bootstrapServers, metadata.topic, metadata.consumerGroup];
  const isKnown = ['kafka', 'apache-kafka'].includes(type) && parts.every((part = '') => part !== '');
  return isKnown ? parts.join('\n') : undefined;
}

/** Dapr puts the app-id before a key, unless the component says otherwise: then it is one key for all. */
export const sharedState: Find = ({ own }) => {
  const byStore = new Map<string, OwnEdge[]>();
  for (const edge of own) {
    const { spec, componentType } = specOf(edge);
    const prefix = settingOf(spec, 'keyPrefix')?.toLowerCase();
    if (edge.kind !== 'state' || prefix === undefined || prefix === 'appid') continue;
    const store = prefix === 'name' ? `${edge.by.plan.namespace}/${edge.component}` : `${prefix} ${storeOf(edge)}`;
    add(byStore, `${componentType} ${store}`, edge);
  }
  return [...byStore.values()].flatMap((edges) => {
    const [before] = edges;
    const later = edges.filter(({ by }) => by !== before.by);
    return later.map((edge): Finding => ({
      rule: 'state-shared',
      level: 'information',
      by: edge.by,
      path: edge.path,
      message: `the keyPrefix of ${show(specOf(edge).key)} lets this function and ${other(before.by, before.path)} `
        + 'write the same keys',
    }));
  });
};

const PLACE = [
  'redisHost', 'host', 'connectionString', 'url', 'servers', 'endpoint', 'accountName', 'region', 'table', 'tableName',
  'databaseName', 'redisDB', 'collectionName', 'containerName', 'keyspace',
];

/** Where the store is, as far as it can be seen. */
function storeOf(edge: OwnEdge): string {
  const { spec } = specOf(edge);
  const place = PLACE.flatMap((name) => settingOf(spec, name) ?? []);
  return place.length === 0 ? edge.to : `${edge.by.plan.namespace} ${place.join(' ')}`;
}
