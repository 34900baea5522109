/** The functions that use a component. */
import type { IConstruct } from 'constructs';
import type { DaprComponentConsumer } from '../../i-dapr-component';

export class ConsumerSet {
  private readonly appIdOf = new Map<IConstruct, string>();

  public add({ construct, appId }: DaprComponentConsumer): void {
    this.appIdOf.set(construct, appId);
  }

  /** Of the functions that are still in the tree: one whose constructor failed has left it. */
  public get appIds(): string[] {
    return [...this.appIdOf].filter(([construct]) => isInTree(construct)).map(([, appId]) => appId);
  }
}

function isInTree({ node }: IConstruct): boolean {
  return node.scope === undefined || node.scope.node.tryFindChild(node.id)?.node === node;
}
