// Dapr Components and the Resiliency of a function (docs/spec M67, M68, M107).
import { Duration } from 'cdk8s';
import { OpenFunctionAppProps, RetryBackoff, FunctionInput, FunctionOutput } from '../../../src';
import { existing } from '../../support/existing-component';
import { asyncFunction, EVENTS, KAFKA, v1beta1, v1beta2 } from '../../support/functions';
import { all, one, synthManifest, synthProps } from '../../support/synth';

const SIDECAR = { annotations: { 'openfunction.io/dapr-service-mode': 'sidecar' } };

describe('a Component', () => {
  test('has labels, scopes and its spec, without fields that are empty', () => {
    const spec = {
      type: 'bindings.acme',
      version: 'v1',
      ignoreErrors: false,
      initTimeout: '',
      metadata: [
        { name: 'text', value: 'x' }, { name: 'number', value: 1 }, { name: 'flag', value: false }, { name: 'empty', value: '' },
        { name: 'secret', secretKeyRef: { name: 's', key: 'k' } }, { name: 'blank', value: 'y', secretKeyRef: { name: '', key: '' } }, { name: 'env', envRef: 'E' },
      ],
    };
    expect(one(synthManifest(v1beta1({ ...SIDECAR, bindings: { 'my.queue': spec } })).objects, 'Component')).toEqual({
      apiVersion: 'dapr.io/v1alpha1',
      kind: 'Component',
      metadata: { name: 'fn-bindings-my.queue', namespace: 'ns', labels: { 'openfunction.io/managed': 'true', 'openfunction.io/serving': 'fn' } },
      scopes: ['fn-ns'],
      spec: {
        type: 'bindings.acme',
        version: 'v1',
        metadata: [...spec.metadata.slice(0, 5), { name: 'blank', value: 'y' }, { name: 'env', envRef: 'E' }],
      },
    });
  });

  test.each([['v1beta1', v1beta1({ states: { cart: { type: 'state.in-memory', version: 'v1', ignoreErrors: true, initTimeout: '5s' } } })],
    ['v1beta2', v1beta2({ states: { cart: { spec: { type: 'state.in-memory', version: 'v1', ignoreErrors: true, initTimeout: '5s' } } } })]])(
    'of a state of %s keeps what is given, and its metadata is a list', (_version, manifest) => {
      const { metadata, spec } = one(synthManifest(manifest).objects, 'Component');
      expect([metadata.name, spec]).toEqual(['fn-state-cart', { type: 'state.in-memory', version: 'v1', ignoreErrors: true, initTimeout: '5s', metadata: [] }]);
    });
});

test('a Component and a parameter may be called constructor, everywhere', () => {
  const { objects } = synthManifest(asyncFunction({ triggers: { dapr: [{ name: 'constructor' }] }, bindings: { constructor: KAFKA }, params: { constructor: 'x' } }));
  expect(one(objects, 'Component').metadata.name).toBe('fn-bindings-constructor');
  expect(Object.keys(one(objects, 'Resiliency').spec?.targets.components ?? {})).toEqual(['fn-bindings-constructor']);
  const env = one(objects, 'Deployment', 'fn').spec?.template.spec.containers[0].env as unknown as { name: string; value: string }[];
  expect(env.slice(-1)).toEqual([{ name: 'constructor', value: 'x' }]);
  expect(JSON.parse(env.find(({ name }) => name === 'FUNC_CONTEXT')?.value ?? '')).toMatchObject({
    inputs: { constructor: { uri: 'constructor', componentName: 'fn-bindings-constructor', componentType: 'bindings.kafka' } },
  });
});

describe('the Resiliency of a function', () => {
  const RETRY = { policy: 'constant', duration: '5s', maxRetries: 120, matching: { gRPCStatusCodes: '8,14', httpStatusCodes: '429,503' } };

  test('behind the proxy retries what could not be delivered, for every component that sends events', () => {
    const triggers = { dapr: [{ name: 'bus', topic: 'a' }, { name: 'bus', topic: 'b' }, { name: 'queue' }, { name: 'far', type: 'bindings.kafka' }] };
    const { objects } = synthManifest(asyncFunction({ triggers, pubsub: { bus: EVENTS }, bindings: { queue: KAFKA, out: KAFKA }, outputs: [{ dapr: { name: 'out' } }] }));
    expect(one(objects, 'Resiliency')).toEqual({
      apiVersion: 'dapr.io/v1alpha1',
      kind: 'Resiliency',
      metadata: { name: 'fn-dapr-proxy', namespace: 'ns', labels: { 'openfunction.io/managed': 'true', 'openfunction.io/proxy': 'fn' } },
      scopes: ['fn-ns'],
      spec: {
        policies: { retries: { inbound: RETRY } },
        targets: {
          components: { 'far': { inbound: { retry: 'inbound' } }, 'fn-bindings-queue': { inbound: { retry: 'inbound' } }, 'fn-pubsub-bus': { inbound: { retry: 'inbound' } } },
        },
      },
    });
  });

  test.each<[string, object, object]>([
    ['the function has a sidecar of its own', asyncFunction(SIDECAR), {}],
    ['no event comes', v1beta2({ outputs: [{ dapr: { name: 'x', type: 'bindings.kafka' } }] }), {}],
    ['the only trigger is a state', v1beta2({ triggers: { dapr: [{ name: 's', type: 'state.redis' }] } }), {}],
    ['it is switched off', asyncFunction(), { proxy: { inboundRetry: false } }],
  ])('is none where %s', (_when, manifest, options) => {
    expect(all(synthManifest(manifest, options).objects, 'Resiliency')).toEqual([]);
  });

  describe('given in props', () => {
    const queue = existing('queue', 'bindings.kafka');
    const retry = { backoff: RetryBackoff.EXPONENTIAL, maxInterval: Duration.seconds(30), maxRetries: 3 };
    const resiliencyOf = (props: Omit<OpenFunctionAppProps, 'image'>) => one(synthProps({ name: 'fn', image: 'i', ...props }).objects, 'Resiliency');

    test('wins over the default of its component, and names its policies by component and direction', () => {
      const { metadata, spec } = resiliencyOf({
        inputs: [FunctionInput.fromBinding(queue, { resiliency: { retry, timeout: Duration.seconds(90) } })],
        outputs: [FunctionOutput.toBinding(queue, { resiliency: { circuitBreaker: {}, retry: {} } })],
      });
      expect(metadata.name).toBe('fn-dapr-proxy');
      expect(spec).toEqual({
        policies: {
          timeouts: { 'queue-inbound': '90s' },
          retries: { 'queue-inbound': { policy: 'exponential', maxInterval: '30s', maxRetries: 3 }, 'queue-outbound': { policy: 'constant', duration: '5s', maxRetries: -1 } },
          circuitBreakers: { 'queue-outbound': { trip: 'consecutiveFailures > 5', maxRequests: 1, timeout: '60s' } },
        },
        targets: {
          components: {
            queue: { inbound: { timeout: 'queue-inbound', retry: 'queue-inbound' }, outbound: { retry: 'queue-outbound', circuitBreaker: 'queue-outbound' } },
          },
        },
      });
    });

    test('without a retry gets the default one beside it', () => {
      const { spec } = resiliencyOf({ inputs: [FunctionInput.fromBinding(queue, { resiliency: { timeout: Duration.minutes(2), circuitBreaker: {} } })] });
      expect(spec).toMatchObject({
        policies: { timeouts: { 'queue-inbound': '120s' }, retries: { inbound: RETRY } },
        targets: { components: { queue: { inbound: { timeout: 'queue-inbound', circuitBreaker: 'queue-inbound', retry: 'inbound' } } } },
      });
      expect(resiliencyOf({ inputs: [FunctionInput.fromBinding(queue, { resiliency: { timeout: Duration.minutes(2) } })], proxy: { inboundRetry: false } }).spec).toEqual({
        policies: { timeouts: { 'queue-inbound': '120s' } }, targets: { components: { queue: { inbound: { timeout: 'queue-inbound' } } } },
      });
    });

    test('is emitted beside the default of the others', () => {
      const { spec } = resiliencyOf({
        inputs: [FunctionInput.fromBinding(queue)],
        outputs: [FunctionOutput.toBinding(existing('web', 'bindings.http'), { resiliency: { timeout: Duration.millis(1500) } })],
      });
      expect(spec).toEqual({
        policies: { timeouts: { 'web-outbound': '1500ms' }, retries: { inbound: RETRY } },
        targets: { components: { queue: { inbound: { retry: 'inbound' } }, web: { outbound: { timeout: 'web-outbound' } } } },
      });
    });

    test('belongs to the function itself where there is no proxy', () => {
      const { metadata } = resiliencyOf({
        inputs: [FunctionInput.fromBinding(queue, { resiliency: { retry: { interval: Duration.seconds(1), maxRetries: 0 } } })],
        annotations: SIDECAR.annotations,
      });
      expect([metadata.name, metadata.labels]).toEqual(['fn', { 'openfunction.io/managed': 'true', 'openfunction.io/serving': 'fn' }]);
    });
  });
});
