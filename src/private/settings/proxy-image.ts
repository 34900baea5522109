/** Where the proxy's container comes from. */

/** How the proxy's container is run. */
export type ProxyImageModel =
  | { readonly kind: 'inline'; readonly nodeImage: string; readonly bundle: BundleModel }
  | { readonly kind: 'image'; readonly reference: string; readonly version?: string };

/** The bundled proxy: one JavaScript file and what names it. */
export interface BundleModel {
  readonly configMapName: string;
  readonly fileName: string;
  /** `<version>-<hash>`, as logs, metrics and a label show it. */
  readonly version: string;
  readonly text: string;
}
