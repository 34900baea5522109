/** Typed props to what a manifest would say, so that every way in is read, checked and decided by the same code. */
import type { Duration } from 'cdk8s';
import { kindOf } from './component-kinds';
import { componentSpecOf } from './component-spec';
import { goDuration } from './extras-from-props';
import type { GrownProps } from './growth';
import { scaleOptionsOf } from './scaling-from-props';
import { templateOf } from './template';
import { DaprMode } from '../../choices';
import type { ComponentOptions } from '../../component-options';
import type { FunctionInput } from '../../function-input';
import type { OpenFunctionAppProps } from '../../function-props';
import type { IDaprComponent } from '../../i-dapr-component';
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

export function fromProps(name: string, props: GrownProps): FromProps {
  const problems = new Problems();
  const inputs = props.inputs ?? [];
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
        outputs: props.outputs?.map(({ _entry: { component, name: outputName, topic, operation, metadata } }) => ({
          dapr: defined({ ...reference(component), topic, outputName, operation, metadata }),
        })),
        bindings: nonEmpty(ownSpecs(props, 'bindings')),
        pubsub: nonEmpty(ownSpecs(props, 'pubsub')),
        states: states(props),
        workloadType: props.workload,
        scaleOptions: props.scaling && scaleOptionsOf(props.scaling, props, isHttp(props), problems),
        hooks: props.hooks && defined({ ...props.hooks }),
        tracing: props.tracing && tracingOf(props.tracing),
        template: templateOf(props, problems),
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
      route: http.route && defined({
        gatewayRef: http.route.gateway,
        hostnames: http.route.hostnames,
        rules: http.route.rules,
      }),
    }),
    dapr: nonEmpty(events.map(({ _entry: { component, topic, name } }) => (
      defined({ ...reference(component), topic, inputName: name })
    ))),
    inputs: nonEmpty(read.map(({ component }) => ({ dapr: reference(component) }))),
  });
}

function isState({ component }: FunctionInput): boolean {
  return kindOf(component) === 'state';
}

function reference({ componentName, componentType }: IDaprComponent): object {
  // The name of a component of the function's own is resolved by its maps, so a full type is never in the way.
  return { name: componentName, type: componentType };
}

function states(props: GrownProps): object | undefined {
  const existing = (props.states ?? []).map(({ componentName }) => [componentName, {}]);
  const own = Object.entries(ownSpecs(props, 'state')).map(([name, spec]) => [name, { spec }]);
  return nonEmpty(Object.fromEntries([...existing, ...own]) as object);
}

/** The function's own components of a kind, by name. */
function ownSpecs({ components = {} }: GrownProps, kind: string): Record<string, object> {
  const own = Object.entries(components).filter(([, options]) => kindOf(options) === kind);
  return Object.fromEntries(own.map(([name, options]) => [name, specJson(options)]));
}

/** As a manifest writes it: `auth` is a field of the component, which a Function's spec has no place for. */
function specJson(options: ComponentOptions): object {
  const { auth, ...spec } = componentSpecOf(options);
  return defined({ ...spec, auth });
}

/** The two annotations of OpenFunction are what the prop `dapr` means. */
function annotations({ dapr, annotations: given }: OpenFunctionAppProps, problems: Problems): object | undefined {
  if (dapr === undefined) return given;
  const off = dapr === DaprMode.OFF;
  const meant: Record<string, string> = { [ENABLE_DAPR]: String(!off), ...(!off && { [SERVICE_MODE]: dapr }) };
  for (const [key, value] of Object.entries(meant)) {
    const said = given?.[key];
    if (said === undefined || said === value) continue;
    problems.error(['dapr'], `${show(dapr)} contradicts the annotation ${key}, which is ${show(said)}`);
  }
  return { ...given, ...meant };
}

function seconds(duration: Duration): string {
  return goDuration(duration.toMilliseconds());
}
