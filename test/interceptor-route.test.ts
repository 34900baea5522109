// Props of a function of engine KEDA that become fields of its InterceptorRoute (docs/spec M63b).
import { Duration } from 'cdk8s';
import { ColdStart, FunctionScaling, HttpEngine, HttpTrigger, OpenFunctionAppProps, PlatformTargets } from '../src';
import { one, problemsOf, synthProps } from './support/synth';

const synth = (http: HttpTrigger, scaling: FunctionScaling = {}, targets: PlatformTargets = {}, props: Partial<OpenFunctionAppProps> = {}) =>
  synthProps({ name: 'fn', image: 'acme/fn:1', http: { engine: HttpEngine.KEDA, ...http }, scaling, ...props }, { settings: { targets } });
const specOf = (...given: Parameters<typeof synth>) => one(synth(...given).objects, 'InterceptorRoute').spec!;
const hash = (scaling: FunctionScaling) => one(synth({}, scaling).objects, 'ScaledObject').spec!.triggers[0].metadata.scalingMetricHash;

describe('timeouts of requests', () => {
  const times = { requestTimeout: Duration.minutes(2), responseStartTimeout: Duration.seconds(20), readinessTimeout: Duration.seconds(30) };

  test('are those of the route', () => {
    expect(specOf(times).timeouts).toEqual({ readiness: '30s', request: '120s', responseHeader: '20s' });
    expect(synth(times).fn.report.warnings).toEqual([]);
  });

  test('have no limit by Knative, and are in order', () => {
    expect(specOf({ requestTimeout: Duration.hours(1) }).timeouts).toEqual({ request: '3600s' });
    expect(specOf({ responseStartTimeout: Duration.seconds(301) }).timeouts).toEqual({ responseHeader: '301s' });
    expect(problemsOf(() => synth({ requestTimeout: Duration.seconds(5), responseStartTimeout: Duration.seconds(6) }))).toEqual([
      'http.responseStartTimeout: 6 s is above the 5 s for the whole answer',
    ]);
  });

  test('need an add-on that has them', () => {
    expect(problemsOf(() => synth(times, {}, { kedaHttp: '0.13' }))).toEqual(['readinessTimeout', 'requestTimeout', 'responseStartTimeout'].map((field) => (
      `http.${field}: needs 0.14 of the HTTP add-on of KEDA, and the target is the HTTP add-on of KEDA 0.13`)));
  });
});

describe('a cold start', () => {
  test('falls back to a Service', () => {
    expect(specOf({ coldStart: { fallback: { service: 'waiting' } } }).coldStart).toEqual({ fallback: { service: { name: 'waiting', port: 80 } } });
    expect(specOf({ coldStart: { fallback: { service: 'waiting', port: 8080 } } }).coldStart).toEqual({ fallback: { service: { name: 'waiting', port: 8080 } } });
  });

  test.each<[string, ColdStart, object]>([
    ['503 unless it says otherwise', { placeholder: {} }, { statusCode: 503 }],
    ['a body', { placeholder: { statusCode: 202, body: 'soon', headers: { 'retry-after': '2' } } }, { statusCode: 202, body: 'soon', headers: { 'retry-after': '2' } }],
    ['a page of a ConfigMap', { placeholder: { configMap: 'pages', configMapKey: 'soon.html' } }, { statusCode: 503, bodyFromConfigMap: { name: 'pages', key: 'soon.html' } }],
    ['pages by path', { placeholder: { configMap: 'pages' } }, { statusCode: 503, bodyFromConfigMap: { name: 'pages' } }],
  ])('answers with %s', (_what, coldStart, response) => {
    expect(specOf({ coldStart }).coldStart).toEqual({ placeholder: { response } });
  });

  test.each<[string, ColdStart, string[]]>([
    ['nothing', {}, ['http.coldStart: needs a fallback or a placeholder']],
    ['a Service without a name', { fallback: {} as never }, ['http.coldStart.fallback.service: is missing; give the name of a Service']],
    ['a status that is none', { placeholder: { statusCode: 99 } }, ['http.coldStart.placeholder.statusCode: 99 is outside 100..599']],
    ['two bodies', { placeholder: { body: 'a', configMap: 'b' } }, ['http.coldStart.placeholder.configMap: goes with no "body"; give one of them']],
    ['a key of no ConfigMap', { placeholder: { configMapKey: 'a' } }, ['http.coldStart.placeholder.configMapKey: needs "configMap", whose key it is']],
    ['a body that is too long', { placeholder: { body: 'x'.repeat(32_769) } }, ['http.coldStart.placeholder.body: has 32769 characters, 32768 are allowed']],
  ])('is rejected with %s', (_what, coldStart, lines) => {
    expect(problemsOf(() => synth({ coldStart }))).toEqual(lines);
  });

  test('needs an add-on that has it', () => {
    const [fallback, placeholder]: ColdStart[] = [{ fallback: { service: 'a' } }, { placeholder: {} }];
    const needs = (version: string, target: string) => [`http.coldStart: needs ${version} of the HTTP add-on of KEDA, and the target is the HTTP add-on of KEDA ${target}`];
    expect(problemsOf(() => synth({ coldStart: fallback }, {}, { kedaHttp: '0.13' }))).toEqual(needs('0.14', '0.13'));
    expect(problemsOf(() => synth({ coldStart: placeholder }, {}, { kedaHttp: '0.14' }))).toEqual(needs('0.15', '0.14'));
    expect(specOf({ coldStart: fallback }, {}, { kedaHttp: '0.14' }).coldStart).toEqual({ fallback: { service: { name: 'a', port: 80 } } });
  });

  test('that tells Dapr that an event is done is a warning', () => {
    const coldStart = { placeholder: { statusCode: 200 } };
    const line = 'warning: http.coldStart.placeholder.statusCode: 200 tells Dapr that an event is done which wakes the function; give one of 500 or more';
    const { warnings } = synth({ coldStart }, {}, {}, { annotations: { 'openfunction.io/enable-dapr': 'true' } }).fn.report;
    expect(warnings.filter((each) => each.includes('coldStart'))).toEqual([line]);
    expect(synth({ coldStart }).fn.report.warnings).toEqual([]);
  });

  test('has no effect on a Knative Service, which is a warning', () => {
    const { fn } = synth({ engine: HttpEngine.KNATIVE, coldStart: { placeholder: {} }, readinessTimeout: Duration.seconds(3) });
    expect(fn.report.warnings).toEqual(['coldStart', 'readinessTimeout'].map((field) => (
      `warning: http.${field}: has no effect on a Knative Service, whose requests wait; it goes with engine "keda"`)));
  });
});

describe('requests per second', () => {
  test('take the place of pending requests, or go beside them', () => {
    expect(specOf({}, { requestRate: { target: 20 } }).scalingMetric).toEqual({ requestRate: { targetValue: 20, window: '60s', granularity: '1s' } });
    const rate = { target: 20, window: Duration.seconds(30), granularity: Duration.seconds(5) };
    expect(specOf({}, { targetPendingRequests: 7, requestRate: rate }).scalingMetric).toEqual({
      concurrency: { targetValue: 7 }, requestRate: { targetValue: 20, window: '30s', granularity: '5s' },
    });
  });

  test('are a metric whose change the trigger shows', () => {
    expect(new Set([hash({}), hash({ requestRate: { target: 20 } }), hash({ requestRate: { target: 21 } })]).size).toBe(3);
  });

  test.each<[string, FunctionScaling['requestRate'], string]>([
    ['a target of 0', { target: 0 }, 'scaling.requestRate.target: 0 is outside 1..2147483647'],
    ['parts longer than the whole', { target: 1, window: Duration.seconds(2), granularity: Duration.seconds(3) }, 'scaling.requestRate.granularity: 3 s is longer than the window, 2 s'],
  ])('are rejected with %s', (_what, requestRate, line) => {
    expect(problemsOf(() => synth({}, { requestRate }))).toEqual([line]);
  });

  test('need an add-on that has InterceptorRoutes', () => {
    expect(problemsOf(() => synth({}, { requestRate: { target: 1 } }, { kedaHttp: '0.13' }))).toEqual([
      'scaling.requestRate: needs 0.14 of the HTTP add-on of KEDA, and the target is the HTTP add-on of KEDA 0.13',
    ]);
  });
});

describe('the report', () => {
  const report = (http: HttpTrigger, kedaHttp: string) => synth(http, {}, { kedaHttp }).fn.report;

  test('names the APIs, the version and the target that decided', () => {
    const { requiredApis, prerequisites, notes } = report({ coldStart: { placeholder: {} } }, '0.15');
    expect([requiredApis, prerequisites, notes]).toEqual([
      ['InterceptorRoute.http.keda.sh', 'ScaledObject.keda.sh'],
      ['the HTTP add-on of KEDA 0.15 or later, for InterceptorRoutes'],
      ['an InterceptorRoute counts its requests, since the target is the HTTP add-on of KEDA 0.15; below 0.14 it is an HTTPScaledObject'],
    ]);
    expect(report({}, '0.14').prerequisites).toEqual(['the HTTP add-on of KEDA 0.14 or later, for InterceptorRoutes']);
  });

  test('says what an older target leads to', () => {
    const { requiredApis, prerequisites, notes } = report({}, '0.8');
    expect([requiredApis, prerequisites, notes]).toEqual([
      ['HTTPScaledObject.http.keda.sh'], [],
      ['an HTTPScaledObject counts its requests, since the target is the HTTP add-on of KEDA 0.8; from 0.14 on it is an InterceptorRoute'],
    ]);
  });
});
