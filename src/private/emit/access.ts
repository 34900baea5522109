/** The Dapr Configuration that says who may call a function (docs/spec M116b). */
import { object, Maker } from './manifest';
import type { CallerModel } from '../decide/privileges';
import type { JsonObject } from '../kubernetes/json';

export const configuration: Maker = (plan) => {
  const { access, proxy, labels } = plan;
  if (access === undefined) return [];
  const own = proxy === undefined ? labels.function : labels.proxy;
  const parts = { apiVersion: 'dapr.io/v1alpha1', kind: 'Configuration', name: access.name, labels: own };
  const manifest = object(plan, parts, {
    spec: { accessControl: { defaultAction: 'deny', trustDomain: 'public', policies: policies(access.callers) } },
  });
  return [{ role: 'configuration', id: 'Configuration', manifest }];
};

/** Dapr keeps one policy for each app, so what several grants allow comes together. */
function policies(callers: readonly CallerModel[]): JsonObject[] {
  const byApp = new Map<string, CallerModel[]>();
  for (const caller of callers) {
    const key = `${caller.namespace}/${caller.appId}`;
    byApp.set(key, [...byApp.get(key) ?? [], caller]);
  }
  const sorted = [...byApp].sort(([one], [other]) => (one < other ? -1 : 1));
  return sorted.map(([, grants]) => policy(grants));
}

function policy(grants: readonly CallerModel[]): JsonObject {
  const [{ appId, namespace, trustDomain }] = grants;
  const isOpen = grants.some(({ operations, verbs }) => operations === undefined && verbs === undefined);
  const app = { appId, namespace, trustDomain, defaultAction: isOpen ? 'allow' : 'deny' };
  if (isOpen) return app;
  return {
    ...app,
    operations: grants.flatMap(({ operations = ['/*'], verbs = ['*'] }) => (
      operations.map((name) => ({ name, httpVerb: [...verbs], action: 'allow' })))),
  };
}
