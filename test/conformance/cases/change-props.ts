// One change to the typed props of a function.
import type { Change } from './case';
import { DaprComponent, DaprMode, type OpenFunctionAppProps } from '../../../src';

export function changeProps(props: OpenFunctionAppProps, change: Change): OpenFunctionAppProps {
  switch (change) {
    case 'image': return { ...props, image: 'example.com/changed:v2' };
    case 'version': return { ...props, version: 'v9.9.9' };
    case 'label': return { ...props, labels: { ...props.labels, changed: 'yes' } };
    case 'scale bound': return { ...props, scaling: { ...props.scaling, maxReplicas: (props.scaling?.maxReplicas ?? 10) + 1 } };
    case 'input': return props.inputs
      ? { ...props, inputs: [...props.inputs, { component: DaprComponent.existing('added', 'pubsub.redis'), topic: 'added' }] }
      : { ...props, states: [...props.states ?? [], DaprComponent.existing('added', 'state.redis')] };
    case 'Dapr mode': return props.dapr?.mode === DaprMode.SIDECAR ? shared(props) : inEveryPod(props);
  }
}

function shared({ drainTimeout: _, ...props }: OpenFunctionAppProps): OpenFunctionAppProps {
  return { ...props, dapr: { enabled: true, mode: DaprMode.STANDALONE } };
}

/** Without what only the proxy can do, which is an error otherwise. */
function inEveryPod({ proxy: _, ...props }: OpenFunctionAppProps): OpenFunctionAppProps {
  return {
    ...props,
    dapr: { enabled: true, mode: DaprMode.SIDECAR },
    ...(props.inputs && { inputs: props.inputs.map(({ component, topic, name }) => ({ component, topic, name })) }),
    ...(props.scaling && { scaling: { ...props.scaling, onPendingEvents: undefined } }),
  };
}
