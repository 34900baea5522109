// What a function that the library refuses would have become: the same way through, with its errors beside the objects.
import { checkFunction, outlineOf } from '../../../src/private/decide/checks';
import { decide } from '../../../src/private/decide/plan';
import { emit } from '../../../src/private/emit/objects';
import { readFunction } from '../../../src/private/function/read-function';
import { formatProblem, Problems, ProblemsError } from '../../../src/private/problem/problem';
import type { KubeObject } from '../../testbed';
import type { Manifest } from '../generate';

export interface Anyway {
  readonly errors: readonly string[];
  /** Empty where nothing can be made of it. */
  readonly objects: readonly KubeObject[];
  /** Whether all that was written could be read; what cannot is left out of the objects. */
  readonly complete: boolean;
  /** Flags that a Knative Service needs. */
  readonly features: readonly string[];
}

export function renderAnyway(manifest: Manifest): Anyway {
  const { draft, problems: unread } = readFunction(manifest);
  if (draft === undefined) return { errors: unread.map(formatProblem), objects: [], complete: false, features: [] };
  const fn = outlineOf(draft);
  const found = new Problems();
  const complete = unread.every(({ severity }) => severity !== 'error');
  const errors = () => [...unread, ...checkFunction(fn, () => false), ...found.all].filter(({ severity }) => severity === 'error').map(formatProblem);
  try {
    const image = () => ({ kind: 'image' as const, reference: 'example.com/dapr-proxy:v1' });
    const plan = decide(fn, { namespace: fn.namespace ?? 'shop', platform: {}, image }, found);
    const objects = emit(plan).map((each) => each.manifest as unknown as KubeObject);
    return { errors: errors(), objects, complete, features: plan.knative?.features ?? [] };
  } catch (error) {
    if (!(error instanceof ProblemsError)) throw error;
    return { errors: [...errors(), error.message], objects: [], complete, features: [] };
  }
}
