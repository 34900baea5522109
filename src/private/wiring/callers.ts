/** Who calls a function through Dapr, as variables of functions and of workloads beside them say (docs/spec M116d). */
import { Addresses, Call, podOf } from './calls';
import { add } from './findings/finding';
import type { CallerModel } from '../decide/access-policies';
import type { Neighbours } from '../decide/neighbours';
import type { FunctionPlan } from '../decide/plan';

/** By the function that is called; of what is called nothing is known, so it may be anything. */
export function callersOf(plans: readonly FunctionPlan[], neighbours: Neighbours): Map<FunctionPlan, CallerModel[]> {
  const addresses = new Addresses(plans);
  const found = new Map<FunctionPlan, CallerModel[]>();
  const note = (appId: string, namespace: string, calls: readonly Call[]) => {
    for (const call of calls) {
      const target = call.appId === undefined ? undefined : addresses.withAppId(call.appId, namespace);
      const isItself = target?.namespace === namespace && target.names.appId === appId;
      if (target !== undefined && !isItself) add(found, target, { appId, namespace, trustDomain: 'public' });
    }
  };
  for (const { dapr, names: { appId }, namespace, pod: { env } } of plans) {
    if (dapr.mode !== 'off') note(appId, namespace, addresses.callsIn(env, namespace));
  }
  for (const { namespace, body } of neighbours.all('Workload')) {
    if (namespace === undefined) continue;
    const { env, appId } = podOf(body());
    if (appId !== undefined) note(appId, namespace, addresses.callsIn(env, namespace));
  }
  return found;
}
