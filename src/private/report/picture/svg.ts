/** Pictures → one SVG, below each other. */
import type { Point } from './dagre';
import { Layout, layoutOf, LINE_HEIGHT, Rect, shortened } from './layout';
import type { Picture } from './picture';
import type { Box } from './words';
import type { NodeKind } from '../../wiring/graph';

/** Colours by what a box is: fill, border and text, for light and for dark pages. */
const COLOURS: Readonly<Record<string, readonly [light: string, dark: string]>> = {
  fn: ['#dbeafe #2563eb #172554', '#172554 #60a5fa #dbeafe'],
  topic: ['#fef3c7 #b45309 #451a03', '#451a03 #fbbf24 #fef3c7'],
  binding: ['#ede9fe #7c3aed #2e1065', '#2e1065 #a78bfa #ede9fe'],
  state: ['#dcfce7 #15803d #052e16', '#052e16 #4ade80 #dcfce7'],
  other: ['#f1f5f9 #475569 #0f172a', '#1e293b #94a3b8 #f1f5f9'],
};
const CLASS_OF: Readonly<Record<NodeKind, string>> = {
  function: 'fn',
  topic: 'topic',
  pubsub: 'topic',
  binding: 'binding',
  state: 'state',
  workload: 'other',
  host: 'other',
  appId: 'other',
  outside: 'other',
};

export function svgOf(pictures: readonly Picture[]): string {
  const pages = pictures.map(layoutOf);
  const width = Math.ceil(Math.max(MIN_SIZE, ...pages.map((page) => page.width)));
  const height = Math.ceil(Math.max(MIN_SIZE, pages.reduce((sum, page) => sum + page.height, 0)));
  let top = 0;
  const body = pages.flatMap((page) => {
    const lines = [`<g transform="translate(0 ${round(top)})">`, ...draw(page), '</g>'];
    top += page.height;
    return lines;
  });
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" `
      + `viewBox="0 0 ${width} ${height}" role="img">`,
    '<title>Functions and what they are wired with</title>',
    `<style>${style()}</style>`,
    '<defs><marker id="tip" viewBox="0 0 10 10" refX="9" refY="5" markerWidth="10" markerHeight="10" '
      + 'markerUnits="userSpaceOnUse" orient="auto"><path class="tip" d="M0 0L10 5L0 10z"/></marker></defs>',
    '<rect class="page" width="100%" height="100%"/>',
    ...body,
    '</svg>',
  ].map((line) => `${line}\n`).join('');
}

const MIN_SIZE = 48;

function style(): string {
  const classes = Object.keys(COLOURS);
  const theme = (which: 0 | 1, [page, line, dead, group]: readonly string[]) => [
    `.page{fill:${page}}.arrow{stroke:${line}}.tip{fill:${line}}.label{fill:${line};stroke:${page}}`,
    `.arrow.deadLetters{stroke:${dead}}.group{fill:${group};stroke:${line}}.head{fill:${line}}`,
    ...classes.map((name) => {
      const [fill, stroke, text] = COLOURS[name][which].split(' ');
      return `.${name} .shape{fill:${fill};stroke:${stroke}}.${name} text{fill:${text}}`;
    }),
  ].join('');
  return 'text{font:12px Helvetica,Arial,"Liberation Sans",sans-serif;text-anchor:middle;dominant-baseline:central}'
    + '.name{font-size:14px;font-weight:bold}.head{text-anchor:start;font-weight:bold}'
    + '.shape{stroke-width:1.5}.faint .shape{stroke-dasharray:4 3}.arrow{fill:none;stroke-width:1.5}'
    + '.arrow.calls{stroke-width:2.5}.arrow.state{stroke-dasharray:2 3}.arrow.deadLetters{stroke-dasharray:7 4}'
    + `.label{paint-order:stroke;stroke-width:5px}${theme(0, ['#ffffff', '#475569', '#dc2626', '#f8fafc'])}`
    + `@media(prefers-color-scheme:dark){${theme(1, ['#0f172a', '#cbd5e1', '#f87171', '#1e293b'])}}`;
}

/** Groups behind arrows, arrows behind boxes, and the words of arrows before all. */
function draw({ groups, boxes, arrows }: Layout): string[] {
  return [
    ...groups.map(({ name, x, y, width, height }) => (
      `<g>${rect({ x, y, width, height }, 'group', 8)}<text class="head" x="${round(x + 12)}" y="${round(y + 14)}">`
      + `${escaped(name)}</text></g>`)),
    ...arrows.map(({ arrow: { kind }, points }) => (
      `<path class="arrow ${kind}" d="${curve(points)}" marker-end="url(#tip)"/>`)),
    ...boxes.map(({ box, ...place }) => drawBox(box, place)),
    ...arrows.map(({ arrow, label: { x, y } }) => (
      `<text class="label" x="${round(x)}" y="${round(y)}">${escaped(shortened(arrow.label))}</text>`)),
  ];
}

function drawBox({ kind, lines, faint }: Box, place: Rect): string {
  const x = place.x + place.width / 2;
  const first = place.y + (place.height - (lines.length - 1) * LINE_HEIGHT) / 2;
  const texts = lines.map((line, index) => (
    `<text${index === 0 ? ' class="name"' : ''} x="${round(x)}" y="${round(first + index * LINE_HEIGHT)}">`
    + `${escaped(shortened(line))}</text>`));
  const full = lines.some((line) => shortened(line) !== line) ? `<title>${escaped(lines.join('\n'))}</title>` : '';
  return `<g class="box ${CLASS_OF[kind]}${faint ? ' faint' : ''}">${full}${shape(kind, place)}${texts.join('')}</g>`;
}

function shape(kind: NodeKind, place: Rect): string {
  const { x, y, width, height } = place;
  if (kind === 'binding') {
    const middle = y + height / 2;
    const corners = [[x, middle], [x + 12, y], [x + width - 12, y], [x + width, middle], [x + width - 12, y + height],
      [x + 12, y + height]];
    return `<polygon class="shape" points="${corners.map((corner) => corner.map(round).join(',')).join(' ')}"/>`;
  }
  if (kind === 'state') {
    const bow = `a${round(width / 2)} 5 0 0 0 ${round(width)} 0`;
    return `<path class="shape" d="M${round(x)} ${round(y)}${bow}v${round(height)}`
      + `a${round(width / 2)} 5 0 0 1 ${round(-width)} 0zM${round(x)} ${round(y)}a${round(width / 2)} 5 0 0 1 `
      + `${round(width)} 0"/>`;
  }
  return rect(place, 'shape', kind === 'topic' || kind === 'outside' || kind === 'pubsub' ? height / 2 : 5);
}

function rect({ x, y, width, height }: Rect, name: string, radius: number): string {
  return `<rect class="${name}" x="${round(x)}" y="${round(y)}" width="${round(width)}" height="${round(height)}" `
    + `rx="${round(radius)}"/>`;
}

/** Through the points of dagre, with soft corners: each is the handle of a curve between the middles beside it. */
function curve(points: readonly Point[]): string {
  const at = ({ x, y }: Point) => `${round(x)} ${round(y)}`;
  const middle = (a: Point, b: Point): Point => ({ x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 });
  const inner = points.slice(1, -1).map((point, index) => (
    `Q${at(point)} ${at(middle(point, points[index + 2]))}`));
  return `M${at(points[0])}L${at(middle(points[0], points[1]))}${inner.join('')}L${at(points[points.length - 1])}`;
}

/** Two digits are enough, and the same on every machine. */
function round(value: number): number {
  return Math.round(value * 100) / 100;
}

function escaped(text: string): string {
  return text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`)
    // eslint-disable-next-line no-control-regex -- XML has no way to say them
    .replace(/[\x00-\x08\x0b\x0c\x0e-\x1f]/g, '');
}
