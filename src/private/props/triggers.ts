/** The props `http`, `port` and `inputs` → `serving.triggers`. */
import { kindOf } from './component-kinds';
import type { FunctionInput } from '../../function-input';
import type { OpenFunctionAppProps } from '../../function-props';
import type { HttpRouteOptions } from '../../http-trigger';
import type { IDaprComponent } from '../../i-dapr-component';
import { defined, nonEmpty } from '../kubernetes/json';

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
    dapr: nonEmpty(events.map(({ _entry: { component, topic, name } }) => (
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
