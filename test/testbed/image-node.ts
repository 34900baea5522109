// The Node that runs the proxy where the user names no image: not the one that runs the tests.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { run } from './command';
import { cacheFolder } from './paths';
import { step } from './progress';
import { DaprProxyImage } from '../../src';

/** Version of Node in the image of `DaprProxyImage.inline()`. */
export function imageNodeVersion(): string {
  const image = DaprProxyImage.inline()._model();
  const version = image.kind === 'inline' ? /node:(\d+\.\d+\.\d+)/.exec(image.nodeImage)?.[1] : undefined;
  if (version === undefined) throw new Error(`no version of Node in ${JSON.stringify(image)}`);
  return version;
}

/** Path of its `node`. The image's own is built for musl; JavaScript, V8, nghttp2 and libuv are the same. */
export async function imageNode(): Promise<string> {
  const version = imageNodeVersion();
  const folder = cacheFolder('bin', `node-${version}`);
  const name = `node-linux-${process.arch}`;
  const binary = join(folder, 'node_modules', name, 'bin', 'node');
  if (existsSync(binary)) return binary;
  const lock = join(cacheFolder('lock'), 'node');
  // npm moves a package to its place only when it is complete.
  const install = ['npm', 'install', '--prefix', folder, '--no-save', '--ignore-scripts', '--no-audit', '--no-fund', '--silent', `${name}@${version}`];
  await step(`installing Node ${version}`, () => run('flock', [lock, ...install]));
  return binary;
}
