/** Events that come round: a function that publishes to its own topic, or a ring of topics and functions. */
import { Around, Find, Finding, other, OwnEdge } from './finding';
import { show } from '../../problem/problem';
import { functionId } from '../model';

export const cycles: Find = (around) => {
  const own = ownTopics(around);
  return [...own, ...rings(around, new Set(own.map(({ by }) => functionId(by.plan))))];
};

function ownTopics(around: Around): Finding[] {
  return around.own.flatMap((edge): Finding[] => {
    const { from, to, by, path } = edge;
    if (!leavesFor(edge, 'topic')) return [];
    const back = around.own.find((each) => each.from === to && each.to === from && each.kind !== 'deadLetters');
    if (back === undefined) return [];
    const name = around.nodes.get(to)!.name;
    const message = `is ${show(name)}, whose events this function gets (${by.place(back.path)}), so each may come `
      + 'round for ever; publish to another topic';
    return [{ rule: 'topic-cycle', level: 'warning', by, path, name, message }];
  });
}

/** Events out of a function, into a topic; dead letters end at their readers. */
function leavesFor({ kind, from, to }: OwnEdge, what: string): boolean {
  return (kind === 'publishes' || kind === 'binds') && from.startsWith('function ') && to.startsWith(`${what} `);
}

function rings(around: Around, told: ReadonlySet<string>): Finding[] {
  const flows = around.own.filter(({ kind, from, to }) => (
    (kind === 'publishes' || kind === 'subscribes' || kind === 'binds')
      && (from.startsWith('topic ') || to.startsWith('topic '))));
  const core = inCycles(flows);
  const left = new Set(core.map(({ from }) => from));
  return [...left].sort().filter((id) => id.startsWith('function ')).flatMap((start): Finding[] => {
    if (!left.has(start)) return [];
    const ring = ringOf(start, core);
    for (const id of ring) left.delete(id);
    const functions = [...ring].filter((id) => id.startsWith('function '));
    if (functions.length < 2 || functions.some((id) => told.has(id))) return [];
    const edge = core.find(({ from, to }) => from === start && ring.has(to))!;
    const names = functions.filter((id) => id !== start).map((id) => {
      const back = core.find(({ from, to }) => from === id && ring.has(to))!;
      return other(back.by, back.path);
    });
    const isClosed = [...ring].every((id) => isFedBy(ring, id, around));
    const name = around.nodes.get(edge.to)!.name;
    const message = `events of ${show(name)} come back to this function by way of ${names.join(' and ')}${isClosed
      ? '; nothing else here starts any of them, so an event goes round for ever' : ''}`;
    const level = isClosed ? 'warning' : 'information';
    return [{ rule: 'topic-cycle', level, by: edge.by, path: edge.path, name, message }];
  });
}

/** Without edges whose begin nothing leads to, or whose end leads nowhere, again and again. */
function inCycles(edges: readonly OwnEdge[]): readonly OwnEdge[] {
  const [begins, ends] = [new Set(edges.map(({ from }) => from)), new Set(edges.map(({ to }) => to))];
  const kept = edges.filter(({ from, to }) => ends.has(from) && begins.has(to));
  return kept.length === edges.length ? kept : inCycles(kept);
}

/** All that a node leads to and that leads back to it. */
function ringOf(start: string, edges: readonly OwnEdge[]): Set<string> {
  const back = reach(start, edges.map(({ from, to }) => [to, from]));
  return new Set([...reach(start, edges.map(({ from, to }) => [from, to]))].filter((id) => back.has(id)));
}

function reach(start: string, steps: readonly (readonly [from: string, to: string])[]): Set<string> {
  const found = new Set([start]);
  for (let size = 0; size < found.size;) {
    size = found.size;
    for (const [from, to] of steps) if (found.has(from)) found.add(to);
  }
  return found;
}

function isFedBy(ring: ReadonlySet<string>, id: string, around: Around): boolean {
  const isHttp = around.functions.some(({ plan }) => functionId(plan) === id && plan.engine !== undefined);
  return !isHttp && around.to(id).every(({ from }) => ring.has(from));
}
