/** Which objects are functions. */
import { nearest } from '../problem/problem';

export const API_GROUP = 'core.openfunction.io';

/** Of the same group: what the operator makes for itself. */
const OTHER_KINDS = ['Builder', 'Serving', 'BuilderList', 'ServingList'];

/** Other groups have a kind `Function` too; a slip in group or kind is better reported than passed through. */
export function isFunction(apiVersion: unknown, kind: unknown): boolean {
  if (typeof apiVersion !== 'string' || typeof kind !== 'string') return false;
  const [group] = apiVersion.split('/');
  if (kind === 'Function') return nearest(group, [API_GROUP, 'openfunction.io']) !== undefined;
  return group === API_GROUP && !OTHER_KINDS.includes(kind) && nearest(kind, ['Function']) !== undefined;
}
