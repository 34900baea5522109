/** Findings about topics: one end is missing, they form a cycle, or functions share a group or state by accident. */
import { add, Around, Find, Finding, other, OwnEdge, Rule, specOf } from './finding';
import type { KedaTriggerModel } from '../../function/function-model';
import { Path, show, typoOf } from '../../problem/problem';
import { addressOf, familyOf, groupOf, settingOf } from '../brokers';
import { Edge, functionId, Node, WiredFunction } from '../graph';

/** Of a topic: where events go in, or come out. */
type Side = 'in' | 'out';

const OPPOSITE = { in: 'out', out: 'in' } as const;
const LONELY: Readonly<Record<Side, Rule>> = { in: 'topic-without-subscriber', out: 'topic-without-publisher' };

export const lonelyTopics: Find = (around) => {
  const sides = new Sides(around);
  return around.own.flatMap((edge): Finding[] => {
    const [topic, side] = sides.endOf(edge) ?? [];
    return topic === undefined || side === undefined || sides.has(topic, OPPOSITE[side]) ? []
      : [lonely(edge, topic, side, sides, around)];
  });
};

function lonely(edge: OwnEdge, topic: Node, side: Side, sides: Sides, around: Around): Finding {
  const { by, path, kind } = edge;
  const { name } = topic;
  const finding = { by, path, name };
  const lack = `nothing here ${side === 'in' ? 'subscribes' : 'publishes'} to the topic ${show(name)} of `
    + show(specOf(edge).key);
  const meant = sides.meant(topic, side);
  if (meant !== undefined) {
    return { ...finding, rule: 'topic-misspelt', level: 'warning', message: `${lack}; did you mean ${show(meant)}?` };
  }
  const known = kafkaTopic(edge, name, around);
  if (known !== undefined) {
    const message = `there is no KafkaTopic ${show(name)} here; did you mean ${show(known)}?`;
    return { ...finding, rule: 'topic-misspelt', level: 'warning', message };
  }
  const elsewhere = sides.elsewhere(edge, topic, side);
  if (elsewhere !== undefined) {
    const message = `${lack}, but ${other(elsewhere.by, elsewhere.path)} does to one of this name on another broker, `
      + `by ${show(specOf(elsewhere).key)}; are both meant to lead to one broker?`;
    return { ...finding, rule: 'topic-on-other-broker', level: 'warning', message };
  }
  if (kind !== 'deadLetters') return { ...finding, rule: LONELY[side], level: 'information', message: lack };
  const message = `nothing here reads the dead letters in the topic ${show(name)} of ${show(specOf(edge).key)}`;
  return { ...finding, rule: 'dead-letters-unread', level: 'information', message };
}

/** A KafkaTopic beside the functions whose name differs by a slip. */
function kafkaTopic(edge: OwnEdge, name: string, { neighbours }: Around): string | undefined {
  const known = neighbours.all('KafkaTopic').map((each) => each.name);
  return known.length === 0 || known.includes(name) || familyOf(specOf(edge).componentType) !== 'kafka' ? undefined
    : typoOf(name, known);
}

class Sides {
  /** Topics of a broker that have this side alone, by broker. */
  private readonly waiting: Record<Side, Map<string, string[]>> = { in: new Map(), out: new Map() };
  /** Edges of topics that have this side alone, by the topic's name. */
  private readonly edges: Record<Side, Map<string, OwnEdge[]>> = { in: new Map(), out: new Map() };

  public constructor(private readonly around: Around) {
    for (const topic of around.topics) {
      for (const side of ['in', 'out'] as const) {
        if (!this.has(topic, side) || this.has(topic, OPPOSITE[side])) continue;
        add(this.waiting[side], brokerOf(topic), topic.name);
      }
    }
    for (const edge of around.own) {
      const [topic, side] = this.endOf(edge) ?? [];
      if (topic !== undefined && side !== undefined && !this.has(topic, OPPOSITE[side])) {
        add(this.edges[side], topic.name, edge);
      }
    }
  }

  public endOf({ kind, from, to }: Edge): [topic: Node, side: Side] | undefined {
    if (kind === 'calls' || kind === 'state') return undefined;
    const [source, target] = [this.around.nodes.get(from), this.around.nodes.get(to)];
    if (target?.kind === 'topic') return [target, 'in'];
    return source?.kind === 'topic' ? [source, 'out'] : undefined;
  }

  public has({ id }: Node, side: Side): boolean {
    return (side === 'in' ? this.around.to(id) : this.around.from(id)).length > 0;
  }

  /** A topic of the broker that waits for the side which this one is. */
  public meant(topic: Node, side: Side): string | undefined {
    return typoOf(topic.name, this.waiting[OPPOSITE[side]].get(brokerOf(topic)) ?? []);
  }

  /**
   * Only where both brokers are known and of one kind, and the components belong together by namespace or name: apps
   * that know nothing of each other may have topics of one name.
   */
  public elsewhere(edge: OwnEdge, topic: Node, side: Side): OwnEdge | undefined {
    const here = addressIn(edge);
    if (here === undefined) return undefined;
    return this.edges[OPPOSITE[side]].get(topic.name)?.find((each) => {
      const there = addressIn(each);
      const { plan: { namespace } } = each.by;
      if (namespace !== edge.by.plan.namespace && specOf(each).key !== specOf(edge).key) return false;
      return there !== undefined && there !== here && there.split(' ')[0] === here.split(' ')[0];
    });
  }
}

/** The id of a topic without its name. */
function brokerOf({ id, name }: Node): string {
  return id.slice(0, id.length - name.length);
}

function addressIn(edge: OwnEdge): string | undefined {
  return addressOf(specOf(edge).spec, edge.by.plan.namespace);
}

export const cycles: Find = (around) => {
  const own = ownTopics(around);
  return [...own, ...rings(around, new Set(own.map(({ by }) => functionId(by.plan))))];
};

function ownTopics(around: Around): Finding[] {
  return around.own.flatMap((edge): Finding[] => {
    const { from, to, by, path } = edge;
    if (!leavesFor(edge, 'topic')) return [];
    const back = around.own.find((each) => each.from === to && each.to === from && each.kind !== 'deadLetters');
    if (back === undefined) return [];
    const name = around.nodes.get(to)!.name;
    const message = `is ${show(name)}, whose events this function gets (${by.place(back.path)}), so each may come `
      + 'round for ever; publish to another topic';
    return [{ rule: 'topic-cycle', level: 'warning', by, path, name, message }];
  });
}

/** Events out of a function, into a topic; dead letters end at their readers. */
function leavesFor({ kind, from, to }: OwnEdge, what: string): boolean {
  return (kind === 'publishes' || kind === 'binds') && from.startsWith('function ') && to.startsWith(`${what} `);
}

function rings(around: Around, told: ReadonlySet<string>): Finding[] {
  const flows = around.own.filter(({ kind, from, to }) => (
    (kind === 'publishes' || kind === 'subscribes' || kind === 'binds')
      && (from.startsWith('topic ') || to.startsWith('topic '))));
  const core = inCycles(flows);
  const left = new Set(core.map(({ from }) => from));
  return [...left].sort().filter((id) => id.startsWith('function ')).flatMap((start): Finding[] => {
    if (!left.has(start)) return [];
    const ring = ringOf(start, core);
    for (const id of ring) left.delete(id);
    const functions = [...ring].filter((id) => id.startsWith('function '));
    if (functions.length < 2 || functions.some((id) => told.has(id))) return [];
    const edge = core.find(({ from, to }) => from === start && ring.has(to))!;
    const names = functions.filter((id) => id !== start).map((id) => {
      const back = core.find(({ from, to }) => from === id && ring.has(to))!;
      return other(back.by, back.path);
    });
    const isClosed = [...ring].every((id) => isFedBy(ring, id, around));
    const name = around.nodes.get(edge.to)!.name;
    const message = `events of ${show(name)} come back to this function by way of ${names.join(' and ')}${isClosed
      ? '; nothing else here starts any of them, so an event goes round for ever' : ''}`;
    const level = isClosed ? 'warning' : 'information';
    return [{ rule: 'topic-cycle', level, by: edge.by, path: edge.path, name, message }];
  });
}

/** Without edges whose begin nothing leads to, or whose end leads nowhere, again and again. */
function inCycles(edges: readonly OwnEdge[]): readonly OwnEdge[] {
  const [begins, ends] = [new Set(edges.map(({ from }) => from)), new Set(edges.map(({ to }) => to))];
  const kept = edges.filter(({ from, to }) => ends.has(from) && begins.has(to));
  return kept.length === edges.length ? kept : inCycles(kept);
}

/** All that a node leads to and that leads back to it. */
function ringOf(start: string, edges: readonly OwnEdge[]): Set<string> {
  const back = reach(start, edges.map(({ from, to }) => [to, from]));
  return new Set([...reach(start, edges.map(({ from, to }) => [from, to]))].filter((id) => back.has(id)));
}

function reach(start: string, steps: readonly (readonly [from: string, to: string])[]): Set<string> {
  const found = new Set([start]);
  for (let size = 0; size < found.size;) {
    size = found.size;
    for (const [from, to] of steps) if (found.has(from)) found.add(to);
  }
  return found;
}

function isFedBy(ring: ReadonlySet<string>, id: string, around: Around): boolean {
  const isHttp = around.functions.some(({ plan }) => functionId(plan) === id && plan.engine !== undefined);
  return !isHttp && around.to(id).every(({ from }) => ring.has(from));
}

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
