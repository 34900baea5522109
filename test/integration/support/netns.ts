/** A network namespace with one address, a host of the test's own, whose traffic can be made to vanish. */
import { randomInt } from 'node:crypto';
import { ensurePackages, run } from '../../testbed';

export class TestHost {
  /** Linked to the machine itself, or to another such host. */
  public static async create(neighbour?: TestHost): Promise<TestHost> {
    await ensurePackages({ ip: 'iproute2', iptables: 'iptables' });
    // Any number of 10.213.0.0/16: a link that another test file removed may still be on its way out.
    const id = randomInt(64 * 256);
    const address = (last: number) => `10.213.${Math.floor(id / 64)}.${4 * (id % 64) + last}`;
    const name = `ofn-${id}`;
    const link = `ofn${id}`;
    const outside = address(1);
    const host = new TestHost(name, address(2), outside);
    await run('ip', ['netns', 'add', name]);
    const there = neighbour === undefined ? [] : ['-n', neighbour.name];
    await run('ip', [...there, 'link', 'add', link, 'type', 'veth', 'peer', 'name', 'eth0', 'netns', name]);
    await run('ip', [...there, 'addr', 'add', `${outside}/30`, 'dev', link]);
    await run('ip', [...there, 'link', 'set', link, 'up']);
    for (const args of [['addr', 'add', `${host.address}/30`, 'dev', 'eth0'], ['link', 'set', 'eth0', 'up'], ['link', 'set', 'lo', 'up']]) {
      await run('ip', ['-n', name, ...args]);
    }
    return host;
  }

  private constructor(
    public readonly name: string,
    public readonly address: string,
    /** The other end of its link, as it sees it. */
    public readonly gateway: string,
  ) {}

  /** As when a node loses its power: packets go out, nothing comes back, nobody says so. */
  public async vanish(): Promise<void> {
    for (const chain of ['INPUT', 'OUTPUT']) await run('ip', ['netns', 'exec', this.name, 'iptables', '-A', chain, '-j', 'DROP']);
  }

  /** Its link goes with it. */
  public async remove(): Promise<void> {
    await run('ip', ['netns', 'del', this.name]);
  }
}
