// How the two context variables are written (docs/spec M75, M83).
import { KAFKA, STORE, v1beta2 } from '../../support/functions';
import { environment, podTemplate, synthManifest } from '../../support/synth';

/** Names that an object of JavaScript would put first, by number. */
const numbers = <T>(value: T) => ({ '2': value, 'a': value, '10': value, '1a': value });
const events = ['2', 'a', '10', '1a'].map((name) => ({ name, type: 'bindings.kafka' }));

function valueOf(variable: string, manifest: object): string {
  return String(environment(podTemplate(synthManifest(manifest).objects, 'fn'))[variable]);
}

describe.each(['FUNC_CONTEXT', 'FUNC_CONTEXT_V1BETA2'])('%s', (variable) => {
  const value = valueOf(variable, v1beta2({
    triggers: { dapr: events, inputs: ['2', 'a', '10', '1a'].map((name) => ({ dapr: { name, type: 'state.redis' } })) },
    outputs: events.map(({ name, type }, index) => ({ dapr: { name, type, ...(index === 0 && { metadata: numbers('x') }) } })),
    bindings: numbers(KAFKA),
    states: numbers({ spec: STORE }),
    tracing: { enabled: true, provider: { name: 'opentelemetry' }, tags: numbers('t'), baggage: numbers('b') },
  }));

  test.each(['inputs', 'outputs', 'states', 'metadata', 'tags', 'baggage'])('sorts the keys of %s as text, also those that are numbers', (map) => {
    const text = value.slice(value.lastIndexOf(`"${map}":{`));
    const places = ['"10":', '"1a":', '"2":', '"a":'].map((key) => text.indexOf(key));
    expect(places).toEqual([...places].sort((a, b) => a - b));
    expect(places[0]).toBe(map.length + 4);
  });

  test('is JSON that says the same as its parts, and one line', () => {
    const { outputs } = JSON.parse(value) as { outputs: Record<string, object> };
    expect(Object.keys(outputs).sort()).toEqual(['10', '1a', '2', 'a']);
    expect(outputs['2']).toMatchObject({ componentName: 'fn-bindings-2', metadata: numbers('x') });
    expect(value).not.toContain('\n');
  });
});

test('a context escapes what JSON escapes, and doubles every dollar, in keys and in values', () => {
  const value = valueOf('FUNC_CONTEXT', v1beta2({ outputs: [{ dapr: { name: 'o', outputName: 'a$"b', type: 'bindings.http', metadata: { 'k\n$(X)': '$$\\"\n' } } }] }));
  expect(value).toBe('{"name":"fn","version":"latest","runtime":"Knative","port":"8080","triggers":{"http":{"port":8080}},"outputs":{"a$$\\"b":{"uri":"o","componentName":"o",'
    + '"componentType":"bindings.http","metadata":{"k\\n$$(X)":"$$$$\\\\\\"\\n"}}}}');
});
