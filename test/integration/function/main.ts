/** One function pod: a process that reads its part from `POD` and says `listening` when it is there. */
import { startGrpcFunction } from './grpc-function';
import { startHttpFunction } from './http-function';
import { startOddServer } from './odd-servers';
import { PodConfig } from './pod-config';

async function start(config: PodConfig) {
  switch (config.kind) {
    case 'grpc': return startGrpcFunction(config);
    case 'http':
    case 'h2c': return startHttpFunction(config);
    default: return startOddServer(config.kind, config);
  }
}

const config = JSON.parse(process.env.POD ?? '') as PodConfig;
start(config).then(() => process.stdout.write('listening\n'), (error: unknown) => {
  process.stderr.write(`${String(error)}\n`);
  process.exit(1);
});
