/** What leads requests to functions: routes, Ingresses, Gateways, and policies that let nobody in. */
import { add, Find, Finding, isText, lazily, Likeness, NAME, other, ROUTE } from './finding';
import { at, Neighbour, podOf } from '../../decide/neighbours';
import { FunctionPlan, hasInternalUrl } from '../../decide/plan';
import { PROXY_LABEL, SERVING_LABEL } from '../../kubernetes/constants';
import { isObject, Json, JsonObject, objectsIn, StringMap } from '../../kubernetes/json';
import { show, typoOf } from '../../problem/problem';
import { reachesPods } from '../calls';
import type { WiredFunction } from '../graph';

/** The Gateway API lets the oldest HTTPRoute win where two have the same match. */
export const sharedRoutes: Find = ({ functions, neighbours }) => {
  const first = new Map<string, WiredFunction>();
  const foreign = new Map(neighbours.all('HTTPRoute').flatMap(({ name, namespace = '', body }) => {
    const spec = at(body(), ['spec']);
    return matchesOf(spec, namespace).map((key): [string, string] => [key, `the HTTPRoute ${namespace}/${name}`]);
  }));
  return functions.flatMap((by): Finding[] => {
    const { route, namespace } = by.plan;
    if (route === undefined) return [];
    const { parent, hostnames, rules } = route;
    const keys = matchesOf({ parentRefs: [{ ...parent }], hostnames: [...hostnames], rules: [...rules] }, namespace);
    for (const key of keys) {
      const before = first.get(key);
      if (before === undefined) first.set(key, by);
      const who = before !== undefined && before !== by ? other(before, ROUTE) : foreign.get(key);
      const isTwice = before === by;
      if (who === undefined && !isTwice) continue;
      const [, host, match] = key.split('\n');
      const message = isTwice ? `${match} of ${show(host)} is in two rules, of which only the first gets requests`
        : `${match} of ${show(host)} is that of ${who} too, so requests reach only the one that is older`;
      return [{ rule: 'route-shared', level: 'warning', by, path: ROUTE, name: host, message }];
    }
    return [];
  });
};

/** `gateway, host name, what a request must have`: the same text for the same requests. */
function matchesOf(spec: Json | undefined, namespace: string): string[] {
  if (!isObject(spec)) return [];
  const gateways = objectsIn(spec.parentRefs).map(([{ name, namespace: given = namespace }]) => (
    `${String(given)}/${String(name)}`));
  const hostnames = Array.isArray(spec.hostnames) ? spec.hostnames.map((host) => String(host).toLowerCase()) : [];
  const matches = objectsIn(spec.rules).flatMap(([rule]) => {
    const given = objectsIn(rule.matches).map(([match]) => match);
    return (given.length === 0 ? [{}] : given).map(matchText);
  });
  return gateways.flatMap((gateway) => hostnames.flatMap((host) => (
    (matches.length === 0 ? [matchText({})] : matches).map((match) => [gateway, host, match].join('\n')))));
}

function matchText({ path, ...others }: JsonObject): string {
  const { type = 'PathPrefix', value = '/' } = isObject(path) ? path : {};
  // With and without a slash at its end, a prefix takes the same requests.
  const plain = type === 'PathPrefix' ? String(value).replace(/(?<=.)\/$/, '') : value;
  const rest = Object.keys(others).sort().map((key) => ` with ${key} ${JSON.stringify(others[key])}`).join('');
  return `the ${type === 'PathPrefix' ? 'path' : String(type)} ${show(plain)}${rest}`;
}

/** Routes and Ingresses to a function's Service but for a slip, or at a port that it does not have. */
export const lostRoutes: Find = ({ neighbours, functions, wiring: { addresses } }) => {
  const likeness = lazily(() => new Likeness(addresses.hosts));
  const wired = lazily(() => new Map(functions.map((one) => [one.plan, one])));
  const all = (['HTTPRoute', 'Ingress', 'Sink'] as const).flatMap((kind) => neighbours.all(kind));
  return all.flatMap(({ name, namespace = '', body }) => {
    const object = body();
    const who = `the ${String(object.kind)} ${namespace}/${name}`;
    return backendsOf(object, namespace).flatMap(({ service, where, port }): Finding[] => {
      if (neighbours.find('Service', service, where) !== undefined) return [];
      const there = addresses.at(`${service}.${where}`);
      const found = { rule: 'route-to-nowhere', level: 'warning', path: NAME, name: service } as const;
      if (there !== undefined) {
        const right = portOf(there, service);
        const message = right === undefined ? `${who} leads to this function, which has no Service`
          : `${who} leads to port ${port} of the Service ${show(service)}, which has ${right}`;
        const isRight = port === undefined || port === right || there.engine === 'knative';
        return isRight && right !== undefined ? [] : [{ ...found, by: wired().get(there)!, message }];
      }
      const meant = likeness().meant(`${service}.${where}`);
      const target = meant === undefined ? undefined : addresses.at(meant);
      const message = `${who} leads to the Service ${show(service)}, which is not here; does it mean ${show(meant)}?`;
      return target === undefined ? [] : [{ ...found, by: wired().get(target)!, message }];
    });
  });
};

interface Backend {
  readonly service: string;
  readonly where: string;
  readonly port?: number;
}

function backendsOf({ spec }: JsonObject, namespace: string): Backend[] {
  const rules = objectsIn(at(spec, ['rules'])).map(([rule]) => rule);
  const refs = rules.flatMap((rule) => objectsIn(rule.backendRefs).map(([ref]) => ref))
    .filter(({ kind = 'Service' }) => kind === 'Service');
  const subscribers = objectsIn(at(spec, ['subscribers'])).map(([each]) => each.sink);
  const sinks = [at(spec, ['sink']), at(spec, ['subscriber']), ...subscribers].map((sink) => at(sink, ['ref']))
    .flatMap((each) => (isObject(each) && each.kind === 'Service' ? [each] : []));
  const paths = rules.flatMap((rule) => objectsIn(at(rule, ['http', 'paths'])).map(([path]) => at(path, ['backend'])));
  const services = [at(spec, ['defaultBackend']), ...paths].map((backend) => at(backend, ['service']))
    .flatMap((each) => (isObject(each) ? [each] : []));
  return [...refs, ...services, ...sinks].flatMap(({ name, namespace: where = namespace, port }) => {
    const number = isObject(port) ? port.number : port;
    return !isText(name) || !isText(where) ? []
      : [{ service: name, where, ...(typeof number === 'number' && { port: number }) }];
  });
}

/** Of a Service that leads to the function; nothing where it has none. */
function portOf(plan: FunctionPlan, service: string): number | undefined {
  const { name, port, engine, names: { services } } = plan;
  if (!hasInternalUrl(plan)) return undefined;
  return engine === undefined && (service === name || service === services.clusterIp) ? port : 80;
}

/** A host name leads to one place: to the gateway of a route or to the controller of an Ingress. */
export const sharedHosts: Find = ({ neighbours, functions, wiring: { addresses } }) => {
  const first = new Map<string, string>();
  return neighbours.all('Ingress').flatMap(({ name, namespace = '', body }): Finding[] => {
    const who = `the Ingress ${namespace}/${name}`;
    const hosts = objectsIn(at(body(), ['spec', 'rules'])).flatMap(([{ host, http }]) => (
      objectsIn(at(http, ['paths'])).map(([{ path = '/', backend }]) => ({ host, path, backend }))));
    return hosts.flatMap(({ host, path, backend }) => {
      if (!isText(host)) return [];
      const there = addresses.at(`${String(at(backend, ['service', 'name']))}.${namespace}`);
      const before = first.get(`${host}${String(path)}`);
      first.set(`${host}${String(path)}`, before ?? who);
      return functions.flatMap((by): Finding[] => {
        const found = { rule: 'route-shared', by, name: host } as const;
        const isRouted = by.plan.route?.hostnames.includes(host) === true;
        if (before !== undefined && by.plan === there) {
          const message = `${who} leads ${show(host + String(path))} here, and ${before} leads it somewhere too`;
          return [{ ...found, level: 'warning', path: NAME, message }];
        }
        const message = `${show(host)} is a host of ${who} too, and a name leads either to it or to the gateway`;
        const level = by.plan === there ? 'information' : 'warning';
        return isRouted ? [{ ...found, level, path: ROUTE, message }] : [];
      });
    });
  });
};

/** Gateways but for a slip, and those whose listeners do not take the route of a function. */
export const lostGateways: Find = ({ neighbours, functions }) => (
  neighbours.all('Gateway').length === 0 ? [] : functions.flatMap((by): Finding[] => {
    const { plan: { route, namespace, names } } = by;
    if (route === undefined) return [];
    const { name, namespace: where } = route.parent;
    const gateway = neighbours.find('Gateway', name, where);
    const meant = typoOf(name, neighbours.in('Gateway', where).map((each) => each.name));
    const hosts = route.hostnames.filter((host) => host !== names.host);
    const message = gateway !== undefined ? untaken(gateway, namespace, hosts)
      : meant && `there is no Gateway ${show(name)} here; did you mean ${show(meant)}?`;
    if (message === undefined) return [];
    return [{ rule: 'route-to-nowhere', level: 'warning', by, path: ROUTE, name, message }];
  }));

function untaken(
  { name, namespace = '', body }: Neighbour, from: string, hosts: readonly string[],
): string | undefined {
  const listeners = objectsIn(at(body(), ['spec', 'listeners'])).map(([each]) => each);
  const open = listeners.filter((each) => (
    namespace === from || (at(each, ['allowedRoutes', 'namespaces', 'from']) ?? 'Same') !== 'Same'));
  const who = `the Gateway ${namespace}/${name}`;
  if (listeners.length > 0 && open.length === 0) {
    return `${who} takes routes of its own namespace alone; say otherwise in allowedRoutes of a listener`;
  }
  const lost = listeners.length === 0 ? undefined : hosts.find((host) => !open.some(({ hostname }) => (
    !isText(hostname) || hostname === host || covers(hostname, host) || covers(host, hostname))));
  return lost && `no listener of ${who} takes the host ${show(lost)}`;
}

function covers(pattern: string, host: string): boolean {
  return pattern.startsWith('*.') && host.endsWith(pattern.slice(1));
}

/** NetworkPolicies beside a function that let in nobody who brings it events or requests. */
export const closedPods: Find = ({ neighbours, functions }) => {
  const all = neighbours.all('NetworkPolicy').map((each, order) => (
    { ...each, order, spec: at(each.body(), ['spec']) }));
  const byFunction = new Map<string, typeof all>();
  // One that names a function says nothing of any other.
  const named = ({ spec }: typeof all[number]) => at(spec, ['podSelector', 'matchLabels', SERVING_LABEL]);
  for (const each of all) {
    const name = named(each);
    add(byFunction, `${each.namespace}/${isText(name) ? name : ''}`, each);
  }
  return all.length === 0 ? [] : functions.flatMap((by): Finding[] => {
    const { namespace, name, engine, port, dapr, podCallers } = by.plan;
    const isFed = engine === undefined && dapr.mode === 'standalone';
    // Policies add up, and one of ours lets in who is needed.
    if (podCallers !== undefined || (engine === undefined && !isFed)) return [];
    const own = ['', name].flatMap((each) => byFunction.get(`${namespace}/${each}`) ?? [])
      .filter(({ spec }) => guards(spec, { [SERVING_LABEL]: name })).sort((a, b) => a.order - b.order);
    const rules = own.flatMap(({ spec }) => objectsIn(at(spec, ['ingress'])).map(([rule]) => rule));
    const isOpen = rules.some((rule) => !isFed || admits(rule, { [PROXY_LABEL]: name }, port));
    if (own.length === 0 || isOpen) return [];
    const message = `the NetworkPolicy ${own.map((each) => show(each.name)).join(' and ')} lets `
      + (isFed ? `no dapr-proxy in, so no event reaches the pods: admit those with ${show(`${PROXY_LABEL}: ${name}`)}`
        : 'nobody in, so no request reaches the pods');
    return [{ rule: 'pods-closed', level: 'warning', by, path: NAME, name: own[0].name, message }];
  });
};

/** What selects pods of a function but for a slip. */
export const misspeltSelectors: Find = ({ neighbours, functions }) => {
  const all = (['Service', 'NetworkPolicy', 'Selector'] as const).flatMap((kind) => neighbours.all(kind));
  return all.flatMap(({ name, namespace, body }): Finding[] => {
    const object = body();
    const near = functions.filter(({ plan }) => namespace === undefined || plan.namespace === namespace);
    return labelsIn(object.spec).flatMap((label): Finding[] => {
      if (near.some(({ plan }) => plan.name === label)) return [];
      const meant = typoOf(label, near.map(({ plan }) => plan.name));
      const by = near.find(({ plan }) => plan.name === meant);
      const message = `the ${String(object.kind)} ${namespace}/${name} selects pods of a function ${show(label)}, `
        + `which is not here; does it mean ${show(meant)}?`;
      const found = { rule: 'selector-misspelt', level: 'warning', path: NAME, name: label, message } as const;
      return by === undefined ? [] : [{ ...found, by }];
    });
  });
};

/** Values of the labels that tell functions apart. */
function labelsIn(value: Json | undefined): string[] {
  if (Array.isArray(value)) return value.flatMap(labelsIn);
  return Object.entries(isObject(value) ? value : {}).flatMap(([key, inner]) => (
    [SERVING_LABEL, PROXY_LABEL].includes(key) && isText(inner) ? [inner] : labelsIn(inner)));
}

/** Pods that call a function whose NetworkPolicy could not tell them from others. */
export const unlabelledCallers: Find = ({ neighbours, functions, wiring: { addresses } }) => {
  const closed = functions.filter(({ plan }) => plan.podCallers !== undefined);
  return closed.length === 0 ? [] : neighbours.all('Workload').flatMap(({ name, namespace = '', body }) => {
    const object = body();
    const { spec, labels } = podOf(object);
    const calls = Object.keys(labels).length > 0 ? [] : addresses.callsIn(addresses.saidIn(spec, namespace), namespace);
    const called = closed.filter(({ plan }) => calls.some(({ target, host = '' }) => (
      target === plan && reachesPods(plan, host))));
    const who = `the ${String(object.kind)} ${namespace}/${name}`;
    const message = `${who} calls it, and its pods have no label by which the NetworkPolicy could let them in: `
      + 'give them one';
    return called.map((by): Finding => ({ rule: 'pods-closed', level: 'warning', by, path: NAME, name, message }));
  });
};

function guards(spec: Json | undefined, labels: StringMap): boolean {
  const types = at(spec, ['policyTypes']);
  return selects(at(spec, ['podSelector']), labels) && (!Array.isArray(types) || types.includes('Ingress'));
}

/** Where it cannot be seen, such as of a namespace by its labels, it is taken for one that admits. */
function admits({ from, ports }: JsonObject, labels: StringMap, port: number): boolean {
  const peers = objectsIn(from).map(([peer]) => peer);
  const isPeer = peers.length === 0 || peers.some(({ podSelector: pods, namespaceSelector, ipBlock }) => (
    (namespaceSelector ?? ipBlock ?? at(pods, ['matchExpressions'])) !== undefined || selects(pods, labels)));
  const numbers = objectsIn(ports).map(([each]) => each);
  return isPeer && (numbers.length === 0 || numbers.some((each) => typeof each.port !== 'number'
    || each.endPort !== undefined || each.port === port));
}

function selects(selector: Json | undefined, labels: StringMap): boolean {
  const wanted = at(selector, ['matchLabels']);
  return objectsIn(at(selector, ['matchExpressions'])).length === 0
    && Object.entries(isObject(wanted) ? wanted : {}).every(([key, value]) => labels[key] === value);
}
