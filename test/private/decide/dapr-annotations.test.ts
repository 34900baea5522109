// Annotations that Dapr reads, on the pods that have its sidecar.
import { Size } from 'cdk8s';
import type { DaprProxyProps } from '../../../src';
import { asyncFunction, v1beta2 } from '../../support/functions';
import { problemsOf } from '../../support/problems';
import { synthManifest, type KubeObject } from '../../support/synth';

const CERTS = { volumes: [{ name: 'certs', secret: { secretName: 'kafka-tls' } }] };
const SIDECAR = { 'openfunction.io/dapr-service-mode': 'sidecar' };
const said = (annotations: object, serving: object = {}) => problemsOf(asyncFunction({ annotations, ...serving }))
  .map((line) => line.replace('serving.annotations', ''));
const podsOf = (manifest: object) => new Map(synthManifest(manifest).objects
  .filter(({ kind }) => kind === 'Deployment' || kind === 'Service')
  .filter(({ spec }) => spec?.template !== undefined)
  .map(({ kind, metadata, spec }: KubeObject) => [kind === 'Deployment' && metadata.name !== 'fn' ? 'proxy' : 'function', spec!.template.spec]));

describe('an annotation of Dapr', () => {
  test('with a name that Dapr does not read is a warning, with the nearest that it does', () => {
    expect(said({ 'dapr.io/volume-mount': 'a:/b', 'dapr.io/log-level': 'debug', 'dapr.io/enable-native-sidecar': 'true' })).toEqual([
      'warning: ["dapr.io/volume-mount"]: is not an annotation that Dapr reads; did you mean "dapr.io/volume-mounts"?',
    ]);
  });

  test('with a value that Dapr cannot parse is an error, or a warning where Dapr does without', () => {
    expect(said({ 'dapr.io/app-health-threshold': 'three', 'dapr.io/max-body-size': '8MB', 'dapr.io/sidecar-image': 'https://a/daprd' })).toEqual([
      'warning: ["dapr.io/app-health-threshold"]: "three" is not an integer, so Dapr ignores it',
      '["dapr.io/max-body-size"]: "8MB" is not a quantity such as 1, "100m" or "64Mi"',
      '["dapr.io/sidecar-image"]: "https://a/daprd" is not a valid image reference: it has a scheme; give "a/daprd"',
    ]);
  });

  test('that is a switch and says neither true nor false is a warning, and a level of the log that daprd does not know an error', () => {
    expect(said({ 'dapr.io/enable-api-logging': 'Yes', 'dapr.io/enable-profiling': 'perhaps', 'dapr.io/log-level': 'verbose' })).toEqual([
      'warning: ["dapr.io/enable-profiling"]: "perhaps" is not true or false, so Dapr takes it for false',
      '["dapr.io/log-level"]: "verbose" is not one of "debug", "info", "warn", "error", "fatal"',
    ]);
  });

  test.each<[string, string, string[]]>([
    ['env', 'A=1, B_2=x=y,C=', []],
    ['env', 'LIST=a,b,c;d, OTHER=1', []],
    ['env', '', []],
    ['env', '${SIDECAR_ENV}', []],
    ['env-from-secret', 'A=shop:password, B=password', []],
    ['env', 'HTTP_PROXY', ['warning: ["dapr.io/env"]: "HTTP_PROXY" is not NAME=VALUE, so Dapr ignores it; commas go between variables']],
    ['env', 'A:1, B=2', ['warning: ["dapr.io/env"]: "A:1" is not NAME=VALUE, so Dapr ignores it; commas go between variables']],
    ['env', '{"A":"1"}', ['warning: ["dapr.io/env"]: "{\\"A\\":\\"1\\"}" is not NAME=VALUE, so Dapr ignores it; commas go between variables']],
    ['env', 'Ä=x', ['["dapr.io/env"]: "Ä" is not a valid name for an environment variable: printable ASCII without "="']],
    ['env-from-secret', 'A=shop:password:x, B=y', ['warning: ["dapr.io/env-from-secret"]: "A=shop:password:x" is not NAME=SECRET:KEY, so Dapr ignores it; commas go between variables']],
  ])('that lists variables of the sidecar says what Dapr leaves out or Kubernetes refuses: %s %j', (name, value, lines) => {
    expect(said({ [`dapr.io/${name}`]: value })).toEqual(lines);
    expect(said({ [`dapr.io/${name}`]: value, 'openfunction.io/enable-dapr': 'false' })).toEqual([]);
  });

  test.each<[string, string, string]>([
    ['dapr.io/unix-domain-socket-path', '/tmp', 'does not go with the dapr-proxy, whose sidecar is reached over the network; leave it out, or give the function a sidecar of its own'],
    ['dapr.io/app-channel-address', 'other', '"other" leads past the dapr-proxy, which Dapr reaches over loopback; leave it out'],
    ['dapr.io/sidecar-listen-addresses', '127.0.0.1', '"127.0.0.1" cannot be reached by the function\'s pods, which share this sidecar; leave it out'],
    ['dapr.io/pluggable-components', 'my-store', 'names containers of the pod, and the dapr-proxy\'s pod has none of them; give "dapr.io/inject-pluggable-components": "true", and the container at the Component'],
  ])('that cannot work on the proxy\'s pod, %s, is an error in front of a proxy alone', (key, value, message) => {
    expect(said({ [key]: value })).toEqual([`["${key}"]: ${message}`]);
    expect(said({ [key]: value, ...SIDECAR })).toEqual([]);
    expect(said({ [key]: value, 'openfunction.io/enable-dapr': 'false' })).toEqual([]);
  });

  test.each([['dapr.io/app-channel-address', '127.0.0.1'], ['dapr.io/sidecar-listen-addresses', '127.0.0.1, 0.0.0.0']])('%s: %s works there', (key, value) => {
    expect(said({ [key]: value })).toEqual([]);
  });
});

describe('volumes of the sidecar', () => {
  test('are on the proxy\'s pod, where the sidecar is, and on the function\'s', () => {
    const pods = podsOf(asyncFunction({ annotations: { 'dapr.io/volume-mounts': 'certs:/certs' }, template: CERTS }));
    expect(pods.get('proxy')?.volumes).toContainEqual(CERTS.volumes[0]);
    expect(pods.get('function')?.volumes).toEqual(CERTS.volumes);
  });

  test('are on the proxy\'s pod alone where Knative would refuse one that no container mounts', () => {
    const http = { triggers: { http: {} }, states: { store: { spec: { type: 'state.in-memory', version: 'v1' } } } };
    const pods = podsOf(v1beta2({ ...http, annotations: { 'dapr.io/volume-mounts-rw': 'certs:/certs' }, template: CERTS }));
    expect(pods.get('proxy')?.volumes).toContainEqual(CERTS.volumes[0]);
    expect(pods.get('function')?.volumes).toBeUndefined();
  });

  test('that are nowhere, or no volumes, or of the proxy\'s own names, are an error', () => {
    const volumes = (list: string, mode: object = {}) => said({ 'dapr.io/volume-mounts': list, ...mode }, { template: { volumes: [...CERTS.volumes, { name: 'bundle', emptyDir: {} }] } });
    const at = '["dapr.io/volume-mounts"]';
    expect(volumes('certs:/certs')).toEqual([]);
    expect(volumes('cert:/certs')).toEqual([`${at}: "cert" is the name of no volume of the template; did you mean "certs"?`]);
    expect(volumes('cert:/certs', SIDECAR)).toEqual([`${at}: "cert" is the name of no volume of the template; did you mean "certs"?`]);
    expect(volumes('certs')).toEqual([`${at}: "certs" is not a volume and a path, such as "certs:/certs"`]);
    expect(volumes('bundle:/b')).toEqual([`${at}: "bundle" is a volume of the dapr-proxy's own; give yours another name`]);
    expect(said({ 'dapr.io/volume-mounts': 'certs:/certs' })).toEqual([`${at}: "certs" is the name of no volume of the template; give it under serving.template.volumes`]);
  });
});

describe('the largest message of the sidecar', () => {
  const largest = (annotations: object, proxy: DaprProxyProps = {}) => {
    const { objects } = synthManifest(asyncFunction({ annotations }), { settings: { proxy } });
    const { spec } = objects.find(({ kind, metadata }) => kind === 'Deployment' && metadata.name !== 'fn')!;
    return [...spec!.template.spec.containers[0].env].find((entry) => String(entry.name) === 'DAPR_PROXY_MAX_MESSAGE')?.value;
  };

  test.each<[object, string | undefined]>([
    [{}, undefined],
    [{ 'dapr.io/max-body-size': '16Mi' }, undefined],
    [{ 'dapr.io/max-body-size': '32Mi' }, String(32 * 2 ** 20)],
    [{ 'dapr.io/http-max-request-size': '64' }, String(64 * 2 ** 20)],
    [{ 'dapr.io/http-max-request-size': '64', 'dapr.io/max-body-size': '20M' }, '20000000'],
  ])('with %j is that of the proxy too', (annotations, expected) => {
    expect(largest(annotations)).toBe(expected);
  });

  test('above the one that the settings give is a warning', () => {
    const settings = { proxy: { maxMessageSize: Size.mebibytes(8) } };
    const { fn } = synthManifest(asyncFunction({ annotations: { 'dapr.io/max-body-size': '9Mi' } }), { settings });
    expect(fn.report.warnings).toContain('warning: serving.annotations["dapr.io/max-body-size"]: lets larger messages through than proxy.maxMessageSize, 8388608; raise that too');
  });

  test('above what a proxy can take is an error', () => {
    expect(() => largest({ 'dapr.io/max-body-size': '2Gi' })).toThrow('serving.annotations["dapr.io/max-body-size"]: "2Gi" is more than the dapr-proxy takes, 1Gi');
  });
});
