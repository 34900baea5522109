/** What loses or repeats events behind the proxy, opens its sidecar or deadlocks it (docs/spec M101, M106, M110). */
import { brokerOf } from './brokers';
import type { ResolvedTrigger } from './components';
import { PendingEventsReach, warnOfScale } from './pending-events';
import type { TokensPlan } from './tokens';
import type { FunctionModel } from '../function/function-model';
import type { ProxySettings } from '../function/proxy-settings';
import { Problems, show } from '../problem/problem';

/** Where the proxy itself answers Dapr's health checks. */
export const PROXY_HEALTH_PATH = '/dapr-proxy/healthz';
export const HEALTH_PATH = 'dapr.io/app-health-check-path';

interface Risks {
  readonly model: FunctionModel;
  readonly triggers: ResolvedTrigger[];
  readonly tokens: TokensPlan;
  readonly settings: ProxySettings;
  readonly replicas: number;
  readonly appProtocol: string;
  readonly reach?: PendingEventsReach;
}

export function warnOfRisks(
  { model, triggers, tokens, settings, replicas, appProtocol, reach }: Risks, problems: Problems,
): void {
  const { annotations } = model.serving;
  triggers.forEach((trigger, index) => {
    const { risks = [], everyReplica } = brokerOf(trigger);
    const path = ['serving', 'triggers', 'dapr', index, 'name'];
    for (const [key, why] of risks) problems.warn(path, `${key} of ${show(trigger.key)}: ${why}`);
    if (replicas > 1 && everyReplica === true) {
      const why = `which fires once in each of the proxy's ${replicas} replicas`;
      problems.warn(path, `${show(trigger.key)} is a cron binding, ${why}`);
    }
  });
  const healthPath = annotations[HEALTH_PATH];
  if (healthPath !== undefined && healthPath !== PROXY_HEALTH_PATH && appProtocol !== 'grpc') {
    problems.warn(
      ['serving', 'annotations', HEALTH_PATH],
      `${show(healthPath)} is a path of the function, so without a pod Dapr takes no events that could wake it; `
        + `the proxy itself answers ${PROXY_HEALTH_PATH}`,
    );
  }
  if (annotations['dapr.io/app-max-concurrency'] !== undefined && appProtocol === 'grpc') {
    problems.error(
      ['serving', 'annotations', 'dapr.io/app-max-concurrency'],
      'with gRPC it deadlocks Dapr 1.16; use the limit of the component itself',
    );
  }
  if (!settings.networkPolicy && tokens.api === undefined) {
    problems.warn(
      ['proxy', 'networkPolicy'],
      'without it and without an API token every pod of the cluster can use this function\'s Dapr API',
    );
  }
  if (reach !== undefined) warnOfScale(model, problems);
}
