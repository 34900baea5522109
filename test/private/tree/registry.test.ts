import { App, Chart } from 'cdk8s';
import { Construct } from 'constructs';
import { orderChildren } from '../../../src/private/tree/objects';
import { register } from '../../../src/private/tree/synthesis';

const root = () => new Chart(new App(), 'chart');

test('a name is free again when its owner releases it or leaves the tree', () => {
  const chart = root();
  const [one, two, three] = ['one', 'two', 'three'].map((id) => new Construct(chart, id));
  [one, two, three].forEach((owner) => register(owner).claim(owner, ['x']));
  expect(register(one).conflicts(one)).toEqual(['x is claimed by chart/three, chart/two too; names must differ']);
  register(two).claim(two, []);
  chart.node.tryRemoveChild('three');
  expect(register(one).conflicts(one)).toEqual([]);
  expect(register(two).conflicts(two)).toEqual([]);
});

test('of many owners of a name the first five are named, so that ten thousand do not name each other', () => {
  const chart = root();
  const owners = [1, 2, 3, 4, 5, 6, 7].map((id) => new Construct(chart, `c${id}`));
  owners.forEach((owner) => register(owner).claim(owner, ['x']));
  const [first] = owners;
  expect(register(first).conflicts(first)).toEqual([
    'x is claimed by chart/c2, chart/c3, chart/c4, chart/c5, chart/c6 and others too; names must differ',
  ]);
  chart.node.tryRemoveChild('c7');
  expect(register(first).conflicts(first)).toEqual([
    'x is claimed by chart/c2, chart/c3, chart/c4, chart/c5, chart/c6 too; names must differ',
  ]);
});

test('a construct that claims nothing has no conflicts', () => {
  const chart = root();
  expect(register(chart).conflicts(chart)).toEqual([]);
  register(chart).claim(chart, []);
  expect(register(chart).conflicts(chart)).toEqual([]);
});

test('trees do not know each other\'s names', () => {
  const [one, two] = [root(), root()];
  register(one).claim(one, ['x']);
  register(two).claim(two, ['x']);
  expect(register(one).conflicts(one)).toEqual([]);
});

test('children are put in order, unnamed ones stay in front', () => {
  const chart = root();
  for (const id of ['b', 'own', 'c', 'a']) new Construct(chart, id);
  orderChildren(chart, ['a', 'b', 'c']);
  expect(chart.node.children.map(({ node }) => node.id)).toEqual(['own', 'a', 'b', 'c']);
  orderChildren(chart, ['a', 'b', 'c']);
  expect(chart.node.children.map(({ node }) => node.id)).toEqual(['own', 'a', 'b', 'c']);
});

test('a tree that keeps its children elsewhere keeps its order', () => {
  const chart = root();
  new Construct(chart, 'b');
  orderChildren({ node: {} } as Construct, ['b']);
  expect(chart.node.children).toHaveLength(1);
});
