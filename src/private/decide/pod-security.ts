/** Which pod security level a function's pods must pass, and what they get for it (docs/spec M42a, M122c). */
import type { Check, Outline } from './outline';
import { FUNCTION_CONTAINER, POD_SECURITY } from '../kubernetes/constants';
import { JsonObject, objectsIn } from '../kubernetes/json';
import {
  SECURITY_LEVELS, securityBreaches, SecurityDefaults, SecurityLevel, withSecurity,
} from '../kubernetes/pod-security';
import { Path, Problems, show } from '../problem/problem';

const ANNOTATION: Path = ['serving', 'annotations', POD_SECURITY];
const TEMPLATE: Path = ['serving', 'template'];

export const podSecurityAnnotation: Check = ({ serving: { annotations } }, problems) => {
  const value = annotations[POD_SECURITY];
  if (value !== undefined && !isLevel(value)) problems.notOneOf(ANNOTATION, value, SECURITY_LEVELS);
};

/** The nearest of option, annotation and platform decides. */
function askedByFunction({ podSecurity, serving: { annotations } }: Outline): SecurityLevel | undefined {
  const annotated = annotations[POD_SECURITY] ?? '';
  return podSecurity ?? (isLevel(annotated) ? annotated : undefined);
}

export function decidePodSecurity(
  fn: Outline, platform: SecurityLevel | undefined, problems: Problems,
): SecurityDefaults | undefined {
  const own = askedByFunction(fn);
  const level = own ?? platform ?? 'privileged';
  if (level === 'privileged') return undefined;
  const { template = {} } = fn.serving;
  const defaults = level === 'restricted' ? restricted(fn, template) : undefined;
  const spec = { ...template, containers: withFunction(template) };
  for (const breach of securityBreaches(defaults === undefined ? spec : withSecurity(spec, defaults))) {
    if (level === 'baseline' && breach.level === 'restricted') continue;
    const message = `${breach.message}, which the pod security level ${show(level)} does not allow`;
    const path = [...TEMPLATE, ...breach.path];
    if (own === undefined) problems.platformError(path, message);
    else problems.error(path, message);
  }
  return defaults;
}

/** Pods get it as a whole, so that an injected sidecar has it too; Knative takes it of containers alone. */
function restricted({ workload, dapr }: Outline, template: JsonObject): SecurityDefaults {
  const shared = { runAsNonRoot: true, seccompProfile: { type: 'RuntimeDefault' } };
  const container = { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] } };
  const knative = workload === 'KnativeService';
  // A sidecar reads Kubernetes Secrets with the token of the pod's account.
  const tokenWanted = dapr.mode === 'sidecar' || (template.serviceAccountName ?? template.serviceAccount ?? '') !== '';
  return {
    ...(!tokenWanted && { automountServiceAccountToken: false }),
    pod: knative ? {} : shared,
    container: knative ? { ...shared, ...container } : container,
  };
}

/** With the container that the library adds where the template has none. */
function withFunction({ containers }: JsonObject): JsonObject[] {
  const given = objectsIn(containers).map(([container]) => container);
  return given.some(({ name }) => name === FUNCTION_CONTAINER) ? given : [...given, { name: FUNCTION_CONTAINER }];
}

function isLevel(value: string): value is SecurityLevel {
  return SECURITY_LEVELS.some((level) => level === value);
}
