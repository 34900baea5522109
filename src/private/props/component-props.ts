/** Checks of a shared component's props. */
import { credentialLike } from '../function/rules/credentials';
import type { Json } from '../kubernetes/json';
import { Problem, Problems, show } from '../problem/problem';

interface ComponentProps {
  readonly componentType: string;
  readonly metadata?: { [name: string]: unknown };
  readonly secrets?: { [name: string]: unknown };
}

const MAX_NAME_LENGTH = 253;

export function checkComponent(name: string, { componentType, metadata = {}, secrets = {} }: ComponentProps): Problem[] {
  const problems = new Problems();
  if (!/^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$/.test(name) || name.length > MAX_NAME_LENGTH) {
    problems.error(['name'], `${show(name)} is no DNS-1123 name (lower-case letters, digits, "-" and ".", at most ${MAX_NAME_LENGTH} characters)`);
  }
  if (!/^(bindings|pubsub|state)\.[a-z0-9]/.test(componentType)) {
    problems.error(['componentType'], `${show(componentType)} does not begin with "bindings.", "pubsub." or "state."`);
  }
  for (const [key, value] of Object.entries(metadata)) {
    if (!['string', 'number', 'boolean'].includes(typeof value)) problems.error(['metadata', key], `must be a string, number or boolean, got ${show(value)}`);
    const likeness = credentialLike(key, value as Json);
    if (likeness !== undefined) problems.warn(['metadata', key], `looks like ${likeness}; keep it in a Secret and give it in "secrets"`);
    if (key in secrets) problems.error(['secrets', key], 'has a plain value in "metadata" already; give it once');
  }
  return problems.all;
}
