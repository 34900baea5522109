/** Uses of components that their settings, other uses or the other side of a topic do not fit. */
import { Around, Find, Finding, isOwn, other, OwnEdge, specOf } from './finding';
import type { ResolvedOutput, ResolvedRef } from '../../decide/components';
import { DAPR_CONFIG } from '../../kubernetes/constants';
import { Path, show, typoOf } from '../../problem/problem';
import { settingOf } from '../brokers';
import type { WiredFunction } from '../graph';

/** Two outputs that do the same. */
export const sameOutput: Find = ({ functions }) => functions.flatMap((by): Finding[] => {
  const { plan: { components: { outputs } } } = by;
  const first = new Map<string, ResolvedOutput>();
  return outputs.length < 2 ? [] : outputs.flatMap((output): Finding[] => {
    const { componentName, topic, operation, metadata = {}, key, path } = output;
    const what = JSON.stringify([componentName, topic, operation, Object.entries(metadata).sort()]);
    const before = first.get(what);
    if (before === undefined) first.set(what, output);
    if (before === undefined) return [];
    const field = topic === undefined ? 'name' : 'topic';
    const message = `is what the output ${show(before.outputName ?? before.key)} does already `
      + `(${by.place([...before.path, field])}); leave one of the two`;
    return [{ rule: 'output-twice', level: 'warning', by, path: [...path, field], name: topic ?? key, message }];
  });
});

/** Bindings whose settings are for the other direction. */
export const wrongDirection: Find = ({ own }) => {
  const seen = new Set<string>();
  return own.flatMap((edge): Finding[] => {
    const { kind, to, by, path } = edge;
    if (kind !== 'binds') return [];
    const message = directionProblem(specOf(edge), to.startsWith('function '));
    // A binding may lead to several queues.
    const place = message === undefined ? '' : by.place(path);
    if (message === undefined || seen.has(place)) return [];
    seen.add(place);
    return [{ rule: 'binding-one-way', level: 'warning', by, path, name: specOf(edge).key, message }];
  });
};

function directionProblem(
  { key, spec, componentType }: Pick<ResolvedRef, 'key' | 'spec' | 'componentType'>, isInput: boolean,
): string | undefined {
  const word = isInput ? 'input' : 'output';
  const given = settingOf(spec, 'direction');
  if (given !== undefined && !given.split(',').some((each) => each.trim() === word)) {
    return `the direction of ${show(key)} is ${show(given)}, so Dapr does not open it as ${word}`;
  }
  const setting = isInput ? 'topics' : 'publishTopic';
  if (componentType !== 'bindings.kafka' || spec === undefined) return undefined;
  if (spec.metadata.some(({ name }) => name.toLowerCase() === setting.toLowerCase())) return undefined;
  return `${show(key)} has no ${show(setting)}, without which nothing ${isInput ? 'comes from' : 'goes to'} Kafka`;
}

/** Dapr takes one store for actors, and refuses to start with two. */
export const actorStores: Find = ({ own }) => {
  const first = new Map<WiredFunction, OwnEdge>();
  return own.flatMap((edge): Finding[] => {
    const { kind, by, path, component } = edge;
    if (kind !== 'state' || settingOf(specOf(edge).spec, 'actorStateStore')?.toLowerCase() !== 'true') return [];
    const before = first.get(by);
    if (before === undefined) first.set(by, edge);
    if (before === undefined || before.component === component) return [];
    const { key } = specOf(edge);
    const message = `${show(key)} is a store for actors, and so is ${show(specOf(before).key)} `
      + `(${by.place(before.path)}): Dapr takes one for each app`;
    return [{ rule: 'actor-stores', level: 'warning', by, path, name: key, message }];
  });
};

/** A subscriber without `rawPayload` takes what comes for a CloudEvent, and one with it gets the whole CloudEvent. */
export const otherPayload: Find = (around) => {
  const isAsked = around.some(({ components: { outputs, triggers } }) => (
    outputs.some(({ metadata }) => isRaw(metadata)) || triggers.some(({ delivery }) => isRaw(delivery?.metadata))));
  return isAsked ? payloads(around) : [];
};

function payloads(around: Around): Finding[] {
  const readers = new Map<string, Readonly<Record<'raw' | 'plain', OwnEdge | undefined>>>();
  const readersOf = (topic: string) => {
    // What Dapr does with one is known where the proxy subscribes.
    const all = around.from(topic).filter((each): each is OwnEdge => (
      each.kind === 'subscribes' && isOwn(each) && each.by.plan.dapr.mode === 'standalone'));
    const found = readers.get(topic) ?? {
      raw: all.find((each) => isRaw(deliveryOf(each))), plain: all.find((each) => !isRaw(deliveryOf(each))),
    };
    readers.set(topic, found);
    return found;
  };
  return around.own.flatMap((edge): Finding[] => {
    const { kind, to: topic, by, path } = edge;
    if (kind !== 'publishes') return [];
    const isSentRaw = isRaw(by.plan.components.outputs.find((each) => samePath(each.path, path))?.metadata);
    const reader = readersOf(topic)[isSentRaw ? 'plain' : 'raw'];
    if (reader === undefined) return [];
    const found = { rule: 'payload-differs', by, path, name: around.nodes.get(topic)!.name } as const;
    const who = other(reader.by, reader.path);
    return [isSentRaw ? {
      ...found,
      level: 'warning',
      message: `is sent with rawPayload, and ${who} reads without, so Dapr takes its data for a CloudEvent`,
    } : {
      ...found,
      level: 'information',
      message: `is sent as a CloudEvent, and ${who} reads it with rawPayload, so it gets the whole CloudEvent as data`,
    }];
  });
}

type Metadata = Readonly<Record<string, string>> | undefined;

function isRaw(metadata: Metadata): boolean {
  return metadata !== undefined && Object.entries(metadata).some(([name, value]) => (
    name.toLowerCase() === 'rawpayload' && String(value).toLowerCase() === 'true'));
}

function deliveryOf({ by, path }: OwnEdge): Metadata {
  return by.plan.components.triggers.find((trigger) => samePath(trigger.path, path))?.delivery?.metadata;
}

/** Without the field at the end of the edge's. */
function samePath(one: Path, edge: Path): boolean {
  return one.length + 1 === edge.length && one.every((part, index) => part === edge[index]);
}

const API = /\/v1\.0(?:-[a-z]+\d+)?\/(publish|state|bindings)\/([^/\s"?#]+)(?:\/([^/\s"?#]+))?/g;
const NAMES_COMPONENT = /(^|_)(PUB_?SUB|STATE_?STORE|STORE|BINDING)(_NAME|_COMPONENT)?$/;
const NAMES_TOPIC = /(^|_)TOPIC(_NAME)?$/;

interface Mention {
  readonly component?: string;
  readonly topic?: string;
}

/** Variables that name a component or a topic of the function but for a slip. */
export const misspeltVariables: Find = (around) => {
  let topics: ReadonlySet<string> | undefined;
  const isTopic = (name: string) => (topics ??= new Set(around.topics.map((topic) => topic.name))).has(name);
  return around.functions.flatMap((by): Finding[] => {
    const { plan: { dapr, pod: { givenEnv } } } = by;
    if (dapr.mode === 'off') return [];
    return givenEnv.flatMap(({ name, value }): Finding[] => {
      if (typeof name !== 'string' || typeof value !== 'string') return [];
      const path = ['serving', 'params', name];
      return mentionsIn(name, value).flatMap(({ component, topic }): Finding[] => (
        (component === undefined ? undefined : misspeltComponent(component, by, path, around))
          ?? (topic === undefined || isTopic(topic) ? [] : misspeltTopic(topic, by, path))));
    });
  });
};

function mentionsIn(name: string, value: string): Mention[] {
  if (value.includes('/v1.0')) {
    return [...value.matchAll(API)].map(([, what, component, topic]) => (
      what === 'publish' && topic !== undefined ? { component, topic } : { component }));
  }
  if (NAMES_COMPONENT.test(name)) return [{ component: value }];
  return NAMES_TOPIC.test(name) ? [{ topic: value }] : [];
}

function misspeltComponent(
  name: string, by: WiredFunction, path: Path, { neighbours }: Around,
): Finding[] | undefined {
  const { namespace, components: { triggers, inputs, outputs, states } } = by.plan;
  const refs = [...triggers, ...inputs, ...outputs, ...Object.values(states)];
  const known = [...refs.map(({ componentName }) => componentName), ...refs.map(({ key }) => key)];
  if (known.includes(name) || neighbours.find('Component', name, namespace) !== undefined) return undefined;
  const meant = typoOf(name, known);
  const message = `names the component ${show(name)}, which is not here; did you mean ${show(meant)}?`;
  return meant === undefined ? undefined : [{ rule: 'component-misspelt', level: 'warning', by, path, name, message }];
}

function misspeltTopic(name: string, by: WiredFunction, path: Path): Finding[] {
  const { triggers, outputs } = by.plan.components;
  const meant = typoOf(name, [...triggers, ...outputs].flatMap(({ topic }) => topic ?? []));
  if (meant === undefined) return [];
  const message = `names the topic ${show(name)}, which nothing here deals with; did you mean ${show(meant)}?`;
  return [{ rule: 'topic-misspelt', level: 'warning', by, path, name, message }];
}

/** A sidecar does not start without its Configuration. */
export const misspeltConfiguration: Find = ({ functions, neighbours }) => {
  const all = neighbours.all('Configuration');
  return all.length === 0 ? [] : functions.flatMap((by): Finding[] => {
    const { proxy, pod, namespace, access } = by.plan;
    const name = (proxy?.annotations ?? pod.annotations)[DAPR_CONFIG];
    if (name === undefined || name === access?.name) return [];
    if (neighbours.find('Configuration', name, namespace) !== undefined) return [];
    const near = all.filter((each) => each.namespace === undefined || each.namespace === namespace);
    const meant = typoOf(name, near.map((each) => each.name));
    if (meant === undefined) return [];
    const message = `there is no Configuration ${show(name)} here; did you mean ${show(meant)}?`;
    const path = ['serving', 'annotations', DAPR_CONFIG];
    return [{ rule: 'configuration-misspelt', level: 'warning', by, path, name, message }];
  });
};
