/** Hooks and tracing, from a field or from text → the model. */
import type { HooksModel, TracingModel } from './function-model';
import { defined, present } from '../kubernetes/json';

interface HooksShape { pre?: (string | undefined)[]; post?: (string | undefined)[]; policy?: HooksModel['policy'] }

export function hooksModel(shape: HooksShape | undefined): HooksModel | undefined {
  return shape && { pre: present(shape.pre ?? []), post: present(shape.post ?? []), policy: shape.policy ?? 'Append' };
}

export function tracingModel(shape: TracingModel | undefined): TracingModel | undefined {
  if (shape === undefined) return undefined;
  const { enabled, provider, tags, baggage } = shape;
  const exporter = provider?.exporter && defined(provider.exporter);
  return defined({ enabled, provider: provider && defined({ ...provider, exporter }), tags, baggage });
}
