/** What comes round: a function's own topic or queue, rings of functions, dead letters of dead letters. */
import { add, Around, Find, Finding, isOwn, other, OwnEdge } from './finding';
import { show } from '../../problem/problem';
import { isQueue } from '../brokers';
import type { Edge } from '../graph';

export const cycles: Find = (around) => {
  const own = ownTopics(around);
  const told = new Set(own.map(({ by }) => by.id));
  const flows = around.own.filter((edge) => edge.kind !== 'calls' && edge.kind !== 'state' && carries(edge, around));
  const calls = around.own.filter(({ kind, from, to }) => kind === 'calls' && isFunction(from) && isFunction(to));
  return [...own, ...rings(flows, told, around), ...rings(calls, told, around), ...deadLetterRings(around)];
};

function isFunction(id: string): boolean {
  return id.startsWith('function ');
}

/** Into or out of something from which what is written comes out again. */
function carries({ from, to }: Edge, { nodes }: Around): boolean {
  return [from, to].some((id) => id.startsWith('topic ') || isQueue(nodes.get(id)?.componentType ?? ''));
}

function ownTopics(around: Around): Finding[] {
  return around.own.flatMap((edge): Finding[] => {
    const { kind, from, to, by, path } = edge;
    if ((kind !== 'publishes' && kind !== 'binds') || !isFunction(from) || !carries(edge, around)) return [];
    const back = around.from(to).find((each): each is OwnEdge => each.to === from && isOwn(each));
    if (back === undefined) return [];
    const name = around.nodes.get(to)!.name;
    const what = to.startsWith('topic ') ? 'topic' : 'queue';
    const message = `is ${show(name)}, whose events this function gets (${by.place(back.path)}), so each may come `
      + `round for ever; publish to another ${what}`;
    return [{ rule: 'topic-cycle', level: 'warning', by, path, name, message }];
  });
}

/** Of functions, by way of topics and queues, or by calls. */
function rings(flows: readonly OwnEdge[], told: ReadonlySet<string>, around: Around): Finding[] {
  const core = inCycles(flows);
  const steps = new Map<string, OwnEdge[]>();
  for (const edge of core) add(steps, edge.from, edge);
  const left = new Set(steps.keys());
  return [...left].sort().filter(isFunction).flatMap((start): Finding[] => {
    if (!left.has(start)) return [];
    const ring = ringOf(start, core);
    for (const id of ring) left.delete(id);
    const functions = [...ring].filter(isFunction);
    if (functions.length < 2 || functions.some((id) => told.has(id))) return [];
    return [ringFinding(start, ring, (id) => steps.get(id)!.find(({ to }) => ring.has(to))!, around)];
  });
}

function ringFinding(
  start: string, ring: ReadonlySet<string>, leaving: (id: string) => OwnEdge, around: Around,
): Finding {
  const { kind, by, path, to } = leaving(start);
  const others = [...ring].filter((id) => isFunction(id) && id !== start).map(leaving);
  const names = others.map((edge) => other(edge.by, edge.path)).join(' and ');
  const name = around.nodes.get(to)!.name;
  if (kind === 'calls') {
    const message = `calls come back to this function by way of ${names}`;
    return { rule: 'call-cycle', level: 'information', by, path, name, message };
  }
  const isFailing = [kind, ...others.map((edge) => edge.kind)].includes('deadLetters');
  const isClosed = !isFailing && [...ring].every((id) => isFedBy(ring, id, around));
  const message = `${isFailing ? 'events that fail' : `events of ${show(name)}`} come back to this function by way of `
    + `${names}${isClosed ? '; nothing else here starts any of them, so an event goes round for ever' : ''}`;
  return { rule: 'topic-cycle', level: isClosed ? 'warning' : 'information', by, path, name, message };
}

/** Without edges whose begin nothing leads to, or whose end leads nowhere, until all are in or between cycles. */
function inCycles<E extends Step>(edges: readonly E[]): readonly E[] {
  const [begins, ends] = [new Map<string, E[]>(), new Map<string, E[]>()];
  for (const edge of edges) {
    add(begins, edge.from, edge);
    add(ends, edge.to, edge);
  }
  const sizes = (id: string) => [begins, ends].map((side) => side.get(id)?.length ?? 0);
  const count = new Map([...begins, ...ends].map(([id]) => [id, sizes(id)]));
  const kept = new Set(edges);
  const lost = edges.filter(({ from, to }) => !ends.has(from) || !begins.has(to));
  for (let edge = lost.pop(); edge !== undefined; edge = lost.pop()) {
    if (!kept.delete(edge)) continue;
    if (--count.get(edge.from)![0] === 0) lost.push(...ends.get(edge.from) ?? []);
    if (--count.get(edge.to)![1] === 0) lost.push(...begins.get(edge.to) ?? []);
  }
  return [...kept];
}

type Step = Pick<Edge, 'from' | 'to'>;

/** All that a node leads to and that leads back to it. */
function ringOf(start: string, edges: readonly Step[]): Set<string> {
  const back = reach(start, edges.map(({ from, to }) => ({ from: to, to: from })));
  return new Set([...reach(start, edges)].filter((id) => back.has(id)));
}

function reach(start: string, steps: readonly Step[]): Set<string> {
  const found = new Set([start]);
  for (let size = 0; size < found.size;) {
    size = found.size;
    for (const { from, to } of steps) if (found.has(from)) found.add(to);
  }
  return found;
}

function isFedBy(ring: ReadonlySet<string>, id: string, around: Around): boolean {
  const isHttp = around.functions.some(({ id: known, plan }) => known === id && plan.engine !== undefined);
  return !isHttp && around.to(id).every(({ from }) => ring.has(from));
}

/** Topics whose dead letters go to each other: an event that nobody can handle never ends. */
function deadLetterRings(around: Around): Finding[] {
  const { own, nodes } = around;
  const steps = own.filter(({ kind }) => kind === 'deadLetters').flatMap((edge) => {
    const source = around.to(edge.from).find(({ kind, component, from }) => (
      kind === 'subscribes' && component === edge.component && nodes.get(from)?.name === edge.topic));
    return source === undefined ? [] : [{ from: source.from, to: edge.to, edge }];
  });
  const core = inCycles(steps);
  const left = new Set(core.map(({ from }) => from));
  return [...left].sort().flatMap((start): Finding[] => {
    if (!left.has(start)) return [];
    const ring = ringOf(start, core);
    for (const id of ring) left.delete(id);
    if (ring.size < 2) return [];
    const [first, ...others] = core.filter(({ from, to }) => ring.has(from) && ring.has(to));
    const { by, path } = first.edge;
    const { name } = nodes.get(first.from)!;
    const places = others.map(({ edge }) => other(edge.by, edge.path)).join(' and ');
    const message = `dead letters of ${show(name)} come back to it by way of ${places}, `
      + 'so an event that nobody can handle goes round for ever';
    return [{ rule: 'dead-letter-cycle', level: 'warning', by, path, name, message }];
  });
}
