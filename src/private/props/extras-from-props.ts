/** What typed props say beyond the `Function` API. */
import { kindOf } from './component-kinds';
import type { InputEntry } from './entries';
import type { FunctionOptions } from '../../function-options';
import type { OpenFunctionAppProps } from '../../function-props';
import type { ColdStart } from '../../http-trigger';
import type { Resiliency, RetryPolicy } from '../../resiliency';
import type { DeliveryModel, FunctionModel, ResiliencyModel } from '../function/function-model';
import type { ScalingExtrasModel } from '../function/scaling';
import { defined, definedJson, entriesOf, JsonObject } from '../kubernetes/json';
import { Path, Problems, show } from '../problem/problem';
import { proxyOf } from '../settings/proxy';

/** Dapr's own names for the two directions of growth. */
const BACKOFF = { constant: 'constant', exponential: 'exponential' } as const;

/** The same function, with what its options say. */
export function withOptions(model: FunctionModel, options: FunctionOptions): FunctionModel {
  const { proxy, pendingEvents, podSecurity } = options;
  if ((proxy ?? pendingEvents ?? podSecurity ?? undefined) === undefined) return model;
  const { serving } = model;
  const scaling = { ...serving.scaling, pendingEvents: pendingEvents && defined({ ...pendingEvents }) };
  return { ...model, proxy: proxy && proxyOf(proxy), podSecurity, serving: { ...serving, scaling } };
}

/** The same function, with what its props say beyond the API on the entries that it concerns. */
export function withProps(
  model: FunctionModel, props: OpenFunctionAppProps, scalingExtras?: ScalingExtrasModel,
): FunctionModel {
  const { serving, ...rest } = withOptions(model, props);
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
      objectAnnotations: props.objectAnnotations && structuredClone(defined({ ...props.objectAnnotations })),
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
