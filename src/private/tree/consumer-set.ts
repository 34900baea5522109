/** The functions that use a component. */
import type { IConstruct } from 'constructs';
import type { DaprComponentConsumer } from '../../i-dapr-component';

const USED = Symbol.for('cdk8s-openfunction.used-components');
type Consumer = IConstruct & { [USED]?: ReadonlySet<IConstruct['node']> };

/** Remembers which components a function uses now: an addition that fails may have bound others meanwhile. */
export function markUsed(consumer: IConstruct, components: readonly IConstruct[]): void {
  (consumer as Consumer)[USED] = new Set(components.map(({ node }) => node));
}

export class ConsumerSet {
  private readonly appIdOf = new Map<IConstruct, string>();

  public constructor(private readonly component: IConstruct) {}

  public add({ construct, appId }: DaprComponentConsumer): void {
    this.appIdOf.set(construct, appId);
  }

  /** Of the functions that use it and are still in the tree: one whose constructor failed has left it. */
  public get appIds(): string[] {
    const { node } = this.component;
    const uses = (consumer: Consumer) => consumer[USED]?.has(node) !== false;
    return [...this.appIdOf].filter(([consumer]) => isInTree(consumer) && uses(consumer)).map(([, appId]) => appId);
  }
}

function isInTree({ node }: IConstruct): boolean {
  return node.scope === undefined || node.scope.node.tryFindChild(node.id)?.node === node;
}
