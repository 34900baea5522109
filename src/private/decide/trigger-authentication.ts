/** Checks of the props of a TriggerAuthentication. */
import type { TriggerAuthenticationProps } from '../../trigger-authentication-props';
import { checkForm, configKey, dns1123Label, dns1123Name } from '../kubernetes/syntax';
import { Problem, Problems } from '../problem/problem';
import { AUTHENTICATION } from '../props/known-options';
import { checkProps } from '../settings/known-props';

export function checkTriggerAuthentication(name: string, given?: TriggerAuthenticationProps): Problem[] {
  const { namespace, secrets }: Partial<TriggerAuthenticationProps> = given ?? {};
  const { unknown, misshapen } = checkProps({ ...given, name }, AUTHENTICATION);
  if (misshapen.length > 0) return [...misshapen, ...unknown];
  const problems = new Problems();
  problems.add(...unknown);
  checkForm(['name'], name, dns1123Name, problems);
  checkForm(['namespace'], namespace, dns1123Label, problems);
  const parameters = Object.entries(secrets ?? {});
  if (given !== undefined && parameters.length === 0) {
    problems.error(['secrets'], 'is empty; give a parameter of the scaler, or no authentication to the trigger');
  }
  for (const [parameter, { secret, key }] of parameters) {
    checkForm(['secrets', parameter, 'secret'], secret.name, dns1123Name, problems);
    checkForm(['secrets', parameter, 'key'], key, configKey, problems);
  }
  return problems.all;
}
