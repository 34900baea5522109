/** Components and triggers of typed props, in the form of a Function. */
import { kindOf } from './component-kinds';
import { goDuration } from './extras-from-props';
import type { ComponentOptions, SecretKey } from '../../component-options';
import type { FunctionInput } from '../../function-input';
import type { OpenFunctionAppProps } from '../../function-props';
import type { HttpRouteOptions } from '../../http-trigger';
import type { IDaprComponent } from '../../i-dapr-component';
import type { ComponentSpecModel } from '../function/function-model';
import type { Move } from '../function/readers';
import { defined, entriesOf, isObject, JsonObject, nonEmpty, objectsIn } from '../kubernetes/json';
import { Path, Problem, show } from '../problem/problem';

export function componentSpecOf(options: ComponentOptions): ComponentSpecModel {
  const {
    componentType, version = 'v1', metadata, secrets, secretStore, ignoreErrors, initTimeout,
  } = options;
  const plain = entriesOf(metadata).map(([name, value]) => ({ name, value }));
  const secret = entriesOf<SecretKey>(secrets).map(([name, from]) => (
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

/** As the manifest is read: a function without events is one. */
export function isHttp({ http, inputs = [] }: OpenFunctionAppProps): boolean {
  return (http ?? undefined) !== undefined || inputs.every(isState);
}

export function triggers(props: OpenFunctionAppProps): object {
  const { http, port, inputs = [] } = props;
  const asks = isHttp(props) && (http ?? port ?? undefined) !== undefined;
  const events = inputs.filter((input) => !isState(input));
  return defined({
    http: asks ? defined({ port, engine: http?.engine, route: http?.route && routeOf(http.route) }) : undefined,
    dapr: nonEmpty(events.map(({ _input: { component, topic, name } }) => (
      defined({ ...reference(component), topic, inputName: name })
    ))),
    inputs: nonEmpty(inputs.filter(isState).map(({ component }) => ({ dapr: reference(component) }))),
  });
}

function routeOf({ gateway, hostnames, rules }: HttpRouteOptions): object {
  return defined({ gatewayRef: gateway, hostnames, rules });
}

export function isState({ component }: FunctionInput): boolean {
  return kindOf(component) === 'state';
}

/** The name of a component of the function's own is resolved by its maps, so a full type is never in the way. */
export function reference({ componentName, componentType }: IDaprComponent): object {
  return { name: componentName, type: componentType };
}

export function componentMoves(components: { readonly [name: string]: ComponentOptions } = {}): Move[] {
  return Object.entries(components).flatMap(([name, options]) => movesOf(name, options));
}

/** Metadata is a list in a component, and two maps in its options. */
function movesOf(name: string, options: ComponentOptions): Move[] {
  const { metadata, secrets } = options;
  const kind = kindOf(options);
  if (kind === undefined) return [];
  const to: Path = [`addComponent(${JSON.stringify(name)})`];
  const entry: Path = ['serving', kind === 'state' ? 'states' : kind, name];
  const spec = kind === 'state' ? [...entry, 'spec'] : entry;
  const keysOf = (map: { readonly [name: string]: unknown } | undefined) => entriesOf(map).map(([key]) => key);
  const settings = [
    ...keysOf(metadata).map((key): Path => [...to, 'metadata', key]),
    ...keysOf(secrets).map((key): Path => [...to, 'secrets', key]),
  ];
  return [
    [entry, to],
    [spec, to],
    [[...spec, 'type'], [...to, 'componentType']],
    [[...spec, 'auth'], to],
    ...settings.flatMap((place, index): Move[] => {
      const from = [...spec, 'metadata', index];
      return [
        [from, place],
        [[...from, 'name'], place],
        [[...from, 'value'], place],
        [[...from, 'secretKeyRef'], place],
        [[...from, 'secretKeyRef', 'name'], [...place, 'secret']],
      ];
    }),
  ];
}

/** Dapr and KEDA look for a Secret where it is named; a warning, since there may be one of that name in both. */
export function foreignSecrets(
  secrets: { readonly [name: string]: SecretKey } | undefined, kind: string, namespace: string,
): Problem[] {
  return Object.entries(secrets ?? {}).flatMap(([key, { secret }]): Problem[] => {
    // A Secret of the program has metadata, whatever the version of cdk8s-plus; one that exists elsewhere has none.
    const other = (secret as { readonly metadata?: { readonly namespace?: unknown } }).metadata?.namespace;
    if (typeof other !== 'string' || other === namespace) return [];
    const message = `the Secret ${show(secret.name)} is in namespace ${show(other)}, `
      + `and is not looked for there by a ${kind} in ${show(namespace)}`;
    return [{ severity: 'warning', path: ['secrets', key, 'secret'], message, name: secret.name }];
  });
}
