// One change to the typed props of a function.
import type { Change } from './case';
import { DaprMode, FunctionInput, type OpenFunctionAppProps } from '../../../src';
import { existing } from '../../support/existing-component';

export function changeProps(props: OpenFunctionAppProps, change: Change): OpenFunctionAppProps {
  switch (change) {
    case 'image': return { ...props, image: 'example.com/changed:v2' };
    case 'version': return { ...props, version: 'v9.9.9' };
    case 'label': return { ...props, labels: { ...props.labels, changed: 'yes' } };
    case 'scale bound': return { ...props, scaling: { ...props.scaling, maxReplicas: (props.scaling?.maxReplicas ?? 10) + 1 } };
    case 'input': return props.inputs
      ? { ...props, inputs: [...props.inputs, FunctionInput.fromTopic(existing('added', 'pubsub.redis'), 'added')] }
      : { ...props, states: [...props.states ?? [], existing('added', 'state.redis')] };
    case 'Dapr mode': return props.dapr === DaprMode.SIDECAR ? shared(props) : inEveryPod(props);
  }
}

function shared({ drainTimeout: _, ...props }: OpenFunctionAppProps): OpenFunctionAppProps {
  return { ...props, dapr: DaprMode.STANDALONE };
}

/** Without what only the proxy can do, which is an error otherwise. */
function inEveryPod({ proxy: _, pendingEvents: __, ...props }: OpenFunctionAppProps): OpenFunctionAppProps {
  return {
    ...props,
    dapr: DaprMode.SIDECAR,
    ...(props.inputs && { inputs: props.inputs.map(({ component, _input: { topic, name } }) => (
      topic === undefined ? FunctionInput.fromBinding(component, { name }) : FunctionInput.fromTopic(component, topic, { name })
    )) }),
  };
}
