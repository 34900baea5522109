/** Where the image of the dapr-proxy comes from. */
import { bundleOf, imageTag } from './private/image/bundle';
import { checkImageReference } from './private/kubernetes/image-reference';
import { failOn } from './private/problem/problems-error';
import type { ProxyImageModel } from './private/settings/proxy-image';

/** How the bundled proxy runs without an image of its own. */
export interface InlineProxyImageOptions {
  /**
   * Stock Node image, Node 20 or later.
   *
   * @default - a pinned Node image of Alpine
   */
  readonly nodeImage?: string;
}

/** How the image is built from the source that this package bundles. */
export interface SourceProxyImageOptions {
  /** Repository to which `cdk8s-openfunction proxy-image push` pushes, without tag: `registry.acme.io/dapr-proxy`. */
  readonly repository: string;
}

/**
 * The image of the dapr-proxy. All three ways run the same bytes.
 *
 * @see docs/concepts/dapr-proxy.md
 */
export class DaprProxyImage {
  /** The default: a stock Node image with the bundled proxy mounted from an immutable ConfigMap. No build, no registry. */
  public static inline(options: InlineProxyImageOptions = {}): DaprProxyImage {
    const nodeImage = options.nodeImage ?? DEFAULT_NODE_IMAGE;
    failOn('DaprProxyImage.inline', checkImageReference(['nodeImage'], nodeImage));
    return new DaprProxyImage(() => ({ kind: 'inline', nodeImage, bundle: bundleOf() }));
  }

  /** An image that `cdk8s-openfunction proxy-image` builds and pushes; its tag is derived from the bundled source. */
  public static fromSource(options: SourceProxyImageOptions): DaprProxyImage {
    failOn('DaprProxyImage.fromSource', checkImageReference(['repository'], options.repository, 'repository'));
    return new DaprProxyImage(() => ({ kind: 'image', reference: `${options.repository}:${imageTag()}`, version: imageTag() }));
  }

  /** Any image, by tag or digest. */
  public static fromRegistry(reference: string): DaprProxyImage {
    failOn('DaprProxyImage.fromRegistry', checkImageReference(['reference'], reference));
    return new DaprProxyImage(() => ({ kind: 'image', reference }));
  }

  /** Reads the bundle only when a function needs it. */
  private constructor(private readonly resolve: () => ProxyImageModel) {}

  /** Version of the bundled proxy: its package version and the hash of its bytes. Also the tag of `fromSource`. */
  public static get bundledVersion(): string {
    return imageTag();
  }

  /** @internal */
  public _model(): ProxyImageModel {
    return this.resolve();
  }
}

/** Pinned, so that a synthesis next year runs what today's runs. */
const DEFAULT_NODE_IMAGE = 'node:22.14.0-alpine3.21';
