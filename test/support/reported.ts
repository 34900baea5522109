// Functions whose reports have something of everything.
import { component, scaler } from './components';
import { asyncFunction, EVENTS, STORE, v1beta2 } from './functions';
import { newChart, quietly } from './synth';
import { OpenFunctionApp } from '../../src';

export const SIDECAR = { annotations: { 'openfunction.io/dapr-service-mode': 'sidecar' } };
export const sized = (resources: object) => ({ containers: [{ name: 'function', resources }] });

export const orders = () => asyncFunction({
  triggers: { dapr: [{ name: 'bus', topic: 'orders' }] },
  bindings: {},
  pubsub: { bus: EVENTS },
  states: { store: { spec: STORE } },
  outputs: [{ dapr: { name: 'bus', type: 'pubsub.kafka', topic: 'paid' } }, { dapr: { name: 'web', type: 'bindings.http', operation: 'post' } }],
  scaleOptions: { maxReplicas: 5, keda: { triggers: [scaler('kafka')] } },
  template: sized({ requests: { cpu: '50m', memory: '64Mi' }, limits: { memory: '128Mi' } }),
}, {}, { name: 'orders' });
export const shop = () => v1beta2({
  triggers: { http: { port: 3000, route: { hostnames: ['*.acme.example', 'shop.acme.example'] } } },
  scaleOptions: { minReplicas: 1, maxReplicas: 4 },
  template: sized({ limits: { cpu: '0.5', memory: '1Gi' } }),
}, {}, { name: 'shop' });
export const five = () => {
  const { chart } = newChart();
  const timer = asyncFunction({ ...SIDECAR, triggers: { dapr: [{ name: 'clock', type: 'bindings.cron' }] }, bindings: { clock: component('bindings.cron') } }, {}, { name: 'timer' });
  const others = ['mail', 'search'].map((name) => v1beta2({ timeout: '5s', workloadType: 'Deployment' }, {}, { name }));
  return quietly(() => [orders(), shop(), timer, ...others].map((manifest) => OpenFunctionApp.fromManifest(chart, manifest.metadata.name, { ...manifest })).map((fn) => fn.report));
};
