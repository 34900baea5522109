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
  const simple = [...rings(flows, told, around), ...rings(calls, told, around)];
  // By way of topics, calls and bindings that call.
  const steps = around.own.filter(({ kind }) => kind !== 'state' && kind !== 'deadLetters');
  const known = new Set([...told, ...simple.flatMap(({ ring }) => [...ring])]);
  const found = [...simple, ...around.has('calls') ? rings(steps, known, around) : []];
  const dead = deadLetterRings(around);
  const isMore = ({ by, path }: Finding) => !(path.includes('deadLetterTopic') && dead.some((each) => each.by === by));
  return [...own.filter(isMore), ...found.map(({ finding }) => finding), ...dead];
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
    if (!['publishes', 'binds', 'deadLetters'].includes(kind) || !isFunction(from) || !carries(edge, around)) return [];
    const back = around.from(to).find((each): each is OwnEdge => each.to === from && isOwn(each));
    if (back === undefined) return [];
    const name = around.nodes.get(to)!.name;
    if (kind === 'deadLetters') {
      // With a filter they come into what they were dead letters of.
      if (back.topic !== undefined) return [];
      const message = `events that fail come back to this function in ${show(name)} (${by.place(back.path)})`;
      return [{ rule: 'topic-cycle', level: 'information', by, path, name, message }];
    }
    const what = to.startsWith('topic ') ? 'topic' : 'queue';
    const message = `is ${show(name)}, whose events this function gets (${by.place(back.path)}), so each may come `
      + `round for ever; publish to another ${what}`;
    return [{ rule: 'topic-cycle', level: 'warning', by, path, name, message }];
  });
}

/** Of functions, by way of topics and queues, or by calls. */
function rings(flows: readonly OwnEdge[], told: ReadonlySet<string>, around: Around): Ring[] {
  const core = inCycles(flows);
  const steps = new Map<string, OwnEdge[]>();
  for (const edge of core) add(steps, edge.from, edge);
  const left = new Set(steps.keys());
  return [...left].sort().filter(isFunction).flatMap((start): Ring[] => {
    if (!left.has(start)) return [];
    const ring = ringOf(start, core);
    for (const id of ring) left.delete(id);
    const functions = [...ring].filter(isFunction);
    if (functions.length < 2 || functions.some((id) => told.has(id))) return [];
    const leaving = (id: string) => steps.get(id)!.find(({ to }) => ring.has(to))!;
    return [{ ring, finding: ringFinding(start, ring, leaving, around) }];
  });
}

interface Ring {
  readonly ring: ReadonlySet<string>;
  readonly finding: Finding;
}

function ringFinding(
  start: string, ring: ReadonlySet<string>, leaving: (id: string) => OwnEdge, around: Around,
): Finding {
  const { kind, by, path, to } = leaving(start);
  const others = [...ring].filter((id) => isFunction(id) && id !== start).map(leaving);
  const names = others.map((edge) => other(edge.by, edge.path)).join(' and ');
  const name = around.nodes.get(to)!.name;
  const kinds = [kind, ...others.map((edge) => edge.kind)];
  if (around.own.some((edge) => edge.kind === 'calls' && ring.has(edge.from) && ring.has(edge.to))) {
    const what = kinds.every((each) => each === 'calls') ? 'calls' : 'calls and events';
    const message = `${what} come back to this function by way of ${names}`;
    return { rule: 'call-cycle', level: 'information', by, path, name, message };
  }
  const isFailing = kinds.includes('deadLetters');
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
    const sources = around.to(edge.from).filter(({ kind, component, from, topic }) => (
      kind === 'subscribes' && component === edge.component && (topic ?? nodes.get(from)?.name) === edge.topic));
    return sources.map(({ from }) => ({ from, to: edge.to, edge }));
  });
  const core = inCycles(steps);
  const left = new Set(core.map(({ from }) => from));
  return [...left].sort().flatMap((start): Finding[] => {
    if (!left.has(start)) return [];
    const ring = ringOf(start, core);
    for (const id of ring) left.delete(id);
    if (ring.size < 2 && !core.some(({ from, to }) => from === start && to === start)) return [];
    const [first, ...others] = core.filter(({ from, to }) => ring.has(from) && ring.has(to));
    const { by, path } = first.edge;
    const { name } = nodes.get(first.from)!;
    const places = others.map(({ edge }) => other(edge.by, edge.path)).join(' and ');
    const message = `dead letters of ${show(name)} come back to it${places && ` by way of ${places}`}, `
      + 'so an event that nobody can handle goes round for ever';
    return [{ rule: 'dead-letter-cycle', level: 'warning', by, path, name, message }];
  });
}
