/** Objects beside functions: names but for a slip, and what scales a function or has its app-id. */
import { Around, Find, Finding, isText, lazily, Likeness, NAME, other, OwnEdge } from './finding';
import { SCOPES, TopicRules, topicRulesOf } from './topics';
import type { Neighbour, NeighbourKind } from '../../decide/neighbours';
import { at, podOf } from '../../decide/neighbours';
import { isObject, Json, objectsIn } from '../../kubernetes/json';
import { didYouMean, Path, show, typoOf } from '../../problem/problem';
import { boundSpec } from '../../props/components';
import type { WiredFunction } from '../graph';
import { mentionsIn } from '../wire';

/** What an object says of others. */
interface Naming {
  /** `the scopes of the Subscription "mails"` */
  readonly where: string;
  readonly namespace: string;
  readonly names: readonly string[];
}

/** Where a function has the name that is meant. */
interface Place {
  readonly by: WiredFunction;
  readonly path: Path;
}

/** Names that functions have or use, by namespace or whatever else they belong to. */
class Known {
  private readonly byGroup = new Map<string, Map<string, Place>>();
  private readonly likenesses = new Map<string, Likeness>();

  public add(group: string, name: string, place: Place): void {
    const names = this.byGroup.get(group) ?? new Map<string, Place>();
    if (!names.has(name)) names.set(name, place);
    this.byGroup.set(group, names);
  }

  public find(group: string, name: string): Place | undefined {
    return this.byGroup.get(group)?.get(name);
  }

  public elsewhere(name: string): Place | undefined {
    return [...this.byGroup.values()].map((names) => names.get(name)).find((place) => place !== undefined);
  }

  public meant(group: string, name: string): readonly [name: string, place: Place] | undefined {
    const names = this.byGroup.get(group);
    if (names === undefined || names.has(name)) return undefined;
    const likeness = this.likenesses.get(group) ?? new Likeness(names.keys());
    this.likenesses.set(group, likeness);
    const near = likeness.meant(name);
    return near === undefined ? undefined : [near, names.get(near)!];
  }
}

export const misspeltScopes: Find = (around) => {
  const apps = new Known();
  const functions = new Known();
  const off = new Known();
  for (const by of around.functions) {
    const { dapr, namespace, names, name } = by.plan;
    if (dapr.mode === 'off') off.add(namespace, names.appId, { by, path: NAME });
    if (dapr.mode === 'off') continue;
    apps.add(namespace, names.appId, { by, path: NAME });
    functions.add(namespace, name, { by, path: NAME });
  }
  const others = lazily(() => new Set(around.neighbours.all('Workload').flatMap(({ namespace = '', body }) => {
    const { appId } = podOf(body());
    return appId === undefined ? [] : [`${namespace}/${appId}`];
  })));
  return appNamings(around).flatMap((one) => one.names.flatMap((name): Finding[] => {
    const found = misnamed(one, name, apps, functions) ?? without(one, name, off);
    return found === undefined || others().has(`${one.namespace}/${name}`) ? [] : [found];
  }));
};

function without({ where, namespace, names }: Naming, name: string, off: Known): Finding | undefined {
  const place = off.find(namespace, name);
  const message = `${where} name the app-id ${show(name)}, which this function would have if it used Dapr`;
  const level = names.length > 1 ? 'information' : 'warning';
  return place && { rule: 'scope-misspelt', level, ...place, name, message };
}

function misnamed(
  { where, namespace, names }: Naming, name: string, apps: Known, functions: Known,
): Finding | undefined {
  if (apps.find(namespace, name) !== undefined) return undefined;
  const found = { rule: 'scope-misspelt', name } as const;
  const named = functions.find(namespace, name);
  const [meant, place] = named === undefined
    ? apps.meant(namespace, name) ?? [] : [named.by.plan.names.appId, named];
  const start = `${where} name the app-id ${show(name)}, which `;
  if (meant !== undefined && place !== undefined) {
    const message = `${start}nothing here has; do they mean this function, ${show(meant)}?`;
    return { ...found, ...place, level: names.includes(meant) ? 'information' : 'warning', message };
  }
  const elsewhere = apps.elsewhere(name);
  if (elsewhere === undefined) return undefined;
  const message = `${start}this function has in another namespace; there it means one of ${show(namespace)}`;
  return { ...found, ...elsewhere, level: 'warning', message };
}

function appNamings({ neighbours, functions }: Around): Naming[] {
  const of = (kind: NeighbourKind, what: string, pick: (body: Json) => Json[]) => (
    neighbours.all(kind).flatMap(({ name, namespace, body }): Naming[] => (namespace === undefined ? [] : [
      { where: `${what} of the ${kind} ${show(name)}`, namespace, names: pick(body()).filter(isText) },
    ])));
  const keys = (value: Json | undefined) => (isObject(value) ? Object.keys(value) : []);
  const policies = neighbours.all('Configuration').flatMap(({ name, namespace, body }) => (
    objectsIn(at(body(), ['spec', 'accessControl', 'policies'])).map(([policy]): Naming => ({
      where: `policies of the Configuration ${show(name)}`,
      namespace: isText(policy.namespace) ? policy.namespace : namespace ?? '',
      names: [policy.appId].filter(isText),
    }))));
  const grants = functions.flatMap((one) => (one.plan.access?.policies ?? []).map(({ appId, namespace }): Naming => (
    { where: `grants of ${other(one, NAME)}`, namespace, names: [appId] })));
  return [
    ...of('Subscription', 'the scopes', (body) => list(at(body, ['scopes']))),
    ...of('Component', 'the scopes', (body) => list(at(body, ['scopes']))),
    ...of('Component', 'scopes of topics', (body) => {
      const rules = rulesIn(body);
      return rules === undefined ? [] : SCOPES.flatMap((name) => [...rules[name].keys()]);
    }),
    ...of('Resiliency', 'the scopes', (body) => list(at(body, ['scopes']))),
    ...of('Resiliency', 'targets', (body) => keys(at(body, ['spec', 'targets', 'apps']))),
    ...policies,
    ...grants,
  ];
}

function list(value: Json | undefined): Json[] {
  return Array.isArray(value) ? value : [];
}

/** Components in Resiliencies and Subscriptions, and topics in the scopes of components. */
export const misspeltNames: Find = (around) => {
  const { neighbours } = around;
  const [components, topics] = used(around);
  const isThere = (name: string, namespace: string) => neighbours.find('Component', name, namespace) !== undefined;
  const subscriptions = neighbours.all('Subscription').map((each) => (
    naming(each, 'the Subscription', [at(each.body(), ['spec', 'pubsubname'])])));
  const stores = neighbours.all('Component').map((each) => (
    naming(each, 'the Component', [at(each.body(), ['auth', 'secretStore'])])));
  const resiliencies = neighbours.all('Resiliency').map((each) => {
    const targets = at(each.body(), ['spec', 'targets', 'components']);
    return naming(each, 'the Resiliency', isObject(targets) ? Object.keys(targets) : []);
  });
  const found = { rule: 'component-misspelt', level: 'warning' } as const;
  const likely = ({ where, namespace, names }: Naming) => names.flatMap((name): Finding[] => {
    const [meant, place] = components.meant(namespace, name) ?? [];
    if (meant === undefined || place === undefined || isThere(name, namespace)) return [];
    const message = `${where} names the component ${show(name)}, which is not here; does it mean ${show(meant)}?`;
    return [{ ...found, ...place, name, message }];
  });
  const isLone = (namespace: string) => !around.some((plan) => plan.namespace === namespace);
  return [
    ...[...subscriptions, ...resiliencies, ...told(around)].flatMap(likely),
    ...[...subscriptions, ...resiliencies].flatMap(({ where, namespace, names }) => names.flatMap((name): Finding[] => {
      const place = components.find(namespace, name) ?? components.elsewhere(name);
      if (place === undefined) return [];
      const there = place.by.plan.namespace;
      const { componentType } = [...place.by.plan.components.triggers, ...place.by.plan.components.outputs]
        .find((ref) => ref.componentName === name) ?? { componentType: '' };
      if (there === namespace && where.includes('Subscription') && componentType.startsWith('bindings.')) {
        return [{ ...found, ...place, name, message: `${where} names ${show(name)}, a binding, which has no topics` }];
      }
      if (there === namespace || isThere(name, namespace)) return [];
      const message = `${where} is in namespace ${show(namespace)}, and the component ${show(name)} in ${show(there)}`;
      return [{ ...found, ...place, level: isLone(namespace) ? 'warning' : 'information', name, message }];
    })),
    ...stores.flatMap(({ where, namespace, names }) => names.flatMap((name): Finding[] => {
      const meant = isThere(name, namespace) ? undefined
        : typoOf(name, neighbours.in('Component', namespace).map((each) => each.name));
      const place = components.find(namespace, /"(.*)"/.exec(where)?.[1] ?? '');
      const message = `${where} takes secrets from ${show(name)}, which is not here; does it mean ${show(meant)}?`;
      return meant === undefined || place === undefined ? [] : [{ ...found, ...place, name, message }];
    })),
    ...neighbours.all('Resiliency').flatMap((each) => unknownPolicies(each, around)),
    ...neighbours.all('Component').flatMap((component) => misspeltTopics(component, topics)),
  ];
};

/** What workloads with a sidecar are told of components. */
function told({ neighbours, wiring: { addresses } }: Around): Naming[] {
  return neighbours.all('Workload').flatMap(({ name, namespace = '', body }) => {
    const object = body();
    const { spec, appId } = podOf(object);
    return appId === undefined ? [] : addresses.saidIn(spec, namespace).map((said): Naming => ({
      where: `${said.name} of the ${String(object.kind)} ${show(name)}`,
      namespace,
      names: mentionsIn(said).flatMap(({ component = [] }) => component),
    }));
  });
}

const POLICIES = { timeout: 'timeouts', retry: 'retries', circuitBreaker: 'circuitBreakers' };

/** Dapr's own ones have a name too. */
const BUILT_IN = /^retry DaprBuiltIn(Service|Initialization|Actor(Reminder|NotFound)?)Retries$/;

/** Policies of a Resiliency that its targets name and that it does not have. */
function unknownPolicies({ name, namespace, body }: Neighbour, { functions }: Around): Finding[] {
  const { spec } = body();
  const by = functions.find(({ plan }) => namespace === undefined || plan.namespace === namespace);
  const namedIn = (value: Json | undefined): [kind: keyof typeof POLICIES, name: string][] => (
    Object.entries(isObject(value) ? value : {}).flatMap(([key, inner]) => (
      key in POLICIES && isText(inner) ? [[key as keyof typeof POLICIES, inner]] : namedIn(inner))));
  return namedIn(at(spec, ['targets'])).flatMap(([kind, policy]): Finding[] => {
    const known = at(spec, ['policies', POLICIES[kind]]);
    const names = isObject(known) ? Object.keys(known) : [];
    if (by === undefined || names.includes(policy) || BUILT_IN.test(`${kind} ${policy}`)) return [];
    const place = `Resiliency ${namespace ?? by.plan.namespace}/${name}`;
    const message = `the ${place} has no ${kind} ${show(policy)}, which a target names${didYouMean(policy, names)}`;
    return [{ rule: 'policy-unknown', level: 'warning', by, path: NAME, at: place, name: policy, message }];
  });
}

function naming({ name, namespace = '' }: Neighbour, what: string, names: readonly (Json | undefined)[]): Naming {
  return { where: `${what} ${show(name)}`, namespace, names: names.filter(isText) };
}

/** Components by namespace, and topics by component. */
function used({ own, nodes }: Around): [components: Known, topics: Known] {
  const [components, topics] = [new Known(), new Known()];
  for (const edge of own) {
    const { by, path, component } = edge;
    if (component === undefined) continue;
    components.add(by.plan.namespace, component, { by, path });
    const name = topicOf(edge, nodes);
    if (name !== undefined) topics.add(`${by.plan.namespace}/${component}`, name, { by, path });
  }
  return [components, topics];
}

function topicOf({ from, to }: OwnEdge, nodes: Around['nodes']): string | undefined {
  const id = [from, to].find((each) => each.startsWith('topic '));
  return id === undefined ? undefined : nodes.get(id)?.name;
}

function misspeltTopics({ name: component, namespace = '', body }: Neighbour, topics: Known): Finding[] {
  const rules = rulesIn(body());
  if (rules === undefined) return [];
  const lists = [rules.allowed, ...SCOPES.flatMap((role) => [...rules[role].values()])];
  const named = new Set([...lists.flat(), ...rules.protected]);
  return [...named].flatMap((name): Finding[] => {
    const [meant, place] = topics.meant(`${namespace}/${component}`, name) ?? [];
    if (meant === undefined || place === undefined) return [];
    const isLacking = lists.some((each) => each.includes(name) && !each.includes(meant)) || !named.has(meant);
    const message = `the scopes of topics of ${show(component)} name ${show(name)}, which nothing here uses; `
      + `do they mean ${show(meant)}?`;
    return [{ rule: 'topic-misspelt', level: isLacking ? 'warning' : 'information', ...place, name, message }];
  });
}

function rulesIn(component: Json): TopicRules | undefined {
  const given = at(component, ['spec']);
  const spec = isObject(given) ? boundSpec(given) : undefined;
  return spec === undefined ? undefined : topicRulesOf(spec);
}

/** Scalers beside that of the function, and replicas that a topic of Kafka has no partition for. */
export const otherScalers: Find = ({ neighbours, functions }) => [
  ...neighbours.all('Scaler').flatMap(({ name, namespace, body }) => {
    const { kind, spec } = body();
    const target = at(spec, ['scaleTargetRef', 'name']);
    const what = at(spec, ['scaleTargetRef', 'kind']) ?? 'Deployment';
    const where = `${String(kind)} ${namespace}/${name}`;
    return functions.filter(({ plan: { scaling, ...plan } }) => plan.name === target && plan.namespace === namespace
      && plan.workload === what && scaling.scaler !== 'none').map((by): Finding => {
      const message = `the ${where} scales this function too, which has a scaler of its own; leave one of the two`;
      return { rule: 'scaled-twice', level: 'warning', by, path: NAME, name, message };
    });
  }),
  ...neighbours.all('KafkaTopic').flatMap(({ name, body }) => {
    const partitions = at(body(), ['spec', 'partitions']);
    return functions.flatMap((by): Finding[] => {
      const { scaling: { triggers, maxReplicas = 0 } } = by.plan;
      const isIt = triggers.length === 1 && triggers[0].metadata.topic === name;
      if (!isIt || typeof partitions !== 'number' || maxReplicas <= partitions) return [];
      const message = `${maxReplicas} replicas are more than the ${partitions} partitions of the KafkaTopic `
        + `${show(name)}, each of which one replica reads`;
      const path = ['serving', 'scaleOptions', 'maxReplicas'];
      return [{ rule: 'replicas-beyond-partitions', level: 'information', by, path, name, message }];
    });
  }),
];

/** Calls and events reach either of two apps of one app-id. */
export const sharedAppIds: Find = ({ neighbours, functions, wiring: { addresses } }) => (
  neighbours.all('Workload').flatMap(({ name, namespace = '', body }): Finding[] => {
    const object = body();
    const { appId = '' } = podOf(object);
    const plan = appId === '' ? undefined : addresses.withAppId(appId, namespace);
    const by = plan && functions.find((one) => one.plan === plan);
    if (by === undefined) return [];
    const message = `the ${String(object.kind)} ${namespace}/${name} has the app-id ${show(appId)} of this function `
      + 'too, so calls and events reach either of the two';
    return [{ rule: 'app-id-shared', level: 'warning', by, path: NAME, name: appId, message }];
  }));
