/** What the proxy needs of `FUNC_CONTEXT` (v1beta1) and `FUNC_CONTEXT_V1BETA2`; the second takes precedence. */
import { Settings } from './config-values';

/** Linux allows 128 KiB for a variable; the construct rejects a context above this. */
const MAX_CONTEXT_BYTES = 100 * 1024;
const DEFAULT_FUNCTION_PORT = 8080;

export interface ContextInput {
  readonly component: string;
  readonly type: string;
  readonly topic?: string;
}

export interface FunctionContext {
  readonly name: string;
  readonly port: number;
  /** The function answers HTTP requests and not Dapr's gRPC callbacks. */
  readonly http: boolean;
  readonly inputs: readonly ContextInput[];
}

type Json = Record<string, unknown>;

export function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

const V1BETA1 = 'FUNC_CONTEXT';
const V1BETA2 = 'FUNC_CONTEXT_V1BETA2';

export function readContext(settings: Settings): FunctionContext {
  const old = parse(settings, V1BETA1);
  const current = parse(settings, V1BETA2);
  if (settings.text(V1BETA1) === undefined && settings.text(V1BETA2) === undefined) {
    settings.reject(V1BETA1, '', `is empty: a JSON object in it or in ${V1BETA2} must describe the function`);
  }
  const name = nameOf(settings, V1BETA2, current) ?? nameOf(settings, V1BETA1, old) ?? '';
  const http = httpTrigger(settings, current);
  if (!isAbsent(old?.runtime) && typeof old?.runtime !== 'string') {
    settings.reject(`${V1BETA1} runtime`, JSON.stringify(old?.runtime), 'is not a string such as "Knative" or "Async"');
  }
  return {
    name,
    port: portOf(settings, V1BETA2, http?.port) ?? portOf(settings, V1BETA1, old?.port) ?? DEFAULT_FUNCTION_PORT,
    http: current ? http !== undefined : old?.runtime === 'Knative',
    inputs: current ? newInputs(settings, current) : oldInputs(settings, old),
  };
}

function parse(settings: Settings, variable: string): Json | undefined {
  const text = settings.text(variable);
  if (text === undefined) return undefined;
  if (Buffer.byteLength(text) > MAX_CONTEXT_BYTES) {
    settings.reject(variable, text, `has ${Buffer.byteLength(text)} bytes; at most ${MAX_CONTEXT_BYTES} are allowed`);
    return undefined;
  }
  try {
    const value: unknown = JSON.parse(text);
    if (isObject(value)) return value;
  } catch {
    // Reported below, as is JSON of the wrong kind.
  }
  settings.reject(variable, text, 'is not a JSON object');
  return undefined;
}

function nameOf(settings: Settings, variable: string, context: Json | undefined): string | undefined {
  if (context === undefined) return undefined;
  if (typeof context.name === 'string' && context.name !== '') return context.name;
  settings.reject(variable, JSON.stringify(context), 'needs "name", a string that is not empty');
  return undefined;
}

function portOf(settings: Settings, variable: string, port: unknown): number | undefined {
  if (isAbsent(port) || port === '' || port === '0' || port === 0) return undefined;
  const number = typeof port === 'string' && /^\d+$/.test(port) ? Number(port) : port;
  if (typeof number === 'number' && Number.isInteger(number) && number >= 1 && number <= 65535) return number;
  settings.reject(`${variable} port`, String(port), 'is not a whole number from 1 to 65535');
  return undefined;
}

function httpTrigger(settings: Settings, context: Json | undefined): Json | undefined {
  const triggers = context?.triggers;
  if (isAbsent(triggers)) return undefined;
  if (!isObject(triggers)) {
    settings.reject(`${V1BETA2} triggers`, JSON.stringify(triggers), 'is not an object with "http" or "dapr"');
    return undefined;
  }
  const { http } = triggers;
  if (isObject(http)) return http;
  if (!isAbsent(http)) {
    settings.reject(`${V1BETA2} triggers.http`, JSON.stringify(http), 'is not an object such as {"port":8080}');
  }
  return undefined;
}

function isAbsent(value: unknown): value is undefined | null {
  return value === undefined || value === null;
}

function oldInputs(settings: Settings, context: Json | undefined): ContextInput[] {
  const inputs = context?.inputs ?? {};
  if (!isObject(inputs)) {
    settings.reject(`${V1BETA1} inputs`, JSON.stringify(inputs), 'is not an object of inputs by name');
    return [];
  }
  return Object.entries(inputs).flatMap(([name, input]) => isObject(input)
    ? inputOf(settings, `${V1BETA1} inputs.${name}`, input.componentName, input.componentType, input.uri)
    : inputOf(settings, `${V1BETA1} inputs.${name}`, undefined, undefined, undefined));
}

function newInputs(settings: Settings, context: Json): ContextInput[] {
  const triggers = isObject(context.triggers) ? context.triggers.dapr ?? [] : [];
  if (!Array.isArray(triggers)) {
    settings.reject(`${V1BETA2} triggers.dapr`, JSON.stringify(triggers), 'is not a list of triggers');
    return [];
  }
  return triggers.flatMap((entry: unknown, index) => {
    const trigger = isObject(entry) ? entry : {};
    return inputOf(settings, `${V1BETA2} triggers.dapr[${index}]`, trigger.name, trigger.type, trigger.topic);
  });
}

function inputOf(settings: Settings, where: string, component: unknown, type: unknown, topic: unknown): ContextInput[] {
  const reject = (why: string) => {
    settings.reject(where, JSON.stringify({ component, type, topic }), why);
    return [];
  };
  if (typeof component !== 'string' || component === '' || typeof type !== 'string') {
    return reject('needs a component name and a component type, both strings');
  }
  const [block] = type.split('.'); // a reference to an existing component may say only that
  if (block !== 'pubsub') return block === 'bindings' ? [{ component, type }] : [];
  if (typeof topic === 'string' && topic !== '') return [{ component, type, topic }];
  return reject('is a pub/sub input and needs a topic, a string that is not empty');
}
