/** Syntax of image references. */
import { Path, Problem, Problems, show } from '../problem/problem';

const COMPONENT = '[a-z0-9]+(?:(?:\\.|_|__|-+)[a-z0-9]+)*';
const HOST = '(?:[A-Za-z0-9.-]+(?::[0-9]+)?/)?';
const REPOSITORY = new RegExp(`^${HOST}${COMPONENT}(?:/${COMPONENT})*$`);
const TAG = '(?::[A-Za-z0-9_][A-Za-z0-9._-]{0,127})?';
const DIGEST = '(?:@sha256:[a-f0-9]{64})?';
const REFERENCE = new RegExp(`^${HOST}${COMPONENT}(?:/${COMPONENT})*${TAG}${DIGEST}$`);

type Kind = 'reference' | 'repository';

export function checkImageReference(path: Path, value: string, kind: Kind = 'reference'): Problem[] {
  const problems = new Problems();
  if (kind === 'repository' ? !REPOSITORY.test(value) : !REFERENCE.test(value)) {
    problems.error(path, `${show(value)} is not a valid image ${kind}; ${kind === 'repository'
      ? 'give it without tag and digest, such as "registry.acme.io/dapr-proxy"'
      : 'give one such as "registry.acme.io/dapr-proxy:1.0.0"'}`);
  }
  return problems.all;
}
