/** Typed props to what a manifest would say, so that every way in is read, checked and decided by the same code. */
import type { Duration } from 'cdk8s';
import { goDuration, isState } from './extras-from-props';
import { scaleOptionsOf } from './scaling-from-props';
import type { ComponentOptions, SecretKey } from '../../component-options';
import type { FunctionInput } from '../../function-io';
import type { OpenFunctionAppProps } from '../../function-props';
import type { ComponentSpecModel } from '../function/function-model';
import { defined, nonEmpty } from '../kubernetes/json';
import { Problem, Problems, show } from '../problem/problem';
import { tracingOf } from '../settings/tracing';

export interface FromProps {
  /** A `core.openfunction.io/v1beta2` Function. */
  readonly manifest: object;
  readonly problems: Problem[];
}

const ENABLE_DAPR = 'openfunction.io/enable-dapr';
const SERVICE_MODE = 'openfunction.io/dapr-service-mode';
const OFF = 'off';

export function fromProps(name: string, props: OpenFunctionAppProps): FromProps {
  const problems = new Problems();
  const inputs = props.inputs ?? [];
  warnOfStateInputs(inputs, problems);
  const manifest = {
    apiVersion: 'core.openfunction.io/v1beta2',
    kind: 'Function',
    metadata: defined({ name, namespace: props.namespace }),
    spec: defined({
      image: props.image,
      version: props.version,
      imageCredentials: props.imagePullSecret && { name: props.imagePullSecret.name },
      workloadRuntime: props.wasmEdge === true ? 'WasmEdge' : undefined,
      serving: defined({
        triggers: triggers(props, inputs),
        outputs: props.outputs?.map((output) => ({
          dapr: defined({
            ...reference(output.component),
            topic: output.topic,
            outputName: output.name,
            operation: output.operation,
            metadata: output.metadata,
          }),
        })),
        bindings: specs(props.components?.bindings),
        pubsub: specs(props.components?.pubsub),
        states: states(props),
        workloadType: props.workload,
        scaleOptions: props.scaling && scaleOptionsOf(props.scaling, props, isHttp(props), problems),
        hooks: props.hooks && defined({ ...props.hooks }),
        tracing: props.tracing && tracingOf(props.tracing),
        template: template(props, problems),
        params: props.env,
        labels: props.labels,
        annotations: annotations(props, problems),
        timeout: props.timeout && seconds(props.timeout),
      }),
    }),
  };
  return { manifest, problems: problems.all };
}

/** As the manifest is read: a function without events is one. */
function isHttp({ http, inputs = [] }: OpenFunctionAppProps): boolean {
  return http !== undefined || inputs.every(isState);
}

function triggers({ http }: OpenFunctionAppProps, inputs: readonly FunctionInput[]): object {
  const events = inputs.filter((input) => !isState(input));
  const read = inputs.filter(isState);
  return defined({
    http: http && defined({
      port: http.port,
      engine: http.engine,
      route: http.route && defined({ gatewayRef: http.route.gateway, hostnames: http.route.hostnames, rules: http.route.rules }),
    }),
    dapr: nonEmpty(events.map((input) => defined({ ...reference(input.component), topic: input.topic, inputName: input.name }))),
    inputs: nonEmpty(read.map((input) => ({ dapr: defined({ ...reference(input.component), topic: input.topic }) }))),
  });
}

const EVENT_FIELDS = ['name', 'deadLetterTopic', 'bulk', 'rules', 'defaultPath', 'route', 'metadata', 'resiliency'] as const;

function warnOfStateInputs(inputs: readonly FunctionInput[], problems: Problems): void {
  inputs.forEach((input, index) => {
    for (const field of isState(input) ? EVENT_FIELDS : []) {
      if (input[field] !== undefined) problems.warn(['inputs', index, field], 'has no effect on a state, which the function reads and which sends no events');
    }
  });
}

function reference({ componentName, componentType }: FunctionInput['component']): object {
  // The name of a component of the function's own is resolved by its maps, so a full type is never in the way.
  return { name: componentName, type: componentType };
}

function states({ components, states: shared }: OpenFunctionAppProps): object | undefined {
  const own = Object.entries(components?.states ?? {}).map(([name, options]) => [name, { spec: specJson(options) }]);
  const existing = (shared ?? []).map(({ componentName }) => [componentName, {}]);
  return own.length + existing.length === 0 ? undefined : Object.fromEntries([...existing, ...own]);
}

function specs(map: { readonly [name: string]: ComponentOptions } | undefined): object | undefined {
  return map && Object.fromEntries(Object.entries(map).map(([name, options]) => [name, specJson(options)]));
}

/** As a manifest writes it: `auth` is a field of the component, which a Function's spec has no place for. */
function specJson(options: ComponentOptions): object {
  const { auth, ...spec } = componentSpecOf(options);
  return defined({ ...spec, auth });
}

export function componentSpecOf(options: ComponentOptions): ComponentSpecModel {
  const { componentType, version = 'v1', metadata = {}, secrets = {}, secretStore, ignoreErrors, initTimeout } = options;
  const plain = Object.entries(metadata).map(([name, value]) => ({ name, value }));
  const secret = Object.entries(secrets).map(([name, from]: [string, SecretKey]) => (
    { name, secretKeyRef: { name: from.secret.name, key: from.key } }
  ));
  return defined({
    type: componentType,
    version,
    ignoreErrors: ignoreErrors === true ? true : undefined,
    initTimeout: initTimeout && seconds(initTimeout),
    metadata: [...plain, ...secret],
    auth: secretStore === undefined ? undefined : { secretStore },
  }) as unknown as ComponentSpecModel;
}

function template({ pod, serviceAccount }: OpenFunctionAppProps, problems: Problems): object | undefined {
  if (serviceAccount === undefined) return pod;
  const given = pod?.serviceAccountName;
  if (given !== undefined && given !== serviceAccount.name) {
    problems.error(['serving', 'template', 'serviceAccountName'], `${show(given)} contradicts the prop serviceAccount, which is ${show(serviceAccount.name)}`);
  }
  return { ...pod, serviceAccountName: serviceAccount.name };
}

/** The two annotations of OpenFunction are what the typed sugar means. */
function annotations({ dapr, annotations: given }: OpenFunctionAppProps, problems: Problems): object | undefined {
  if (dapr === undefined) return given;
  const off = dapr.mode === OFF;
  if (off && dapr.enabled === true) problems.error(['dapr', 'mode'], '"off" contradicts dapr.enabled, which is true');
  const sugar: Record<string, string | undefined> = {
    [ENABLE_DAPR]: off ? 'false' : dapr.enabled?.toString(),
    [SERVICE_MODE]: off ? undefined : dapr.mode,
  };
  const result: Record<string, string> = { ...given };
  for (const [key, value] of Object.entries(sugar)) {
    if (value === undefined) continue;
    if (result[key] !== undefined && result[key] !== value) {
      problems.error(['dapr', key === ENABLE_DAPR ? 'enabled' : 'mode'], `${show(value)} contradicts the annotation ${key}, which is ${show(result[key])}`);
    }
    result[key] = value;
  }
  return result;
}

function seconds(duration: Duration): string {
  return goDuration(duration.toMilliseconds());
}
