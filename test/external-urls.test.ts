// Where a function is reached from outside of the cluster (docs/spec M95a).
import { HttpRouteOptions } from '../src';
import { synthProps } from './support/synth';

const urls = (route?: HttpRouteOptions, gateway: object = {}) => synthProps(
  { name: 'fn', image: 'i', ...(route && { http: { route } }) },
  { settings: { gateway: { name: 'public', namespace: 'gateways', domain: 'acme.io', ...gateway } } },
).fn.externalUrls;

test('externalUrls have the host of the template, or those of the function with the path of the template', () => {
  expect(urls()).toEqual(['http://fn.ns.acme.io']);
  expect(urls({ hostnames: ['a.io', '*.b.io', 'a.io', 'fn.ns.svc.cluster.local'] })).toEqual(['http://a.io/ns/fn']);
  expect(urls({ hostnames: ['a.io'] }, { pathTemplate: '/' })).toEqual(['http://a.io']);
  expect(urls({ hostnames: ['a.io'], rules: [{ matches: [{ path: { value: '/x' } }] }] })).toEqual(['http://a.io']);
});

test('externalUrls are none without a route', () => {
  expect(synthProps({ image: 'i' }).fn.externalUrls).toEqual([]);
});
