/** A component that belongs to one function: a handle by which its inputs, outputs and states refer to it. */
import { Construct } from 'constructs';
import type { DaprComponentBinding, DaprComponentConsumer, IDaprComponent } from '../../i-dapr-component';
import { show } from '../problem/problem';
import { failOn } from '../problem/problems-error';

export class OwnComponent extends Construct implements IDaprComponent {
  public constructor(
    private readonly owner: Construct, public readonly componentName: string, public readonly componentType: string,
  ) {
    super(owner, `own-${componentName}`);
  }

  public bindConsumer({ construct, namespace }: DaprComponentConsumer): DaprComponentBinding {
    if (construct.node !== this.owner.node) {
      const message = `belongs to ${show(this.owner.node.path)} alone; define a DaprComponent to share it`;
      failOn(construct.node.path, [{ severity: 'error', path: [this.componentName], message }]);
    }
    return { namespace };
  }
}
