/** The options of a component → the `spec` of its `Component` object. */
import { goDuration } from './extras-from-props';
import type { ComponentOptions, SecretKey } from '../../component-options';
import type { ComponentSpecModel } from '../function/function-model';
import { defined, isObject, JsonObject, objectsIn } from '../kubernetes/json';

export function componentSpecOf(options: ComponentOptions): ComponentSpecModel {
  const {
    componentType, version = 'v1', metadata = {}, secrets = {}, secretStore, ignoreErrors, initTimeout,
  } = options;
  const plain = Object.entries(metadata).map(([name, value]) => ({ name, value }));
  const secret = Object.entries(secrets).map(([name, from]: [string, SecretKey]) => (
    { name, secretKeyRef: { name: from.secret.name, key: from.key } }
  ));
  return defined({
    type: componentType,
    version,
    ignoreErrors: ignoreErrors === true ? true : undefined,
    initTimeout: initTimeout && goDuration(initTimeout.toMilliseconds()),
    metadata: [...plain, ...secret],
    auth: secretStore === undefined ? undefined : { secretStore },
  }) as unknown as ComponentSpecModel;
}

/** What a component says of itself when a function binds it; it may come from another version of this package. */
export function boundSpec(spec: { readonly [field: string]: unknown } | undefined): ComponentSpecModel | undefined {
  const { type, version = 'v1', metadata } = (spec ?? {}) as JsonObject;
  if (typeof type !== 'string' || typeof version !== 'string') return undefined;
  const named = objectsIn(metadata).flatMap(([{ name, value, secretKeyRef }]) => {
    if (typeof name !== 'string') return [];
    return [{
      name,
      ...(!isObject(value) && !Array.isArray(value) && { value }),
      ...(isObject(secretKeyRef) && { secretKeyRef }),
    }];
  });
  return { type, version, metadata: named };
}
