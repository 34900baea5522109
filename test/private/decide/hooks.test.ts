// Hooks and tracing, of the platform and of the function (docs/spec M81, M87 to M89).
import { FunctionHooks, FunctionTracing, PlatformSettingsProps, TracingProvider } from '../../../src';
import { v1beta1, v1beta2 } from '../../support/functions';
import { context, environment, podTemplate, synthManifest, thrownBy } from '../../support/synth';

function contexts(manifest: object, settings: PlatformSettingsProps) {
  const { objects, fn } = synthManifest(manifest, { settings });
  const pod = podTemplate(objects, 'fn');
  return { pod, old: context(pod), current: context(pod, 'FUNC_CONTEXT_V1BETA2'), warnings: fn.report.warnings };
}

describe('hooks', () => {
  const PLATFORM = { pre: ['p1', 'p2'], post: ['p3'] };

  test.each<[string, object | undefined, FunctionHooks | undefined, string[] | undefined, string[] | undefined]>([
    ['nobody has', undefined, undefined, undefined, undefined],
    ['the platform has, and the function has none', undefined, PLATFORM, ['p1', 'p2'], ['p3']],
    ['the function appends', { pre: ['f1'], post: ['f2'] }, PLATFORM, ['p1', 'p2', 'f1'], ['f2', 'p3']],
    ['the function appends by name', { pre: ['f1'], policy: 'Append' }, PLATFORM, ['p1', 'p2', 'f1'], ['p3']],
    ['the function puts in their place', { pre: ['f1'], policy: 'Override' }, PLATFORM, ['f1'], undefined],
    ['the function takes away', { policy: 'Override' }, PLATFORM, undefined, undefined],
    ['only the function has', { pre: ['f1'], post: ['f2'] }, undefined, ['f1'], ['f2']],
  ])('that %s stand in both contexts', (_name, hooks, platform, pre, post) => {
    const { old, current } = contexts(v1beta2({ hooks }), { hooks: platform });
    expect([old.prePlugins, old.postPlugins]).toEqual([pre, post]);
    expect([current.preHooks, current.postHooks]).toEqual([pre, post]);
  });

  test.each<[string, string[] | undefined, string[] | undefined]>([
    ['order: [a, b]', ['a', 'b'], ['b', 'a']],
    ['order: [a, b]\npre: [c]', ['c'], ['b', 'a']],
    ['order: [a, b]\npost: [c]', ['a', 'b'], ['c']],
    ['pre: [c]', ['c'], undefined],
  ])('of the annotation %j override the platform\'s', (plugins, pre, post) => {
    for (const make of [v1beta1, v1beta2]) {
      const { old } = contexts(make({}, {}, { annotations: { plugins } }), { hooks: PLATFORM });
      expect([old.prePlugins, old.postPlugins]).toEqual([pre, post]);
    }
  });

  test('of both the field and a different annotation are the field\'s, with a warning', () => {
    const { old, warnings } = contexts(v1beta2({ hooks: { pre: ['f'] } }, {}, { annotations: { plugins: 'pre: [a]' } }), {});
    expect([old.prePlugins, warnings]).toEqual([['f'], ['warning: metadata.annotations.plugins: differs from serving.hooks, which is used']]);
  });
});

describe('tracing', () => {
  const PLATFORM: FunctionTracing = {
    provider: TracingProvider.OPENTELEMETRY,
    exporter: { name: 'otlp', endpoint: 'p:1', headers: 'h', compression: 'gzip', timeout: '1s', protocol: 'grpc' },
    tags: { a: 'p', b: 'p' },
    baggage: { c: 'p' },
  };
  const FULL = {
    enabled: true,
    provider: { name: 'opentelemetry', exporter: { name: 'otlp', endpoint: 'p:1', headers: 'h', compression: 'gzip', timeout: '1s', protocol: 'grpc' } },
    tags: { a: 'p', b: 'p' },
    baggage: { c: 'p' },
  };

  test.each<[string, object | undefined, FunctionTracing | undefined, object | undefined]>([
    ['nobody asks for it', undefined, undefined, undefined],
    ['the function does not say that it is enabled', { provider: { name: 'skywalking' } }, undefined, undefined],
    ['the platform says that it is not', undefined, { ...PLATFORM, enabled: false }, undefined],
    ['the function says that it is not', { enabled: false, provider: { name: 'skywalking' } }, PLATFORM, undefined],
    ['the platform enables it', undefined, PLATFORM, FULL],
    ['the function fills it in', { tags: { a: 'f', z: 'f' }, provider: { exporter: { endpoint: 'f:1' } } }, PLATFORM,
      { ...FULL, tags: { a: 'f', b: 'p', z: 'f' }, provider: { ...FULL.provider, exporter: { ...FULL.provider.exporter, endpoint: 'f:1' } } }],
    ['the function enables the platform\'s', { enabled: true }, { ...PLATFORM, enabled: false }, FULL],
    ['the function has another provider', { provider: { name: 'skywalking', oapServer: 'oap:1' } }, { provider: TracingProvider.OPENTELEMETRY, baggage: { c: 'p' } },
      { enabled: true, provider: { name: 'skywalking', oapServer: 'oap:1' }, baggage: { c: 'p' } }],
    ['only the function has it', { enabled: true, provider: { name: 'skywalking' } }, undefined, { enabled: true, provider: { name: 'skywalking' } }],
  ])('stands in both contexts as merged, or in none: %s', (_name, tracing, platform, expected) => {
    const { old, current, pod } = contexts(v1beta2({ tracing }), { tracing: platform });
    expect([old.pluginsTracing, current.tracing]).toEqual([expected, expected]);
    const oap = (expected as { provider?: { oapServer?: string } } | undefined)?.provider?.oapServer;
    expect(environment(pod).SW_AGENT_COLLECTOR_BACKEND_SERVICES).toBe(oap);
  });

  test('puts its provider last before and first after, in the older context alone', () => {
    const { old, current } = contexts(v1beta2({ hooks: { pre: ['a'], post: ['b'] }, tracing: { enabled: true, provider: { name: 'skywalking' } } }), {});
    expect([old.prePlugins, old.postPlugins, current.preHooks, current.postHooks]).toEqual([['a', 'skywalking'], ['skywalking', 'b'], ['a'], ['b']]);
  });

  test('of an annotation applies like the field, all of it text', () => {
    const annotations = { 'plugins.tracing': 'enabled: true\nprovider:\n  name: skywalking\n  oapServer: oap:1\ntags:\n  version: 1.10\n  on: yes' };
    expect(contexts(v1beta1({}, {}, { annotations }), {}).old.pluginsTracing).toEqual({
      enabled: true, provider: { name: 'skywalking', oapServer: 'oap:1' }, tags: { on: 'yes', version: '1.10' },
    });
  });

  test.each([
    [{ enabled: true }, 'tracing is enabled without a provider; give "skywalking" or "opentelemetry"'],
    [{ enabled: true, provider: { name: 'zipkin' } }, '"zipkin" is not one of "skywalking", "opentelemetry"'],
    [{ enabled: true, provider: { name: 'skywalker' } }, '"skywalker" is not one of "skywalking", "opentelemetry"; did you mean "skywalking"?'],
  ])('that is enabled needs a known provider: %j', (tracing, message) => {
    expect(thrownBy(() => synthManifest(v1beta2({ tracing })))).toContain(`serving.tracing.provider.name: ${message}`);
  });
});
