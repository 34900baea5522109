// Environment from Secrets, ConfigMaps and fields, as cdk8s-plus says it.
import { ApiObject } from 'cdk8s';
import * as kplus from 'cdk8s-plus-28';
import { DaprComponent, OpenFunctionApp, OpenFunctionAppProps } from '../../src';
import { v1beta2 } from '../support/functions';
import { container, newChart, podTemplate, problemsOf, quietly, synthChart, synthProps, Tree } from '../support/synth';

const { EnvValue } = kplus;
const { chart: elsewhere } = newChart();
const secret = kplus.Secret.fromSecretName(elsewhere, 'login', 'login');
const configMap = kplus.ConfigMap.fromConfigMapName(elsewhere, 'settings', 'settings');
const TOKEN = EnvValue.fromSecretValue({ secret, key: 'token' });
const EMITTED_TOKEN = { name: 'TOKEN', valueFrom: { secretKeyRef: { name: 'login', key: 'token' } } };

function environmentOf(props: Partial<OpenFunctionAppProps>, settings = {}): Tree {
  return container(podTemplate(synthProps({ image: 'i', ...props }, { settings }).objects, 'fn')).env;
}

/** Variables of the user; those of the library begin with APP_PROTOCOL. */
function own(variables: Tree): unknown[] {
  const all = [...variables];
  return all.slice(0, all.findIndex(({ name }) => String(name) === 'APP_PROTOCOL'));
}

describe('the prop envVariables', () => {
  test('takes every kind of value, and comes after the variables of the pod', () => {
    const pod = { containers: [{ name: 'function', env: [{ name: 'FIRST', value: '1' }] }] };
    const envVariables = {
      TOKEN,
      CURRENCY: EnvValue.fromConfigMap(configMap, 'currency', { optional: true }),
      ADDRESS: EnvValue.fromFieldRef(kplus.EnvFieldPaths.POD_IP),
      MEMORY: EnvValue.fromResource(kplus.ResourceFieldPaths.MEMORY_LIMIT, { divisor: '1Mi' }),
      PLAIN: EnvValue.fromValue('x'),
      MISSING: EnvValue.fromProcess('NOT_A_VARIABLE_OF_THIS_PROCESS'),
    };
    expect(own(environmentOf({ pod, envVariables }, { knativeFeatures: ['kubernetes.podspec-fieldref'] }))).toEqual([
      { name: 'FIRST', value: '1' },
      { name: 'ADDRESS', valueFrom: { fieldRef: { fieldPath: 'status.podIP' } } },
      { name: 'CURRENCY', valueFrom: { configMapKeyRef: { name: 'settings', key: 'currency', optional: true } } },
      { name: 'MEMORY', valueFrom: { resourceFieldRef: { resource: 'limits.memory', divisor: '1Mi' } } },
      { name: 'MISSING' },
      { name: 'PLAIN', value: 'x' },
      EMITTED_TOKEN,
    ]);
  });

  test('and env come by name, but after the variables that their values name, which Kubernetes replaces above only', () => {
    const addresses = { A_URL: 'http://$(B_HOST):$(C_PORT)/', B_HOST: 'shop.$(D_ZONE)', C_PORT: '80', D_ZONE: 'a', E: '$$(F)', F: '$(F)' };
    const inOrder = ['D_ZONE', 'B_HOST', 'C_PORT', 'A_URL', 'E', 'F'];
    const namesOf = (props: Partial<OpenFunctionAppProps>) => own(environmentOf(props)).map((variable) => (variable as Tree).name);
    expect(namesOf({ envVariables: Object.fromEntries(Object.entries(addresses).map(([name, value]) => [name, EnvValue.fromValue(value)])) })).toEqual(inOrder);
    const ofParams = environmentOf({ env: addresses }).map((variable: Tree) => variable.name);
    expect(ofParams.slice(-inOrder.length)).toEqual(inOrder);
  });

  test('needs the feature flag of Knative for a field of the pod', () => {
    const { fn } = synthProps({ image: 'i', envVariables: { NODE: EnvValue.fromFieldRef(kplus.EnvFieldPaths.NODE_NAME) } });
    expect(fn.report.knativeFeatures).toEqual(['kubernetes.podspec-fieldref']);
  });

  test('rejects in the words of the props: unknown fields, names and values that are none, reserved names, and two values of one name', () => {
    const envVariables = {
      'A': { valueFrom: { secretKeyReff: { name: 's', key: 'k' } } },
      'B': { valueFrom: { secretKeyRef: { name: 's', key: 1 } } },
      'C': 'text' as never,
      'D': { value: new Map() },
      '1=E': EnvValue.fromValue('x'),
      'FUNC_CONTEXT': EnvValue.fromValue('x'),
      'G': EnvValue.fromValue('x'),
    };
    const pod = { containers: [{ name: 'logs', image: 'l' }, { name: 'function', env: [{ name: 'G', value: 'y' }] }] };
    expect(problemsOf(() => synthProps({ image: 'i', envVariables, pod }))).toEqual([
      'envVariables["1=E"]: "1=E" is not a valid name for an environment variable: printable ASCII without "="',
      'envVariables.A.valueFrom: has none of "configMapKeyRef", "fieldRef", "fileKeyRef", "resourceFieldRef", "secretKeyRef"; give one of them',
      'envVariables.A.valueFrom.secretKeyReff: unknown field; did you mean "secretKeyRef"?',
      'envVariables.B.valueFrom.secretKeyRef.key: must be a string, got 1; quote it: "1"',
      'envVariables.C: must be an EnvValue, such as EnvValue.fromSecretValue gives it, got "text"; text goes into env',
      'envVariables.D.value: must be plain data, got a Map',
      'envVariables.FUNC_CONTEXT: "FUNC_CONTEXT" is set by the library; choose another name',
      'envVariables.G: "G" has another value already; give each name once',
    ]);
  });
});

describe('addEnvVariable', () => {
  test('adds to props what the prop would have said, and replaces it', () => {
    const { chart } = newChart();
    const fn = new OpenFunctionApp(chart, 'fn', { image: 'i', envVariables: { TOKEN: EnvValue.fromValue('none') } });
    fn.addEnvVariable('TOKEN', TOKEN);
    const added = quietly(() => synthChart(chart));
    expect(added).toEqual(synthProps({ image: 'i', envVariables: { TOKEN } }).objects);
  });

  test('adds to a manifest after what its template says, and leaves the function unchanged where it fails', () => {
    const { chart } = newChart();
    const template = { containers: [{ name: 'function', env: [{ name: 'FIRST', value: '1' }] }] };
    const fn = OpenFunctionApp.fromManifest(chart, 'fn', v1beta2({ template, params: { LAST: '2' } }));
    fn.addEnvVariable('TOKEN', TOKEN);
    expect(problemsOf(() => fn.addEnvVariable('FIRST', TOKEN))).toEqual([
      'envVariables.FIRST: "FIRST" has another value already; give each name once',
    ]);
    expect(problemsOf(() => fn.addEnvVariable('OTHER', 1 as never))).toEqual([
      'envVariables.OTHER: must be an EnvValue, such as EnvValue.fromSecretValue gives it, got 1; text goes into env',
    ]);
    const variables = container(podTemplate(quietly(() => synthChart(chart)), 'fn')).env;
    expect(own(variables)).toEqual([{ name: 'FIRST', value: '1' }, EMITTED_TOKEN]);
    expect([...variables].at(-1)).toEqual({ name: 'LAST', value: '2' });
  });
});

describe('names and metadata as cdk8s-plus has them', () => {
  test('of a function are those of its workload, which is its default child', () => {
    const { chart } = newChart();
    const fn = new OpenFunctionApp(chart, 'fn', { image: 'i' });
    expect([fn.name, fn.node.defaultChild, ApiObject.of(fn), fn.metadata]).toEqual(['fn', fn.workload, fn.apiObject, fn.workload.metadata]);
  });

  test('of a component are those of its Component object, which is its default child', () => {
    const { chart } = newChart();
    const component = new DaprComponent(chart, 'events', { componentType: 'pubsub.kafka', metadata: { brokers: 'k:9092', authType: 'none' } });
    expect([component.name, component.node.defaultChild, ApiObject.of(component)]).toEqual(['events', component.apiObject, component.apiObject]);
    expect(component.metadata).toBe(component.apiObject.metadata);
  });
});
