/** Tracing as the typed settings have it, with the provider's name at `provider`, to the model. */
import type { FunctionTracing } from '../../function-hooks';
import { exporter, tracing, TracingModel } from '../function/hooks';
import { anyOf, boolean, into, object, stringMap, text, withSchema, word } from '../function/readers';
import { defined, isObject, nonEmpty } from '../kubernetes/json';

export function tracingOf(given: Omit<FunctionTracing, 'provider'> & { readonly provider?: string }): TracingModel {
  const { enabled, provider, oapServer, exporter: target, tags, baggage } = given;
  return defined({
    enabled: enabled ?? (provider === undefined ? undefined : true),
    provider: nonEmpty(defined({ name: provider, oapServer, exporter: target && defined({ ...target }) })),
    tags,
    baggage,
  });
}

const flatTracing = into(
  object({ enabled: boolean, provider: word, oapServer: text, exporter, tags: stringMap, baggage: stringMap }),
  tracingOf,
);

/** As in the typed settings, or as in a Function, with an object at `provider`. */
export const eitherTracing = withSchema<TracingModel>((value, at) => (
  isObject(value) && isObject(value.provider) ? tracing : flatTracing)(value, at), anyOf(flatTracing, tracing));
