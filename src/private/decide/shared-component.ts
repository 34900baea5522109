/** Checks of a shared component's props. */
import { credentialLike } from './credentials';
import type { Json } from '../kubernetes/json';
import { checkForm, dns1123Label, dns1123Name } from '../kubernetes/syntax';
import { Problem, Problems, show } from '../problem/problem';

interface ComponentProps {
  readonly namespace?: string;
  readonly componentType: string;
  readonly metadata?: { [name: string]: unknown };
  readonly secrets?: { [name: string]: unknown };
}

export function checkComponent(name: string, { namespace, componentType, metadata = {}, secrets = {} }: ComponentProps): Problem[] {
  const problems = new Problems();
  checkForm(['name'], name, dns1123Name, problems);
  checkForm(['namespace'], namespace, dns1123Label, problems);
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
