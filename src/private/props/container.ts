/** The props that complete the function's container: its command, arguments and probes. */
import { isDeepStrictEqual } from 'node:util';
import { probeJson } from './probe';
import type { FunctionProbe } from '../../function-probe';
import type { OpenFunctionAppProps } from '../../function-props';
import { DAPR_APP_PORT, DEFAULT_PORT } from '../kubernetes/constants';
import { defined, Json, JsonObject } from '../kubernetes/json';
import { Problems, show } from '../problem/problem';

/** What a prop is called in the container. */
export const CONTAINER_FIELDS = {
  command: 'command',
  args: 'args',
  liveness: 'livenessProbe',
  readiness: 'readinessProbe',
  startup: 'startupProbe',
} as const;

type Prop = keyof typeof CONTAINER_FIELDS;

export function hasContainerProps(props: OpenFunctionAppProps): boolean {
  return Object.keys(containerFields(props)).length > 0;
}

/** A field that `pod` gives the same way is fine. */
export function addContainerProps(container: JsonObject, props: OpenFunctionAppProps, problems: Problems): void {
  for (const [prop, value] of Object.entries(containerFields(props)) as [Prop, Json][]) {
    const field = CONTAINER_FIELDS[prop];
    const given = container[field] ?? undefined;
    if (given !== undefined && !isDeepStrictEqual(given, value)) {
      problems.error([prop], `${show(value)} contradicts ${field} of pod, which is ${show(given)}`);
    }
    container[field] = value;
  }
}

function containerFields(props: OpenFunctionAppProps): { readonly [P in Prop]?: Json } {
  const { command, args, liveness, readiness, startup, annotations = {}, port } = props;
  const functionPort = port ?? (Number(annotations[DAPR_APP_PORT]) || DEFAULT_PORT);
  const probe = (given: FunctionProbe | undefined) => given && probeJson(given._probe, functionPort);
  return defined({
    command: command && [...command],
    args: args && [...args],
    liveness: probe(liveness),
    readiness: probe(readiness),
    startup: probe(startup),
  });
}
