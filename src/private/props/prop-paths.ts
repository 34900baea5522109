/** Paths of a manifest → the words of the typed props that said it, so that problems name what the user wrote. */
import { CONTAINER_FIELDS } from './container';
import type { GrownProps } from './growth';
import { knativeMoves } from './knative-autoscaling';
import { resourceMoves } from './resources';
import { isHttp, isState } from './triggers';
import { originalPaths } from '../function/places';
import type { Move } from '../function/readers';
import { DAPR_APP_PORT, FUNCTION_CONTAINER } from '../kubernetes/constants';
import { isObject, Json, objectsIn } from '../kubernetes/json';
import type { Path } from '../problem/problem';

const KEDA = ['serving', 'scaleOptions', 'keda'];

/** The longest that fits applies; `*` is an index, which is carried over. */
const MOVES: readonly Move[] = [
  [['metadata', 'name'], ['name']],
  [['metadata', 'namespace'], ['namespace']],
  [['imageCredentials', 'name'], ['imagePullSecret']],
  [['workloadRuntime'], ['wasmEdge']],
  [['serving', 'triggers'], ['http']],
  [['serving', 'triggers', 'http', 'port'], ['port']],
  [['serving', 'triggers', 'http', 'route', 'gatewayRef'], ['http', 'route', 'gateway']],
  [['serving', 'triggers', 'http'], ['http']],
  [['serving', 'triggers', 'dapr'], ['inputs']],
  [['serving', 'outputs', '*', 'dapr'], ['outputs', '*']],
  [['serving', 'outputs', '*', 'dapr', 'name'], ['outputs', '*', 'component']],
  [['serving', 'outputs', '*', 'dapr', 'type'], ['outputs', '*', 'component']],
  [['serving', 'outputs', '*', 'dapr', 'outputName'], ['outputs', '*', 'name']],
  [['serving', 'outputs'], ['outputs']],
  [['serving', 'workloadType'], ['workload']],
  [['serving', 'scaleOptions'], ['scaling']],
  [KEDA, ['scaling']],
  [[...KEDA, 'scaledObject'], ['scaling']],
  [[...KEDA, 'httpScaledObject'], ['scaling']],
  [[...KEDA, 'scaledJob'], ['scaling', 'job']],
  [[...KEDA, 'scaledJob', 'pollingInterval'], ['scaling', 'pollingInterval']],
  [[...KEDA, 'triggers', '*', 'type'], ['scaling', 'triggers', '*', 'triggerType']],
  [[...KEDA, 'triggers', '*', 'authenticationRef'], ['scaling', 'triggers', '*', 'authentication']],
  [['serving', 'tracing', 'provider', 'name'], ['tracing', 'provider']],
  [['serving', 'tracing', 'provider'], ['tracing']],
  [['serving', 'tracing'], ['tracing']],
  [['serving', 'template'], ['pod']],
  [['serving', 'params'], ['env']],
  ...['labels', 'annotations', 'timeout', 'hooks', 'states'].map((field): Move => [['serving', field], [field]]),
];

export function propPaths(props: GrownProps): (path: Path) => Path {
  const { inputs = [], port } = props;
  const moves = [...MOVES];
  if (port !== undefined && !isHttp(props)) moves.push([['serving', 'annotations', DAPR_APP_PORT], ['port']]);
  moves.push(...containerMoves(props), ...knativeMoves(props.scaling ?? {}));
  const next = { dapr: 0, inputs: 0 };
  inputs.forEach((input, index) => {
    const list = isState(input) ? 'inputs' : 'dapr';
    const from = ['serving', 'triggers', list, next[list]++, ...(list === 'inputs' ? ['dapr'] : [])];
    const to = ['inputs', index];
    moves.push([from, to], [[...from, 'inputName'], [...to, 'name']]);
    for (const field of ['name', 'type']) moves.push([[...from, field], [...to, 'component']]);
  });
  return originalPaths(moves);
}

/** Fields of the function's container that have props of their own. */
function containerMoves(props: GrownProps): Move[] {
  const containers = objectsIn(isObject(props.pod) ? props.pod.containers as Json : undefined);
  const own = containers.find(([{ name }]) => name === FUNCTION_CONTAINER)?.[1] ?? containers.length;
  const place = ['serving', 'template', 'containers', own];
  const fields = Object.entries(CONTAINER_FIELDS).flatMap(([prop, field]): Move[] => (
    props[prop as keyof typeof CONTAINER_FIELDS] === undefined ? [] : [[[...place, field], [prop]]]
  ));
  return [...fields, ...resourceMoves(place, props.resources ?? {})];
}
