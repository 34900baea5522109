// What Kubernetes takes in a container, and what is hardly meant.
import { AppProtocol, DaprMode, FunctionInput, FunctionProbe, OpenFunctionAppProps } from '../../../src';
import { existing } from '../../support/existing-component';
import { v1beta2 } from '../../support/functions';
import { synthManifest, synthProps } from '../../support/synth';

/** Warnings of a function with this container, as a manifest has it. */
function warnings(container: object): string[] {
  const { fn } = synthManifest(v1beta2({ triggers: { http: {} }, template: { containers: [{ name: 'function', ...container }] } }));
  return fn.report.warnings.map((line) => line.replace('warning: ', ''));
}

function ofProps(props: Partial<OpenFunctionAppProps>): string[] {
  return synthProps({ image: 'acme/fn:1', ...props }).fn.report.warnings.map((line) => line.replace('warning: ', ''));
}

const CONTAINER = 'serving.template.containers[0]';

describe('commands of one word with spaces', () => {
  const why = 'is one word with spaces in it, and no shell splits it; give each argument as an element of its own';

  test('are a warning, for probes too', () => {
    expect(warnings({ command: ['node server.js'] })).toEqual([`${CONTAINER}.command[0]: ${why}`]);
    expect(warnings({ livenessProbe: { exec: { command: ['cat /tmp/healthy'] } } })).toEqual([`${CONTAINER}.livenessProbe.exec.command[0]: ${why}`]);
    expect(ofProps({ command: ['node server.js'], startup: FunctionProbe.fromCommand(['cat /tmp/started']) }))
      .toEqual([`command[0]: ${why}`, `startup.exec.command[0]: ${why}`]);
  });

  test.each([
    [{ command: ['node', 'server.js'] }],
    [{ command: ['/opt/my app/run'], args: ['--port', '8080'] }],
    [{ command: ['node'] }],
    [{ command: ['sh', '-c', 'node server.js'] }],
  ])('are not those that are split: %j', (container) => {
    expect(warnings(container)).toEqual([]);
  });
});

describe('unlikely amounts', () => {
  test.each([
    ['128', '128Mi'], ['128m', '128Mi'], ['128Ki', '128Mi'], [64, '64Mi'],
  ])('of memory below 1 MiB are a warning: %j', (memory, meant) => {
    const why = `${JSON.stringify(memory)} is less than 1 MiB, with which no program starts; did you mean "${meant}"?`;
    expect(warnings({ resources: { requests: { memory } } })).toEqual([`${CONTAINER}.resources.requests.memory: ${why}`]);
  });

  test('of 100 CPUs and more are a warning', () => {
    expect(warnings({ resources: { limits: { cpu: '500' } } })).toEqual([`${CONTAINER}.resources.limits.cpu: "500" is 500 whole CPUs; did you mean "500m"?`]);
  });

  test.each([[{ memory: '1Mi' }], [{ memory: '0' }], [{ cpu: '99' }], [{ cpu: '500m', memory: '128M' }]])('are not %j', (limits) => {
    expect(warnings({ resources: { limits } })).toEqual([]);
  });
});

describe('probes in another protocol than that of the port', () => {
  const inputs = [FunctionInput.fromTopic(existing('bus', 'pubsub.kafka'), 'placed')];
  const http = FunctionProbe.fromHttpGet('/healthz');
  const overHttp = 'asks over HTTP/1.1 on port 8080, where the function speaks gRPC; give another port, a gRPC probe, or the protocol that it speaks';
  const overGrpc = 'asks over gRPC on port 8080, where the function speaks HTTP/1.1; give another port, an HTTP probe, or the protocol that it speaks';

  test('are a warning where the function speaks gRPC, as asynchronous ones do by default', () => {
    expect(ofProps({ inputs, liveness: http })).toEqual([`liveness.httpGet: ${overHttp}`]);
    expect(ofProps({ appProtocol: AppProtocol.GRPC, readiness: http })).toEqual([`readiness.httpGet: ${overHttp}`]);
  });

  test('are a warning where it speaks HTTP/1.1', () => {
    expect(ofProps({ appProtocol: AppProtocol.HTTP, startup: FunctionProbe.fromGrpc() })).toEqual([`startup.grpc: ${overGrpc}`]);
  });

  test.each<[Partial<OpenFunctionAppProps>]>([
    [{ inputs, liveness: FunctionProbe.fromHttpGet('/healthz', { port: 9000 }) }],
    [{ inputs, liveness: FunctionProbe.fromGrpc() }],
    [{ inputs, liveness: http, appProtocol: AppProtocol.HTTP }],
    [{ inputs, liveness: FunctionProbe.fromTcpSocket() }],
    [{ liveness: http }],
    [{ liveness: http, dapr: DaprMode.SIDECAR }],
    [{ liveness: FunctionProbe.fromGrpc(), appProtocol: AppProtocol.H2C }],
  ])('are not those that fit: %#', (props) => {
    expect(ofProps(props)).toEqual([]);
  });
});
