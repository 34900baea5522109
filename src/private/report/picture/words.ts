/** What boxes and arrows say, in words of people who do not know Dapr. */
import type { TopologyFunction } from '../../../topology';
import type { Edge, Node, NodeKind } from '../../wiring/graph';

export interface Box {
  readonly id: string;
  readonly kind: NodeKind;
  /** The first is the name. */
  readonly lines: readonly string[];
  /** Outside of the scope. */
  readonly faint: boolean;
}

export interface Arrow {
  readonly from: string;
  readonly to: string;
  readonly label: string;
  readonly kind: Edge['kind'];
}

type Nodes = ReadonlyMap<string, Node>;

export function boxOf(node: Node, nodes: Nodes): Box {
  const { id, kind, elsewhere = false } = node;
  return { id, kind, lines: [titleOf(node), ...detailsOf(node, nodes)], faint: elsewhere || kind === 'appId' };
}

function titleOf({ kind, name }: Node): string {
  if (kind === 'outside') return 'Outside world';
  return kind === 'appId' && name === '*' ? 'any app' : name;
}

function detailsOf(node: Node, nodes: Nodes): string[] {
  const { kind, details, componentType = '', schedule, image, workload } = node;
  const type = componentType.slice(componentType.indexOf('.') + 1);
  const known = type === 'existing' ? '' : type;
  switch (kind) {
    case 'function': return details === undefined ? [] : functionLines(details);
    case 'topic': return [topicLine(node, nodes)];
    case 'pubsub': return [`pub/sub ${known}`.trim()];
    case 'binding': return [schedule === undefined ? `binding ${known}`.trim() : `${known}: ${schedule}`];
    case 'state': return [`state ${known}`.trim()];
    case 'appId': return ['Dapr app, not part of this'];
    case 'workload': return [notFunction(workload), ...(image === undefined ? [] : [shortImage(image)])];
    default: return [];
  }
}

function functionLines({ image, httpEngine, daprMode, minReplicas, maxReplicas }: TopologyFunction): string[] {
  const what = httpEngine === undefined ? 'event function' : 'HTTP function';
  return [what, shortImage(image), replicas(minReplicas, maxReplicas), MODES[daprMode] ?? daprMode];
}

function notFunction(workload: string | undefined): string {
  return workload === undefined ? 'not a function' : `${workload}, not a function`;
}

const MODES: Readonly<Record<string, string>> = {
  off: 'without Dapr', standalone: 'Dapr: shared proxy', sidecar: 'Dapr: sidecar in each pod',
};

export function replicas(least: number, most: number | undefined): string {
  if (most === undefined) return `${least} or more replicas`;
  return least === most ? `${least} replica${least === 1 ? '' : 's'}` : `${least} to ${most} replicas`;
}

/** Without its registry and its digest. */
function shortImage(image: string): string {
  return image.replace(/@sha256:.*$/, '').split('/').slice(-1)[0];
}

function topicLine({ components = [] }: Node, nodes: Nodes): string {
  const found = components.flatMap((id) => nodes.get(id) ?? []);
  const names = [...new Set(found.map(({ name }) => name))];
  const types = [...new Set(found.flatMap(({ componentType = '' }) => (
    componentType.endsWith('.existing') ? [] : componentType.slice(componentType.indexOf('.') + 1))))];
  const shown = names.length > MANY ? `${names.length} components` : names.join(', ');
  const word = found.length > 0 && found.every(isQueue) ? 'queue' : 'topic';
  return `${word}${types.length === 0 ? '' : ` on ${types.join(', ')}`} (${shown})`;
}

const MANY = 3;

/** Bindings of Kafka and MQTT lead to topics, too. */
function isQueue({ kind, componentType = '' }: Node): boolean {
  return kind === 'binding' && !/^bindings\.(kafka|mqtt3?)$/.test(componentType);
}

export function arrowOf({ kind, from, to, topic = '' }: Edge, nodes: Nodes): Arrow {
  return { kind, from, to, label: kind === 'deadLetters' ? `dead letters of ${topic}` : labelOf(kind, from, nodes) };
}

function labelOf(kind: Edge['kind'], from: string, nodes: Nodes): string {
  const isFunction = nodes.get(from)?.kind === 'function';
  switch (kind) {
    case 'publishes': return 'publishes to';
    case 'subscribes': return 'triggers';
    case 'binds': return isFunction ? 'writes to' : 'triggers';
    case 'state': return 'keeps state in';
    default: return 'calls';
  }
}
