/** Topics that lack the other side: nobody publishes or subscribes there, or it is misspelt, or on another broker. */
import { add, Around, Find, Finding, other, OwnEdge, Rule, specOf } from './finding';
import { show, typoOf } from '../../problem/problem';
import type { Edge, Node } from '../model';
import { addressOf, familyOf } from '../settings';

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
