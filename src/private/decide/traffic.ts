/** Traffic targets pass through to the Knative Service; what its webhook refuses is refused here (docs/spec M49). */
import type { WorkloadKind } from './workload';
import type { JsonObject } from '../kubernetes/json';
import { dns1035Label } from '../kubernetes/syntax';
import { Problems, show } from '../problem/problem';

const WHOLE = 100;

export function checkTraffic(traffic: readonly JsonObject[] | undefined, workload: WorkloadKind, problems: Problems): void {
  if (traffic === undefined) return;
  if (workload !== 'KnativeService') return problems.warn(['traffic'], `has no effect on a ${workload}; only a Knative Service splits its traffic`);
  traffic.forEach(({ percent, tag }, index) => {
    if (percent !== undefined && !(Number.isInteger(percent) && Number(percent) >= 0 && Number(percent) <= WHOLE)) {
      problems.error(['traffic', index, 'percent'], `${show(percent)} is no whole number from 0 to ${WHOLE}`);
    }
    if (typeof tag !== 'string') return;
    const wrong = dns1035Label(tag);
    if (wrong !== undefined) problems.error(['traffic', index, 'tag'], wrong);
    else if (traffic.findIndex((other) => other.tag === tag) < index) problems.error(['traffic', index, 'tag'], `${show(tag)} is there twice; tags must differ`);
  });
  const sum = traffic.reduce((total, { percent }) => total + Number(percent ?? 0), 0);
  if (traffic.length > 0 && sum !== WHOLE) problems.error(['traffic'], `the shares add up to ${sum}; they must add up to ${WHOLE}`);
}
