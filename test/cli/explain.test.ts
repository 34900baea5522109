import { command } from '../support/command-line';

const explain = async (...field: string[]) => (await command('explain', ...field)).out;

test('a field: meaning, form, default', async () => {
  expect(await command('explain', 'serving.triggers.http.port')).toEqual({
    code: 0, err: '', out: 'serving.triggers.http.port\n  Port on which the function listens; 0 means unset.\n  is: an integer from 0 to 65535\n  default: 8080\n',
  });
});

test('an object: its fields, too', async () => {
  expect(await explain('spec.serving.triggers.http')).toBe([
    'serving.triggers.http', '  The function answers requests.', '  is: an object', '  fields:',
    '    port    Port on which the function listens; 0 means unset.',
    '    engine  What runs the function: Knative, or a Deployment with the KEDA HTTP add-on.',
    '    route   HTTPRoute of the Gateway API for the function.', '',
  ].join('\n'));
});

test.each([
  ['words, and the version that has the field', 'serving.workloadType', '  is: "Deployment", "StatefulSet", "Job"\n  default: Deployment\n  only in v1beta2\n'],
  ['a field of v1beta1', 'serving.runtime', '  is: "knative", "async"\n  only in v1beta1\n'],
  ['a list, with an index', 'serving.outputs[0].dapr.topic', 'serving.outputs[].dapr.topic\n  Topic of a pub/sub component.\n  is: a string\n'],
  ['a list, without one', 'serving.outputs.dapr.topic', 'serving.outputs[].dapr.topic\n'],
  ['the flat form of v1beta1', 'serving.inputs.component', 'serving.inputs[].component\n  Name of the Dapr component.\n'],
  ['a key of a map', 'serving.bindings.queue.type', 'serving.bindings.*.type\n'],
  ['a key with dots', 'serving.annotations.openfunction.io/enable-dapr', 'serving.annotations.openfunction.io/enable-dapr\n  Whether the function uses Dapr'],
  ['a quoted key', 'serving.annotations["openfunction.io/enable-dapr"]', 'serving.annotations.openfunction.io/enable-dapr\n  Whether the function uses Dapr'],
  ['a key with dots that nothing is known of', 'serving.annotations.dapr.io/app-id', 'serving.annotations.*\n  is: a string\n'],
  ['any index of a list', 'serving.outputs[*].dapr.topic', 'serving.outputs[].dapr.topic\n'],
  ['a list of strings', 'serving.hooks.pre', '  is: a list, each a string\n'],
  ['several forms', 'serving.triggers', '  is: an object or a list'],
  ['what is beside spec', 'metadata.name', 'metadata.name\n  Name of the function'],
  ['a platform setting', 'platform.proxy.holdTimeout', 'platform.proxy.holdTimeout\n'],
])('%s', async (_, field, part) => {
  expect(await explain(field)).toContain(part);
});

test('nothing: the fields at the top', async () => {
  const names = (text: string) => text.split('\n').slice(0, -1).map((line) => line.trim().split(' ')[0]);
  expect(names(await explain())).toEqual([
    'apiVersion', 'kind', 'metadata', 'status', 'image', 'version', 'imageCredentials', 'workloadRuntime', 'build', 'port', 'route', 'serving',
  ]);
  expect((await explain('platform')).split('\n').slice(0, 3)).toEqual(['platform', expect.stringMatching(/^ {4}clusterDomain +DNS domain/) as string, expect.any(String) as string]);
});

test.each([
  ['serving.trigers', '; did you mean "triggers"?'], ['serving.triggers.http.port.x', ''], ['platform.clusterDomian', '; did you mean "clusterDomain"?'],
])('%s is not a field', async (field, meant) => {
  expect(await command('explain', field)).toEqual({ code: 2, out: '', err: `error: there is no field "${field}"${meant}\n` });
});

test('a field of what Kubernetes or KEDA describe is no field that this explains', async () => {
  expect(await command('explain', 'serving.template.containers[0].env')).toEqual({
    code: 2, out: '', err: 'error: the fields of serving.template are not explained here, but in its own documentation\n',
  });
});
