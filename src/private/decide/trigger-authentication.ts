/** Checks of the props of a TriggerAuthentication. */
import type { SecretKey } from '../../component-options';
import { checkForm, configKey, dns1123Label, dns1123Name } from '../kubernetes/syntax';
import { Problem, Problems } from '../problem/problem';

interface Given {
  readonly namespace?: string;
  readonly secrets?: { readonly [parameter: string]: SecretKey };
}

export function checkTriggerAuthentication(name: string, { namespace, secrets }: Given = {}): Problem[] {
  const problems = new Problems();
  checkForm(['name'], name, dns1123Name, problems);
  checkForm(['namespace'], namespace, dns1123Label, problems);
  const parameters = Object.entries(secrets ?? {});
  if (secrets !== undefined && parameters.length === 0) {
    problems.error(['secrets'], 'is empty; give a parameter of the scaler, or no authentication to the trigger');
  }
  for (const [parameter, { secret, key }] of parameters) {
    checkForm(['secrets', parameter, 'secret'], secret.name, dns1123Name, problems);
    checkForm(['secrets', parameter, 'key'], key, configKey, problems);
  }
  return problems.all;
}
