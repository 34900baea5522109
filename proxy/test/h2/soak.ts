/** `npm run soak:h2`: ten million frames, or as many as asked for, to node:http2 and to our server, with the same verdict. */
import { Rivals } from './support/differential';

const FRAMES = Number(process.argv[2] ?? 10_000_000);
const FIRST_SEED = Number(process.argv[3] ?? 1_000_000);
const FRAMES_PER_CASE = 200;
const TELL_EVERY = 2500;

async function main(): Promise<void> {
  const rivals = new Rivals();
  await rivals.start();
  const cases = Math.ceil(FRAMES / FRAMES_PER_CASE);
  const found = await rivals.judgeAll(FIRST_SEED, cases, FRAMES_PER_CASE, (done) => {
    if (done % TELL_EVERY === 0) process.stdout.write(`${(done * FRAMES_PER_CASE).toLocaleString('en')} frames\n`);
  });
  rivals.stop();
  process.stdout.write(`${(cases * FRAMES_PER_CASE).toLocaleString('en')} frames to each, ${cases.toLocaleString('en')} connections, `
    + `${found.length} verdicts that differ; ${Math.round(process.memoryUsage().rss / 1024 ** 2)} MiB resident\n`);
  for (const one of found) process.stdout.write(`${one}\n`);
  process.exit(found.length === 0 ? 0 : 1);
}

void main();
