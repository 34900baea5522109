import { asyncFunction, KAFKA, v1beta2 } from '../../support/functions';
import { problemsOf } from '../../support/problems';

const DNS_1035 = 'is not a valid DNS-1035 label: lower-case letters, digits and "-", beginning with a letter and not ending with "-"';
const DNS_1123 = 'is not a valid DNS-1123 name: lower-case letters, digits, "-" and ".", each part beginning and ending with a letter or digit';
const LABEL = 'is not a valid DNS-1123 label: lower-case letters, digits and "-", beginning and ending with a letter or digit';

const named = (name: string) => problemsOf(v1beta2({}, {}, { name }));

describe('the name of a function', () => {
  test.each([['a'], ['a-1'], ['a'.repeat(63)]])('may be %s', (name) => {
    expect(named(name)).toEqual([]);
  });

  test.each([['1a'], ['-a'], ['a-'], ['A'], ['a.b'], ['a_b'], ['ä']])('may not be %s', (name) => {
    expect(named(name)).toEqual([`metadata.name: "${name}" ${DNS_1035}`]);
  });

  test('has 63 characters at most', () => {
    expect(named('a'.repeat(64))).toEqual([`metadata.name: "${'a'.repeat(64)}" has 64 characters, 63 are allowed`]);
  });

  test('has 52 characters at most as a StatefulSet', () => {
    const scaled = (length: number, workloadType: string) => problemsOf(asyncFunction({ workloadType }, {}, { name: 'a'.repeat(length) }));
    expect(scaled(52, 'StatefulSet')).toEqual([]);
    expect(scaled(53, 'StatefulSet')).toEqual([`metadata.name: "${'a'.repeat(53)}" has 53 characters, 52 are allowed for a StatefulSet`]);
    expect(scaled(63, 'Deployment')).toEqual([]);
  });

  test('that is not a string is a single error', () => {
    expect(problemsOf(v1beta2({}, {}, { name: 3 }))).toEqual(['metadata.name: must be a string, got 3; quote it: "3"']);
  });
});

describe('other names', () => {
  test.each([
    ['a namespace', {}, {}, { namespace: 'a.b' }, [`metadata.namespace: "a.b" ${LABEL}`]],
    ['a pull secret', {}, { imageCredentials: { name: 'A' } }, {}, [`imageCredentials.name: "A" ${DNS_1123}`]],
    ['an empty pull secret', {}, { imageCredentials: { name: '' } }, {}, ['imageCredentials.name: must not be empty']],
    ['a pull secret without name', {}, { imageCredentials: {} }, {}, ['imageCredentials.name: is missing; give the name of a Secret with registry credentials']],
    ['a gateway', { triggers: { http: { route: { gatewayRef: { name: 'a/b', namespace: 'C' } } } } }, {}, {}, [
      `serving.triggers.http.route.gatewayRef.name: "a/b" ${DNS_1123}`,
      `serving.triggers.http.route.gatewayRef.namespace: "C" ${LABEL}`,
    ]],
    ['a component', { bindings: { 'a b': KAFKA }, pubsub: {}, states: { A: {} } }, {}, {}, [
      `serving.bindings["a b"]: "a b" ${DNS_1123}`,
      `serving.states.A: "A" ${DNS_1123}`,
    ]],
    ['references', { triggers: { inputs: [{ dapr: { name: 'A' } }] }, outputs: [{ dapr: { name: 'b_' } }, { dapr: { name: '' } }] }, {}, {}, [
      `serving.outputs[0].dapr.name: "b_" ${DNS_1123}`,
      'serving.outputs[1].dapr.name: must not be empty',
      `serving.triggers.inputs[0].dapr.name: "A" ${DNS_1123}`,
    ]],
    ['a reference of 254 characters', { outputs: [{ dapr: { name: 'a'.repeat(254) } }] }, {}, {}, [
      `serving.outputs[0].dapr.name: "${'a'.repeat(79)}… has 254 characters, 253 are allowed`,
    ]],
  ])('are checked: %s', (_, serving, spec, metadata, expected) => {
    expect(problemsOf(v1beta2(serving, spec, metadata))).toEqual(expected);
  });

  test('of components and parameters may be constructor, but not of an existing component', () => {
    expect(problemsOf(asyncFunction({ triggers: { dapr: [{ name: 'constructor' }] }, bindings: { constructor: KAFKA }, params: { constructor: 'x' } }))).toEqual([]);
    const refused = (path: string) => `${path}.name: "constructor" cannot be the name of an existing component: cdk8s cannot emit it as a key`;
    expect(problemsOf(asyncFunction({ triggers: { dapr: [{ name: 'constructor', type: 'bindings.kafka' }] } }))).toEqual([refused('serving.triggers.dapr[0]')]);
    expect(problemsOf(v1beta2({ states: { constructor: null }, outputs: [{ dapr: { name: 'constructor' } }] }))).toEqual([refused('serving.outputs[0].dapr')]);
  });

  test('may have dots and 253 characters where Kubernetes allows them', () => {
    const name = `${'a'.repeat(126)}.${'b'.repeat(126)}`;
    expect(problemsOf(v1beta2({ bindings: { 'a.b': KAFKA }, outputs: [{ dapr: { name, type: 'bindings.kafka', operation: 'create' } }] }, { imageCredentials: { name: 'a.b' } }))).toEqual([]);
  });

  test.each([['a.b'], ['*.a.b'], ['a']])('host name %s is accepted', (hostname) => {
    expect(problemsOf(v1beta2({ triggers: { http: { route: { hostnames: [hostname] } } } }))).toEqual([]);
  });

  test.each([['*'], ['a.*.b'], ['A.b'], ['a..b'], ['a:80'], ['http://a']])('host name %s is rejected', (hostname) => {
    expect(problemsOf(v1beta2({ triggers: { http: { route: { hostnames: ['x.y', hostname] } } } }))).toEqual([
      `serving.triggers.http.route.hostnames[1]: "${hostname}" is not a valid host name: lower-case letters, digits, "-" and ".", "*." only in front`,
    ]);
  });

  test('an IP address as the host name of a route is a warning, since only some gateways take it', () => {
    expect(problemsOf(v1beta2({ triggers: { http: { route: { hostnames: ['10.0.0.1', '1.2.3', '10.0.0.1.nip.io'] } } } }))).toEqual([
      'warning: serving.triggers.http.route.hostnames[0]: "10.0.0.1" is an IP address; the Gateway API takes names alone',
    ]);
  });

  test('an empty host name is reported once', () => {
    expect(problemsOf(v1beta2({ triggers: { http: { route: { hostnames: [''] } } } }))).toEqual(['serving.triggers.http.route.hostnames[0]: must not be empty']);
  });
});
