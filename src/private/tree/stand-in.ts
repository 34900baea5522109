/** In the place of a function whose problems are kept until synthesis: enough for the program to go on. */
import { ApiObject, Chart, Lazy } from 'cdk8s';
import type { Construct } from 'constructs';
import { markUsed } from './consumers';
import { withKept } from './synthesis';

export interface StandIn {
  readonly name: string;
  readonly namespace: string;
  readonly names: { readonly appId: string };
}

/** Nothing of it is ever written: synthesis fails before, and so does its object. */
export function standInFor(fn: Construct, given: { readonly name?: unknown; readonly namespace?: unknown }): StandIn {
  const text = (value: unknown, otherwise: string) => (typeof value === 'string' ? value : otherwise);
  const name = text(given.name, fn.node.id);
  const namespace = text(given.namespace, text(Chart.of(fn).namespace, 'default'));
  markUsed(fn, []);
  for (const { node } of fn.node.children) fn.node.tryRemoveChild(node.id);
  new ApiObject(fn, 'Resource', {
    apiVersion: 'core.openfunction.io/v1beta2',
    kind: 'Function',
    metadata: { name, namespace },
    spec: Lazy.any({
      produce: () => {
        throw withKept(fn);
      },
    }) as unknown,
  });
  return { name, namespace, names: { appId: `${name}-${namespace}` } };
}
