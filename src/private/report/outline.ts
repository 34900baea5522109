/** A report in words: facts with their labels, and lists; text and Markdown differ in how they set them. */
import { replicas } from './picture/words';
import type {
  FunctionReport, ReportedAmounts, ReportedComponent, ReportedContainer, ReportedResources, ReportedTopic,
} from '../../function-report';
import { EXISTING } from '../decide/components';

export interface ReportOutline {
  readonly title: string;
  readonly facts: readonly (readonly [label: string, value: string])[];
  /** None of them is empty. */
  readonly lists: readonly (readonly [title: string, lines: readonly string[]])[];
}

export function outlineOf(report: FunctionReport): ReportOutline {
  const { namespace, name, topics, components, resources, objects, notes, warnings, daprMode } = report;
  const lists: [string, string[]][] = [
    ['topics', topics.map(topicLine)],
    ['components', components.map(componentLine)],
    ...resources.map((each): [string, string[]] => [resourcesTitle(each, daprMode), resourceLines(each)]),
    ['objects', objects.map((object) => `${object.kind} ${object.name} (${object.apiVersion})`)],
    ['worth knowing', notes],
    ['warnings', warnings],
  ];
  return {
    title: `${namespace}/${name}`,
    facts: factsOf(report),
    lists: lists.filter(([, lines]) => lines.length > 0),
  };
}

/** A line for each of many functions. */
export const SUMMARY_COLUMNS = ['function', 'image', 'port', 'replicas', 'Dapr', 'warnings'];

export function summaryOf(report: FunctionReport): string[] {
  const { namespace, name, image, port, daprMode, warnings } = report;
  return [`${namespace}/${name}`, image, String(port), replicasOf(report), daprMode, String(warnings.length)];
}

function replicasOf({ minReplicas, maxReplicas }: FunctionReport): string {
  return replicas(minReplicas, maxReplicas);
}

function factsOf(report: FunctionReport): [string, string][] {
  const { image, workload, port, daprMode, daprReason, appId, internalUrl, externalUrls, hosts } = report;
  const { sidecars, pendingEvents, podSecurity } = report;
  return [
    ['image', image],
    ['workload', `${workload}, port ${port}, ${replicasOf(report)}`],
    ['Dapr', `${daprMode}, since ${daprReason}`],
    ...optional('app-id', appId),
    ...optional('URL in the cluster', internalUrl),
    ...optional('hosts', joined(hosts)),
    ...optional('URLs from outside', joined(externalUrls)),
    ['sidecars at maximum scale', sidecars],
    ['scaling on pending events', pendingEvents],
    ...podSecurity.map(({ role, level, breaches }): [string, string] => (
      // What keeps most pods from the restricted level is the same everywhere, and one setting adds it.
      [`pod security of the ${role}`, `${level}${level === 'privileged' ? `, since ${breaches.join(', ')}` : ''}`])),
  ];
}

function optional(label: string, value: string | undefined): [string, string][] {
  return value === undefined ? [] : [[label, value]];
}

function joined(values: readonly string[]): string | undefined {
  return values.length === 0 ? undefined : values.join(', ');
}

const USES: Readonly<Record<string, string>> = {
  subscribes: 'subscribes to',
  publishes: 'publishes to',
  deadLetters: 'sends dead letters to',
  reads: 'reads',
  writes: 'writes to',
  keepsState: 'keeps state',
};

function topicLine({ use, topic, component, componentType }: ReportedTopic): string {
  return `${USES[use]} ${topic} through ${component} (${typeText(componentType)})`;
}

function componentLine({ name, componentType, isOwn, schedule, uses }: ReportedComponent): string {
  const more = [
    ...(isOwn ? [] : ['defined elsewhere']),
    ...(schedule === undefined ? [] : [`fires at ${schedule}`]),
    ...(uses.includes('keepsState') ? ['keeps state'] : []),
    ...(uses.length === 0 ? ['not used'] : []),
  ];
  return [`${name} (${typeText(componentType)})`, ...more].join(', ');
}

function typeText(type: string): string {
  return type.endsWith(EXISTING) ? `${type.slice(0, -EXISTING.length)}, type not known here` : type;
}

const MODES: Readonly<Record<string, string>> = {
  standalone: ' with one shared proxy', sidecar: ' with a sidecar in every pod',
};

function resourcesTitle({ daprMode }: ReportedResources, decided: string): string {
  const which = daprMode === 'off' ? '' : daprMode === decided ? ', as decided' : ', for comparison';
  return `memory and CPU (request / limit)${MODES[daprMode] ?? ''}${which}`;
}

function resourceLines({ containers, atMinimum, atMaximum }: ReportedResources): string[] {
  return [
    ...containers.map((each) => `${each.name}, ${replicas(each.minReplicas, each.maxReplicas)}: ${amountsText(each)}`),
    `all at minimum: ${sumText(atMinimum)}`,
    `all at maximum: ${atMaximum === undefined ? 'not known, since replicas have no limit' : sumText(atMaximum)}`,
  ];
}

type Amounts = Omit<ReportedContainer, 'name' | 'minReplicas' | 'maxReplicas'>;

function amountsText({ cpuRequest, cpuLimit, memoryRequest, memoryLimit }: Amounts): string {
  return `memory ${boundsText(memoryRequest, memoryLimit)}, CPU ${boundsText(cpuRequest, cpuLimit)}`;
}

function boundsText(request = 'not set', limit = 'not set'): string {
  return request === limit ? request : `${request} / ${limit}`;
}

function sumText(sum: ReportedAmounts): string {
  const { without, cpuRequest, memoryRequest } = sum;
  const isWhole = without.length === 0 || (cpuRequest === undefined && memoryRequest === undefined);
  return `${amountsText(sum)}${isWhole ? '' : `; what is not set for ${without.join(' and ')} is not in it`}`;
}
