/** Typed props to what a manifest would say, so that every way in is read, checked and decided by the same code. */
import type { Duration } from 'cdk8s';
import { annotationsOf } from './annotations-from-props';
import { checkRetries } from './check-retries';
import { kindOf } from './component-kinds';
import { componentSpecOf } from './component-spec';
import { goDuration } from './extras-from-props';
import type { GrownProps } from './growth';
import { scalingOf } from './scaling-from-props';
import { templateOf } from './template';
import { reference, triggers } from './triggers';
import { AppProtocol } from '../../choices';
import type { ComponentOptions } from '../../component-options';
import { integer, object, oneOf, Reader, stringMap } from '../function/readers';
import type { ScalingExtrasModel } from '../function/scaling';
import { defined, Json, JsonObject, nonEmpty } from '../kubernetes/json';
import { Problem, Problems } from '../problem/problem';
import { tracingOf } from '../settings/tracing';

export interface FromProps {
  /** A `core.openfunction.io/v1beta2` Function. */
  readonly manifest: object;
  /** Without what cannot be read. */
  readonly props: GrownProps;
  readonly scalingExtras?: ScalingExtrasModel;
  readonly problems: Problem[];
}

const MAX_PORT = 65_535;
const objectAnnotations = object({ workload: stringMap, scaler: stringMap, route: stringMap, service: stringMap });

export function fromProps(name: string, given: GrownProps): FromProps {
  const problems = new Problems();
  const props = {
    ...given,
    port: read(given.port, 'port', integer(1, MAX_PORT), problems),
    objectAnnotations: read(given.objectAnnotations as JsonObject, 'objectAnnotations', objectAnnotations, problems),
    appProtocol: read(given.appProtocol, 'appProtocol', oneOf(Object.values(AppProtocol)), problems),
  };
  checkRetries(props, problems);
  const scaling = props.scaling && scalingOf(props.scaling, props, problems);
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
        triggers: triggers(props),
        outputs: props.outputs?.map(({ _entry: { component, name: outputName, topic, operation, metadata } }) => ({
          dapr: defined({ ...reference(component), topic, outputName, operation, metadata }),
        })),
        bindings: nonEmpty(ownSpecs(props, 'bindings')),
        pubsub: nonEmpty(ownSpecs(props, 'pubsub')),
        states: states(props),
        workloadType: props.workload,
        scaleOptions: scaling?.options,
        hooks: props.hooks && defined({ ...props.hooks }),
        tracing: props.tracing && tracingOf(props.tracing),
        template: templateOf(props, problems),
        params: props.env,
        labels: props.labels,
        annotations: annotationsOf(props, problems),
        timeout: props.timeout && seconds(props.timeout),
      }),
    }),
  };
  return { manifest, props, scalingExtras: scaling?.extras, problems: problems.all };
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

/** One that is not valid is reported in the words of the props, and left out. */
function read<T>(value: Json | undefined, prop: string, reader: Reader<T>, problems: Problems): T | undefined {
  return value === undefined || value === null ? undefined : reader(value, { path: [prop], problems });
}

function seconds(duration: Duration): string {
  return goDuration(duration.toMilliseconds());
}
