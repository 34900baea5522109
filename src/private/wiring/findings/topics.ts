/** Topics whose other side is missing or misspelt, which Dapr refuses, which come twice or with dead letters. */
import { add, Around, Find, Finding, isOwn, isSameWords, Likeness, other, OwnEdge, Rule, specOf } from './finding';
import { at } from '../../decide/neighbours';
import type { ComponentSpecModel } from '../../function/function-model';
import { isObject } from '../../kubernetes/json';
import { isSlip, show, typoOf } from '../../problem/problem';
import { boundSpec } from '../../props/components';
import { addressOf, familyOf, isFilter, settingOf, takesTopic } from '../brokers';
import type { Edge, Node, WiredFunction } from '../graph';

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
  const meant = sides.meant(edge, topic, side);
  if (meant !== undefined) {
    const message = `${lack}; did you mean ${show(meant.name)}${sides.placeOf(meant, OPPOSITE[side])}?`;
    // Beside topics that have both sides, a plural may well be another one.
    const isLikely = !sides.has(meant, side) || !isSameWords(name, meant.name);
    return { ...finding, rule: 'topic-misspelt', level: isLikely ? 'warning' : 'information', message };
  }
  const known = kafkaTopic(edge, name, around);
  if (known !== undefined) {
    const message = `there is no KafkaTopic ${show(name)} here; did you mean ${show(known)}?`;
    return { ...finding, rule: 'topic-misspelt', level: 'warning', message };
  }
  const elsewhere = sides.elsewhere(edge, topic, side);
  if (elsewhere !== undefined) {
    // Kinds of brokers differ: one may be fed from outside.
    const isLikely = specOf(elsewhere).key === specOf(edge).key || isSameKind(edge, elsewhere);
    const who = other(elsewhere.by, elsewhere.path);
    const message = addressIn(edge) === addressIn(elsewhere)
      ? `${who} has ${show(name)} by ${show(specOf(elsewhere).key)}, but in RabbitMQ a queue of bindings is not the `
        + 'topic of this name'
      : `${lack}, but ${who} does to one of this name on another broker, by ${show(specOf(elsewhere).key)}; are both `
        + 'meant to lead to one broker?';
    return { ...finding, rule: 'topic-on-other-broker', level: isLikely ? 'warning' : 'information', message };
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
  /** Topics by broker. */
  private readonly byBroker = new Map<string, Node[]>();
  /** Edges of topics that have this side alone, by the topic's name. */
  private readonly edges: Record<Side, Map<string, OwnEdge[]>> = { in: new Map(), out: new Map() };
  private readonly likenesses = new Map<string, Likeness>();
  /** Topics with wildcards, by broker and type. */
  private readonly filters = new Map<string, Node[]>();

  public constructor(private readonly around: Around) {
    for (const topic of around.topics) add(this.byBroker, brokerOf(topic), topic);
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

  /** A topic of the broker with the other side, first of all one that lacks the side which this one is. */
  public meant(edge: OwnEdge, topic: Node, side: Side): Node | undefined {
    const broker = brokerOf(topic);
    const waiting = this.likeness(broker, side, true);
    const name = waiting.meant(topic.name) ?? this.likeness(broker, side, false).meant(topic.name)
      ?? waiting.meantWith(topic.name, [edge.by.plan.namespace, specOf(edge).key])
      ?? this.filterMeant(broker, topic, side, specOf(edge).componentType);
    return name === undefined ? undefined : this.around.nodes.get(`${broker}${name}`);
  }

  /** With one level that differs by a slip, or a separator before the first. */
  private filterMeant(broker: string, { name }: Node, side: Side, type: string): string | undefined {
    const key = `${broker}\n${type}`;
    const filters = this.filters.get(key)
      ?? (this.byBroker.get(broker) ?? []).filter((topic) => isFilter(type, topic.name));
    this.filters.set(key, filters);
    // Many topics may lack a side, and few of them have wildcards.
    const isOne = filters.some((topic) => topic.name === name);
    const others = isOne ? this.byBroker.get(broker) ?? [] : filters;
    return others.find((topic) => {
      const [filter, plain] = isOne ? [name, topic.name] : [topic.name, name];
      if (!this.has(topic, OPPOSITE[side]) || (isOne && filters.includes(topic))) return false;
      const [wanted, given] = [filter, plain].map((each) => each.replace(/^\//, ''));
      const separator = wanted.includes('/') ? '/' : '.';
      const levels = wanted.split(separator);
      const near = given.split(separator).map((part, index) => (
        index < levels.length && isSlip(part, levels[index], 1) ? levels[index] : part)).join(separator);
      return takesTopic(type, wanted, near);
    })?.name;
  }

  /** ` of function shop/b (chart/b inputs[0].topic)`, or nothing where it is not one of a function. */
  public placeOf({ id }: Node, side: Side): string {
    const edges = side === 'in' ? this.around.to(id) : this.around.from(id);
    const edge = edges.find(isOwn);
    const [{ source = '' } = {}] = edges;
    return edge === undefined ? source && ` of ${source}` : ` of ${other(edge.by, edge.path)}`;
  }

  /** Of topics that have the other side, and lack this one where they are to wait for it. */
  private likeness(broker: string, side: Side, isWaiting: boolean): Likeness {
    const key = `${broker}\n${side}\n${isWaiting}`;
    const known = this.likenesses.get(key);
    if (known !== undefined) return known;
    const topics = (this.byBroker.get(broker) ?? [])
      .filter((topic) => this.has(topic, OPPOSITE[side]) && !(isWaiting && this.has(topic, side)));
    const made = new Likeness(topics.map(({ name }) => name));
    this.likenesses.set(key, made);
    return made;
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
      const sameName = specOf(each).key === specOf(edge).key;
      const sameNamespace = each.by.plan.namespace === edge.by.plan.namespace;
      if (there === undefined || (there === here && !isRabbit(here)) || !(sameName || sameNamespace)) return false;
      // A function that passes events on from one broker to another has both sides.
      return sameName || isSameKind(edge, each) || each.by !== edge.by;
    });
  }
}

function isRabbit(address: string): boolean {
  return address.startsWith('rabbitmq ');
}

/** The id of a topic without its name. */
function brokerOf({ id, name }: Node): string {
  return id.slice(0, id.length - name.length);
}

function isSameKind(one: OwnEdge, another: OwnEdge): boolean {
  const [a, b] = [one, another].map((edge) => addressIn(edge)?.split(' ')[0]);
  return a === b;
}

function addressIn(edge: OwnEdge): string | undefined {
  return addressOf(specOf(edge).spec, edge.by.plan.namespace);
}

export const SCOPES = ['publishingScopes', 'subscriptionScopes'] as const;
type Scopes = typeof SCOPES[number];

export type TopicRules = Readonly<Record<Scopes, ReadonlyMap<string, readonly string[]>>> & {
  readonly allowed: readonly string[];
  readonly protected: readonly string[];
};

/** As Dapr reads them from the metadata of a component. */
export function topicRulesOf(spec: ComponentSpecModel): TopicRules {
  const names = (text = '') => text.split(',').map((each) => each.trim()).filter((each) => each !== '');
  const scopes = (name: Scopes) => new Map((settingOf(spec, name) ?? '').split(';').flatMap((entry) => {
    const [app, topics] = entry.split('=');
    return topics === undefined ? [] : [[app.trim(), names(topics)] as const];
  }));
  return {
    publishingScopes: scopes('publishingScopes'),
    subscriptionScopes: scopes('subscriptionScopes'),
    allowed: names(settingOf(spec, 'allowedTopics')),
    protected: names(settingOf(spec, 'protectedTopics')),
  };
}

export const refusedTopics: Find = (around) => around.own.flatMap((edge): Finding[] => {
  const { kind, from, to, by, path } = edge;
  const role: Scopes = kind === 'subscribes' ? 'subscriptionScopes' : 'publishingScopes';
  if (!['subscribes', 'publishes', 'deadLetters'].includes(kind)) return [];
  const { spec = foreignSpec(edge, around), key } = specOf(edge);
  const name = around.nodes.get(kind === 'subscribes' ? from : to)!.name;
  const isRuled = spec?.metadata.some((each) => /(Scopes|Topics)$/i.test(each.name)) === true;
  const why = isRuled ? refusal(topicRulesOf(spec), role, by.plan.names.appId, name) : undefined;
  const found = { rule: 'topic-refused', level: 'warning', by, path, name } as const;
  if (why !== undefined) {
    const message = `${why} of ${show(key)} refuses ${show(name)} to the app-id ${show(by.plan.names.appId)}`;
    return [{ ...found, message }];
  }
  return kind !== 'subscribes' && isFilter(spec?.type ?? '', name)
    ? [{ ...found, message: `${show(name)} is a filter for subscriptions, to which nothing can be published` }] : [];
});

/** Of a component that only a URL names. */
function foreignSpec({ by, component = '' }: OwnEdge, { neighbours }: Around): ComponentSpecModel | undefined {
  const { spec } = neighbours.find('Component', component, by.plan.namespace)?.body() ?? {};
  return isObject(spec) ? boundSpec(spec) : undefined;
}

/** The setting that refuses it. */
function refusal(rules: TopicRules, role: Scopes, appId: string, topic: string): string | undefined {
  if (rules.allowed.length > 0 && !rules.allowed.includes(topic)) return 'allowedTopics';
  const scoped = rules[role].get(appId);
  if (scoped === undefined) return rules.protected.includes(topic) ? 'protectedTopics' : undefined;
  return scoped.includes(topic) ? undefined : role;
}

/** Events of a broker in memory do not leave their sidecar. */
export const inMemory: Find = (around) => around.own.flatMap((edge): Finding[] => {
  const { kind, from, by, path } = edge;
  if (kind !== 'subscribes' || specOf(edge).componentType !== 'pubsub.in-memory') return [];
  const sender = around.to(from).find((each): each is OwnEdge => each.by !== undefined && each.by !== by);
  if (sender === undefined) return [];
  const { name } = around.nodes.get(from)!;
  const message = `events that ${other(sender.by, sender.path)} sends stay in its own sidecar, `
    + 'since the broker is in memory; take a broker beside the pods';
  return [{ rule: 'topic-in-one-app', level: 'warning', by, path, name, message }];
});

/** An input, or a Subscription, for which there is a Subscription too. */
export const subscribedTwice: Find = (around) => {
  const { functions, neighbours } = around;
  const before = new Map<string, string>();
  return neighbours.all('Subscription').flatMap((subscription) => {
    const { name, body } = subscription;
    const { spec, scopes } = body();
    const [component, topic] = [at(spec, ['pubsubname']), at(spec, ['topic'])];
    const isMeant = ({ plan: { names: { appId }, namespace } }: WiredFunction) => namespace === subscription.namespace
      && (!Array.isArray(scopes) || scopes.length === 0 || scopes.includes(appId));
    const inputs = around.own.filter((edge) => edge.kind === 'subscribes' && edge.component === component
      && isMeant(edge.by) && around.nodes.get(edge.from)!.name === topic);
    const found = { rule: 'topic-twice', level: 'warning', name: String(topic) } as const;
    return [
      ...inputs.map(({ by, path }): Finding => {
        const message = `the Subscription ${show(name)} subscribes this function to ${show(topic)} too; `
          + 'leave one of the two';
        return { ...found, by, path, message };
      }),
      ...functions.filter((by) => by.plan.dapr.mode !== 'off' && isMeant(by)).flatMap((by): Finding[] => {
        const key = JSON.stringify([by.plan.namespace, by.plan.names.appId, component, topic]);
        const first = before.get(key);
        if (first === undefined) before.set(key, name);
        const message = `the Subscriptions ${show(first)} and ${show(name)} both subscribe this function to `
          + `${show(topic)} of ${show(component)}; leave one of the two`;
        return first === undefined ? [] : [{ ...found, by, path: ['metadata', 'name'], message }];
      }),
    ];
  });
};

/** Dead letters among events of another kind. */
export const mixedDeadLetters: Find = (around) => around.own.flatMap((edge): Finding[] => {
  const { kind, to, by, path } = edge;
  if (kind !== 'deadLetters') return [];
  const sender = around.to(to).find((each): each is OwnEdge => each.kind === 'publishes' && each.by !== undefined);
  if (sender === undefined) return [];
  const { name } = around.nodes.get(to)!;
  const message = `${show(name)} has events of ${other(sender.by, sender.path)} too, so dead letters come among them`;
  return [{ rule: 'dead-letters-mixed', level: 'information', by, path, name, message }];
});

