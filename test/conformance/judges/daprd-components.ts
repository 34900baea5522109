// A real daprd that loads components: each under a name of its own, all in one start.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { daprd, freePort, scratchFolder, startProcess, startRedis, type KubeObject, type RunningProcess } from '../../testbed';

interface Setting {
  readonly name: string;
  readonly value?: unknown;
  readonly secretKeyRef?: { readonly name: string; readonly key: string };
}

export interface ComponentObject extends KubeObject {
  readonly spec: {
    readonly type: string;
    readonly metadata: readonly Setting[];
  };
}

export interface Loaded {
  readonly component: ComponentObject;
  /** Why daprd could not load it; empty when it could. */
  readonly error: string;
}

const SECRET_STORE = 'suite-secrets';
/** A closed port: what needs a broker that is not here fails at once, and for that reason only. */
const NOWHERE = '127.0.0.1:1';

export async function loadComponents(components: readonly ComponentObject[]): Promise<Loaded[]> {
  const folder = scratchFolder('components');
  const redis = await startRedis();
  const resources = join(folder, 'resources');
  mkdirSync(resources);
  const here = components.map((component, index) => moved(component, `c${index}`, redis.address));
  const secrets = join(folder, 'secrets.json');
  writeFileSync(secrets, JSON.stringify(Object.assign({}, ...components.map((component, index) => secretsOf(component, `c${index}`)))));
  writeFileSync(join(resources, 'all.yaml'), [...here, secretStore(secrets)].map((object) => stringify(object, { aliasDuplicateObjects: false })).join('---\n'));
  const process = await startDaprd(resources);
  const messages = process.log().split('\n').filter(Boolean).map((line) => (JSON.parse(line) as { msg: string }).msg);
  await process.stop();
  await redis.stop();
  return components.map((component, index) => ({ component, error: verdict(messages, `c${index} (`) }));
}

async function startDaprd(resources: string): Promise<RunningProcess> {
  const ports = await Promise.all(['http', 'grpc', 'internal-grpc'].map(async (port) => [`--dapr-${port}-port`, String(await freePort())]));
  const process = await startProcess({
    name: 'daprd-components',
    command: await daprd(),
    args: [
      '--app-id', 'conformance', '--resources-path', resources, '--log-as-json', '--enable-metrics=false',
      '--dapr-listen-addresses', '127.0.0.1', '--dapr-internal-grpc-listen-address', '127.0.0.1', ...ports.flat(),
    ],
  });
  await process.waitFor(() => process.log().includes('dapr initialized'), { what: 'daprd has loaded its components', timeoutMs: 300_000 });
  return process;
}

/** The component, with the servers and secrets that it names replaced by those of this suite. */
function moved({ apiVersion, kind, spec }: ComponentObject, name: string, redis: string): object {
  const metadata = [...spec.metadata, ...missing(spec)].map((entry) => ({
    ...entry,
    ...('value' in entry ? { value: address(entry.value, redis) } : {}),
    ...(entry.secretKeyRef ? { secretKeyRef: { ...entry.secretKeyRef, name } } : {}),
  }));
  return {
    apiVersion,
    kind,
    metadata: { name },
    // One that fails must not keep the others from loading.
    spec: { ...spec, ignoreErrors: true, initTimeout: '2s', metadata },
    ...(spec.metadata.some(({ secretKeyRef }) => secretKeyRef) ? { auth: { secretStore: SECRET_STORE } } : {}),
  };
}

/** Settings that cases about something else leave out; no component of the type loads without them. */
const REQUIRED: Record<string, Record<string, string>> = {
  'bindings.kafka': { brokers: 'kafka:9092', topics: 'a', consumerGroup: 'a', publishTopic: 'a', authType: 'none' },
  'bindings.rabbitmq': { host: 'amqp://mq:5672', queueName: 'q' },
  'pubsub.kafka': { brokers: 'kafka:9092', authType: 'none' },
  'pubsub.redis': { redisHost: 'redis:6379' },
  'state.redis': { redisHost: 'redis:6379' },
};

function missing({ type, metadata }: ComponentObject['spec']): Setting[] {
  const given = new Set(metadata.map(({ name }) => name));
  return Object.entries(REQUIRED[type] ?? {}).filter(([name]) => !given.has(name)).map(([name, value]) => ({ name, value }));
}

function address(value: unknown, redis: string): unknown {
  if (typeof value !== 'string') return value;
  return value.replaceAll(/(?<![\w.-])[a-z][a-z0-9.-]*:\d{2,5}\b/g, (server) => (server.endsWith(':6379') ? redis : NOWHERE));
}

function secretsOf({ spec: { type, metadata } }: ComponentObject, name: string): Record<string, Record<string, string>> {
  const entries = metadata.flatMap((entry) => (entry.secretKeyRef ? [[entry.secretKeyRef.key, secretOf(type, entry.name)]] : []));
  return entries.length > 0 ? { [name]: Object.fromEntries(entries) as Record<string, string> } : {};
}

/** The Redis of this suite knows no password and takes none; RabbitMQ's address is a secret for its password's sake. */
function secretOf(type: string, setting: string): string {
  if (type.includes('redis')) return '';
  return setting === 'host' ? `amqp://${NOWHERE}` : 'secret';
}

function secretStore(secretsFile: string): object {
  return {
    apiVersion: 'dapr.io/v1alpha1',
    kind: 'Component',
    metadata: { name: SECRET_STORE },
    spec: { type: 'secretstores.local.file', version: 'v1', metadata: [{ name: 'secretsFile', value: secretsFile }, { name: 'multiValued', value: 'true' }] },
  };
}

function verdict(messages: readonly string[], name: string): string {
  if (messages.some((message) => message.startsWith(`Component loaded: ${name}`))) return '';
  return messages.find((message) => message.startsWith(`Failed to init component ${name}`)) ?? 'daprd says nothing of it';
}
