import { v1beta2 } from '../../support/functions';
import { problemsOf } from '../../support/problems';

const ENABLE = 'openfunction.io/enable-dapr';
const MODE = 'openfunction.io/dapr-service-mode';
const annotated = (annotations: object, serving: object = {}) => problemsOf(v1beta2({ annotations, ...serving }));

test('an HTTP trigger and Dapr triggers together are an error', () => {
  expect(problemsOf(v1beta2({ triggers: { http: {}, dapr: [{ name: 'q', type: 'bindings.kafka' }] } }))).toEqual([
    'serving.triggers: requests and Dapr events cannot both trigger a function; give one of them, or make two',
  ]);
  expect(problemsOf(v1beta2({ triggers: { http: {}, dapr: [] } }))).toEqual([]);
  expect(problemsOf(v1beta2({ triggers: { dapr: [] } }))).toEqual(['warning: serving.triggers.dapr: is empty, so requests trigger the function; give an event, or leave it out']);
});

describe('the two annotations that decide on Dapr', () => {
  test.each([['true'], ['false']])('enable-dapr may be %s', (value) => {
    expect(annotated({ [ENABLE]: value })).toEqual([]);
  });

  test.each([['yes'], ['True'], [''], ['1'], [' true']])('enable-dapr may not be "%s"', (value) => {
    expect(annotated({ [ENABLE]: value })[0]).toMatch(/^serving\.annotations\["openfunction\.io\/enable-dapr"\]: ".*" is not one of "true", "false"/);
  });

  test.each([['standalone'], ['sidecar']])('dapr-service-mode may be %s', (value) => {
    expect(annotated({ [MODE]: value })).toEqual([]);
  });

  test.each([[{}], [{ [ENABLE]: 'true' }], [{ [ENABLE]: 'perhaps' }]])('an unknown mode is an error beside %j', (others) => {
    expect(annotated({ ...others, [MODE]: 'Sidecar' })).toContain(
      'serving.annotations["openfunction.io/dapr-service-mode"]: "Sidecar" is not one of "standalone", "sidecar"; did you mean "sidecar"?',
    );
  });

  test('an unknown mode beside enable-dapr "false" is a warning', () => {
    expect(annotated({ [ENABLE]: 'false', [MODE]: 'x' })).toEqual([
      'warning: serving.annotations["openfunction.io/dapr-service-mode"]: "x" is not one of "standalone", "sidecar"; it has no effect, since openfunction.io/enable-dapr is "false"',
    ]);
  });
});

describe('dapr.io/app-protocol', () => {
  const speaking = (protocol: string, mode: object) => annotated({ 'dapr.io/app-protocol': protocol, ...mode });
  const sidecar = { [ENABLE]: 'true', [MODE]: 'sidecar' };

  test.each([['grpc'], ['grpcs'], ['http'], ['https'], ['h2c']])('may be %s beside a sidecar', (protocol) => {
    expect(speaking(protocol, sidecar)).toEqual([]);
  });

  test('must be one that Dapr speaks beside a sidecar, and is only text where there is none', () => {
    expect(speaking('htp', sidecar)).toEqual([
      'serving.annotations["dapr.io/app-protocol"]: "htp" is not one of "grpc", "grpcs", "http", "https", "h2c"; did you mean "http"?',
    ]);
    expect(speaking('htp', { [MODE]: 'sidecar' })).toEqual([]);
    expect(speaking('htp', { ...sidecar, [ENABLE]: 'false' })).toEqual([]);
  });
});
