/** A construct that was removed from the tree has no say any more. */
import type { IConstruct } from 'constructs';

export function isAttached(construct: IConstruct): boolean {
  const { scope, id } = construct.node;
  return scope === undefined || (scope.node.tryFindChild(id) === construct && isAttached(scope));
}
