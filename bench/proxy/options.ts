/** The command line of the benchmark. */
import { parseArgs } from 'node:util';

export interface BenchOptions {
  readonly seconds: number;
  readonly rounds: number;
  readonly inFlight: readonly number[];
  readonly payloads: readonly number[];
  /** Events for the memory figure; 0 leaves it out. */
  readonly million: number;
  /** Events of one end-to-end round; 0 leaves it out. */
  readonly endToEnd: number;
  readonly endToEndRounds: number;
  readonly peer?: string;
  readonly peerPort?: number;
  readonly output?: string;
  /** Runs the proxies on the Node of the default image instead of this one. */
  readonly imageNode: boolean;
}

export const USAGE = `Usage: npm run bench:proxy -- [options]
  --seconds N      length of one measurement (2)
  --rounds N       measurements of each cell, interleaved; the median is printed (3)
  --in-flight LIST events in flight (1,8,32,128)
  --payloads LIST  bytes per event (1024,65536)
  --million N      events sent before the memory is read (1000000; 0 = leave out)
  --end-to-end N   events of one round through daprd and Redis (20000; 0 = leave out)
  --e2e-rounds N   rounds of that, direct and proxy in turns (3)
  --peer CMD       another proxy: a shell command that gets PORT, FUNCTION_HOST, FUNCTION_PORT, FUNC_CONTEXT, APP_PROTOCOL;
                   go-sdk: Dapr's Go SDK and a grpc-go client, which OpenFunction's own dapr-proxy is built of
  --peer-port N    the port it listens on, when it does not take PORT
  --image-node     run the proxies on the Node of the default image, not on this one
  --output FILE    also write the Markdown there
  --quick          1 second, 1 round, 50,000 events for the memory, 5,000 end to end`;

const list = (text: string) => text.split(',').map(Number);

export function readOptions(args: readonly string[]): BenchOptions {
  const string = { type: 'string' } as const;
  const { values } = parseArgs({
    args: [...args],
    options: {
      'seconds': string,
      'rounds': string,
      'in-flight': string,
      'payloads': string,
      'million': string,
      'end-to-end': string,
      'e2e-rounds': string,
      'peer': string,
      'peer-port': string,
      'output': string,
      'image-node': { type: 'boolean' },
      'quick': { type: 'boolean' },
    },
  });
  const quick = values.quick ?? false;
  const number = (text: string | undefined, normal: number, short: number) => (text === undefined ? (quick ? short : normal) : Number(text));
  const options = {
    seconds: number(values.seconds, 2, 1),
    rounds: number(values.rounds, 3, 1),
    inFlight: list(values['in-flight'] ?? '1,8,32,128'),
    payloads: list(values.payloads ?? '1024,65536'),
    million: number(values.million, 1_000_000, 50_000),
    endToEnd: number(values['end-to-end'], 20_000, 5_000),
    endToEndRounds: number(values['e2e-rounds'], 3, 1),
    peer: values.peer,
    peerPort: values['peer-port'] === undefined ? undefined : Number(values['peer-port']),
    output: values.output,
    imageNode: values['image-node'] ?? false,
  };
  const { rounds, million, endToEnd, endToEndRounds, inFlight, payloads, peerPort = 0 } = options;
  const numbers = [options.seconds, rounds, million, endToEnd, endToEndRounds, ...inFlight, ...payloads, peerPort];
  if (numbers.some((value) => !Number.isFinite(value) || value < 0)) throw new Error('every number must be zero or more');
  return options;
}
