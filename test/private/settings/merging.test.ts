// Settings of an app and of one of its charts: each block is merged field by field, the chart's field winning.
import { PlatformSettings, PlatformSettingsProps, TracingProvider } from '../../../src';
import type { PlatformModel } from '../../../src/private/decide/platform';
import { MERGED } from '../../../src/private/settings/proxy';
import { settingsFor } from '../../../src/private/tree/surroundings';
import { resources } from '../../support/resources';
import { newChart } from '../../support/synth';

type Row = [block: string, app: PlatformSettingsProps, chart: PlatformSettingsProps, both: PlatformModel];

const PUBLIC = { name: 'public', namespace: 'gateways', domain: 'far.example' };
const INNER = { name: 'inner', namespace: 'gateways' };

const rows: Row[] = [
  ['tracing', { tracing: { enabled: true, tags: { team: 'a' } } }, { tracing: { enabled: false, baggage: { id: 'b' } } },
    { tracing: { enabled: false, tags: { team: 'a' }, baggage: { id: 'b' } } }],
  ['tracing.provider', { tracing: { provider: TracingProvider.OPENTELEMETRY, oapServer: 'far:1' } }, { tracing: { provider: TracingProvider.SKYWALKING } },
    { tracing: { enabled: true, provider: { name: 'skywalking', oapServer: 'far:1' } } }],
  ['tracing.provider.exporter', { tracing: { exporter: { name: 'otlp', endpoint: 'far:1', headers: 'h=1' } } }, { tracing: { exporter: { endpoint: 'near:1', compression: 'gzip' } } },
    { tracing: { provider: { exporter: { name: 'otlp', endpoint: 'near:1', headers: 'h=1', compression: 'gzip' } } } }],
  ['tracing.tags', { tracing: { tags: { a: 'far', b: 'far' } } }, { tracing: { tags: { b: 'near', c: 'near' } } },
    { tracing: { tags: { a: 'far', b: 'near', c: 'near' } } }],
  ['tracing.baggage', { tracing: { baggage: { a: 'far', b: 'far' } } }, { tracing: { baggage: { b: 'near', c: 'near' } } },
    { tracing: { baggage: { a: 'far', b: 'near', c: 'near' } } }],
  ['proxy', { proxy: { replicas: 2, maxWaiting: 5 } }, { proxy: { maxWaiting: 6, adminPort: 9000 } },
    { proxy: { replicas: 2, maxWaiting: 6, adminPort: 9000 } }],
  ['proxy.resources', { proxy: { resources: resources({ cpuRequest: '1', memoryLimit: '1Gi' }) } }, { proxy: { resources: resources({ cpuRequest: '2', cpuLimit: '3' }) } },
    { proxy: { resources: { cpuRequest: '2', memoryLimit: '1Gi', cpuLimit: '3' } } }],
  ['proxy.sidecarResources', { proxy: { sidecarResources: resources({ cpuLimit: '1', memoryLimit: '1Gi' }) } }, { proxy: { sidecarResources: resources({ cpuLimit: '2', cpuRequest: '1' }) } },
    { proxy: { sidecarResources: { cpuLimit: '2', memoryLimit: '1Gi', cpuRequest: '1' } } }],
  ['pendingEvents', { pendingEvents: { enabled: false, targetPerReplica: 4 } }, { pendingEvents: { enabled: true, activation: 1 } },
    { pendingEvents: { enabled: true, targetPerReplica: 4, activation: 1 } }],
  ['targets', { targets: { keda: '2.17', dapr: '1.16' } }, { targets: { keda: '2.20', knative: '1.20' } },
    { targets: { keda: '2.20', dapr: '1.16', knative: '1.20' } }],
  ['gateways', { gateways: { 'ns/a': PUBLIC, 'ns/b': PUBLIC } }, { gateways: { 'ns/b': INNER, 'ns/c': INNER } },
    { gateways: { 'ns/a': PUBLIC, 'ns/b': INNER, 'ns/c': INNER } }],
];

const replaced: Row[] = [
  ['knativeIngress', { knativeIngress: { name: 'far', namespace: 'n', port: 81 } }, { knativeIngress: { name: 'near', namespace: 'n' } },
    { knativeIngress: { name: 'near', namespace: 'n', port: 80 } }],
  ['knativeFeatures', { knativeFeatures: ['multi-container'] }, { knativeFeatures: ['kubernetes.x'] }, { knativeFeatures: ['kubernetes.x'] }],
  ['hooks', { hooks: { pre: ['p'], post: ['q'] } }, { hooks: { pre: ['r'] } }, { hooks: { pre: ['r'], post: [], policy: 'Append' } }],
];

test('each block that is merged has its row', () => {
  expect(rows.map(([block]) => block.split('.').at(-1)).sort()).toEqual([...MERGED].sort());
});

describe.each([['in two places', true], ['in one place, one after the other', false]])('set %s', (_where, apart) => {
  const settings = ([, first, second]: Row): PlatformModel => {
    const { app, chart } = newChart();
    PlatformSettings.of(app).set(first);
    PlatformSettings.of(apart ? chart : app).set(second);
    return settingsFor(chart).platform;
  };

  test.each(rows.map((row): [string, Row] => [row[0], row]))('%s is merged field by field', (_block, row) => {
    expect(settings(row)).toEqual(row[3]);
  });

  test.each(replaced.map((row): [string, Row] => [row[0], row]))('%s is replaced as a whole', (_field, row) => {
    expect(settings(row)).toEqual(row[3]);
  });
});
