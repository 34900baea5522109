/** A wiring → lines for people. */
import { arrowOf, boxOf } from './words';
import type { TopologyFinding } from '../../../topology';
import { oneLine } from '../../problem/problem';
import type { Node, Wiring } from '../../wiring/graph';

export function topologyText({ nodes, edges }: Wiring, findings: readonly TopologyFinding[]): string {
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const nameOf = (id: string) => named(byId.get(id)!);
  const functions = nodes.filter(({ kind }) => kind === 'function');
  return [
    ...functions.map((node) => `${nameOf(node.id)}: ${boxOf(node, byId).lines.slice(1).join(', ')}`),
    ...section('wiring', edges.map((edge) => {
      const { from, to, label } = arrowOf(edge, byId);
      return edge.kind === 'deadLetters' ? `${nameOf(from)} sends ${label} to ${nameOf(to)}`
        : `${nameOf(from)} ${label} ${nameOf(to)}`;
    })),
    ...section('worth a look', findings.map(({ level, place, message }) => (
      `${place} ${level === 'warning' ? 'warning: ' : ''}${message}`))),
  ].map((line) => `${oneLine(line)}\n`).join('');
}

const WORDS: Readonly<Partial<Record<Node['kind'], string>>> = {
  topic: 'the topic ', binding: 'the binding ', state: 'the store ', appId: 'the app-id ', workload: 'the workload ',
};

function named({ kind, name, namespace, id }: Node): string {
  if (kind === 'outside') return 'the outside world';
  if (kind === 'host') return name;
  if (kind === 'topic') return `the topic ${id.slice('topic '.length)}`;
  return `${WORDS[kind] ?? ''}${namespace ?? ''}/${name}`;
}

function section(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : ['', `${title}:`, ...lines.map((line) => `  ${line}`)];
}
