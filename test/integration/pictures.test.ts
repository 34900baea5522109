/** Pictures of an app as a browser draws them: nothing overlaps, everything is readable on light and dark pages, and Mermaid takes them. */
import { join } from 'node:path';
import { App, Chart, Testing } from 'cdk8s';
import { inBrowser } from './support/browser';
import { Shop } from '../../examples/shop/main';
import { DaprComponent, FunctionInput, FunctionOutput, FunctionTopology, OpenFunctionApp } from '../../src';
import { ensurePackages, repositoryRoot } from '../testbed';

/** Functions in several namespaces: chains of topics on one broker, hosts, stores, timers, dead letters, and some that stand alone. */
function platform(functions: number, teams: number): App {
  const app = Testing.app();
  const charts = Array.from({ length: teams }, (_, team) => new Chart(app, `team-${team}`, { namespace: `team-${team}` }));
  const buses = charts.map((chart) => new DaprComponent(chart, 'events', { componentType: 'pubsub.kafka', metadata: { brokers: 'kafka.infra:9092', authType: 'none' } }));
  for (let number = 0; number < functions; number++) {
    const [chart, bus] = [charts[number % teams], buses[number % teams]];
    const id = number % 17 === 0 ? `a-rather-long-name-that-says-it-all-${number}` : `function-${number}`;
    const image = `registry.acme.example/team/${id}:1.${number}.0`;
    if (number % 11 === 10) {
      new OpenFunctionApp(chart, id, { image });
      continue;
    }
    const store = number % 4 === 0 ? [DaprComponent.fromComponentName(chart, `store-${number}`, { componentName: `store-${number}`, componentType: 'state.redis' })] : [];
    const deadLetterTopic = number % 5 === 0 ? `failed-${number}` : undefined;
    new OpenFunctionApp(chart, id, {
      image,
      states: store,
      outputs: [FunctionOutput.toTopic(bus, `events-of-${number}`)],
      ...(number % 3 === 0 ? { http: { route: { hostnames: [`function-${number}.acme.example`] } } } : { inputs: [FunctionInput.fromTopic(bus, `events-of-${number - 1}`, { deadLetterTopic })] }),
    });
  }
  return app;
}

function shop(): App {
  const app = Testing.app();
  new Shop(app, 'shop');
  return app;
}

const APPS: [title: string, make: () => App][] = [['the shop', shop], ['30 functions', () => platform(30, 2)], ['300 functions', () => platform(300, 5)]];

/** Texts beyond their boxes, what overlaps, and texts with too little contrast (WCAG AA). */
const LOOK = `
const rectOf = (element) => { const { left, top, right, bottom } = element.getBoundingClientRect(); return { left, top, right, bottom }; };
const nameOf = (element) => element.textContent.slice(0, 60);
const all = (selector) => [...document.querySelectorAll(selector)];
const boxes = all('.box').map((box) => ({ box, name: nameOf(box.querySelector('text')), rect: rectOf(box.querySelector('.shape')) }));
const texts = [...boxes.map(({ name, rect }) => ({ name, rect })), ...all('.label, .head').map((label) => ({ name: nameOf(label), rect: rectOf(label) }))];
const SLACK = 1;
const overlap = (a, b) => a.left + SLACK < b.right && b.left + SLACK < a.right && a.top + SLACK < b.bottom && b.top + SLACK < a.bottom;
const overlapping = texts.flatMap((one, index) => texts.slice(index + 1).filter(({ rect }) => overlap(one.rect, rect)).map(({ name }) => one.name + ' and ' + name));
const beyond = boxes.flatMap(({ box, rect }) => [...box.querySelectorAll('text')].filter((text) => {
  const inner = rectOf(text);
  return inner.left < rect.left || inner.right > rect.right || inner.top < rect.top - SLACK || inner.bottom > rect.bottom + SLACK;
}).map(nameOf));
const light = (colour) => { const [r, g, b] = colour.match(/\\d+/g).map((part) => part / 255).map((c) => (c <= 0.03928 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4)); return 0.2126 * r + 0.7152 * g + 0.0722 * b; };
const contrast = (a, b) => { const [low, high] = [light(a), light(b)].sort((x, y) => x - y); return (high + 0.05) / (low + 0.05); };
const fill = (element) => getComputedStyle(element).fill;
const page = document.querySelector('.page');
const group = document.querySelector('.group') ?? page;
const faint = [...boxes.flatMap(({ box }) => [...box.querySelectorAll('text')].map((text) => [text, box.querySelector('.shape')])), ...all('.label').flatMap((label) => [[label, page], [label, group]]), ...all('.head').map((head) => [head, group])]
  .filter(([text, ground]) => contrast(fill(text), fill(ground)) < 4.5).map(([text]) => nameOf(text));
return { boxes: boxes.length, overlapping, beyond, faint };
`;

beforeAll(() => ensurePackages({ chromium: 'chromium' }));

describe.each(APPS)('pictures of %s', (_, make) => {
  const topology = FunctionTopology.of(make());

  test.each([['light', 'only print'], ['dark', 'all']])('have no text that overlaps, leaves its box or is hard to read on %s pages', async (__, media) => {
    const svg = topology.svg();
    const looked = await inBrowser<{ boxes: number }>(svg.replace('@media(prefers-color-scheme:dark)', `@media ${media}`), LOOK);
    expect(looked).toEqual({ boxes: svg.split('class="box ').length - 1, overlapping: [], beyond: [], faint: [] });
    expect(looked.boxes).toBeGreaterThanOrEqual(4);
  });

  test('are drawn by Mermaid, with each box and each arrow', async () => {
    const diagrams = topology.mermaid();
    const script = `file://${join(repositoryRoot, 'node_modules', 'mermaid', 'dist', 'mermaid.min.js')}`;
    const drawn = await inBrowser<[boxes: number, arrows: number][]>(`<script src="${script}"></script>`, `
      mermaid.initialize({ startOnLoad: false, securityLevel: 'strict' });
      const counts = [];
      for (const [index, text] of ${JSON.stringify(diagrams).replaceAll('<', '\\u003c')}.entries()) {
        const { svg } = await mermaid.render('m' + index, text);
        const drawing = new DOMParser().parseFromString(svg, 'text/html');
        counts.push([drawing.querySelectorAll('.node').length, drawing.querySelectorAll('.edgePaths path').length]);
      }
      return counts;`);
    expect(drawn).toEqual(diagrams.map((text) => [text.match(/^ +n\d+[^ ]*["(/[{].*:::/gm)?.length, text.match(/^ {2}n\d+ .*\|/gm)?.length]));
    expect(drawn.reduce((sum, [, arrows]) => sum + arrows, 0)).toBe(topology.edges.length);
  });
});
