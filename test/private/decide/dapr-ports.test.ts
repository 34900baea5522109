import { asyncFunction, KAFKA, v1beta1, v1beta2 } from '../../support/functions';
import { problemsOf } from '../../support/problems';

const ENABLE = 'openfunction.io/enable-dapr';
const annotated = (annotations: object, serving: object = {}) => problemsOf(v1beta2({ annotations, ...serving }));

describe('dapr.io/app-port', () => {
  test('must be the port of the function', () => {
    expect(annotated({ 'dapr.io/app-port': '8080' })).toEqual([]);
    expect(annotated({ 'dapr.io/app-port': '9000' }, { triggers: { http: { port: 9000 } } })).toEqual([]);
    expect(annotated({ 'dapr.io/app-port': '9001' }, { triggers: { http: { port: 9000 } } })).toEqual([
      'serving.annotations["dapr.io/app-port"]: "9001" is not the port of the function, 9000; leave the annotation out',
    ]);
  });

  test.each(['8080', '50051', '1', '65535'])('is the port of an async function: %s', (port) => {
    expect(problemsOf(asyncFunction({ annotations: { 'dapr.io/app-port': port } }))).toEqual([]);
  });

  test.each(['0', '65536', '80.5', 'http', ''])('cannot be %j for an async function', (port) => {
    expect(problemsOf(asyncFunction({ annotations: { 'dapr.io/app-port': port } }))).toEqual([
      `serving.annotations["dapr.io/app-port"]: ${JSON.stringify(port)} is not a port; give "1" to "65535"`,
    ]);
  });

  test('of an async function cannot be one of Dapr', () => {
    expect(problemsOf(asyncFunction({ annotations: { 'dapr.io/app-port': '3500' } }))).toEqual([
      'serving.annotations["dapr.io/app-port"]: 3500 is a port of Dapr in the same pod, as are 3500, 3501, 50001, 50002',
    ]);
  });
});

describe('a port that Dapr uses in the same pod', () => {
  const withPort = (port: number, serving: object = {}) => problemsOf(v1beta2({ triggers: { http: { port } }, ...serving }));
  const WITH_DAPR = { annotations: { [ENABLE]: 'true' } };

  test.each([[3500], [3501], [50001], [50002]])('%i is an error with Dapr', (port) => {
    expect(withPort(port, WITH_DAPR)).toEqual([`serving.triggers.http.port: ${port} is a port of Dapr in the same pod, as are 3500, 3501, 50001, 50002`]);
    expect(withPort(port)).toEqual([]);
    expect(withPort(port, { annotations: { [ENABLE]: 'false' }, outputs: [{ dapr: { name: 'q', type: 'bindings.kafka' } }] })).toEqual([]);
  });

  test.each([
    ['outputs', { outputs: [{ dapr: { name: 'q', type: 'bindings.kafka', operation: 'create' } }] }],
    ['states', { states: { s: null } }],
    ['extra inputs', { triggers: { http: { port: 3500 }, inputs: [{ dapr: { name: 's', type: 'state.redis' } }] } }],
  ])('counts where %s turn Dapr on', (_, serving) => {
    expect(withPort(3500, serving)).toHaveLength(1);
  });

  test('applies where unreached inputs of v1beta1 turn Dapr on', () => {
    expect(problemsOf(v1beta1({ inputs: [{ component: 'q' }], bindings: { q: KAFKA } }, { port: 3500 })).filter((line) => !line.startsWith('warning'))).toHaveLength(1);
  });

  test('is 19090 beside Knative and 9090 elsewhere for metrics, unless the annotation says otherwise', () => {
    const metrics = (port: number) => [`serving.triggers.http.port: ${port} is the port of Dapr's metrics in the same pod`];
    expect(withPort(19090, WITH_DAPR)).toEqual(metrics(19090));
    expect(withPort(9090, WITH_DAPR)).toEqual([]);
    const keda = (port: number) => problemsOf(v1beta2({ triggers: { http: { port, engine: 'keda' } }, ...WITH_DAPR }));
    expect(keda(9090)).toEqual(metrics(9090));
    expect(keda(19090)).toEqual([]);
    expect(withPort(7000, { annotations: { [ENABLE]: 'true', 'dapr.io/metrics-port': '7000' } })).toEqual(metrics(7000));
    expect(withPort(19090, { annotations: { [ENABLE]: 'true', 'dapr.io/metrics-port': '7000' } })).toEqual([]);
  });

  test('is reported at the annotation where the function has no port of its own', () => {
    expect(problemsOf(asyncFunction({ annotations: { 'dapr.io/metrics-port': '8080' } }))).toEqual([
      'serving.annotations["dapr.io/metrics-port"]: 8080 is the port of Dapr\'s metrics in the same pod',
    ]);
  });

  test.each([['0'], ['65536'], ['x'], ['']])('dapr.io/metrics-port may not be "%s"', (value) => {
    expect(annotated({ 'dapr.io/metrics-port': value })).toEqual([`serving.annotations["dapr.io/metrics-port"]: "${value}" is not a port; give "1" to "65535"`]);
  });

  test.each([['1'], ['65535']])('dapr.io/metrics-port may be "%s"', (value) => {
    expect(annotated({ 'dapr.io/metrics-port': value })).toEqual([]);
  });
});
