/** Images without a registry: a base from this machine's own Node, built and run by buildah in a storage of its own. */
import { cpSync, mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { run } from '../../testbed';

export interface ImageConfig {
  readonly Entrypoint: readonly string[];
  readonly Cmd: readonly string[];
  readonly User: string;
  readonly Labels: Readonly<Record<string, string>>;
}

export class ImageStore {
  private readonly folder = mkdtempSync(join(tmpdir(), 'images-'));

  /** An image whose only program is Node, where the distroless images have it. */
  public async nodeBase(name: string): Promise<void> {
    const rootfs = join(this.folder, 'rootfs');
    const node = realpathSync(process.execPath);
    const copy = (from: string, to: string) => {
      mkdirSync(dirname(join(rootfs, to)), { recursive: true });
      cpSync(realpathSync(from), join(rootfs, to));
    };
    copy(node, '/nodejs/bin/node');
    for (const [library] of (await run('ldd', [node])).matchAll(/\/\S+/g)) copy(library, library);
    const container = (await this.buildah('from', 'scratch')).trim();
    await this.buildah('copy', container, rootfs, '/');
    await this.buildah('commit', container, name);
    await this.buildah('rm', container);
  }

  public async build(context: string, name: string, buildArgs: Readonly<Record<string, string>>): Promise<void> {
    const args = Object.entries(buildArgs).flatMap(([key, value]) => ['--build-arg', `${key}=${value}`]);
    await this.buildah('build', '--isolation', 'chroot', ...args, '-t', name, context);
  }

  public async config(name: string): Promise<ImageConfig> {
    return (JSON.parse(await this.buildah('inspect', '--type', 'image', name)) as { OCIv1: { config: ImageConfig } }).OCIv1.config;
  }

  /** The command that runs an image as its configuration says, on this machine's network. */
  public async command(name: string, env: Readonly<Record<string, string>>): Promise<{ command: string; args: string[] }> {
    const { Entrypoint, Cmd } = await this.config(name);
    const container = (await this.buildah('from', name)).trim();
    const settings = Object.entries(env).flatMap(([key, value]) => ['--env', `${key}=${value}`]);
    return { command: 'buildah', args: [...this.storage(), 'run', '--isolation', 'chroot', ...settings, container, '--', ...Entrypoint, ...Cmd] };
  }

  public remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  private storage(): string[] {
    return ['--root', join(this.folder, 'root'), '--runroot', join(this.folder, 'run'), '--storage-driver', 'vfs'];
  }

  private buildah(...args: string[]): Promise<string> {
    return run('buildah', [...this.storage(), ...args]);
  }
}
