/** What is given beside the props of a function: components of three kinds, credentials, probes, and their names. */
import type { ComponentOptions } from '../../component-options';
import type { DaprComponentProps, ExistingDaprComponent } from '../../dapr-component-props';
import type { GrpcProbeOptions, HttpGetProbeOptions, PortProbeOptions, ProbeOptions } from '../../probe-options';
import type { TriggerAuthenticationProps } from '../../trigger-authentication-props';
import { checkForm, dns1123Label, dns1123Name } from '../kubernetes/syntax';
import { failOn, Problem, Problems, show } from '../problem/problem';
import { checkProps, NamesOf } from '../settings/known-props';

export const OWN_COMPONENT = {
  componentType: 'text',
  version: 'text',
  metadata: ['*', 0],
  secrets: ['*', 'secretKey'],
  secretStore: 'text',
  ignoreErrors: 'flag',
  initTimeout: 'duration',
} satisfies NamesOf<ComponentOptions>;

export const SHARED_COMPONENT = {
  ...OWN_COMPONENT, name: 'text', namespace: 'text', scopes: ['text'],
} satisfies NamesOf<DaprComponentProps>;

const EXISTING_COMPONENT = {
  componentName: 0, componentType: 0, namespace: 'text',
} satisfies NamesOf<ExistingDaprComponent>;

export const AUTHENTICATION = {
  secrets: ['*', 'secretKey'], name: 'text', namespace: 'text',
} satisfies NamesOf<TriggerAuthenticationProps>;

const TIMING = {
  initialDelaySeconds: 'duration',
  periodSeconds: 'duration',
  timeoutSeconds: 'duration',
  failureThreshold: 0,
  successThreshold: 0,
} satisfies NamesOf<ProbeOptions>;
const TO_PORT = { ...TIMING, port: 'number' } satisfies NamesOf<PortProbeOptions>;

export const PROBES = {
  exec: TIMING,
  tcpSocket: TO_PORT,
  httpGet: { ...TO_PORT, scheme: 0, headers: 0 } satisfies NamesOf<HttpGetProbeOptions>,
  grpc: { ...TO_PORT, service: 0 } satisfies NamesOf<GrpcProbeOptions>,
} as const;

interface ComponentNames {
  readonly namespace?: string;
  readonly componentType: string;
}

/** The names of one that something else defines. */
export function checkExistingComponent(props: ExistingDaprComponent): Problem[] {
  const problems = new Problems();
  problems.add(...checkProps(props, EXISTING_COMPONENT).unknown);
  if (typeof props.componentName !== 'string') {
    problems.error(['componentName'], 'is missing; give the name of the component');
  }
  checkNames(props.componentName, props, problems, 'componentName');
  return problems.all;
}

export function isComponentType(type: unknown): boolean {
  return typeof type === 'string' && /^(bindings|pubsub|state)\.[a-z0-9]/.test(type);
}

export function checkNames(
  name: string, { namespace, componentType }: ComponentNames, problems: Problems, nameField = 'name',
): void {
  checkForm([nameField], name, dns1123Name, problems);
  checkForm(['namespace'], namespace, dns1123Label, problems);
  if (typeof componentType !== 'string') {
    problems.error(['componentType'], 'is missing; give the full type, such as "bindings.kafka"');
  } else if (!isComponentType(componentType)) {
    problems.error(['componentType'], `${show(componentType)} does not begin with "bindings.", "pubsub." or "state."`);
  }
}

export type ComponentKind = 'bindings' | 'pubsub' | 'state';

/** What to write instead, by the kind that the component has. */
const FITTING: Readonly<Record<string, Readonly<Record<ComponentKind, string>>>> = {
  FunctionInput: {
    pubsub: 'FunctionInput.fromTopic',
    bindings: 'FunctionInput.fromBinding',
    state: 'FunctionInput.fromState',
  },
  FunctionOutput: { pubsub: 'FunctionOutput.toTopic', bindings: 'FunctionOutput.toBinding', state: '"states"' },
};

export function kindOf({ componentType }: { readonly componentType: string }): ComponentKind | undefined {
  const [kind] = componentType.split('.');
  return kind === 'bindings' || kind === 'pubsub' || kind === 'state' ? kind : undefined;
}

/** `factory` is the static that was called; a component of another kind is an error that names the static that fits. */
export function checkKind(
  factory: string, component: { readonly componentName: string; readonly componentType: string }, wanted: ComponentKind,
): void {
  failOn(factory, checkProps({ component }, { component: 'component!' }).misshapen);
  const given = kindOf(component);
  if (given === wanted) return;
  const { componentName, componentType } = component;
  const instead = given === undefined ? '' : `; use ${FITTING[factory.split('.')[0]][given]}`;
  const message = `${show(componentName)} has the type ${show(componentType)}, not "${wanted}.…"${instead}`;
  failOn(factory, [{ severity: 'error', path: ['component'], message }]);
}

/** A state has no factory that could check it. */
export function checkStates(
  states: readonly { readonly componentName: string; readonly componentType: string }[] = [], problems: Problems,
): void {
  states.forEach((state, index) => {
    const { componentName, componentType } = state;
    if (kindOf(state) === 'state') return;
    problems.error(['states', index], `${show(componentName)} has the type ${show(componentType)}, not "state.…"`);
  });
}
