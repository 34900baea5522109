/**
 * Names for a proxy without touching the machine's: the proxy runs in a mount namespace of its own in which the hosts
 * file is ours and the only source of names, so that a name without a line is "no such name", as in a cluster.
 */
import { closeSync, mkdtempSync, openSync, writeFileSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

// One write of constant length replaces the whole file, so a reader never finds it empty or half written.
const FILE_BYTES = 4096;

const ENTER = 'mount --bind "$1" /etc/hosts && mount --bind "$2" /etc/nsswitch.conf && shift 2 && exec "$@"';

export class PrivateHosts {
  private readonly hosts: string;
  private readonly switchFile: string;
  private readonly names = new Map<string, readonly string[]>();

  public constructor(private readonly name: string) {
    const folder = mkdtempSync(join(tmpdir(), 'hosts-'));
    this.hosts = join(folder, 'hosts');
    this.switchFile = join(folder, 'nsswitch.conf');
    writeFileSync(this.switchFile, 'passwd: files\ngroup: files\nhosts: files\n');
    writeFileSync(this.hosts, this.content());
  }

  /** The addresses behind the name from now on; none means that the name does not exist. */
  public set(addresses: readonly string[], name = this.name): void {
    this.names.set(name, addresses);
    const file = openSync(this.hosts, 'r+');
    writeSync(file, this.content(), 0);
    closeSync(file);
  }

  /** The command that runs another one with these names. */
  public wrap(command: string, args: readonly string[]): { command: string; args: string[] } {
    return {
      command: 'unshare',
      args: ['--mount', '--propagation', 'private', 'sh', '-c', ENTER, 'enter', this.hosts, this.switchFile, command, ...args],
    };
  }

  private content(): string {
    const lines = ['127.0.0.1 localhost', ...[...this.names].flatMap(([name, addresses]) => addresses.map((address) => `${address} ${name}`))].join('\n');
    return `${lines}\n`.padEnd(FILE_BYTES, '\n');
  }
}
