/** Typed platform settings to the model, checked. */
import type { GatewayModel, PlatformModel, ServiceRefModel } from './platform-model';
import { checkProxy, proxyOf } from './proxy';
import { tracingOf } from './tracing';
import type { PlatformGateway, PlatformSettingsProps, ServiceReference } from '../../platform-settings-props';
import type { HooksModel } from '../function/function-model';
import { defined } from '../kubernetes/json';
import { checkForm, dns1035Label, dns1123Label, dns1123Name, Form, qualifiedName } from '../kubernetes/syntax';
import { Path, Problem, Problems, show } from '../problem/problem';

const DEFAULT_GATEWAY = 'openfunction/openfunction';
const DEFAULT_SERVICE_PORT = 80;

export function platformOf(props: PlatformSettingsProps): { platform: PlatformModel; problems: Problem[] } {
  const problems = new Problems();
  const gateways = { ...props.gateways, ...(props.gateway && { [DEFAULT_GATEWAY]: props.gateway }) };
  checkGateways(props, problems);
  const proxy = props.proxy && proxyOf(props.proxy);
  if (proxy !== undefined) problems.add(...checkProxy(proxy, ['proxy']));
  const platform = defined({
    clusterDomain: props.clusterDomain,
    gateways: gatewaysOf(gateways),
    knativeIngress: props.knativeIngress && serviceOf(props.knativeIngress),
    kedaInterceptor: props.kedaInterceptor && serviceOf(props.kedaInterceptor),
    kedaHttpAddOnVersion: props.kedaHttpAddOnVersion,
    knativeFeatures: props.knativeFeatures && [...props.knativeFeatures],
    hooks: props.hooks && hooksOf(props),
    tracing: props.tracing && tracingOf(props.tracing),
    proxy,
    kedaNamespace: props.kedaNamespace,
    monitoringNamespace: props.monitoringNamespace,
    knownNames: props.knownNames && [...props.knownNames],
    emitReferenceGrants: props.referenceGrants,
    syncWaves: props.syncWaves,
  });
  // A copy: what the caller changes later does not count.
  return { platform: structuredClone(platform), problems: problems.all };
}

function hooksOf({ hooks }: PlatformSettingsProps): HooksModel {
  return { pre: [...hooks?.pre ?? []], post: [...hooks?.post ?? []], policy: 'Append' };
}

function gatewaysOf(gateways: { [key: string]: PlatformGateway }): PlatformModel['gateways'] {
  const entries = Object.entries(gateways).map(([key, value]) => [key, gatewayOf(value)]);
  return entries.length === 0 ? undefined : Object.fromEntries(entries);
}

function gatewayOf({ name, namespace, service, ...rest }: PlatformGateway): GatewayModel {
  return { name, namespace, ...defined({ ...rest, service: service && serviceOf(service) }) };
}

function serviceOf({ name, namespace, port }: ServiceReference): ServiceRefModel {
  return { name, namespace, port: port ?? DEFAULT_SERVICE_PORT };
}

function checkGateways(props: PlatformSettingsProps, problems: Problems): void {
  const check = (path: Path, value: string | undefined, form: Form) => checkForm(path, value, form, problems);
  const service = (path: Path, value: ServiceReference | undefined) => {
    check([...path, 'name'], value?.name, dns1035Label);
    check([...path, 'namespace'], value?.namespace, dns1123Label);
    const port = value?.port ?? DEFAULT_SERVICE_PORT;
    if (!(Number.isInteger(port) && port >= 1 && port <= 65535)) problems.error([...path, 'port'], `${show(port)} is outside 1..65535`);
  };
  check(['clusterDomain'], props.clusterDomain, dns1123Name);
  service(['knativeIngress'], props.knativeIngress);
  service(['kedaInterceptor'], props.kedaInterceptor);
  check(['kedaNamespace'], props.kedaNamespace, dns1123Label);
  check(['monitoringNamespace'], props.monitoringNamespace, dns1123Label);
  const gateways: [Path, PlatformGateway | undefined][] = [
    [['gateway'], props.gateway], ...Object.entries(props.gateways ?? {}).map(([key, value]): [Path, PlatformGateway] => [['gateways', key], value]),
  ];
  for (const [path, gateway] of gateways) {
    check([...path, 'name'], gateway?.name, dns1123Name);
    check([...path, 'namespace'], gateway?.namespace, dns1123Label);
    check([...path, 'domain'], gateway?.domain, dns1123Name);
    check([...path, 'clusterDomain'], gateway?.clusterDomain, dns1123Name);
    check([...path, 'labelKey'], gateway?.labelKey, qualifiedName);
    service([...path, 'service'], gateway?.service);
  }
  for (const key of Object.keys(props.gateways ?? {})) {
    if (!/^[^/]+\/[^/]+$/.test(key)) problems.error(['gateways', key], `${show(key)} is not of the form "<namespace>/<name>"`);
  }
}
