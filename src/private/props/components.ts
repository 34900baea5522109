/** Components, inputs and outputs of typed props in the form of a Function, and what the API has no place for. */
import type { InputEntry } from './entries';
import { kindOf } from './known-options';
import type { ComponentOptions, SecretKey } from '../../component-options';
import type { FunctionInput } from '../../function-input';
import type { OpenFunctionAppProps } from '../../function-props';
import type { ColdStart, HttpRouteOptions } from '../../http-trigger';
import type { IDaprComponent } from '../../i-dapr-component';
import type { Resiliency, RetryPolicy } from '../../resiliency';
import type { ComponentSpecModel, DeliveryModel, FunctionModel, ResiliencyModel } from '../function/function-model';
import type { Move } from '../function/readers';
import type { ScalingExtrasModel } from '../function/scaling';
import {
  copy, defined, definedJson, entriesOf, isObject, JsonObject, nonEmpty, objectsIn,
} from '../kubernetes/json';
import { Path, Problem, Problems, show } from '../problem/problem';

export function componentSpecOf(options: ComponentOptions): ComponentSpecModel {
  const {
    componentType, version = 'v1', metadata, secrets, secretStore, ignoreErrors, initTimeout,
  } = options;
  const plain = entriesOf(metadata).map(([name, value]) => ({ name, value }));
  const secret = entriesOf<SecretKey>(secrets).map(([name, from]) => (
    { name, secretKeyRef: { name: from.secret.name, key: from.key } }
  ));
  return defined({
    type: componentType,
    version,
    ignoreErrors: ignoreErrors === true ? true : undefined,
    initTimeout: initTimeout && goDuration(initTimeout.toMilliseconds()),
    metadata: [...plain, ...secret],
    auth: secretStore === undefined ? undefined : { secretStore },
  }) as unknown as ComponentSpecModel;
}

/** What a component says of itself when a function binds it; it may come from another version of this package. */
export function boundSpec(spec: { readonly [field: string]: unknown } | undefined): ComponentSpecModel | undefined {
  const { type, version = 'v1', metadata } = (spec ?? {}) as JsonObject;
  if (typeof type !== 'string' || typeof version !== 'string') return undefined;
  const named = objectsIn(metadata).flatMap(([{ name, value, secretKeyRef }]) => {
    if (typeof name !== 'string') return [];
    return [{
      name,
      ...(!isObject(value) && !Array.isArray(value) && { value }),
      ...(isObject(secretKeyRef) && { secretKeyRef }),
    }];
  });
  return { type, version, metadata: named };
}

/** As the manifest is read: a function without events is one. */
export function isHttp({ http, inputs = [] }: OpenFunctionAppProps): boolean {
  return (http ?? undefined) !== undefined || inputs.every(isState);
}

export function triggers(props: OpenFunctionAppProps): object {
  const { http, port, inputs = [] } = props;
  const asks = isHttp(props) && (http ?? port ?? undefined) !== undefined;
  const events = inputs.filter((input) => !isState(input));
  return defined({
    http: asks ? defined({ port, engine: http?.engine, route: http?.route && routeOf(http.route) }) : undefined,
    dapr: nonEmpty(events.map(({ _input: { component, topic, name } }) => (
      defined({ ...reference(component), topic, inputName: name })
    ))),
    inputs: nonEmpty(inputs.filter(isState).map(({ component }) => ({ dapr: reference(component) }))),
  });
}

function routeOf({ gateway, hostnames, rules }: HttpRouteOptions): object {
  return defined({ gatewayRef: gateway, hostnames, rules });
}

export function isState({ component }: FunctionInput): boolean {
  return kindOf(component) === 'state';
}

/** The name of a component of the function's own is resolved by its maps, so a full type is never in the way. */
export function reference({ componentName, componentType }: IDaprComponent): object {
  return { name: componentName, type: componentType };
}

export function componentMoves(components: { readonly [name: string]: ComponentOptions } = {}): Move[] {
  return Object.entries(components).flatMap(([name, options]) => movesOf(name, options));
}

/** Metadata is a list in a component, and two maps in its options. */
function movesOf(name: string, options: ComponentOptions): Move[] {
  const { metadata, secrets } = options;
  const kind = kindOf(options);
  if (kind === undefined) return [];
  const to: Path = [`addComponent(${JSON.stringify(name)})`];
  const entry: Path = ['serving', kind === 'state' ? 'states' : kind, name];
  const spec = kind === 'state' ? [...entry, 'spec'] : entry;
  const keysOf = (map: { readonly [name: string]: unknown } | undefined) => entriesOf(map).map(([key]) => key);
  const settings = [
    ...keysOf(metadata).map((key): Path => [...to, 'metadata', key]),
    ...keysOf(secrets).map((key): Path => [...to, 'secrets', key]),
  ];
  return [
    [entry, to],
    [spec, to],
    [[...spec, 'type'], [...to, 'componentType']],
    [[...spec, 'auth'], to],
    ...settings.flatMap((place, index): Move[] => {
      const from = [...spec, 'metadata', index];
      return [
        [from, place],
        [[...from, 'name'], place],
        [[...from, 'value'], place],
        [[...from, 'secretKeyRef'], place],
        [[...from, 'secretKeyRef', 'name'], [...place, 'secret']],
      ];
    }),
  ];
}

/** Dapr and KEDA look for a Secret where it is named; a warning, since there may be one of that name in both. */
export function foreignSecrets(
  secrets: { readonly [name: string]: SecretKey } | undefined, kind: string, namespace: string,
): Problem[] {
  return Object.entries(secrets ?? {}).flatMap(([key, { secret }]): Problem[] => {
    // A Secret of the program has metadata, whatever the version of cdk8s-plus; one that exists elsewhere has none.
    const other = (secret as { readonly metadata?: { readonly namespace?: unknown } }).metadata?.namespace;
    if (typeof other !== 'string' || other === namespace) return [];
    const message = `the Secret ${show(secret.name)} is in namespace ${show(other)}, `
      + `and is not looked for there by a ${kind} in ${show(namespace)}`;
    return [{ severity: 'warning', path: ['secrets', key, 'secret'], message, name: secret.name }];
  });
}

/** Dapr's own names for the two directions of growth. */
const BACKOFF = { constant: 'constant', exponential: 'exponential' } as const;

/** Adds what props say beyond the API, each on the entry that it concerns. */
export function withProps(
  model: FunctionModel, props: OpenFunctionAppProps, scalingExtras?: ScalingExtrasModel,
): FunctionModel {
  const { serving, ...rest } = model;
  const deliveries = (props.inputs ?? []).map(({ _input }, index) => deliveryOf(_input, index))
    .filter(({ index }) => kindOf(props.inputs![index].component) !== 'state');
  return {
    ...rest,
    serving: {
      ...serving,
      scaling: { ...serving.scaling, extras: scalingExtras },
      dapr: serving.dapr.map((trigger) => ({ ...trigger, delivery: deliveries[Number(trigger.path[3])] })),
      outputs: serving.outputs.map((output) => {
        const resiliency = props.outputs?.[Number(output.path[2])]._output.resiliency;
        return { ...output, resiliency: resiliency && resiliencyOf(resiliency) };
      }),
      traffic: props.traffic?.map((target) => (
        definedJson({ latestRevision: target.revisionName === undefined, ...target })
      )),
      appProtocol: props.appProtocol,
      requestTimeouts: defined({
        requestTimeout: props.http?.requestTimeout?.toSeconds({ integral: false }),
        responseStartTimeout: props.http?.responseStartTimeout?.toSeconds({ integral: false }),
        readinessTimeout: props.http?.readinessTimeout?.toSeconds({ integral: false }),
      }),
      coldStart: props.http?.coldStart && coldStartOf(props.http.coldStart),
      objectAnnotations: props.objectAnnotations && copy(defined({ ...props.objectAnnotations })),
      drainTimeoutSeconds: props.drainTimeout && Math.ceil(props.drainTimeout.toSeconds({ integral: false })),
      nativeSidecar: props.nativeSidecar,
    },
  };
}

function coldStartOf({ fallback, placeholder }: ColdStart): JsonObject {
  const { headers, ...rest } = placeholder ?? {};
  return definedJson({
    fallback: fallback && definedJson({ ...fallback }),
    placeholder: placeholder && definedJson({ ...rest, headers: headers && { ...headers } }),
  });
}

function deliveryOf(input: InputEntry, index: number): DeliveryModel {
  const { deadLetterTopic, bulk, rules, defaultPath, route, metadata, resiliency } = input;
  return {
    index,
    ...defined({
      deadLetterTopic,
      bulk: bulk && defined({ maxMessages: bulk.maxMessages, maxAwaitMs: bulk.maxAwait?.toMilliseconds() }),
      rules: rules?.map(({ match, path }) => ({ match, path })),
      defaultPath,
      route,
      metadata: metadata && Object.fromEntries(entriesOf(metadata)),
      resiliency: resiliency && resiliencyOf(resiliency),
    }),
  };
}

function resiliencyOf({ timeout, retry, circuitBreaker }: Resiliency): ResiliencyModel {
  return defined({
    timeout: timeout && goDuration(timeout.toMilliseconds()),
    retry: retry && definedJson({
      policy: BACKOFF[retry.backoff ?? 'constant'],
      duration: retry.backoff === 'exponential'
        ? undefined
        : goDuration(retry.interval?.toMilliseconds() ?? DEFAULT_INTERVAL_MS),
      maxInterval: retry.backoff === 'exponential'
        ? goDuration(retry.maxInterval?.toMilliseconds() ?? DEFAULT_MAX_INTERVAL_MS)
        : undefined,
      maxRetries: retry.maxRetries ?? -1,
    }),
    circuitBreaker: circuitBreaker && definedJson({
      trip: circuitBreaker.trip ?? 'consecutiveFailures > 5',
      maxRequests: circuitBreaker.maxRequests ?? 1,
      timeout: goDuration(circuitBreaker.timeout?.toMilliseconds() ?? DEFAULT_OPEN_MS),
    }),
  });
}

const DEFAULT_INTERVAL_MS = 5_000;
const DEFAULT_MAX_INTERVAL_MS = 60_000;
const DEFAULT_OPEN_MS = 60_000;

/** Whole seconds read better. */
export function goDuration(ms: number): string {
  return ms % 1_000 === 0 ? `${ms / 1_000}s` : `${ms}ms`;
}

export function checkRetries({ inputs = [], outputs = [] }: Partial<OpenFunctionAppProps>, problems: Problems): void {
  const given = { inputs: inputs.map(({ _input }) => _input), outputs: outputs.map(({ _output }) => _output) };
  for (const [list, entries] of Object.entries(given)) {
    entries.forEach(({ resiliency }, index) => {
      const { retry = {} } = resiliency ?? {};
      checkBackoff(retry, [list, index, 'resiliency', 'retry'], problems);
      const most = retry.maxRetries ?? 0;
      if (Number.isInteger(most) && most >= 0) return;
      const message = `${show(most)} is not a number of 0 or more; leave it out for retries without limit`;
      problems.error([list, index, 'resiliency', 'retry', 'maxRetries'], message);
    });
  }
}

/** Each way of backing off has one time of its own. */
function checkBackoff({ backoff, interval, maxInterval }: RetryPolicy, path: Path, problems: Problems): void {
  if ((backoff ?? undefined) !== undefined && !Object.hasOwn(BACKOFF, backoff!)) {
    problems.notOneOf([...path, 'backoff'], backoff, Object.keys(BACKOFF));
  }
  const grows = backoff === 'exponential';
  if (grows && interval !== undefined) {
    problems.warn([...path, 'interval'], 'has no effect with exponential backoff, which begins with Dapr\'s 500 ms');
  }
  if (!grows && maxInterval !== undefined) {
    problems.warn([...path, 'maxInterval'], 'has no effect with constant backoff; give backoff too');
  }
}
