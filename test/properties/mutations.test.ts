// One wrong value in an otherwise right function, at every place in turn: manifests or a list of problems, nothing else.
import { readdirSync, readFileSync } from 'node:fs';
import * as path from 'node:path';
import { ApiObject } from 'cdk8s';
import { OpenFunctionApp } from '../../src';
import { ProblemsError } from '../../src/private/problem/problem';
import { readYaml } from '../../src/private/yaml/read-yaml';
import { newChart, quietly, synthChart } from '../support/synth';

type Tree = { [key: string]: unknown };
type Place = readonly (string | number)[];

const GOLDEN = path.join(__dirname, '..', 'golden');
const VALUES: readonly unknown[] = [
  null, '', 0, -1, 1.5, true, [], {}, [null], [[]], 'constructor', 'a'.repeat(300), { toString: 1 }, '$(X)', 2 ** 31, 'a\nb', JSON.parse('{"__proto__": 1, "valueOf": 2}'),
];
/** Of the values at each place, so that all of them come up at many places, and the test stays short. */
const VALUES_PER_PLACE = 3;

const folders = readdirSync(GOLDEN, { withFileTypes: true }).filter((entry) => entry.isDirectory()).map(({ name }) => name);
const functions = folders.flatMap((name): [string, Tree][] => {
  const found = readYaml(readFileSync(path.join(GOLDEN, name, 'function.yaml')), name).find(({ kind }) => kind === 'function');
  return found === undefined ? [] : [[name, found.value as Tree]];
});

function placesIn(value: unknown, place: Place = []): Place[] {
  if (typeof value !== 'object' || value === null) return [place];
  const below = Object.entries(value).flatMap(([key, item]) => placesIn(item, [...place, Array.isArray(value) ? Number(key) : key]));
  return place.length === 0 ? below : [place, ...below];
}

function mutated(manifest: Tree, place: Place, value: unknown): Tree {
  const copy = structuredClone(manifest);
  const parent = place.slice(0, -1).reduce<Tree>((tree, key) => tree[key] as Tree, copy);
  parent[place[place.length - 1]] = value;
  return copy;
}

/** What does not come from the library's own list of problems. */
function surprise(manifest: Tree): string | undefined {
  const { chart } = newChart();
  try {
    const fn = OpenFunctionApp.fromManifest(chart, 'fn', manifest);
    const text = JSON.stringify(synthChart(chart));
    const [untouched, own] = [fn._body.objects.map(({ following }) => following.untouched()), fn.objects.map((object) => ApiObject.prototype.toJson.call(object) as unknown)];
    if (JSON.stringify(untouched) !== JSON.stringify(own)) return 'the command line would write other objects';
    return /native code|\[object |"undefined"|"NaN"/.exec(text)?.[0];
  } catch (error) {
    return error instanceof ProblemsError ? undefined : String(error);
  }
}

let turn = 0;

test.each(functions)('%s takes any value anywhere', (_name, manifest) => {
  const surprises = quietly(() => placesIn(manifest).flatMap((place) => Array.from({ length: VALUES_PER_PLACE }, () => VALUES[turn++ % VALUES.length]).flatMap((value) => {
    const found = surprise(mutated(manifest, place, value));
    return found === undefined ? [] : [`${place.join('.')} = ${JSON.stringify(value)}: ${found}`];
  })));
  expect(surprises).toEqual([]);
});
