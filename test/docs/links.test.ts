// Links between pages lead somewhere, and pages name commands and versions that exist.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import * as path from 'node:path';
import { blocksOf, pageText, PAGES, ROOT } from './markdown';
import { VERSIONS } from '../conformance/versions';

const LINK = /(?<!!)\[[^\]]*\]\(([^)\s]+)\)/g;

function prose(page: string): string {
  return pageText(page).replaceAll(/^(\s*)```[\s\S]*?^\s*```$/gm, '');
}

/** As GitHub makes them. */
function anchorsOf(page: string): string[] {
  return [...prose(page).matchAll(/^#+ (.*)$/gm)]
    .map(([, heading]) => heading.toLowerCase().replaceAll(/[^\p{L}\p{N}\s_-]/gu, '').trim().replaceAll(/\s/g, '-'));
}

describe.each(PAGES)('%s', (page) => {
  test('links to what exists', () => {
    const broken = [...prose(page).matchAll(LINK)].map(([, target]) => target).filter((target) => !/^https:/.test(target)).filter((target) => {
      const [file, anchor] = target.split('#');
      const linked = file === '' ? page : path.posix.join(path.posix.dirname(page), file);
      if (!existsSync(path.join(ROOT, linked))) return true;
      return anchor !== undefined && !anchorsOf(linked).includes(anchor);
    });
    expect(broken).toEqual([]);
  });

  test('names files and folders of the repository that exist', () => {
    const named = [...prose(page).matchAll(/`((?:src|proxy|test|bench|examples|docs)\/[\w./-]*)`/g)].map(([, place]) => place);
    expect(named.filter((place) => !existsSync(path.join(ROOT, place)))).toEqual([]);
  });

  test('names npm scripts that exist', () => {
    const { scripts } = JSON.parse(readFileSync(path.join(ROOT, 'package.json'), 'utf8')) as { scripts: Record<string, string> };
    const named = [...pageText(page).matchAll(/npm run ([\w:-]+)/g)].map(([, name]) => name);
    expect(named.filter((name) => !(name in scripts))).toEqual([]);
  });

  test('gives each block a language', () => {
    expect(blocksOf(page).filter(({ language }) => !LANGUAGES.includes(language)).map(({ line }) => line)).toEqual([]);
  });
});

test('what docstrings refer to is a full address, since packages are read without this repository', () => {
  const own = 'https://github.com/cdk8s-openfunction/cdk8s-openfunction/blob/main/';
  const sources = readdirSync(path.join(ROOT, 'src'), { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));
  const targets = sources.flatMap((file) => [...readFileSync(path.join(ROOT, 'src', file), 'utf8').matchAll(/@see (.*?)(?: \*\/)?$/gm)].map(([, target]) => target));
  expect(targets.filter((target) => !/^https:\/\/\S+$/.test(target))).toEqual([]);
  const pages = targets.filter((target) => target.startsWith(own)).map((target) => target.slice(own.length).split('#'));
  expect(pages).toContainEqual(['docs/guides/monitoring.md']);
  expect(pages.filter(([file, anchor]) => !PAGES.includes(file) || (anchor !== undefined && !anchorsOf(file).includes(anchor)))).toEqual([]);
});

const LANGUAGES = ['ts', 'yaml', 'json', 'text', 'sh', 'console', 'mermaid', 'python', 'java', 'go', 'js', 'docker'];

test('every page can be reached from the README', () => {
  const reached = new Set<string>();
  const visit = (page: string): void => {
    if (reached.has(page) || !PAGES.includes(page)) return;
    reached.add(page);
    for (const [, target] of prose(page).matchAll(LINK)) visit(path.posix.join(path.posix.dirname(page), target.split('#')[0]));
  };
  visit('README.md');
  expect(PAGES.filter((page) => !reached.has(page))).toEqual([]);
});

test('the page on compatibility names the versions that the suites run', () => {
  const short = ({ kubernetes, knative, dapr, keda, gatewayApi }: Record<keyof typeof VERSIONS, string>): string[] => [
    `Kubernetes ${kubernetes}`, `Knative Serving ${knative}`, `Dapr ${dapr}`, `KEDA ${keda}`, `Gateway API ${gatewayApi}`,
  ].map((name) => name.replace(/\.0$/, ''));
  for (const name of short(VERSIONS)) expect(pageText('docs/reference/compatibility.md').replaceAll('\n', ' ')).toContain(name);
});
