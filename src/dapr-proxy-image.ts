/** Where the image of the dapr-proxy comes from. */
import { imageTag, inlineImage } from './private/image/bundle';
import { checkImageReference } from './private/kubernetes/syntax';
import { failOn } from './private/problem/problem';
import { checkProps, givenProps, NamesOf } from './private/settings/known-props';
import { checkProxyImage } from './private/settings/operators-proxy';
import type { ProxyImageModel } from './private/settings/proxy-image';

/** Options of a proxy that runs in a stock Node image. */
export interface InlineProxyImageOptions {
  /**
   * Image with Node 20 or later. References that are not valid are rejected.
   *
   * @default "node:24.22.3-alpine"
   */
  readonly nodeImage?: string;
}

/** Options of an image built from the source that this package bundles. */
export interface SourceProxyImageOptions {
  /** Repository without tag, such as `registry.acme.io/dapr-proxy`. Other values are rejected. */
  readonly repository: string;

  /**
   * Base image, if it was built with another one by `proxy-image push --base`. The tag then ends with a hash of it.
   * References that are not valid are rejected.
   *
   * @default - the one of the Dockerfile in this package, by which the tag changes too
   */
  readonly baseImage?: string;
}

/**
 * The image of the dapr-proxy. `inline` and `fromSource` run the same bytes.
 *
 * @see https://github.com/cdk8s-openfunction/cdk8s-openfunction/blob/main/docs/concepts/dapr-proxy.md
 */
export class DaprProxyImage {
  /**
   * A stock Node image with the bundled proxy mounted from an immutable ConfigMap: no image build, no own registry.
   *
   * @param options the image of Node
   */
  public static inline(options: InlineProxyImageOptions = {}): DaprProxyImage {
    const { unknown, misshapen } = checkProps(options, INLINE);
    failOn('DaprProxyImage.inline', misshapen);
    const nodeImage = options.nodeImage ?? undefined;
    const wrong = nodeImage === undefined ? [] : checkImageReference(['nodeImage'], nodeImage);
    failOn('DaprProxyImage.inline', [...unknown, ...wrong]);
    return new DaprProxyImage(() => inlineImage(nodeImage));
  }

  /**
   * An image that `cdk8s-openfunction proxy-image push` builds and pushes, tagged with `bundledVersion`.
   *
   * @param options the repository that it is pushed to
   */
  public static fromSource(options: SourceProxyImageOptions): DaprProxyImage {
    const { unknown, misshapen } = checkProps(givenProps(options), SOURCE);
    failOn('DaprProxyImage.fromSource', misshapen);
    const { repository, baseImage } = options;
    failOn('DaprProxyImage.fromSource', [
      ...unknown, ...checkImageReference(['repository'], repository, 'repository'),
      ...(baseImage === undefined ? [] : checkImageReference(['baseImage'], baseImage)),
    ]);
    return new DaprProxyImage(() => {
      const tag = imageTag(baseImage);
      return { kind: 'image', reference: `${repository}:${tag}`, version: tag };
    });
  }

  /**
   * Any image of the proxy, by tag or digest. A reference that is not valid is rejected.
   *
   * @param reference an image reference; without one, the image that the releases of this package publish, in
   *   `ghcr.io/cdk8s-openfunction/dapr-proxy`, tagged with `bundledVersion`
   * @see https://github.com/cdk8s-openfunction/cdk8s-openfunction/blob/main/docs/reference/releases.md
   */
  public static fromRegistry(reference?: string): DaprProxyImage {
    if (reference === undefined || reference === null) {
      return DaprProxyImage.fromSource({ repository: PUBLISHED_REPOSITORY });
    }
    failOn('DaprProxyImage.fromRegistry', checkProxyImage(['reference'], reference));
    return new DaprProxyImage(() => ({ kind: 'image', reference }));
  }

  /** Reads the bundle only when a function needs it. */
  private constructor(private readonly resolve: () => ProxyImageModel) {}

  /** Version of the bundled proxy: package version and hash of its contents. Also the image tag of `fromSource`. */
  public static get bundledVersion(): string {
    return imageTag();
  }

  /** @internal */
  public _model(): ProxyImageModel {
    return this.resolve();
  }
}

const INLINE = { nodeImage: 'text' } satisfies NamesOf<InlineProxyImageOptions>;
const SOURCE = { repository: 'text!', baseImage: 'text' } satisfies NamesOf<SourceProxyImageOptions>;

/** Where .github/workflows/release.yml puts it. */
const PUBLISHED_REPOSITORY = 'ghcr.io/cdk8s-openfunction/dapr-proxy';
