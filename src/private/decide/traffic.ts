/** Traffic targets pass through to the Knative Service; what its webhook refuses is refused here (docs/spec M49). */
import type { Check } from './outline';
import { dns1035Label } from '../kubernetes/syntax';
import { show } from '../problem/problem';

const WHOLE = 100;

export const traffic: Check = ({ serving: { traffic: targets }, workload }, problems) => {
  if (targets === undefined) return;
  if (workload !== 'KnativeService') {
    return problems.warn(['traffic'], `has no effect on a ${workload}; only a Knative Service splits its traffic`);
  }
  targets.forEach(({ percent, tag }, index) => {
    if (percent !== undefined && !(Number.isInteger(percent) && Number(percent) >= 0 && Number(percent) <= WHOLE)) {
      problems.error(['traffic', index, 'percent'], `${show(percent)} is not a whole number from 0 to ${WHOLE}`);
    }
    if (typeof tag !== 'string') return;
    const wrong = dns1035Label(tag);
    if (wrong !== undefined) {
      problems.error(['traffic', index, 'tag'], wrong);
    } else if (targets.findIndex((other) => other.tag === tag) < index) {
      problems.error(['traffic', index, 'tag'], `${show(tag)} is there twice; tags must differ`);
    }
  });
  const sum = targets.reduce((total, { percent }) => total + Number(percent ?? 0), 0);
  if (targets.length > 0 && sum !== WHOLE) {
    problems.error(['traffic'], `the shares add up to ${sum}; they must add up to ${WHOLE}`);
  }
};
