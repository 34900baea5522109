// What a platform team may have decided around a generated function.
import * as fc from 'fast-check';
import { some, subset, stringMap, word } from './words';
import type { PlatformSettingsProps } from '../../../src';

const names = fc.array(word, { maxLength: 2 });

const gateway = some({
  name: fc.constant('public'),
  namespace: fc.constant('gateways'),
  domain: fc.constant('functions.example'),
  hostTemplate: fc.constant('{{.Name}}-{{.Namespace}}.{{.Domain}}'),
  pathTemplate: fc.constant('/f/{{.Namespace}}/{{.Name}}'),
  service: fc.constant({ name: 'envoy', namespace: 'gateways' }),
}, ['name', 'namespace']);

const settings = some({
  clusterDomain: fc.constant('corp.example'),
  gateway,
  hooks: some({ pre: names, post: names }),
  targets: fc.record({ kedaHttp: fc.constantFrom('0.13.0', '0.15.0') }),
  knativeFeatures: subset(['kubernetes.podspec-fieldref', 'kubernetes.podspec-affinity'], { minLength: 1 }),
  knativeIngress: fc.constant({ name: 'kourier-internal', namespace: 'kourier-system', port: 80 }),
  monitoringNamespace: fc.constant('monitoring'),
  referenceGrants: fc.boolean(),
  syncWaves: fc.boolean(),
  leastPrivilege: fc.boolean(),
  tracing: some({ enabled: fc.constant(true), provider: fc.constant('opentelemetry'), tags: stringMap(word) }, ['enabled', 'provider']),
});

/** Half of the functions live on a platform without settings. */
export const platforms: fc.Arbitrary<PlatformSettingsProps> = fc.oneof(fc.constant({}), settings);
