/** Which components lead to the same broker, so that a topic of one is a topic of the other. */
import { blockOf, ResolvedRef } from '../decide/components';
import type { ComponentSpecModel } from '../function/function-model';

/** A component where it is. */
export interface Located extends Pick<ResolvedRef, 'key' | 'componentName' | 'componentType' | 'spec'> {
  readonly namespace: string;
}

/** Brokers by the components that lead to them. */
export class Brokers {
  private readonly parent = new Map<string, string>();
  private readonly members = new Map<string, Located>();
  private names?: Map<string, string>;

  /** Joined with those of the same name, of the same address, or, where that is not known, of the user's same key. */
  public add(one: Located): void {
    const token = tokenOf(one);
    const known = this.members.get(token);
    // Functions that use one component bring the same spec of it.
    if (known !== undefined && known.spec === one.spec && known.key === one.key) return;
    if (known === undefined || (known.spec === undefined && one.spec !== undefined)) this.members.set(token, one);
    this.join(token, likenessOf(one));
    this.names = undefined;
  }

  /** One name for all components of a broker: `<namespace>/<component>`, by the user's name for it. */
  public nameOf(namespace: string, componentName: string): string {
    const own = `${namespace}/${componentName}`;
    this.names ??= this.allNames();
    return this.names.get(this.rootOf(own)) ?? own;
  }

  /** The shortest of a broker's names, of equally short ones the first; one that another broker has is made longer. */
  private allNames(): Map<string, string> {
    const names = new Map<string, string>();
    const taken = new Map<string, string>();
    const sorted = [...this.members].map(([token, one]) => ({ token, key: keyOf(one) })).sort((a, b) => (
      a.key.length - b.key.length || compare(a.key, b.key) || compare(a.token, b.token)));
    for (const { token, key } of sorted) {
      const root = this.rootOf(token);
      if (names.has(root)) continue;
      const name = taken.has(key) ? token : key;
      names.set(root, name);
      taken.set(name, root);
    }
    return names;
  }

  private rootOf(token: string): string {
    let root = token;
    for (let next = this.parent.get(root); next !== undefined; next = this.parent.get(root)) root = next;
    return root;
  }

  private join(one: string, other: string): void {
    const [a, b] = [this.rootOf(one), this.rootOf(other)];
    if (a !== b) this.parent.set(a, b);
  }
}

function tokenOf({ namespace, componentName }: Located): string {
  return `${namespace}/${componentName}`;
}

function keyOf({ namespace, key }: Located): string {
  return `${namespace}/${key}`;
}

export function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** Holds a space, which no name does. */
function likenessOf(one: Located): string {
  const address = addressOf(one.spec, one.namespace);
  // Dapr publishes to an exchange, which a binding's queue of that name has nothing to do with.
  if (address?.startsWith('rabbitmq ') === true) return `address ${blockOf(one.componentType)} ${address}`;
  return address === undefined ? `key ${blockOf(one.componentType)} ${keyOf(one)}` : `address ${address}`;
}

/** Settings that hold the address, by type without its block. Of other types no address is known. */
const ADDRESSES: Readonly<Record<string, readonly string[]>> = {
  'kafka': ['brokers'],
  'redis': ['redisHost'],
  'rabbitmq': ['connectionString', 'host', 'hostname'],
  'mqtt': ['url'],
  'mqtt3': ['url'],
  'jetstream': ['natsURL'],
  'pulsar': ['host'],
  'solace.amqp': ['url'],
  'azure.eventhubs': ['eventHubNamespace'],
  'azure.servicebus.queues': ['namespaceName'],
  'azure.servicebus.topics': ['namespaceName'],
  'azure.servicebusqueues': ['namespaceName'],
  'azure.storagequeues': ['accountName'],
  'gcp.pubsub': ['projectId'],
};

/** Settings of bindings that name a queue or topic. A Kafka binding has one for each direction. */
const QUEUES: Readonly<Record<string, { readonly in: string; readonly out: string }>> = {
  'kafka': { in: 'topics', out: 'publishTopic' },
  'rabbitmq': { in: 'queueName', out: 'queueName' },
  'mqtt3': { in: 'topic', out: 'topic' },
  'aws.sqs': { in: 'queueName', out: 'queueName' },
  'azure.servicebusqueues': { in: 'queueName', out: 'queueName' },
  'azure.storagequeues': { in: 'queueName', out: 'queueName' },
  'aws.kinesis': { in: 'streamName', out: 'streamName' },
};

/** Where several of them are given, the first applies. */
const GROUPS = ['consumerGroup', 'consumerID', 'queueGroupName', 'durableName'];

/** A plain value; names are case-insensitive in Dapr. One from a Secret is not known here. */
export function settingOf(spec: ComponentSpecModel | undefined, name: string): string | undefined {
  const wanted = name.toLowerCase();
  const isWanted = (given: string) => given.length === name.length && given.toLowerCase() === wanted;
  const value = spec?.metadata.find((entry) => isWanted(entry.name))?.value ?? undefined;
  return value === undefined || value === '' ? undefined : String(value);
}

/** `pubsub.kafka` and `bindings.kafka` talk to the same brokers. */
export function familyOf(type: string): string {
  return type.slice(type.indexOf('.') + 1).toLowerCase();
}

/** The same text for the same broker, wherever its components are. */
export function addressOf(spec: ComponentSpecModel | undefined, namespace: string): string | undefined {
  if (spec === undefined) return undefined;
  const family = familyOf(spec.type);
  const names = Object.hasOwn(ADDRESSES, family) ? ADDRESSES[family] : [];
  const given = names.map((name) => settingOf(spec, name)).find((value) => value !== undefined);
  if (given === undefined) return undefined;
  const hosts = hostsIn(given, namespace);
  const part = settingOf(spec, 'redisDB') ?? '0';
  // A broker beside the container is another one for each pod.
  return hosts.some((host) => host.startsWith('localhost') || host.startsWith('127.')) ? undefined
    : `${family} ${hosts.join(',')}${part === '0' ? '' : ` database ${part}`}`;
}

/** Many components lead to few brokers. */
const HOSTS = new Map<string, readonly string[]>();
const MAX_HOSTS = 1000;

function hostsIn(given: string, namespace: string): readonly string[] {
  const key = `${namespace} ${given}`;
  const known = HOSTS.get(key);
  if (known !== undefined) return known;
  const hosts = given.split(',').map((each) => hostIn(each.trim(), namespace)).sort();
  if (HOSTS.size < MAX_HOSTS) HOSTS.set(key, hosts);
  return hosts;
}

/** A name without dots is one of the namespace. */
function hostIn(address: string, namespace: string): string {
  const plain = address.toLowerCase().replace(/^[a-z0-9+.-]+:\/\//, '').replace(/^[^@/]*@/, '');
  const [, host, rest] = /^([^:/]*)(.*)$/.exec(plain) ?? ['', plain, ''];
  const inCluster = host.replace(/\.svc(\..*)?$/, '');
  return `${host.includes('.') || host === 'localhost' ? inCluster : `${host}.${namespace}`}${rest}`;
}

/** Queues and topics that a binding reads from or writes to. */
export function queuesOf(type: string, spec: ComponentSpecModel | undefined, direction: 'in' | 'out'): string[] {
  const family = familyOf(type);
  if (!Object.hasOwn(QUEUES, family)) return [];
  const given = settingOf(spec, QUEUES[family][direction]) ?? '';
  return given.split(',').map((each) => each.trim()).filter((each) => each !== '');
}

/** A binding that leads to a queue or topic, also where its settings are not known: what is written can be read. */
export function isQueue(type: string): boolean {
  return type.startsWith('bindings.') && Object.hasOwn(QUEUES, familyOf(type));
}

/** As settings give it; Dapr takes the app-id for a topic without one. One that differs for each pod is none. */
export function groupOf(spec: ComponentSpecModel | undefined, { names, namespace }: Member): string | undefined {
  if (spec === undefined) return undefined;
  const given = GROUPS.map((name) => settingOf(spec, name)).find((value) => value !== undefined);
  const own = spec.type.startsWith('pubsub.') && familyOf(spec.type) !== 'jetstream' ? names.appId : undefined;
  const group = given?.replaceAll('{appID}', names.appId).replaceAll('{namespace}', namespace) ?? own;
  return group?.includes('{') === true ? undefined : group;
}

interface Member {
  readonly names: { readonly appId: string };
  readonly namespace: string;
}

interface Wildcards {
  readonly separator: string;
  /** Stands for one level. */
  readonly one: string;
  /** Stands for all levels that are left. */
  readonly rest: string;
}

const MQTT: Wildcards = { separator: '/', one: '+', rest: '#' };
/** By the family of a component. One level at least is left in NATS. */
const WILDCARDS: Readonly<Record<string, Wildcards>> = {
  mqtt: MQTT, mqtt3: MQTT, existing: MQTT, jetstream: { separator: '.', one: '*', rest: '>' },
};

export function isFilter(componentType: string, topic: string): boolean {
  const wildcards = wildcardsOf(componentType);
  return wildcards !== undefined && topic.split(wildcards.separator).some((part) => (
    part === wildcards.one || part === wildcards.rest));
}

export function takesTopic(componentType: string, filter: string, topic: string): boolean {
  if (filter === topic) return true;
  const wildcards = wildcardsOf(componentType);
  if (wildcards === undefined) return false;
  const { separator, one, rest } = wildcards;
  const [wanted, parts] = [filter.split(separator), topic.split(separator)];
  const open = wanted.at(-1) === rest;
  const least = rest === '>' ? wanted.length : wanted.length - 1;
  if (open ? parts.length < least : parts.length !== wanted.length) return false;
  return wanted.every((part, index) => part === one || part === rest || part === parts[index]);
}

/** What all topics that a filter takes begin with. */
export function fixedPartOf(componentType: string, filter: string): string {
  const { separator, one, rest } = wildcardsOf(componentType)!;
  const parts = filter.split(separator);
  const first = parts.findIndex((part) => part === one || part === rest);
  return first < 0 ? filter : parts.slice(0, first).join(separator);
}

function wildcardsOf(componentType: string): Wildcards | undefined {
  const family = familyOf(componentType);
  return Object.hasOwn(WILDCARDS, family) ? WILDCARDS[family] : undefined;
}
