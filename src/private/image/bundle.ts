/** The bundled proxy as this package ships it, read once, named by version and content, and the image it runs in. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import * as path from 'node:path';
import type { BundleModel, ProxyImageModel } from '../settings/proxy-image';

/** Beside `src/` and `lib/` alike. */
export const PROXY_FOLDER = path.join(__dirname, '..', '..', '..', 'proxy');
const FILE_NAME = 'index.js';
/**
 * What the bundle calls itself in logs and metrics: package version and hash of the contents.
 * A label cannot hold the `+`.
 */
const VERSION = /["'`](\d+\.\d+\.\d+[-.\w]*)\+([0-9a-f]{12})["'`]/;

let cached: BundleModel | undefined;

export function bundleOf(): BundleModel {
  cached ??= readBundle();
  return cached;
}

function readBundle(): BundleModel {
  const file = path.join(PROXY_FOLDER, 'bundle', FILE_NAME);
  let text: string;
  try {
    text = readFileSync(file, 'utf8');
  } catch (cause) {
    const message = 'the bundled dapr-proxy is missing from this package; in a checkout run "npm run bundle:proxy"';
    throw new Error(message, { cause });
  }
  const [, version, hash] = VERSION.exec(text) ?? [];
  if (hash === undefined) throw new Error('the bundled dapr-proxy names no version; run "npm run bundle:proxy" again');
  return { configMapName: `dapr-proxy-${hash}`, fileName: FILE_NAME, version: `${version}-${hash}`, text };
}

/** Pinned, so that the output depends on the version of this package only. */
const DEFAULT_NODE_IMAGE = 'node:24.22.3-alpine';

/** The bundle in a stock image of Node. */
export function inlineImage(nodeImage = DEFAULT_NODE_IMAGE): ProxyImageModel {
  return { kind: 'inline', nodeImage, bundle: bundleOf() };
}

/** Shorter texts may name the version; the bundle is more than that. */
const MIN_BUNDLE_LENGTH = 10_000;

/** `<version>+<hash>` of a text that is a bundled proxy, of this or another release. */
export function bundledVersion(text: string): string | undefined {
  const [, version, hash] = text.length < MIN_BUNDLE_LENGTH ? [] : VERSION.exec(text) ?? [];
  return hash === undefined ? undefined : `${version}+${hash}`;
}

const BASE_HASH_LENGTH = 8;

/** Of an image of the bundle: another base gives another image, and so another tag. */
export function imageTag(base?: string): string {
  const { version } = bundleOf();
  if (base === undefined) return version;
  return `${version}-${createHash('sha256').update(base).digest('hex').slice(0, BASE_HASH_LENGTH)}`;
}
