/** Dapr components → the model. Settings that could not be read stay as empty ones, so that indexes in later problems are right. */
import type { ComponentShape, StateShape } from './component-shape';
import type { ComponentMetadataModel, ComponentSpecModel } from './function-model';
import { defined } from '../kubernetes/json';

/** A component that could not be read stays defined: references to it are right. */
export function componentModels(shapes: Record<string, ComponentShape | undefined> = {}): Record<string, ComponentSpecModel> {
  return mapped(shapes, (shape) => componentModel(shape ?? {}));
}

export function stateModels(shapes: Record<string, StateShape | undefined> = {}): Record<string, ComponentSpecModel | undefined> {
  return mapped(shapes, (shape) => shape?.spec && componentModel(shape.spec));
}

function mapped<T, U>(shapes: Record<string, T>, convert: (shape: T) => U): Record<string, U> {
  const result = Object.create(null) as Record<string, U>;
  for (const [key, shape] of Object.entries(shapes)) result[key] = convert(shape);
  return result;
}

function componentModel({ type = '', version = '', ignoreErrors, initTimeout, metadata, auth }: ComponentShape): ComponentSpecModel {
  return {
    type,
    version,
    ignoreErrors: ignoreErrors || undefined,
    initTimeout,
    auth: auth?.secretStore === undefined ? undefined : { secretStore: auth.secretStore },
    metadata: (metadata ?? []).map(settingModel),
  };
}

type SettingShape = NonNullable<NonNullable<ComponentShape['metadata']>[number]>;

function settingModel({ name = '', value, secretKeyRef, envRef }: SettingShape = {}): ComponentMetadataModel {
  const { name: secret, key } = secretKeyRef ?? {};
  const reference = secret === undefined && key === undefined ? undefined : defined({ name: secret, key });
  return { name, value, secretKeyRef: reference, envRef };
}
