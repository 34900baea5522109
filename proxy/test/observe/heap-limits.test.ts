import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { buildSync } from 'esbuild';

/** Objects that live through some collections, in many turns; prints the MiB that the young generation has then. */
const CHURN = `
let kept = [];
let turns = 0;
const turn = () => {
  for (let at = 0; at < 20_000; at++) {
    kept.push({ at, more: [at] });
    if (kept.length > 20_000) kept = kept.slice(10_000);
  }
  if (++turns < 200) return setImmediate(turn);
  const young = require('node:v8').getHeapSpaceStatistics().find(({ space_name: name }) => name === 'new_space');
  console.log(young.space_size / 1024 ** 2);
};
turn();
`;

/** Objects that live through some collections and then no more; prints the most MiB that the old ones had. */
const RUBBISH = `
const old = () => require('node:v8').getHeapSpaceStatistics().find(({ space_name: name }) => name === 'old_space').space_used_size;
const ring = [];
const began = old();
let most = 0;
let turns = 0;
const turn = () => {
  let rubbish;
  for (let at = 0; at < 40_000; at++) rubbish = { at, more: [at, rubbish === undefined] };
  ring.push(Array.from({ length: 2000 }, (_, at) => ({ at, turns })));
  if (ring.length > 6) ring.shift();
  most = Math.max(most, old() - began);
  if (++turns < 300) return setImmediate(turn);
  console.log(most / 1024 ** 2);
};
turn();
`;

function run(program: string, ...args: string[]): string {
  const { outputFiles: [bundle] } = buildSync({
    stdin: { contents: program, resolveDir: join(__dirname, '..', '..', 'src') }, bundle: true, platform: 'node', write: false,
  });
  return execFileSync(process.execPath, [...args, '-'], { input: bundle!.text, encoding: 'utf8' });
}

const mib = (program: string) => Number(run(program));

test('the young generation grows to 8 MiB at most, and further by itself', () => {
  const limited = mib(`import { limitHeap } from './observe/heap-limits'; limitHeap(); ${CHURN}`);
  // Two pages more at most, and less where V8 has just made it smaller.
  expect(limited).toBeLessThan(9);
  expect(mib(CHURN)).toBeGreaterThan(limited);
});

test('what is used a lot is compiled by the last compiler alone, and soon', () => {
  const busy = 'let sum = 0; const add = (value) => { sum += value; }; for (let at = 0; at < 3_000_000; at++) add(at); console.log(sum);';
  const output = run(`import { leaveOutMiddleCompiler } from './observe/heap-limits'; leaveOutMiddleCompiler(); ${busy}`, '--trace-opt');
  expect(output).toContain('4499998500000\n');
  expect(output).toMatch(/completed (optimizing|compiling) .*TURBOFAN/);
  expect(output).not.toContain('MAGLEV');
});

test('at most 8 MiB of rubbish gather among old objects from Node.js 22 on, of which 2 are alive', () => {
  const limited = mib(`import { limitHeap } from './observe/heap-limits'; limitHeap(); ${RUBBISH}`);
  expect(limited).toBeLessThan(parseInt(process.versions.v8, 10) < 12 ? 32 : 8);
});
