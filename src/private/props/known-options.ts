/** The names of what is given beside the props of a function: components, credentials, probes, images. */
import type { ComponentOptions } from '../../component-options';
import type { DaprComponentProps, ExistingDaprComponent } from '../../dapr-component-props';
import type { GrpcProbeOptions, HttpGetProbeOptions, PortProbeOptions, ProbeOptions } from '../../probe-options';
import type { TriggerAuthenticationProps } from '../../trigger-authentication-props';
import type { NamesOf } from '../settings/known-props';

export const OWN_COMPONENT = {
  componentType: 'text',
  version: 'text',
  metadata: 0,
  secrets: ['*', 'secretKey'],
  secretStore: 'text',
  ignoreErrors: 'flag',
  initTimeout: 'duration',
} satisfies NamesOf<ComponentOptions>;

export const SHARED_COMPONENT = {
  ...OWN_COMPONENT, name: 'text', namespace: 'text', scopes: ['text'],
} satisfies NamesOf<DaprComponentProps>;

export const EXISTING_COMPONENT = {
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
