/** Uses of components that their settings, other uses or the other side of a topic do not fit. */
import { Around, Find, Finding, isOwn, other, OwnEdge, specOf } from './finding';
import { EXISTING, type ResolvedOutput, type ResolvedRef } from '../../decide/components';
import { DAPR_CONFIG } from '../../kubernetes/constants';
import { parseGoDuration } from '../../kubernetes/syntax';
import { Path, show, typoOf } from '../../problem/problem';
import { settingOf } from '../brokers';
import type { Said } from '../calls';
import type { WiredFunction } from '../graph';
import { mentionsIn } from '../wire';

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

/** Components that nothing here defines, of two types. */
export const otherType: Find = ({ functions }) => {
  const first = new Map<string, { readonly by: WiredFunction; readonly path: Path; readonly type: string }>();
  return functions.flatMap((by) => typedRefs(by).flatMap(([ref, path]): Finding[] => {
    const { componentName: name, componentType: type, spec } = ref;
    if (spec !== undefined || type.endsWith(EXISTING) || !type.includes('.')) return [];
    const id = `${by.plan.namespace}/${name}`;
    const before = first.get(id) ?? { by, path, type };
    first.set(id, before);
    if (before.type === type) return [];
    const message = `${show(name)} is ${show(type)} here, and ${show(before.type)} at ${other(before.by, before.path)}`;
    return [{ rule: 'component-types-differ', level: 'warning', by, path, name, message }];
  }));
};

function typedRefs({ plan: { components } }: WiredFunction): (readonly [ref: ResolvedRef, path: Path])[] {
  const { triggers, inputs, outputs, states } = components;
  return [
    ...[...triggers, ...outputs].map((ref) => [ref, [...ref.path, 'name']] as const),
    ...inputs.map((ref, index) => [ref, ['serving', 'triggers', 'inputs', index, 'name']] as const),
    ...Object.values(states).map((ref) => [ref, ['serving', 'states', ref.key]] as const),
  ];
}

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
  return [...isAsked ? payloads(around) : [], ...around.has('binds') ? bindingPayloads(around) : []];
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
    const output = outputOf(edge);
    const isSentRaw = isRaw(output?.metadata);
    if (output === undefined) return [];
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

/** Bindings know no CloudEvents, which pub/sub wraps and expects. */
function bindingPayloads(around: Around): Finding[] {
  return around.own.flatMap((edge): Finding[] => {
    const { kind, from: source, to, by, path } = edge;
    const isOutput = to.startsWith('topic ');
    if (kind !== 'binds' || !(isOutput || source.startsWith('topic '))) return [];
    const [others, wanted] = isOutput ? [around.from(to), 'subscribes'] : [around.to(source), 'publishes'];
    const reader = others.find((each): each is OwnEdge => each.kind === wanted && isOwn(each) && !isRaw(
      isOutput ? deliveryOf(each) : outputOf(each)?.metadata));
    if (reader === undefined || (isOutput && reader.by.plan.dapr.mode !== 'standalone')) return [];
    const who = other(reader.by, reader.path);
    const message = isOutput ? `a binding writes no CloudEvents, which ${who} expects without rawPayload`
      : `a binding gets the whole CloudEvent that ${who} publishes, not its data alone`;
    const { name } = around.nodes.get(isOutput ? to : source)!;
    return [{ rule: 'payload-differs', level: 'information', by, path, name, message }];
  });
}

function outputOf({ by, path }: OwnEdge): ResolvedOutput | undefined {
  return by.plan.components.outputs.find((each) => samePath(each.path, path));
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

/** Variables that name a component or a topic of the function but for a slip. */
export const misspeltVariables: Find = (around) => {
  let topics: ReadonlySet<string> | undefined;
  const isTopic = (name: string) => (topics ??= new Set(around.topics.map((topic) => topic.name))).has(name);
  return around.functions.flatMap((by): Finding[] => {
    if (by.plan.dapr.mode === 'off') return [];
    return around.wiring.addresses.saidTo(by.plan).flatMap((said): Finding[] => (
      mentionsIn(said).flatMap(({ component, topic }): Finding[] => (
        (component === undefined ? undefined : misspeltComponent(component, by, said, around))
          ?? (topic === undefined || isTopic(topic) ? [] : misspeltTopic(topic, by, said))))));
  });
};

function misspeltComponent(
  name: string, by: WiredFunction, { path, ...said }: Said, { neighbours }: Around,
): Finding[] | undefined {
  const { namespace, components: { triggers, inputs, outputs, states } } = by.plan;
  const refs = [...triggers, ...inputs, ...outputs, ...Object.values(states)];
  const known = [...refs.map(({ componentName }) => componentName), ...refs.map(({ key }) => key)];
  if (known.includes(name) || neighbours.find('Component', name, namespace) !== undefined) return undefined;
  const meant = typoOf(name, known);
  const message = `${from(said)}names the component ${show(name)}, which is not here; did you mean ${show(meant)}?`;
  return meant === undefined ? undefined : [{ rule: 'component-misspelt', level: 'warning', by, path, name, message }];
}

function misspeltTopic(name: string, by: WiredFunction, { path, ...said }: Said): Finding[] {
  const { triggers, outputs } = by.plan.components;
  const meant = typoOf(name, [...triggers, ...outputs].flatMap(({ topic }) => topic ?? []));
  if (meant === undefined) return [];
  const message = `${from(said)}names the topic ${show(name)}, which nothing here deals with; `
    + `did you mean ${show(meant)}?`;
  return [{ rule: 'topic-misspelt', level: 'warning', by, path, name, message }];
}

/** `ORDERS_TOPIC from the ConfigMap shop/links ` */
function from({ name, source }: Pick<Said, 'name' | 'source'>): string {
  return source && `${name}${source} `;
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
    const elsewhere = all.find((each) => each.name === name)?.namespace;
    if (meant === undefined && elsewhere === undefined) return [];
    const message = meant === undefined
      ? `the Configuration ${show(name)} is in namespace ${show(elsewhere)}, not in that of the function`
      : `there is no Configuration ${show(name)} here; did you mean ${show(meant)}?`;
    const path = ['serving', 'annotations', DAPR_CONFIG];
    return [{ rule: 'configuration-misspelt', level: 'warning', by, path, name, message }];
  });
};

/** A function that two timers of one rhythm start. */
export const sameSchedule: Find = ({ own }) => {
  const first = new Map<string, OwnEdge>();
  return own.flatMap((edge): Finding[] => {
    const { kind, to, by, path } = edge;
    if (kind !== 'binds' || !to.startsWith('function ')) return [];
    const { spec, componentType, key } = specOf(edge);
    const schedule = settingOf(spec, 'schedule');
    if (componentType !== 'bindings.cron' || schedule === undefined) return [];
    const rhythm = `${to}\n${rhythmOf(schedule.trim())}`;
    const before = first.get(rhythm);
    if (before === undefined) first.set(rhythm, edge);
    if (before === undefined) return [];
    const { spec: known, key: another } = specOf(before);
    const others = settingOf(known, 'schedule');
    const isSame = others === schedule;
    const whose = `${isSame ? '' : `, as often as ${show(others)}`} of ${show(another)}`;
    const message = `${show(key)} has the schedule ${show(schedule)}${whose} (${by.place(before.path)}), so `
      + `the function runs twice ${isSame ? 'at a time' : 'as often'}`;
    return [{ rule: 'schedule-twice', level: 'warning', by, path, name: key, message }];
  });
};

const DESCRIPTORS: Readonly<Record<string, string>> = {
  '@yearly': '0 0 1 1 *',
  '@annually': '0 0 1 1 *',
  '@monthly': '0 0 1 * *',
  '@weekly': '0 0 * * 0',
  '@daily': '0 0 * * *',
  '@midnight': '0 0 * * *',
  '@hourly': '0 * * * *',
};
/** Each with how many of them are in the next larger unit, and its seconds. */
const STEPS: readonly (readonly [form: RegExp, of: number, seconds: number])[] = [
  [/^\*(?:\/(\d+))? \* \* \* \* \*$/, 60, 1], [/^0 \*(?:\/(\d+))? \* \* \* \*$/, 60, 60],
  [/^0 0 \*(?:\/(\d+))? \* \* \*$/, 24, 3600],
];

/** The same text for `@hourly`, `@every 60m`, `0 * * * *` and `0 0 * * * *`. */
function rhythmOf(schedule: string): string {
  const every = /^@every (.+)$/.exec(schedule);
  if (every !== null) return `every ${parseGoDuration(every[1].trim())}`;
  const fields = (Object.hasOwn(DESCRIPTORS, schedule) ? DESCRIPTORS[schedule] : schedule).split(/\s+/);
  const whole = [...(fields.length === 5 ? ['0'] : []), ...fields].join(' ');
  for (const [form, of, seconds] of STEPS) {
    const [found, step = '1'] = form.exec(whole) ?? [];
    if (found !== undefined && of % Number(step) === 0) return `every ${Number(step) * seconds}`;
  }
  return whole;
}
