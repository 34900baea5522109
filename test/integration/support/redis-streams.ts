/** What Redis itself says of its streams, without a consumer that would change it. */
import { run, RunningRedis } from '../../testbed';

async function cli(redis: RunningRedis, ...args: string[]): Promise<unknown> {
  return JSON.parse(await run('redis-cli', ['-h', redis.host, '-p', String(redis.port), '--json', ...args]));
}

/** Entries that were read and not acknowledged, plus those not yet read. Undefined before anybody subscribed. */
export async function unsettled(redis: RunningRedis, stream: string): Promise<number | undefined> {
  const groups = await cli(redis, 'XINFO', 'GROUPS', stream).catch(() => []) as { pending: number; lag: number | null }[];
  if (groups.length === 0) return undefined;
  return groups.reduce((sum, group) => sum + group.pending + (group.lag ?? 0), 0);
}

/** Ids of our events in a stream that nobody consumes, such as a dead-letter topic. */
export async function idsIn(redis: RunningRedis, stream: string): Promise<string[]> {
  const entries = await cli(redis, 'XRANGE', stream, '-', '+') as [string, string[]][];
  return entries.map(([, fields]) => {
    const envelope = JSON.parse(fields[fields.indexOf('data') + 1]!) as { data: { id: string } };
    return envelope.data.id;
  });
}
