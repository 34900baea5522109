/** Memory and CPU of a function's pods in either Dapr mode, as far as anything sets them (docs/spec M127q). */
import type { ApiObject } from 'cdk8s';
import type { ReportedAmounts, ReportedContainer, ReportedResources } from '../../function-report';
import type { FunctionPlan, Role } from '../decide/plan';
import { sidecarResources } from '../decide/sidecar';
import { definedJson, isObject, Json, JsonObject, objectsIn, StringMap } from '../kubernetes/json';
import { parseQuantity } from '../kubernetes/syntax';
import { Replicas, replicasOf } from '../wiring/wire';

/** An object of the function, as it is emitted. */
export interface ReportedPart {
  readonly role: Role;
  readonly apiObject: ApiObject;
}

type Amounts = Pick<ReportedContainer, 'cpuRequest' | 'cpuLimit' | 'memoryRequest' | 'memoryLimit'>;

/** Name of the container that Dapr's injector adds. */
const SIDECAR = 'daprd';

export function resourcesOf(plan: FunctionPlan, parts: readonly ReportedPart[]): ReportedResources[] {
  const { dapr, pod, proxy, plannedProxy: planned } = plan;
  const replicas = replicasOf(plan);
  const own = containersOf(parts, 'workload', replicas) ?? [];
  if (dapr.mode === 'off') return [together('off', own)];
  const fixed = { min: planned.replicas, max: planned.replicas };
  const beside = proxy?.annotations ?? { ...sidecarResources(planned.sidecarResources), ...pod.annotations };
  return [
    together('standalone', [
      ...own,
      ...containersOf(parts, 'proxy', fixed) ?? [container('dapr-proxy', planned.resources, fixed)],
      container(SIDECAR, annotated(beside), fixed),
    ]),
    together('sidecar', [...own, container(SIDECAR, annotated(pod.annotations), replicas)]),
  ];
}

/** Of a workload of whatever kind; a ScaledJob has its template one level deeper. */
export function podSpecOf(object: ApiObject): JsonObject | undefined {
  const { spec } = object.toJson() as JsonObject;
  const { jobTargetRef, template } = isObject(spec) ? spec : {};
  const found = isObject(jobTargetRef) ? jobTargetRef.template : template;
  return isObject(found) && isObject(found.spec) ? found.spec : undefined;
}

/** As users have patched them. */
function containersOf(
  parts: readonly ReportedPart[], wanted: string, replicas: Replicas,
): ReportedContainer[] | undefined {
  const part = parts.find(({ role }) => role === wanted);
  const spec = part && podSpecOf(part.apiObject);
  // Init containers of this policy run as long as the others.
  const running = objectsIn(spec?.initContainers).filter(([{ restartPolicy }]) => restartPolicy === 'Always');
  return part && [...objectsIn(spec?.containers), ...running].map(([{ name, resources }]) => {
    const { requests, limits } = isObject(resources) ? resources : {};
    const amount = (amounts: Json | undefined, what: string) => {
      const given = isObject(amounts) ? amounts[what] : undefined;
      return given === undefined || given === null ? undefined : String(given);
    };
    return container(String(name), {
      cpuRequest: amount(requests, 'cpu'),
      cpuLimit: amount(limits, 'cpu'),
      memoryRequest: amount(requests, 'memory'),
      memoryLimit: amount(limits, 'memory'),
    }, replicas);
  });
}

function annotated(annotations: StringMap): Amounts {
  return {
    cpuRequest: annotations['dapr.io/sidecar-cpu-request'],
    cpuLimit: annotations['dapr.io/sidecar-cpu-limit'],
    memoryRequest: annotations['dapr.io/sidecar-memory-request'],
    memoryLimit: annotations['dapr.io/sidecar-memory-limit'],
  };
}

/** Kubernetes requests what is the limit where nothing else is requested. */
function container(name: string, given: Amounts, { min, max }: Replicas): ReportedContainer {
  const { cpuLimit, memoryLimit, cpuRequest = cpuLimit, memoryRequest = memoryLimit } = given;
  const amounts = definedJson({ cpuRequest, cpuLimit, memoryRequest, memoryLimit }) as Amounts;
  return { name, minReplicas: min, ...(max !== undefined && { maxReplicas: max }), ...amounts };
}

function together(daprMode: string, containers: ReportedContainer[]): ReportedResources {
  const isLimited = containers.every(({ maxReplicas }) => maxReplicas !== undefined);
  return {
    daprMode,
    containers,
    atMinimum: sumOf(containers.map((each) => [each, each.minReplicas])),
    ...(isLimited && { atMaximum: sumOf(containers.map((each) => [each, each.maxReplicas ?? 0])) }),
  };
}

function sumOf(all: readonly (readonly [ReportedContainer, number])[]): ReportedAmounts {
  const running = all.filter(([, replicas]) => replicas > 0);
  const total = (field: keyof Amounts, format: (amount: number) => string) => {
    const set = running.filter(([each]) => each[field] !== undefined);
    // One container without a limit is enough for there to be none.
    const isKnown = field.endsWith('Limit') ? set.length === running.length : set.length > 0 || running.length === 0;
    const sum = set.reduce((before, [each, replicas]) => (
      before + replicas * (parseQuantity(each[field] ?? '') ?? 0)), 0);
    return isKnown ? format(sum) : undefined;
  };
  const amounts = definedJson({
    cpuRequest: total('cpuRequest', cpuText),
    cpuLimit: total('cpuLimit', cpuText),
    memoryRequest: total('memoryRequest', memoryText),
    memoryLimit: total('memoryLimit', memoryText),
  });
  const without = running.flatMap(([{ name, cpuRequest, memoryRequest }]) => (
    cpuRequest === undefined || memoryRequest === undefined ? [name] : []));
  return { ...amounts, without };
}

const MILLI = 1000;
const DECIMALS = 3;
const KIBI = 1024;
const UNITS = ['Gi', 'Mi', 'Ki'];

/** Rounded up to what Kubernetes can tell apart; sums of fractions are not exact. */
function cpuText(cores: number): string {
  const milli = Math.ceil(Number((cores * MILLI).toFixed(DECIMALS)));
  return milli % MILLI === 0 ? String(milli / MILLI) : `${milli}m`;
}

function memoryText(bytes: number): string {
  const whole = Math.ceil(bytes);
  const power = UNITS.findIndex((_, index) => whole > 0 && whole % KIBI ** (UNITS.length - index) === 0);
  return power < 0 ? String(whole) : `${whole / KIBI ** (UNITS.length - power)}${UNITS[power]}`;
}
