/** A picture → a Mermaid flow chart. */
import type { Picture } from './picture';
import type { Arrow, Box } from './words';
import type { NodeKind } from '../../wiring/graph';

/** Mermaid's shapes. */
const SHAPES: Readonly<Record<NodeKind, readonly [begin: string, end: string]>> = {
  function: ['["', '"]'],
  workload: ['["', '"]'],
  topic: ['(["', '"])'],
  pubsub: ['(["', '"])'],
  binding: ['{{"', '"}}'],
  state: ['[("', '")]'],
  host: ['[/"', '"/]'],
  appId: ['["', '"]'],
  outside: ['(("', '"))'],
};

/** Filled, with a text that goes with it, so that they look the same on light and dark pages. */
const CLASSES: Readonly<Record<string, string>> = {
  fn: 'fill:#dbeafe,stroke:#2563eb,color:#172554',
  topic: 'fill:#fef3c7,stroke:#d97706,color:#451a03',
  binding: 'fill:#ede9fe,stroke:#7c3aed,color:#2e1065',
  state: 'fill:#dcfce7,stroke:#16a34a,color:#052e16',
  host: 'fill:#f1f5f9,stroke:#475569,color:#0f172a',
  faint: 'fill:#f8fafc,stroke:#64748b,color:#334155,stroke-dasharray:4 3',
};

const CLASS_OF: Readonly<Record<NodeKind, string>> = {
  function: 'fn',
  workload: 'host',
  topic: 'topic',
  pubsub: 'topic',
  binding: 'binding',
  state: 'state',
  host: 'host',
  appId: 'faint',
  outside: 'host',
};

const ARROWS: Readonly<Record<Arrow['kind'], string>> = {
  publishes: '-->', subscribes: '-->', binds: '-->', calls: '==>', state: '-.-', deadLetters: '-.->',
};

export function mermaidPicture({ groups, boxes, arrows }: Picture): string {
  const all = [...boxes, ...groups.flatMap((group) => group.boxes)];
  const names = new Map(all.map(({ id }, index) => [id, `n${index}`]));
  const used = Object.keys(CLASSES).filter((name) => all.some((box) => classOf(box) === name));
  const box = (one: Box) => `${names.get(one.id)}${shape(one)}:::${classOf(one)}`;
  return [
    'flowchart LR',
    ...boxes.map((one) => `  ${box(one)}`),
    ...groups.flatMap(({ name, boxes: inner }, index) => [
      `  subgraph g${index}["${escaped(name)}"]`, ...inner.map((one) => `    ${box(one)}`), '  end',
    ]),
    ...arrows.map(({ from, to, label, kind }) => (
      `  ${names.get(from)} ${ARROWS[kind]}|"${escaped(label)}"| ${names.get(to)}`)),
    ...used.map((name) => `  classDef ${name} ${CLASSES[name]}`),
  ].map((line) => `${line}\n`).join('');
}

function classOf({ kind, faint }: Box): string {
  return faint ? 'faint' : CLASS_OF[kind];
}

function shape({ kind, lines: [title, ...rest] }: Box): string {
  const [begin, end] = SHAPES[kind];
  return `${begin}${[`<b>${escaped(title)}</b>`, ...rest.map(escaped)].join('<br/>')}${end}`;
}

/** Topics may have any characters; Mermaid has entities of its own. */
function escaped(text: string): string {
  return text.replace(/[^A-Za-z0-9 .,:/_@-]/gu, (character) => `#${character.codePointAt(0)};`);
}
