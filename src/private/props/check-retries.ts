/** Numbers of retries that inputs and outputs give. */
import type { OpenFunctionAppProps } from '../../function-props';
import { Problems, show } from '../problem/problem';

export function checkRetries({ inputs = [], outputs = [] }: Partial<OpenFunctionAppProps>, problems: Problems): void {
  for (const [list, entries] of [['inputs', inputs], ['outputs', outputs]] as const) {
    entries.forEach(({ _entry: { resiliency } }, index) => {
      const given = resiliency?.retry?.maxRetries ?? 0;
      if (Number.isInteger(given) && given >= 0) return;
      const message = `${show(given)} is not a number of 0 or more; leave it out for retries without limit`;
      problems.error([list, index, 'resiliency', 'retry', 'maxRetries'], message);
    });
  }
}
