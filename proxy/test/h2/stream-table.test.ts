import { H2Stream } from '../../src/h2';
import { StreamTable } from '../../src/h2/stream-table';

const stream = (id: number) => ({ id }) as H2Stream;

test('streams whose numbers have the same place are all found, and each is removed alone', () => {
  const table = new StreamTable();
  const [long, short, next] = [stream(1), stream(513), stream(1025)];
  [long, short, next].forEach((one) => table.add(one));
  expect([table.size, table.get(1), table.get(513), table.get(1025), table.get(3)]).toEqual([3, long, short, next, undefined]);
  table.remove(long);
  table.remove(long);
  table.remove(next);
  expect([table.size, table.get(1), table.get(513), table.get(1025), table.all()]).toEqual([1, undefined, short, undefined, [short]]);
});
