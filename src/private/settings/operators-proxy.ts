/** The image of the operator's own proxy, which answers none of the questions that this library's proxy is asked. */
import { checkImageReference } from '../kubernetes/syntax';
import { Path, Problem, show } from '../problem/problem';

const OPERATORS = /(?:^|\/)openfunction(?:dev)?\/dapr-proxy(?:[:@]|$)/;
const ADVICE = 'is the operator\'s proxy, which can never become ready here';

export function isOperatorsProxy(reference: string): boolean {
  return OPERATORS.test(reference);
}

/** Of an image that is given for this library's proxy. */
export function checkProxyImage(path: Path, reference: string): Problem[] {
  if (!isOperatorsProxy(reference)) return checkImageReference(path, reference);
  const advice = 'leave it out for the bundled one, or give an image that "cdk8s-openfunction proxy-image push" built';
  return [{ severity: 'error', path: [...path], message: `${show(reference)} ${ADVICE}; ${advice}` }];
}

/** Of the operator's ConfigMap, where it means the operator. */
export function ignoredProxy(path: Path, reference: string): Problem {
  const advice = 'it is ignored, and the bundled one used; remove the key to silence this';
  return { severity: 'warning', path: [...path], message: `${show(reference)} ${ADVICE}: ${advice}` };
}
