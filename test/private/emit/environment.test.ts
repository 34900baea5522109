// The variables of a function (docs/spec M35 to M38).
import { asyncFunction, v1beta2 } from '../../support/functions';
import { container, environment, podTemplate, problemsOf, synthManifest } from '../../support/synth';

const OUTPUT = { outputs: [{ dapr: { name: 'web', type: 'bindings.http' } }] };
const SIDECAR = { annotations: { 'openfunction.io/dapr-service-mode': 'sidecar' } };

const podOf = (manifest: object, options = {}) => podTemplate(synthManifest(manifest, options).objects, 'fn');
const template = (fields: object, more: object = {}) => ({ template: { containers: [{ name: 'function', ...fields }], ...more } });

describe('the environment of the function', () => {
  const env = (...entries: object[]) => template({ env: entries });

  test('has each name once: the same value twice is merged', () => {
    const manifest = v1beta2({ ...env({ name: 'A', value: '1' }, { name: 'A', value: '1' }), params: { A: '1' } });
    expect([...container(podOf(manifest)).env].filter(({ name }) => String(name) === 'A')).toEqual([{ name: 'A', value: '1' }]);
  });

  test.each<[string, object, { [field: string]: unknown }]>([
    ['without a value and an empty one', { name: 'A' }, { A: '' }],
    ['with a null beside its value', { name: 'A', value: '1', valueFrom: null }, { A: '1' }],
  ])('takes a variable %s for the same', (_what, entry, params) => {
    const named = [...container(podOf(v1beta2({ ...env(entry), params }))).env].filter(({ name }) => String(name) === 'A');
    expect(named).toHaveLength(1);
    expect(problemsOf(() => synthManifest(v1beta2({ ...env(entry), params: { A: '2' } })))).toEqual(['serving.params.A: "A" has another value already; give each name once']);
  });

  test.each<[string, object, string[]]>([
    ['two values in the template', v1beta2(env({ name: 'A', value: '1' }, { name: 'A', value: '2' })),
      ['serving.template.containers[0].env[1].name: "A" has another value already; give each name once']],
    ['a parameter and the template', v1beta2({ ...env({ name: 'A', value: '1' }), params: { A: '2' } }), ['serving.params.A: "A" has another value already; give each name once']],
    ['names of the library', v1beta2({ ...env({ name: 'FUNC_CONTEXT', value: '' }), params: { POD_NAME: 'x' } }), [
      'serving.params.POD_NAME: "POD_NAME" is set by the library; choose another name',
      'serving.template.containers[0].env[0].name: "FUNC_CONTEXT" is set by the library; choose another name',
    ]],
    ['names of the library in dapr-proxy mode', v1beta2({ ...OUTPUT, params: { DAPR_HOST: 'x' } }),
      ['serving.params.DAPR_HOST: "DAPR_HOST" is set by the library in dapr-proxy mode; choose another name']],
    ['names of Knative', v1beta2({ params: { PORT: '1', K_SERVICE: 'x', K_CONFIGURATION: 'x', K_REVISION: 'x' } }),
      ['K_CONFIGURATION', 'K_REVISION', 'K_SERVICE', 'PORT'].map((name) => `serving.params.${name}: "${name}" is set by Knative; choose another name`)],
    ['names of SkyWalking', v1beta2({ tracing: { enabled: true, provider: { name: 'skywalking', oapServer: 'o' } }, params: { SW_AGENT_NAME: 'x' } }),
      ['serving.params.SW_AGENT_NAME: "SW_AGENT_NAME" is set by the tracing settings; choose another name']],
  ])('is refused with %s', (_what, manifest, problems) => {
    expect(problemsOf(() => synthManifest(manifest))).toEqual(problems);
  });

  test('has the pod\'s name and namespace once, in the user\'s place, where they are given in the usual words of Kubernetes', () => {
    const field = (name: string, fieldPath: string) => ({ name, valueFrom: { fieldRef: { fieldPath } } });
    const own = [field('POD_NAME', 'metadata.name'), field('POD_NAMESPACE', 'metadata.namespace'), { name: 'ID', value: '$(POD_NAME)' }];
    const given = [...container(podOf(asyncFunction(env(...own)))).env];
    expect(given.slice(0, 3)).toEqual(own);
    expect(given.filter(({ name }) => /^POD_/.test(String(name)))).toHaveLength(2);
    expect(problemsOf(() => synthManifest(asyncFunction(env(field('POD_NAME', 'metadata.uid')))))).toEqual([
      'serving.template.containers[0].env[0].name: "POD_NAME" is set by the library; choose another name',
    ]);
  });

  test('leaves names to the user that nothing else uses', () => {
    const params = { DAPR_HOST: 'x', SW_AGENT_NAME: 'y' };
    expect(environment(podOf(v1beta2({ params })))).toMatchObject(params);
    expect(environment(podOf(asyncFunction({ ...SIDECAR, params: { DAPR_SIDECAR_IP: 'x' } })))).toMatchObject({ DAPR_SIDECAR_IP: 'x' });
  });

  test('has the user\'s own values for what only SDKs and the Node framework read', () => {
    const own = { DAPR_GRPC_ENDPOINT: 'b', DAPR_HTTP_ENDPOINT: 'c', DAPR_RUNTIME_HOST: 'a', PORT: '1' };
    const given = [
      { params: own }, env(...Object.entries(own).map(([name, value]) => ({ name, value }))),
    ].map((serving) => [...container(podOf(asyncFunction(serving))).env].filter(({ name }) => String(name) in own));
    expect(given).toEqual(Array(2).fill(Object.entries(own).map(([name, value]) => ({ name, value }))));
  });

  test.each(['DAPR_API_TOKEN', 'APP_API_TOKEN'])('gets %s from its Secret when Dapr is on, and refuses another one', (name) => {
    const secret = { name: 'tokens' } as never;
    const options = { proxy: name === 'DAPR_API_TOKEN' ? { apiToken: secret } : { appToken: secret } };
    const value = { secretKeyRef: { name: 'tokens', key: 'token' } };
    expect(environment(podOf(asyncFunction(), options))[name]).toEqual(value);
    expect(environment(podOf(asyncFunction(SIDECAR), options))[name]).toEqual(value);
    expect(environment(podOf(v1beta2(), options))[name]).toBeUndefined();
    expect(problemsOf(() => synthManifest(asyncFunction({ params: { [name]: 'x' } }), options))).toHaveLength(1);
  });

  test('in sidecar mode has the sidecar take its tokens from the same Secrets', () => {
    const options = { proxy: { apiToken: { name: 'a' } as never, appToken: { name: 'b' } as never } };
    expect(podOf(asyncFunction(SIDECAR), options).metadata.annotations).toMatchObject({ 'dapr.io/api-token-secret': 'a', 'dapr.io/app-token-secret': 'b' });
    expect(Object.keys(podOf(asyncFunction(), options).metadata.annotations)).not.toContain('dapr.io/api-token-secret');
  });
});
